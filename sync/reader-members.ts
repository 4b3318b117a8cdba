import type { DeviceId } from '../mesh/types.ts'
import { dropLog } from './drop-log.ts'
import { rebuildLog } from './rebuild.ts'
import type { SpaceState } from './space-state.ts'

/** The membership of a space grew: takes its keys over, and makes one when none is left to seal with. `save` stores statements, before a key of theirs is used. */
export async function takeKeys(state: SpaceState, save: (statements: readonly Uint8Array[]) => Promise<void>): Promise<void> {
  const { membership, context } = state
  state.keyring = await membership.keyring(context.identity)
  if (state.keyring.current() || !membership.members().has(state.self)) return
  await save(await membership.rekeyIfNeeded(context.identity, context.now()))
  state.keyring = await membership.keyring(context.identity)
}

/** Entries of a removed device beyond the last accepted one do not count, wherever they had got to. Returns the authors whose logs were cut. */
export async function cutRemoved(state: SpaceState): Promise<DeviceId[]> {
  const cut: DeviceId[] = []
  for (const [author, { lastSeq }] of state.membership.removedDevices()) {
    if (author === state.self || state.logRow(author).height <= lastSeq) continue
    await state.exclusive(async () => {
      if (!(await rebuildLog(state, author, lastSeq))) await dropLog(state, author)
    })
    cut.push(author)
  }
  return cut
}
