import type { DeviceId } from '../mesh/types.ts'
import { dropLog } from './drop-log.ts'
import { isOther, knownHash } from './entry-checks.ts'
import { endsAsNamed } from './named-branch.ts'
import { setAside } from './set-aside.ts'
import type { SpaceState } from './space-state.ts'

/** Makes room for the branch that counts. What shows of the other one is put aside, and written anew under this device's name where the named one lacks it. */
export async function realign(state: SpaceState, author: DeviceId): Promise<void> {
  await state.exclusive(async () => {
    if (endsAsNamed(state, author) || state.logRow(author).height === 0) return
    await makeRoom(state, author)
  })
}

/**
 * A log that goes on beyond what counts, and cannot be cut there because a checkpoint came after. Of the branch that counts the others have all;
 * of another one what it said up to there is put aside, as far as it is known to be from there.
 */
export async function dropBeyond(state: SpaceState, author: DeviceId): Promise<void> {
  const removal = state.membership.removedDevices().get(author)
  const known = removal && knownHash(state, author, removal.lastSeq)
  if (!removal || (known && !isOther(known, removal.head))) await dropLog(state, author)
  else await makeRoom(state, author)
}

async function makeRoom(state: SpaceState, author: DeviceId): Promise<void> {
  state.realigning.set(author, state.context.now())
  await setAside(state, author, state.membership.removedDevices().get(author)?.lastSeq)
  await dropLog(state, author)
}
