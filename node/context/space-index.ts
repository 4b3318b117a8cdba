import type { Logger } from '../../mesh/log.ts'
import type { Space } from '../../sync/types.ts'
import type { FollowedIndex, IndexedVersion } from './term-index.ts'

/** Items indexed between two turns of the event loop: some 10 ms of work, so that syncing goes on meanwhile. */
const itemsPerTurn = 500
/**
 * Changes are indexed once nothing came for this long, in ms, unless somebody asks before: while a device joins or catches up, the
 * index stays out of the way of syncing …
 */
const quietMs = 200
/** … but not for longer than this, in ms. */
const longestMs = 5000

type Followed = { space: Space; rev: number; known: boolean; unsubscribe: () => void }

/** `name`: for the log. `inMemory`: makes the one that goes on where `index` cannot be written. */
export type SpaceIndexParts<Index extends FollowedIndex> = { readonly index: Index; readonly inMemory: () => Index; readonly name: string; readonly spaces: () => Space[]; readonly log: Logger }

/**
 * Keeps an index in step with the spaces. It is a cache and no more: it may be deleted, damaged, or from another time, and is then made to fit or
 * built anew. When it cannot be written (a full disk), another one in memory goes on.
 */
export class SpaceIndex<Index extends FollowedIndex> {
  #index: Index
  readonly #inMemory: () => Index
  readonly #name: string
  readonly #spaces: () => Space[]
  readonly #log: Logger
  readonly #followed = new Map<string, Followed>()
  #working: Promise<void> | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #firstChangeAt: number | undefined
  #closed = false

  constructor({ index, inMemory, name, spaces, log }: SpaceIndexParts<Index>) {
    this.#index = index
    this.#inMemory = inMemory
    this.#name = name
    this.#spaces = spaces
    this.#log = log
    this.#later()
  }

  /** Brings the index up to the spaces; calls share one run, and one more when something changed during it. */
  async catchUp(): Promise<void> {
    while (this.#working) await this.#working
    if (this.#closed || !this.#isBehind()) return
    this.#working = this.#work().finally(() => {
      this.#working = undefined
    })
    await this.#working
  }

  /** Asks the index, once it is up to the spaces; `spaceOf` gives those that it speaks of. */
  async ask<T>(question: (index: Index, spaceOf: (name: string) => Space | undefined) => T): Promise<T> {
    await this.catchUp()
    const spaceOf = (name: string) => this.#followed.get(name)?.space
    try {
      return question(this.#index, spaceOf)
    } catch (error) {
      this.#goOnInMemory(error)
      await this.catchUp()
      return question(this.#index, spaceOf)
    }
  }

  /** Always finishes. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    for (const each of this.#followed.values()) each.unsubscribe()
    await this.#working?.catch(() => {}) // reported to whoever asked for it
    this.#index.close()
  }

  async #work(): Promise<void> {
    try {
      await this.#follow()
    } catch (error) {
      this.#goOnInMemory(error)
      await this.#follow()
    }
  }

  #goOnInMemory(error: unknown): void {
    if (this.#closed || this.#index.inMemory) throw error
    this.#log.warn(`${this.#name} cannot be kept on disk; it goes on in memory`, { reason: error instanceof Error ? error.message : String(error) })
    this.#index.close()
    this.#index = this.#inMemory()
    for (const each of this.#followed.values()) each.known = false
  }

  async #follow(): Promise<void> {
    for (const space of this.#spaces()) {
      let each = this.#followed.get(space.name)
      if (each?.space !== space) {
        each?.unsubscribe()
        each = { space, rev: 0, known: false, unsubscribe: space.subscribe(() => this.#later()) }
        this.#followed.set(space.name, each)
      }
      if (!each.known) await this.#resume(each)
      await this.#advance(each)
    }
  }

  /** Takes over what changed since `each.rev`. */
  async #advance(each: Followed): Promise<void> {
    const { space } = each
    while (each.rev < space.rev && !this.#closed) {
      const changes = space.changesSince(each.rev, itemsPerTurn)
      // No answer means that nothing is left to read up to the newest revision.
      const rev = changes.at(-1)?.rev ?? space.rev
      this.#index.write(space.name, changes, { id: space.id, rev, digest: rev >= space.rev ? space.digest() : undefined })
      each.rev = rev
      if (rev < space.rev) await nextTurn()
    }
  }

  /** Goes on from what the index holds: it fits, or is some changes behind, or, where that cannot be told, is compared item by item. */
  async #resume(each: Followed): Promise<void> {
    const { space } = each
    const held = this.#index.state(space.name)
    if (held?.id === space.id && held.rev !== undefined && held.rev <= space.rev) {
      each.rev = held.rev
      await this.#advance(each)
      const state = this.#index.state(space.name)
      each.known = state?.digest === space.digest() && this.#index.count(space.name) === space.count
    }
    if (!each.known && !this.#closed) await this.#compare(each)
  }

  async #compare(each: Followed): Promise<void> {
    const { space } = each
    const { id, rev } = space
    const underway = { id, rev: undefined, digest: undefined }
    const stale = this.#index.versions(space.name)
    let after: string | undefined
    for (;;) {
      const items = space.list(after === undefined ? { limit: itemsPerTurn } : { after, limit: itemsPerTurn })
      const last = items.at(-1)
      if (!last) break
      const changed = items.filter(item => !isSame(stale.get(item.id), item))
      for (const item of items) stale.delete(item.id)
      this.#index.write(space.name, changed.map(item => ({ id: item.id, item })), underway)
      after = last.id
      await nextTurn()
      if (this.#closed) return
    }
    const removed = [...stale.keys()].map(id => ({ id, item: null }))
    this.#index.write(space.name, removed, { id, rev, digest: space.rev === rev ? space.digest() : undefined })
    each.rev = rev
    each.known = true
  }

  #isBehind(): boolean {
    return this.#spaces().some(space => {
      const each = this.#followed.get(space.name)
      return !each?.known || each.space !== space || each.rev < space.rev
    })
  }

  #later(): void {
    if (this.#closed) return
    this.#firstChangeAt ??= performance.now()
    const leftMs = Math.max(0, this.#firstChangeAt + longestMs - performance.now())
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#firstChangeAt = undefined
      this.catchUp().catch(error => this.#log.error('indexing failed', { reason: error instanceof Error ? error.message : String(error) }))
    }, Math.min(quietMs, leftMs))
  }
}

function isSame(stored: IndexedVersion | undefined, item: { hlc: number; device: string }): boolean {
  return stored !== undefined && stored.hlc === item.hlc && stored.device === item.device
}

/** Lets everything else go on. */
function nextTurn(): Promise<void> {
  return new Promise(resolve => void setTimeout(resolve))
}
