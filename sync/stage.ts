import { toString } from 'uint8arrays/to-string'
import type { DeviceId } from '../mesh/types.ts'
import { maxCachedDocs } from './limits.ts'
import { LogStage } from './log-stage.ts'
import type { ShardDoc, SlotValue } from './shard-doc.ts'
import type { SpaceState } from './space-state.ts'
import type { Commit } from './store.ts'
import type { ViewBatch } from './view.ts'

/** Entries on their way to the disk, with what they change of the view: all goes there in one commit, and into memory only after it. */
export class Stage extends LogStage {
  readonly view: ViewBatch
  readonly #state: SpaceState
  readonly #docs = new Set<ShardDoc>()

  constructor(state: SpaceState) {
    super(state)
    this.#state = state
    this.view = state.view.begin()
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

  setVersion(author: DeviceId, shard: number, seq: number, [id, value]: readonly [string, SlotValue], held: string | null = null): void {
    const { hlc, del, ...fields } = value
    this.#state.context.clock.see(hlc)
    // Only removals are held. One of the author's own item takes nothing away yet: the version before it stays in its place.
    const own = held !== null && del === 1 ? this.view.versions(id).find(version => version.author === author && version.body !== null) : undefined
    if (own) this.view.set({ ...own, seq, held, pending: hlc })
    else this.view.set({ id, author, shard, hlc, body: del === 1 ? null : JSON.stringify(fields), seq, held: del === 1 ? held : null, pending: null })
  }

  /** Call once, last: it works out what shows. */
  override batch(): Commit {
    const logs = super.batch()
    return { ...logs, ...this.view.finish(), meta: { ...logs.meta, hlc: String(this.#state.context.clock.last) } }
  }

  /** @throws KinmeshError `StoreFailed`: nothing was written, and nothing changed in memory */
  override async commit(): Promise<void> {
    try {
      await super.commit()
    } catch (error) {
      for (const author of this.authors) this.#state.docs.forget(author)
      throw error
    }
  }

  protected override applied(): void {
    super.applied()
    this.#state.view.applied(this.view)
  }
}

export function hexOf(bytes: Uint8Array): string {
  return toString(bytes, 'base16')
}
