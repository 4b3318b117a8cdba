import type { DeviceId } from '../mesh/types.ts'
import { maxCachedDocs } from './limits.ts'
import { ShardDoc } from './shard-doc.ts'
import type { EntryRow, Store } from './store.ts'

/** Loads the Y.Docs that are being written to, and forgets the ones that were not used for longest. */
export class DocCache {
  readonly #store: Store
  readonly #space: string
  /** Opens a stored entry of our own or of a peer: it passed every check before it was stored. */
  readonly #updateOf: (row: EntryRow) => Uint8Array
  readonly #docs = new Map<string, ShardDoc>()

  constructor(store: Store, space: string, updateOf: (row: EntryRow) => Uint8Array) {
    this.#store = store
    this.#space = space
    this.#updateOf = updateOf
  }

  /** The author's part of a shard: what the last checkpoint left, and every entry after `checkpoint` on top. */
  get(author: DeviceId, shard: number, checkpoint: number): ShardDoc {
    const key = `${author} ${shard}`
    const doc = this.#docs.get(key) ?? this.#load(author, shard, checkpoint)
    this.#docs.delete(key)
    this.#docs.set(key, doc) // last in the order of insertion: used last
    const [oldest] = this.#docs.keys()
    if (oldest !== undefined && this.#docs.size > maxCachedDocs) this.#docs.delete(oldest)
    return doc
  }

  /** After a failed commit, a checkpoint or a rebuild: what is in memory is no longer what is stored. */
  forget(author: DeviceId): void {
    for (const key of [...this.#docs.keys()]) if (key.startsWith(`${author} `)) this.#docs.delete(key)
  }

  #load(author: DeviceId, shard: number, checkpoint: number): ShardDoc {
    const doc = new ShardDoc(shard)
    const base = this.#store.base(this.#space, author, shard)
    if (base) doc.apply(base)
    for (const row of this.#store.shardEntries(this.#space, author, shard, checkpoint)) doc.apply(this.#updateOf(row))
    return doc
  }
}
