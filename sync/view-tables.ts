import type { DeviceId } from '../mesh/types.ts'
import { shardOfId } from './item-id.ts'
import { type PackedShard, type ShardDraft, ShardRows } from './shard-rows.ts'
import type { Commit, GoneRow, ShardRow, VersionRow } from './store.ts'

/** The part of a commit that changes what shows. */
export type ViewChange = Pick<Commit, 'dropLogs' | 'dropVersions' | 'versions' | 'gone' | 'shards'>

/** Where rows lie whose id names no shard. */
const noShard = -1

/** The versions of one space in memory, shard by shard; see ShardRows for when they are read. */
export class ViewTables {
  #shards = new Map<number, ShardRows>()
  #order: number[] | undefined

  load(packed: PackedShard): void {
    this.take(new Map([[packed.shard, ShardRows.unpack(packed)]]))
  }

  /** The shards that a commit changes, as it leaves them. Nothing changes here until `take`. */
  staged(change: ViewChange): Map<number, ShardRows> {
    const work = new Map<number, ((draft: ShardDraft) => void)[]>()
    const at = (shard: number, step: (draft: ShardDraft) => void) => {
      const steps = work.get(shard)
      if (steps) steps.push(step)
      else work.set(shard, [step])
    }
    for (const author of change.dropLogs ?? []) for (const shard of this.#shards.keys()) at(shard, draft => draft.dropLog(author))
    for (const { id, author } of change.dropVersions ?? []) at(shardOfId(id) ?? noShard, draft => draft.drop(id, author))
    for (const row of change.versions ?? []) at(shardOfId(row.id) ?? noShard, draft => draft.set(row))
    for (const { id, rev } of change.gone ?? []) at(shardOfId(id) ?? noShard, draft => draft.setGone(id, rev))
    for (const row of change.shards ?? []) at(row.shard, draft => void (draft.totals = row))
    return new Map([...work].map(([shard, steps]) => [shard, this.#shard(shard).with(draft => steps.forEach(step => step(draft)))]))
  }

  take(shards: ReadonlyMap<number, ShardRows>): void {
    for (const [shard, rows] of shards) {
      if (!this.#shards.has(shard)) this.#order = undefined
      this.#shards.set(shard, rows)
    }
  }

  packed(shards: Iterable<number> = this.#shards.keys()): PackedShard[] {
    return [...shards].map(shard => this.#shard(shard).pack())
  }

  versions(id: string): VersionRow[] {
    return [...(this.#shards.get(shardOfId(id) ?? noShard)?.versions(id) ?? [])]
  }

  live(after: string, limit: number): VersionRow[] {
    const last = shardOfId(after) ?? noShard
    const found: VersionRow[] = []
    for (const number of this.#ascending()) {
      if (number < last) continue
      const shard = this.#shard(number)
      for (const id of shard.ids()) {
        if (found.length >= limit) return found
        if (number === last && id <= after) continue
        const shown = shard.versions(id).find(row => row.shown && row.body !== null)
        if (shown) found.push(shown)
      }
    }
    return found
  }

  changes(rev: number, limit: number): VersionRow[] {
    const shown = this.#newerThan(rev).flatMap(shard => shard.rows().filter(row => row.shown && row.rev > rev))
    return shown.sort(byRev).slice(0, limit)
  }

  gone(rev: number, limit: number): GoneRow[] {
    const gone = this.#newerThan(rev).flatMap(shard => [...shard.gone()].map(([id, at]) => ({ id, rev: at })))
    return gone.filter(row => row.rev > rev).sort(byRev).slice(0, limit)
  }

  logVersions(author: DeviceId, filter?: { removedUpTo: number } | { held: string }): VersionRow[] {
    const isAsked = (row: VersionRow) => !filter || ('held' in filter ? row.held === filter.held : row.body === null && row.seq <= filter.removedUpTo)
    const mayHold = ({ summary }: ShardRows) => !filter || ('held' in filter ? summary.holds : summary.removals)
    const rows = [...this.#shards.values()].filter(mayHold).flatMap(shard => shard.rows().filter(row => row.author === author && isAsked(row)))
    return rows.sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  totals(): ShardRow[] {
    return this.#ascending().flatMap(number => this.#shard(number).totals ?? [])
  }

  rev(): number {
    return [...this.#shards.values()].reduce((highest, { summary }) => Math.max(highest, summary.rev), 0)
  }

  #shard(number: number): ShardRows {
    return this.#shards.get(number) ?? ShardRows.empty(number)
  }

  #newerThan(rev: number): ShardRows[] {
    return [...this.#shards.values()].filter(({ summary }) => summary.rev > rev)
  }

  #ascending(): readonly number[] {
    return (this.#order ??= [...this.#shards.keys()].sort((a, b) => a - b))
  }
}

const byRev = (a: { rev: number }, b: { rev: number }) => a.rev - b.rev
