import { toString } from 'uint8arrays/to-string'
import type { DeviceId } from '../mesh/types.ts'
import { EntryList } from './entry-list.ts'
import { maxFaults } from './limits.ts'
import type { AckRow, BaseRow, Commit, FaultRow, HeldRow, LogRow, SpaceRow, Store } from './store.ts'
import { ViewTables } from './view-tables.ts'

/** One space in memory. */
export class SpaceTables {
  row: SpaceRow
  readonly statements = new Map<string, Uint8Array>()
  readonly logs = new Map<DeviceId, LogRow>()
  readonly entries = new Map<DeviceId, EntryList>()
  readonly bases = new Map<DeviceId, Map<number, BaseRow>>()
  readonly view = new ViewTables()
  readonly acks = new Map<string, AckRow>()
  readonly held = new Map<string, HeldRow>()
  readonly settled = new Set<string>()

  constructor(row: SpaceRow) {
    this.row = row
  }

  entriesOf(author: DeviceId): EntryList {
    return made(this.entries, author, () => new EntryList())
  }

  basesOf(author: DeviceId): Map<number, BaseRow> {
    return made(this.bases, author, () => new Map<number, BaseRow>())
  }

  /** Those of a commit that are not here yet, each once. */
  newStatements({ statements = [] }: Pick<Commit, 'statements'>): NonNullable<Commit['statements']> {
    const fresh = new Map(statements.map(row => [keyOf(row.hash), row]))
    return [...fresh].flatMap(([key, row]) => (this.statements.has(key) ? [] : [row]))
  }

  /** Everything of a commit but what shows, which `view` takes for itself. */
  apply(batch: Commit): void {
    for (const { hash, bytes } of this.newStatements(batch)) this.statements.set(keyOf(hash), bytes)
    for (const author of batch.dropLogs ?? []) for (const map of [this.logs, this.entries, this.bases]) map.delete(author)
    for (const row of batch.logs ?? []) this.logs.set(row.author, row)
    for (const { author, ...row } of batch.entries ?? []) this.entriesOf(author).put(row)
    for (const { author, ...row } of batch.bases ?? []) this.basesOf(author).set(row.shard, row)
    for (const { author, shard } of batch.dropBases ?? []) this.bases.get(author)?.delete(shard)
    for (const { author, below } of batch.prune ?? []) this.entries.get(author)?.dropBelow(below)
    for (const { author, above } of batch.truncate ?? []) this.entries.get(author)?.dropAbove(above)
    for (const row of batch.acks ?? []) this.acks.set(`${row.device} ${row.author}`, row)
    for (const row of batch.held ?? []) this.held.set(row.ref, row)
    for (const ref of batch.settled ?? []) {
      this.settled.add(ref)
      this.held.delete(ref)
    }
  }
}

/** A whole store in memory, with an answer to every question a store is asked. Whoever owns it sees to it that the same lies on a disk. */
export class StoreTables implements Omit<Store, 'commit' | 'close'> {
  readonly #meta = new Map<string, string>()
  readonly #spaces = new Map<string, SpaceTables>()
  #faults: FaultRow[] = []

  // Reading must not bring a space into being.
  space(id: string): SpaceTables {
    return this.#spaces.get(id) ?? new SpaceTables({ id, name: null })
  }

  has(id: string): boolean {
    return this.#spaces.has(id)
  }

  made(id: string): SpaceTables {
    return made(this.#spaces, id, () => new SpaceTables({ id, name: null }))
  }

  /** Everything of a commit but what shows. */
  apply(batch: Commit): void {
    if (batch.dropSpace) this.#spaces.delete(batch.space)
    else this.made(batch.space).apply(batch)
    for (const row of batch.naming ?? []) this.made(row.id).row = row
    this.applyToDevice(batch)
  }

  applyToDevice({ meta = {}, faults = [] }: Pick<Commit, 'meta' | 'faults'>): void {
    for (const [key, value] of Object.entries(meta)) this.#meta.set(key, value)
    this.#faults = [...this.#faults, ...faults].slice(-maxFaults)
  }

  meta(key: string): string | undefined {
    return this.#meta.get(key)
  }

  spaces(): SpaceRow[] {
    return [...this.#spaces.values()].map(({ row }) => row)
  }

  statements(space: string): Uint8Array[] {
    return [...this.space(space).statements.values()]
  }

  logs(space: string): LogRow[] {
    return [...this.space(space).logs.values()]
  }

  entries(space: string, author: DeviceId, from: number, limit: number): ReturnType<Store['entries']> {
    return this.#entries(space, author).from(from, limit)
  }

  shardEntries(space: string, author: DeviceId, shard: number, after: number): ReturnType<Store['entries']> {
    return this.#entries(space, author).from(after + 1).filter(row => row.shard === shard)
  }

  dirtyShards(space: string, author: DeviceId, after: number): number[] {
    const shards = new Set(this.#entries(space, author).from(after + 1).map(row => row.shard))
    shards.delete(-1)
    return [...shards].sort((a, b) => a - b)
  }

  bases(space: string, author: DeviceId): ReturnType<Store['bases']> {
    const rows = [...(this.space(space).bases.get(author)?.values() ?? [])]
    return rows.map(({ shard, seq, hash, bytes }) => ({ shard, seq, hash, size: bytes.length })).sort((a, b) => a.shard - b.shard)
  }

  base(space: string, author: DeviceId, shard: number): Uint8Array | undefined {
    return this.space(space).bases.get(author)?.get(shard)?.bytes
  }

  versions(space: string, id: string): ReturnType<Store['versions']> {
    return this.space(space).view.versions(id)
  }

  live(space: string, after: string, limit: number): ReturnType<Store['live']> {
    return this.space(space).view.live(after, limit)
  }

  changes(space: string, rev: number, limit: number): ReturnType<Store['changes']> {
    return this.space(space).view.changes(rev, limit)
  }

  gone(space: string, rev: number, limit: number): ReturnType<Store['gone']> {
    return this.space(space).view.gone(rev, limit)
  }

  logVersions(space: string, author: DeviceId, filter?: Parameters<Store['logVersions']>[2]): ReturnType<Store['logVersions']> {
    return this.space(space).view.logVersions(author, filter)
  }

  shards(space: string): ReturnType<Store['shards']> {
    return this.space(space).view.totals()
  }

  rev(space: string): number {
    return this.space(space).view.rev()
  }

  acks(space: string): AckRow[] {
    return [...this.space(space).acks.values()]
  }

  held(space: string): HeldRow[] {
    return [...this.space(space).held.values()].sort((a, b) => a.at - b.at)
  }

  settled(space: string, ref: string): boolean {
    return this.space(space).settled.has(ref)
  }

  faults(): FaultRow[] {
    return [...this.#faults]
  }

  #entries(space: string, author: DeviceId): EntryList {
    return this.space(space).entries.get(author) ?? new EntryList()
  }
}

const keyOf = (hash: Uint8Array) => toString(hash, 'base16')

function made<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = make()))
  return value
}
