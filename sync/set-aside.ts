import { hashBytes, randomBytes } from '../mesh/crypto.ts'
import type { DeviceId } from '../mesh/types.ts'
import { rebuildLog } from './rebuild.ts'
import type { SpaceState } from './space-state.ts'
import { hexOf } from './stage.ts'
import type { VersionRow } from './store.ts'

/**
 * Puts the versions of a log aside, in a space without a name, before the log is dropped and another branch of it fetched.
 * They are written again by `carryOver`, now or after a restart: what was acknowledged is not lost on the way. Of what came with entries
 * after `upTo` nothing is.
 */
export async function setAside(state: SpaceState, author: DeviceId, upTo = Number.MAX_SAFE_INTEGER): Promise<void> {
  const { store } = state.context
  const came = new Map(store.logVersions(state.id, author).map(({ id: item, hlc, seq }) => [`${item} ${hlc}`, seq]))
  // By the log itself: nobody compares what shows of a log with two branches, and what is damaged there would go unseen.
  await rebuildLog(state, author)
  const id = hexOf(randomBytes(hashBytes))
  const rows = store.logVersions(state.id, author).filter(({ id: item, hlc, seq }) => (came.get(`${item} ${hlc}`) ?? seq) <= upTo).flatMap(asShown)
  await store.commit({ space: id, naming: [{ id, name: null, into: state.name }], versions: rows.map((row, index) => ({ ...row, shown: true, rev: index + 1 })) })
}

/** A large removal that waits for a person is not carried anywhere; what it would remove is. */
function asShown(row: VersionRow): VersionRow[] {
  return row.held !== null && row.pending === null ? [] : [{ ...row, held: null, pending: null }]
}
