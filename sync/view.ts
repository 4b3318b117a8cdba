import type { DeviceId } from '../mesh/types.ts'
import { addHash, digestOfShards, digestToHex, subtractHash, versionHash } from './digest.ts'
import { shardOfId } from './item-id.ts'
import type { Commit, ShardRow, Store, VersionRow } from './store.ts'
import type { Change, Item, ItemValue, Version } from './types.ts'

type Stored = Omit<VersionRow, 'shown' | 'rev'>
type ShardState = { sum: bigint; live: number; slots: number }
type ViewChanges = Required<Pick<Commit, 'versions' | 'dropVersions' | 'gone' | 'shards'>>

/** What a space looks like to a reader: per item the version with the highest (hlc, device), and the digest over all of them. */
export class View {
  readonly #store: Store
  readonly #space: string
  #shards: Map<number, ShardState>
  #rev: number
  #digest: string | undefined

  constructor(store: Store, space: string) {
    this.#store = store
    this.#space = space
    this.#shards = new Map(store.shards(space).map(toShardState))
    this.#rev = store.rev(space)
  }

  get count(): number {
    let count = 0
    for (const { live } of this.#shards.values()) count += live
    return count
  }

  get rev(): number {
    return this.#rev
  }

  /** Versions of all authors that one shard holds. */
  slots(shard: number): number {
    return this.#shards.get(shard)?.slots ?? 0
  }

  /** The highest shard that holds anything; 0 when there is none. */
  get lastShard(): number {
    return Math.max(0, ...this.#shards.keys())
  }

  digest(): string {
    this.#digest ??= digestOfShards(this.shardSums())
    return this.#digest
  }

  shardSums(): [shard: number, sum: bigint][] {
    return [...this.#shards].map(([shard, { sum }]) => [shard, sum])
  }

  get(id: string): Item | undefined {
    return itemOf(this.#store.versions(this.#space, id))
  }

  list(after: string, limit: number): Item[] {
    return this.#store.live(this.#space, after, limit).flatMap(row => this.#item(row) ?? [])
  }

  changesSince(rev: number, limit: number): Change[] {
    const shown = this.#store.changes(this.#space, rev, limit).map(row => ({ id: row.id, rev: row.rev, item: this.#item(row) }))
    const gone = this.#store.gone(this.#space, rev, limit).map(row => ({ ...row, item: null }))
    return [...shown, ...gone].sort((a, b) => a.rev - b.rev).slice(0, limit)
  }

  /** Counts every shard anew from the versions, for when the running sums cannot be trusted. */
  recount(authors: Iterable<DeviceId>): ShardRow[] {
    const byId = new Map<string, VersionRow[]>()
    for (const author of authors) for (const row of this.#store.logVersions(this.#space, author)) byId.set(row.id, [...(byId.get(row.id) ?? []), row])
    const shards = new Map([...this.#shards.keys()].map(shard => [shard, emptyShard]))
    for (const rows of byId.values()) countItem(shards, emptyShard, [], rows)
    return [...shards].map(toShardRow)
  }

  /** Takes over what `recount` found, once it is on disk. */
  recounted(rows: readonly ShardRow[]): void {
    this.#shards = new Map(rows.map(toShardState))
    this.#digest = undefined
  }

  /** Starts a set of changes; nothing shows before `applied`. */
  begin(): ViewBatch {
    return new ViewBatch(this.#store, this.#space, this.#rev, shard => this.#shards.get(shard) ?? emptyShard)
  }

  /** Takes over the outcome of a batch once it is on disk. */
  applied(batch: ViewBatch): void {
    for (const [shard, state] of batch.shards) this.#shards.set(shard, state)
    this.#rev = batch.rev
    this.#digest = undefined
  }

  /** False when every item of the shard shows and has one version: that one is all there is to read. */
  hasOthers(shard: number): boolean {
    const { slots, live } = this.#shards.get(shard) ?? emptyShard
    return slots !== live
  }

  #item(row: VersionRow): Item | null {
    if (row.body === null) return null
    return itemOf(this.hasOthers(row.shard) ? this.#store.versions(this.#space, row.id) : [row]) ?? null
  }
}

const emptyShard: ShardState = { sum: 0n, live: 0, slots: 0 }

/** Collects changes to versions; reads its own. */
export class ViewBatch {
  readonly shards = new Map<number, ShardState>()
  rev: number
  readonly #store: Store
  readonly #space: string
  readonly #shardBefore: (shard: number) => ShardState
  readonly #touched = new Map<string, { before: readonly VersionRow[]; after: Map<DeviceId, Stored> }>()

  constructor(store: Store, space: string, rev: number, shardBefore: (shard: number) => ShardState) {
    this.#store = store
    this.#space = space
    this.rev = rev
    this.#shardBefore = shardBefore
  }

  /** The versions of an item as this batch leaves them. */
  versions(id: string): readonly Stored[] {
    return [...this.#touch(id).values()]
  }

  /** True when the item shows now, in this batch. */
  isLive(id: string): boolean {
    return shownOf(this.versions(id))?.body != null
  }

  set(version: Stored): void {
    this.#touch(version.id).set(version.author, version)
  }

  clear(id: string, author: DeviceId): void {
    this.#touch(id).delete(author)
  }

  /** Works out winners, revisions and sums. Call once, last. */
  finish(): ViewChanges {
    const changes = { versions: [] as VersionRow[], dropVersions: [] as { id: string; author: DeviceId }[], gone: [] as { id: string; rev: number }[] }
    for (const [id, { before, after }] of this.#touched) {
      const rows = [...after.values()]
      const wasShown = before.find(row => row.shown)
      const shown = shownOf(rows)
      const changed = wasShown?.author !== shown?.author || wasShown?.hlc !== shown?.hlc || wasShown?.body !== shown?.body
      const rev = changed ? ++this.rev : (wasShown?.rev ?? 0)
      for (const row of rows) changes.versions.push({ ...row, shown: row === shown, rev: row === shown ? rev : 0 })
      for (const row of before) if (!after.has(row.author)) changes.dropVersions.push({ id, author: row.author })
      if (wasShown && !shown) changes.gone.push({ id, rev })
      const shard = rows[0]?.shard ?? before[0]?.shard
      if (shard !== undefined) countItem(this.shards, this.#shardBefore(shard), before, rows)
    }
    return { ...changes, shards: [...this.shards].map(toShardRow) }
  }

  #touch(id: string): Map<DeviceId, Stored> {
    let touched = this.#touched.get(id)
    if (!touched) {
      // A shard that held nothing need not be asked: a device that joins takes in nothing but such.
      const shard = shardOfId(id)
      const isNew = shard !== undefined && this.#shardBefore(shard).slots === 0
      const before = isNew ? [] : this.#store.versions(this.#space, id)
      this.#touched.set(id, (touched = { before, after: new Map(before.map(row => [row.author, row])) }))
    }
    return touched.after
  }
}

/**
 * Moves the sums of an item's shard from how the item was to how it is. The digest speaks of what the logs say, whether or not a
 * large deletion is held back here.
 */
function countItem(shards: Map<number, ShardState>, start: ShardState, before: readonly Stored[], after: readonly Stored[]): void {
  const shard = (before[0] ?? after[0])?.shard
  if (shard === undefined) return
  let { sum, live, slots } = shards.get(shard) ?? start
  const [loser, winner] = [highest(before.map(asWritten)), highest(after.map(asWritten))]
  if (loser) sum = subtractHash(sum, versionHash(loser.id, loser.hlc, loser.author, loser.body))
  if (winner) sum = addHash(sum, versionHash(winner.id, winner.hlc, winner.author, winner.body))
  live += Number(shownOf(after)?.body != null) - Number(shownOf(before)?.body != null)
  slots += after.length - before.length
  shards.set(shard, { sum, live, slots })
}

function toShardRow([shard, { sum, live, slots }]: readonly [number, ShardState]): ShardRow {
  return { shard, sum: digestToHex(sum), live, slots }
}

function toShardState({ shard, sum, live, slots }: ShardRow): [number, ShardState] {
  return [shard, { sum: BigInt(`0x${sum}`), live, slots }]
}

/** The version that wins: the highest clock, then the greater device id. */
export function highest<V extends Pick<VersionRow, 'hlc' | 'author'>>(versions: readonly V[]): V | undefined {
  let best: V | undefined
  for (const version of versions) if (!best || version.hlc > best.hlc || (version.hlc === best.hlc && version.author > best.author)) best = version
  return best
}

function shownOf(versions: readonly Stored[]): Stored | undefined {
  return highest(versions.filter(version => version.held === null || version.pending !== null))
}

/** A version as its author's log has it, whether or not it is held back here. */
export function asWritten<V extends Pick<VersionRow, 'hlc' | 'body' | 'pending'>>(version: V): V {
  return version.pending === null ? version : { ...version, hlc: version.pending, body: null, pending: null }
}

function itemOf(rows: readonly Stored[]): Item | undefined {
  const shown = shownOf(rows)
  if (!shown || shown.body === null) return undefined
  const others = rows.filter(row => row !== shown && row.body !== null).flatMap(row => toVersion(row) ?? [])
  const version = toVersion(shown)
  return version && { id: shown.id, ...version, others }
}

function toVersion(row: Stored): Version | undefined {
  return row.body === null ? undefined : { value: JSON.parse(row.body) as ItemValue, hlc: row.hlc, device: row.author }
}
