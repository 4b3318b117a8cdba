import type { DeviceId } from '../mesh/types.ts'
import { shardOfId } from './item-id.ts'
import { maxFaults } from './limits.ts'
import type { AckRow, BaseRow, Commit, EntryRow, FaultRow, GoneRow, HeldRow, LogRow, ShardRow, SpaceRow, Store, VersionRow } from './store.ts'

type SpaceData = {
  row: SpaceRow
  statements: Map<string, Uint8Array>
  logs: Map<DeviceId, LogRow>
  entries: Map<DeviceId, Map<number, EntryRow>>
  bases: Map<DeviceId, Map<number, BaseRow>>
  versions: Map<string, Map<DeviceId, VersionRow>>
  gone: Map<string, GoneRow>
  shards: Map<number, ShardRow>
  acks: Map<string, AckRow>
  held: Map<string, HeldRow>
  settled: Set<string>
}

/**
 * The obvious store: maps, every read a scan. It is the oracle that other stores are compared with and the one that
 * simulations run on; a device that must not forget uses store.node.ts.
 */
export function createMemoryStore(): Store {
  const spaces = new Map<string, SpaceData>()
  const metaValues = new Map<string, string>()
  let faults: FaultRow[] = []

  // Reading must not bring a space into being.
  const data = (space: string): SpaceData => spaces.get(space) ?? emptySpace(space)
  const made = (space: string): SpaceData => {
    const found = data(space)
    spaces.set(space, found)
    return found
  }
  const allVersions = (space: string): VersionRow[] => [...data(space).versions.values()].flatMap(byAuthor => [...byAuthor.values()])
  const sortedEntries = (space: string, author: DeviceId): EntryRow[] => [...(data(space).entries.get(author)?.values() ?? [])].sort((a, b) => a.seq - b.seq)

  return {
    meta: key => metaValues.get(key),
    spaces: () => [...spaces.values()].map(each => each.row),
    statements: space => [...data(space).statements.values()],
    logs: space => [...data(space).logs.values()],
    entries: (space, author, from, limit) => sortedEntries(space, author).filter(row => row.seq >= from).slice(0, limit),
    shardEntries: (space, author, shard, after) => sortedEntries(space, author).filter(row => row.shard === shard && row.seq > after),
    dirtyShards: (space, author, after) => [...new Set(sortedEntries(space, author).filter(row => row.seq > after && row.shard >= 0).map(row => row.shard))].sort((a, b) => a - b),
    bases: (space, author) => [...(data(space).bases.get(author)?.values() ?? [])].map(({ shard, seq, hash, bytes }) => ({ shard, seq, hash, size: bytes.length })).sort((a, b) => a.shard - b.shard),
    base: (space, author, shard) => data(space).bases.get(author)?.get(shard)?.bytes,
    versions: (space, id) => [...(data(space).versions.get(id)?.values() ?? [])],
    live: (space, after, limit) => allVersions(space).filter(row => row.shown && row.body !== null && isAfter(row, after)).sort(byShard).slice(0, limit),
    changes: (space, rev, limit) => allVersions(space).filter(row => row.shown && row.rev > rev).sort(byRev).slice(0, limit),
    gone: (space, rev, limit) => [...data(space).gone.values()].filter(row => row.rev > rev).sort(byRev).slice(0, limit),
    logVersions(space, author, filter) {
      const rows = allVersions(space).filter(row => row.author === author).sort(byId)
      if (!filter) return rows
      return rows.filter(row => ('held' in filter ? row.held === filter.held : row.body === null && row.seq <= filter.removedUpTo))
    },
    shards: space => [...data(space).shards.values()].sort((a, b) => a.shard - b.shard),
    rev: space => [...allVersions(space), ...data(space).gone.values()].reduce((highest, { rev }) => Math.max(highest, rev), 0),
    acks: space => [...data(space).acks.values()],
    held: space => [...data(space).held.values()],
    settled: (space, ref) => data(space).settled.has(ref),
    faults: () => [...faults],
    async commit(batch) {
      if (batch.dropSpace) spaces.delete(batch.space)
      else applyTo(made(batch.space), batch)
      for (const row of batch.naming ?? []) made(row.id).row = row
      for (const [key, value] of Object.entries(batch.meta ?? {})) metaValues.set(key, value)
      faults = [...faults, ...(batch.faults ?? [])].slice(-maxFaults)
    },
    close() {}
  }
}

function emptySpace(id: string): SpaceData {
  return {
    row: { id, name: null }, statements: new Map(), logs: new Map(), entries: new Map(), bases: new Map(), versions: new Map(),
    gone: new Map(), shards: new Map(), acks: new Map(), held: new Map(), settled: new Set()
  }
}

function applyTo(space: SpaceData, batch: Commit): void {
  const entriesOf = (author: DeviceId) => mapIn(space.entries, author)
  const dropVersion = (id: string, author: DeviceId) => {
    space.versions.get(id)?.delete(author)
    if (space.versions.get(id)?.size === 0) space.versions.delete(id)
  }
  for (const { bytes } of batch.statements ?? []) space.statements.set(bytes.join(), bytes)
  for (const author of batch.dropLogs ?? []) {
    for (const map of [space.logs, space.entries, space.bases]) map.delete(author)
    for (const id of [...space.versions.keys()]) dropVersion(id, author)
  }
  for (const row of batch.logs ?? []) space.logs.set(row.author, row)
  for (const { author, ...row } of batch.entries ?? []) entriesOf(author).set(row.seq, row)
  for (const { author, ...row } of batch.bases ?? []) mapIn(space.bases, author).set(row.shard, row)
  for (const { author, shard } of batch.dropBases ?? []) space.bases.get(author)?.delete(shard)
  for (const { author, below } of batch.prune ?? []) for (const seq of [...entriesOf(author).keys()]) if (seq < below) entriesOf(author).delete(seq)
  for (const { author, above } of batch.truncate ?? []) for (const seq of [...entriesOf(author).keys()]) if (seq > above) entriesOf(author).delete(seq)
  for (const { id, author } of batch.dropVersions ?? []) dropVersion(id, author)
  for (const row of batch.versions ?? []) {
    mapIn(space.versions, row.id).set(row.author, row)
    if (row.shown) space.gone.delete(row.id)
  }
  for (const row of batch.gone ?? []) space.gone.set(row.id, row)
  for (const row of batch.shards ?? []) space.shards.set(row.shard, row)
  for (const row of batch.acks ?? []) space.acks.set(`${row.device} ${row.author}`, row)
  for (const row of batch.held ?? []) space.held.set(row.ref, row)
  for (const ref of batch.settled ?? []) {
    space.settled.add(ref)
    space.held.delete(ref)
  }
}

function mapIn<K, L, V>(maps: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let map = maps.get(key)
  if (!map) maps.set(key, (map = new Map<L, V>()))
  return map
}

const byShard = (a: VersionRow, b: VersionRow) => a.shard - b.shard || byId(a, b)
function isAfter({ id, shard }: VersionRow, after: string): boolean {
  const last = shardOfId(after) ?? -1
  return shard > last || (shard === last && id > after)
}
// Item ids are ASCII, so that < is SQLite's BINARY order too.
const byId = (a: VersionRow, b: VersionRow) => (a.id < b.id ? -1 : 1)
const byRev = (a: { rev: number }, b: { rev: number }) => a.rev - b.rev
