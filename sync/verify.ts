import { equals } from 'uint8arrays/equals'
import { isKinmeshError } from '../mesh/errors.ts'
import type { DeviceId } from '../mesh/types.ts'
import { noHash, readEntry } from './entry.ts'
import { replayLog } from './rebuild.ts'
import type { SpaceState } from './space-state.ts'
import type { Commit, EntryRow, ShardRow, VersionRow } from './store.ts'

/** What lies in a store and is not as it was written. `log`: whose entries or checkpoint; undefined where only the view is wrong. */
export type Damage = { readonly log: DeviceId | undefined; readonly text: string }

/** Entries one step of walking along a log reads. */
const pageRows = 256

/**
 * Looks at all that the store holds of a space: whether every log is whole (numbers, hashes, links, checkpoint) and whether the view
 * shows what the logs say. Signatures were checked when entries came in, and the hashes that they cover are checked here.
 */
export function verifySpace(state: SpaceState): Damage[] {
  const damages: Damage[] = []
  for (const author of state.logs.keys()) {
    const replayed = replayLog(state, author)
    const text = logDamage(state, author) ?? (replayed ? undefined : 'it cannot be replayed from its checkpoint')
    if (text !== undefined) damages.push({ log: author, text })
    else if (replayed && !viewFits(state, author, replayed.view.finish())) damages.push({ log: undefined, text: `the view does not show what the log of ${author} says` })
  }
  if (damages.length === 0 && !countsFit(state)) damages.push({ log: undefined, text: 'the sums of the view are not those of its items' })
  return damages
}

function logDamage(state: SpaceState, author: DeviceId): string | undefined {
  const { store } = state.context
  const log = state.logRow(author)
  let last: { readonly seq: number; readonly hash: Uint8Array } | undefined = log.lowest === 1 ? { seq: 0, hash: noHash } : undefined
  for (let rows = store.entries(state.id, author, 0, pageRows); rows.length > 0; rows = store.entries(state.id, author, rows.at(-1)!.seq + 1, pageRows)) {
    for (const row of rows) {
      const due = last ? last.seq + 1 : log.lowest
      if (row.seq !== due) return `entry ${due} is missing`
      if (!isEntry(row, last?.hash)) return `entry ${row.seq} is damaged`
      last = row
    }
  }
  if ((last?.seq ?? 0) !== log.height) return `it ends at entry ${last?.seq ?? 0} instead of ${log.height}`
  return log.height > 0 && !equals(last?.hash ?? noHash, log.head) ? 'its last entry is another one' : undefined
}

function isEntry(row: EntryRow, before: Uint8Array | undefined): boolean {
  try {
    const entry = readEntry(row.bytes)
    return entry.seq === row.seq && equals(entry.hash, row.hash) && (before === undefined || equals(entry.prevHash, before))
  } catch (error) {
    if (!isKinmeshError(error)) throw error
    return false
  }
}

/** Nothing of the author's log changes when it is replayed. */
function viewFits(state: SpaceState, author: DeviceId, replayed: Pick<Commit, 'versions' | 'dropVersions'>): boolean {
  const stored = new Map(state.context.store.logVersions(state.id, author).map(row => [row.id, row]))
  const own = replayed.versions?.filter(row => row.author === author) ?? []
  return replayed.dropVersions?.length === 0 && own.length === stored.size && own.every(row => isSame(row, stored.get(row.id)))
}

function isSame(a: VersionRow, b: VersionRow | undefined): boolean {
  return b !== undefined && a.shard === b.shard && a.hlc === b.hlc && a.body === b.body && a.held === b.held && a.pending === b.pending && a.shown === b.shown
}

function countsFit(state: SpaceState): boolean {
  const held = (rows: readonly ShardRow[]) => rows.filter(row => row.slots > 0).map(({ shard, sum, live, slots }) => `${shard} ${sum} ${live} ${slots}`).sort().join()
  return held(state.view.recount(state.logs.keys())) === held(state.context.store.shards(state.id))
}
