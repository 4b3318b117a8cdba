import { KinmeshError } from '../mesh/errors.ts'
import { dropHalfTaken, dropLog } from './drop-log.ts'
import { rebuildSpace } from './rebuild.ts'
import type { SpaceState } from './space-state.ts'
import { verifySpace } from './verify.ts'

/**
 * Before anybody reads: takes out what a crash left half made, and, when the machine was started anew since the store was last looked
 * through, compares all of the space with its logs. A disk that said "written" too early may have kept some pages and lost others.
 * What the logs say is shown again; the logs of others are fetched anew where they are damaged.
 * @throws KinmeshError `StoreCorrupt`: the own log is damaged, which nobody here can mend
 */
export async function mend(state: SpaceState): Promise<void> {
  await dropHalfTaken(state)
  const { store } = state.context
  if (!store.doubtful?.()) return
  const damages = verifySpace(state)
  if (damages.length === 0) return
  const own = damages.find(({ log }) => log === state.self)
  if (own) {
    throw new KinmeshError('StoreCorrupt', `the disk lost part of what this device wrote in space ${state.name} (${own.text}): keep a copy of sync.db, move it away and run "kinmesh join" with an invite of another device to get everything back`)
  }
  for (const author of new Set(damages.flatMap(({ log }) => log ?? []))) await dropLog(state, author)
  await rebuildSpace(state)
  const text = `the disk lost part of what was written (${damages.map(damage => damage.text).join('; ')}): what is shown was built anew, and what is missing comes back from your other devices`
  await store.commit({ space: state.id, faults: [state.fault('StoreDamaged', null, text)] })
}
