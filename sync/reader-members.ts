import { fromString } from 'uint8arrays/from-string'
import type { DeviceId } from '../mesh/types.ts'
import { LogStage } from './log-stage.ts'
import { dropBeyond } from './realign.ts'
import { rebuildLog } from './rebuild.ts'
import type { LogState, SpaceState } from './space-state.ts'

/** The membership of a space grew: takes its keys over, and makes one when none is left to seal with. `save` stores statements, before a key of theirs is used. */
export async function takeKeys(state: SpaceState, save: (statements: readonly Uint8Array[]) => Promise<void>): Promise<void> {
  const { membership, context } = state
  state.keyring = await membership.keyring(context.identity)
  if ((state.keyring.current() && !owesKeys(state)) || !membership.members().has(state.self)) return
  await save(await membership.rekeyIfNeeded(context.identity, context.now()))
  state.keyring = await membership.keyring(context.identity)
}

/**
 * True when a member lacks a key that this device holds, for it was added while another made that key. Of those who hold it the most
 * senior hands it over, so that not everybody does. Where by the log nobody does, all who have it hand it over: who was admitted by a
 * removed device has keys from a statement that does not count, and may have sealed with them. `isPresent`: whom to leave it to; the most
 * senior one may never come back.
 */
export function owesKeys({ membership, keyring, self }: SpaceState, isPresent: (device: DeviceId) => boolean = () => true): boolean {
  const readers = [...membership.members().values()].filter(({ role }) => role !== 'keeper').sort((a, b) => a.seniority - b.seniority)
  if (!readers.some(({ id }) => id === self)) return false
  return membership.epochs().some(({ id, holders }) => {
    const first = readers.find(({ id: device }) => holders.has(device) && (device === self || isPresent(device)))?.id ?? self
    return first === self && keyring.get(fromString(id, 'base16')) !== undefined && readers.some(reader => !holders.has(reader.id))
  })
}

/**
 * Entries of a removed device beyond the last accepted one do not count, wherever they had got to; nor does anything of a device whose
 * admission turned out to be void, because whoever admitted it had been removed. A log that was frozen goes on: the removal says which
 * branch of it counts. Returns the authors whose logs changed.
 */
export async function cutRemoved(state: SpaceState): Promise<DeviceId[]> {
  const cut: DeviceId[] = []
  const { membership } = state
  // Alone: entries that are on their way to the disk passed their checks before this was known.
  await state.exclusive(async () => {
    for (const author of [...state.logs.keys()]) {
      const lastSeq = membership.removedDevices().get(author)?.lastSeq ?? 0
      const { height, frozen } = state.logRow(author)
      if (author === state.self || membership.members().has(author) || (height <= lastSeq && !frozen)) continue
      if (height > lastSeq && !(await rebuildLog(state, author, lastSeq))) await dropBeyond(state, author)
      if (state.logRow(author).frozen) await thaw(state, author)
      cut.push(author)
    }
  })
  return cut
}

/** A frozen log is taken again. */
export async function thaw(state: LogState, author: DeviceId): Promise<void> {
  const stage = new LogStage(state)
  stage.setLog({ ...state.logRow(author), frozen: false })
  await stage.commit()
}
