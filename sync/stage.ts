import { toString } from 'uint8arrays/to-string'
import type { DeviceId } from '../mesh/types.ts'
import type { Entry } from './entry.ts'
import { maxCachedDocs } from './limits.ts'
import type { ShardDoc, SlotValue } from './shard-doc.ts'
import type { SpaceState } from './space-state.ts'
import type { Commit, EntryRow, LogRow } from './store.ts'
import type { ViewBatch } from './view.ts'

type Rest = Omit<Commit, 'space' | 'entries' | 'logs' | 'versions' | 'dropVersions' | 'gone' | 'shards'>

/** Entries on their way to the disk: everything they change goes there in one commit, and into memory only after it. */
export class Stage {
  readonly view: ViewBatch
  readonly #state: SpaceState
  readonly #entries: (EntryRow & { author: DeviceId })[] = []
  readonly #logs = new Map<DeviceId, LogRow>()
  readonly #docs = new Set<ShardDoc>()
  #rest: Rest = {}

  constructor(state: SpaceState) {
    this.#state = state
    this.view = state.view.begin()
  }

  /** The log as this stage leaves it. */
  log(author: DeviceId): LogRow {
    return this.#logs.get(author) ?? this.#state.logRow(author)
  }

  /** The author's part of a shard, staged updates included. */
  doc(author: DeviceId, shard: number): ShardDoc {
    const doc = this.#state.docs.get(author, shard, this.log(author).checkpoint)
    this.#docs.add(doc)
    return doc
  }

  /** Staged updates live in the cached docs only: commit before the cache would have to drop one. */
  get full(): boolean {
    return this.#docs.size >= maxCachedDocs / 2
  }

  get empty(): boolean {
    return this.#entries.length === 0 && this.#logs.size === 0
  }

  /** The hash of an entry that is on its way to the disk. */
  hashOf(author: DeviceId, seq: number): Uint8Array | undefined {
    return this.#entries.find(entry => entry.author === author && entry.seq === seq)?.hash
  }

  append(author: DeviceId, entry: Entry, shard: number): void {
    const log = this.log(author)
    this.#entries.push({ author, seq: entry.seq, shard, hash: entry.hash, bytes: entry.bytes })
    this.setLog({ ...log, height: entry.seq, head: entry.hash, tailBytes: log.tailBytes + entry.bytes.length })
  }

  setLog(row: LogRow): void {
    this.#logs.set(row.author, row)
  }

  setVersion(author: DeviceId, shard: number, seq: number, [id, value]: readonly [string, SlotValue], held: string | null = null): void {
    const { hlc, del, ...fields } = value
    this.#state.context.clock.see(hlc)
    // Only removals are held. One of the author's own item takes nothing away yet: the version before it stays in its place.
    const own = held !== null && del === 1 ? this.view.versions(id).find(version => version.author === author && version.body !== null) : undefined
    if (own) this.view.set({ ...own, seq, held, pending: hlc })
    else this.view.set({ id, author, shard, hlc, body: del === 1 ? null : JSON.stringify(fields), seq, held: del === 1 ? held : null, pending: null })
  }

  /** Adds anything else that belongs to the same commit; lists are appended. */
  also(more: Rest): void {
    const merged: Record<string, unknown> = { ...this.#rest }
    for (const [key, value] of Object.entries(more)) {
      const present = merged[key]
      merged[key] = Array.isArray(present) && Array.isArray(value) ? [...(present as unknown[]), ...(value as unknown[])] : value
    }
    this.#rest = merged
  }

  /** @throws KinmeshError `StoreFailed`: nothing was written, and nothing changed in memory */
  async commit(): Promise<void> {
    const { store, clock } = this.#state.context
    try {
      await store.commit({
        ...this.#rest, ...this.view.finish(), space: this.#state.id, logs: [...this.#logs.values()], entries: this.#entries,
        meta: { ...this.#rest.meta, hlc: String(clock.last) }
      })
    } catch (error) {
      for (const author of this.#logs.keys()) this.#state.docs.forget(author)
      throw error
    }
    this.#state.view.applied(this.view)
    for (const [author, row] of this.#logs) this.#state.logs.set(author, row)
  }
}

export function hexOf(bytes: Uint8Array): string {
  return toString(bytes, 'base16')
}
