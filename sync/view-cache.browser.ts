import { below } from './idb.browser.ts'
import { isWhole } from './record-shapes.ts'
import type { PackedShard, ShardRows } from './shard-rows.ts'
import type { ViewChange, ViewTables } from './view-tables.ts'

/** A change of more rows than this goes straight into its shards; a smaller one into the journal, which costs as much as it is large. */
const packRows = 256
/** The journal is folded into its shards after so many records, or rows: what a start has to replay takes some ms. */
const journalRecords = 128
const journalRows = 2048

export type ViewRecord = PackedShard & { readonly space: string; readonly upTo: number }
export type JournalRecord = { readonly space: string; readonly n: number; readonly change: ViewChange }

/** What the record of a space says of its cache, so that one that is not whole is noticed: shards, journal records, and the last number given out. */
export type CacheMark = { readonly shards: number; readonly journaled: number; readonly upTo: number }

/** Part of a transaction under way. `done` is called when it is on disk. */
export type CacheStep = { readonly mark: CacheMark; write(transaction: IDBTransaction): void; done(): void }

/**
 * The view of one space on disk: a record per shard, and a journal of small changes since. All of it follows from the logs, and may
 * be cleared; it is written in the transactions of the logs all the same, so that it never says anything else than they do.
 */
export class ViewCache {
  /** The view has to be rebuilt from the logs; nothing is written until it was. */
  lost = false
  readonly #space: string
  readonly #viewOf: () => ViewTables
  readonly #packed = new Set<number>()
  readonly #dirty = new Set<number>()
  #journaled = 0
  #rows = 0
  #upTo = 0

  constructor(space: string, viewOf: () => ViewTables) {
    this.#space = space
    this.#viewOf = viewOf
  }

  get mark(): CacheMark {
    return { shards: this.#packed.size, journaled: this.#journaled, upTo: this.#upTo }
  }

  /** Fills the view from what is on disk; what is missing or damaged makes it lost, and leaves the view empty. */
  load(mark: CacheMark, shards: readonly unknown[], journal: readonly unknown[]): void {
    this.#upTo = mark.upTo
    this.lost = shards.length !== mark.shards || journal.length !== mark.journaled || !shards.every(each => isWhole('view', each)) || !journal.every(each => isWhole('journal', each))
    if (this.lost) return
    const view = this.#viewOf()
    const upTo = new Map<number, number>()
    for (const record of shards as ViewRecord[]) {
      view.load(record)
      this.#packed.add(record.shard)
      upTo.set(record.shard, record.upTo)
    }
    for (const { n, change } of journal as JournalRecord[]) {
      const newer = [...view.staged(change)].filter(([shard]) => n > (upTo.get(shard) ?? 0))
      view.take(new Map(newer))
      this.#journaled++
      this.#rows += rowsOf(change)
      for (const [shard] of newer) this.#dirty.add(shard)
    }
  }

  /** Keeps a change, `staged` being what it makes of its shards. */
  change(change: ViewChange, staged: ReadonlyMap<number, ShardRows>): CacheStep {
    if (this.lost || staged.size === 0) return { mark: this.mark, write() {}, done() {} }
    return change.dropLogs?.length || rowsOf(change) > packRows ? this.#packing(staged) : this.#journaling(change, staged)
  }

  get foldable(): boolean {
    return this.#journaled > journalRecords || this.#rows > journalRows
  }

  /** Takes the journal into its shards. */
  fold(): CacheStep {
    const records = this.#viewOf().packed(this.#dirty).map(each => this.#record(each, this.#upTo))
    const packed = this.#packed.union(this.#dirty)
    return {
      mark: { shards: packed.size, journaled: 0, upTo: this.#upTo },
      write: transaction => {
        transaction.objectStore('journal').delete(below(this.#space))
        for (const record of records) transaction.objectStore('view').put(record)
      },
      done: () => this.#folded(packed)
    }
  }

  /** Writes all of a view that was rebuilt. */
  restore(): CacheStep {
    const records = this.#viewOf().packed().map(each => this.#record(each, this.#upTo))
    const packed = new Set(records.map(({ shard }) => shard))
    return {
      mark: { shards: packed.size, journaled: 0, upTo: this.#upTo },
      write: transaction => {
        for (const table of ['view', 'journal']) transaction.objectStore(table).delete(below(this.#space))
        for (const record of records) transaction.objectStore('view').put(record)
      },
      done: () => {
        this.lost = false
        this.#folded(packed)
      }
    }
  }

  #packing(staged: ReadonlyMap<number, ShardRows>): CacheStep {
    const n = this.#upTo + 1
    const packed = this.#packed.union(staged)
    return {
      mark: { shards: packed.size, journaled: this.#journaled, upTo: n },
      write: transaction => {
        for (const rows of staged.values()) transaction.objectStore('view').put(this.#record(rows.pack(), n))
      },
      done: () => {
        this.#upTo = n
        for (const shard of staged.keys()) {
          this.#packed.add(shard)
          this.#dirty.delete(shard)
        }
      }
    }
  }

  #journaling(change: ViewChange, staged: ReadonlyMap<number, ShardRows>): CacheStep {
    const n = this.#upTo + 1
    return {
      mark: { shards: this.#packed.size, journaled: this.#journaled + 1, upTo: n },
      write: transaction => void transaction.objectStore('journal').put({ space: this.#space, n, change } satisfies JournalRecord),
      done: () => {
        this.#upTo = n
        this.#journaled++
        this.#rows += rowsOf(change)
        for (const shard of staged.keys()) this.#dirty.add(shard)
      }
    }
  }

  #folded(packed: ReadonlySet<number>): void {
    for (const shard of packed) this.#packed.add(shard)
    this.#dirty.clear()
    this.#journaled = 0
    this.#rows = 0
  }

  #record(packed: PackedShard, upTo: number): ViewRecord {
    return { space: this.#space, upTo, ...packed }
  }
}

function rowsOf({ dropVersions, versions, gone }: ViewChange): number {
  return (dropVersions?.length ?? 0) + (versions?.length ?? 0) + (gone?.length ?? 0)
}
