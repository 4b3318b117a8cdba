import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Logger } from '../mesh/log.ts'
import type { Space } from '../sync/types.ts'
import { toMemory } from './memory.ts'
import type { Recall, Recalled } from './recall.ts'
import { openWordIndex, type IndexedVersion } from './word-index.node.ts'
import { contentWords } from './words.ts'

/** Items indexed between two turns of the event loop: about 10 ms of work, so that syncing goes on meanwhile. */
const itemsPerTurn = 1000
/**
 * Changes are indexed once nothing came for this long, in ms, unless somebody asks before: while a device joins or catches up, the
 * index stays out of the way of syncing …
 */
const quietMs = 200
/** … but not for longer than this, in ms. */
const longestMs = 5000

type Followed = { space: Space; rev: number; known: boolean; unsubscribe: () => void }

/**
 * bm25 over an index that is a cache and no more: it may be deleted, damaged, or from another time, and is then made to fit or
 * built anew. When its file cannot be written (a full disk), it goes on in memory.
 */
export function openRecall(path: string, spaces: () => Space[], log: Logger): Recall {
  let index = openWordIndex(path, log)
  const followed = new Map<string, Followed>()
  let working: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let firstChangeAt: number | undefined
  let closed = false

  /** Brings the index up to the spaces; calls share one run, and one more when something changed during it. */
  async function catchUp(): Promise<void> {
    while (working) await working
    if (closed || !isBehind()) return
    working = work().finally(() => {
      working = undefined
    })
    await working
  }

  async function work(): Promise<void> {
    try {
      await follow()
    } catch (error) {
      goOnInMemory(error)
      await follow()
    }
  }

  function goOnInMemory(error: unknown): void {
    if (closed || index.inMemory) throw error
    log.warn('the word index cannot be kept on disk; it goes on in memory', { reason: error instanceof Error ? error.message : String(error) })
    index.close()
    index = openWordIndex(':memory:', log)
    for (const each of followed.values()) each.known = false
  }

  async function follow(): Promise<void> {
    for (const space of spaces()) {
      let each = followed.get(space.name)
      if (each?.space !== space) {
        each?.unsubscribe()
        each = { space, rev: 0, known: false, unsubscribe: space.subscribe(later) }
        followed.set(space.name, each)
      }
      if (!each.known) await resume(each)
      await advance(each)
    }
  }

  /** Takes over what changed since `each.rev`. */
  async function advance(each: Followed): Promise<void> {
    const { space } = each
    while (each.rev < space.rev && !closed) {
      const changes = space.changesSince(each.rev, itemsPerTurn)
      // No answer means that nothing is left to read up to the newest revision.
      const rev = changes.at(-1)?.rev ?? space.rev
      index.write(space.name, changes, { id: space.id, rev, digest: rev >= space.rev ? space.digest() : undefined })
      each.rev = rev
      if (rev < space.rev) await nextTurn()
    }
  }

  /** Goes on from what the file holds: it fits, or is some changes behind, or, where that cannot be told, is compared item by item. */
  async function resume(each: Followed): Promise<void> {
    const { space } = each
    const held = index.state(space.name)
    if (held?.id === space.id && held.rev !== undefined && held.rev <= space.rev) {
      each.rev = held.rev
      await advance(each)
      const state = index.state(space.name)
      each.known = state?.digest === space.digest() && index.count(space.name) === space.count
    }
    if (!each.known && !closed) await compare(each)
  }

  async function compare(each: Followed): Promise<void> {
    const { space } = each
    const { id, rev } = space
    const underway = { id, rev: undefined, digest: undefined }
    const stale = index.versions(space.name)
    let after: string | undefined
    for (;;) {
      const items = space.list(after === undefined ? { limit: itemsPerTurn } : { after, limit: itemsPerTurn })
      const last = items.at(-1)
      if (!last) break
      const changed = items.filter(item => !isSame(stale.get(item.id), item))
      for (const item of items) stale.delete(item.id)
      index.write(space.name, changed.map(item => ({ id: item.id, item })), underway)
      after = last.id
      await nextTurn()
      if (closed) return
    }
    const removed = [...stale.keys()].map(id => ({ id, item: null }))
    index.write(space.name, removed, { id, rev, digest: space.rev === rev ? space.digest() : undefined })
    each.rev = rev
    each.known = true
  }

  function isBehind(): boolean {
    return spaces().some(space => {
      const each = followed.get(space.name)
      return !each?.known || each.space !== space || each.rev < space.rev
    })
  }

  function later(): void {
    if (closed) return
    firstChangeAt ??= performance.now()
    const leftMs = Math.max(0, firstChangeAt + longestMs - performance.now())
    clearTimeout(timer)
    timer = setTimeout(() => {
      firstChangeAt = undefined
      catchUp().catch(error => log.error('indexing failed', { reason: error instanceof Error ? error.message : String(error) }))
    }, Math.min(quietMs, leftMs))
    timer.unref()
  }

  function find(words: string[], k: number): Recalled[] {
    const found: Recalled[] = []
    for (const hit of index.find(words, k)) {
      const space = followed.get(hit.space)?.space
      const item = space?.get(hit.id)
      if (space && item) found.push({ ...toMemory(space, item), score: hit.score })
    }
    return found
  }

  later()
  return {
    async recall(query, k) {
      await catchUp()
      const words = contentWords(query)
      if (words.length === 0) return []
      try {
        return find(words, k)
      } catch (error) {
        goOnInMemory(error)
        await catchUp()
        return find(words, k)
      }
    },
    ready: catchUp,
    async close() {
      closed = true
      clearTimeout(timer)
      for (const each of followed.values()) each.unsubscribe()
      await working?.catch(() => {}) // reported to whoever asked for it
      index.close()
    }
  }
}

function isSame(stored: IndexedVersion | undefined, item: { hlc: number; device: string }): boolean {
  return stored !== undefined && stored.hlc === item.hlc && stored.device === item.device
}
