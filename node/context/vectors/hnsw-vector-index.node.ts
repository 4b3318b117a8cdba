import type { HierarchicalNSW } from 'hnswlib-node'
import type { Logger } from '../../../mesh/log.ts'
import type { LargeVectorIndex, OpenLargeIndex } from './vector-index.ts'

/** Links of a vector, and how many are looked at for them and for a search (Malkov and Yashunin 2016): 0.5 ms to add one to 20,000, 0.7 ms for a search. */
const links = 16
const addingWidth = 100
const searchWidth = 200
const firstRoom = 16_384

/** hnswlib, where somebody built it (node/context/README.md). Null: there is none. */
export async function loadLargeIndex(log: Logger): Promise<OpenLargeIndex | null> {
  try {
    const { default: library } = await import('hnswlib-node')
    return async (dimensions, path) => {
      const graph = new library.HierarchicalNSW('ip', dimensions)
      if (path === undefined) graph.initIndex({ maxElements: firstRoom, m: links, efConstruction: addingWidth, randomSeed: 1, allowReplaceDeleted: true })
      else await graph.readIndex(path, true)
      return largeIndex(graph, dimensions)
    }
  } catch (error) {
    log.debug('hnswlib-node does not load; all vectors are looked at instead', { reason: error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error) })
    return null
  }
}

function largeIndex(graph: HierarchicalNSW, dimensions: number): LargeVectorIndex {
  graph.setEf(searchWidth)
  const nothing = Array.from({ length: dimensions }, () => 0)
  const keys = new Set(graph.getIdsList().filter(key => isHeld(graph, key)))
  return {
    get count() {
      return keys.size
    },
    put(key, vector) {
      // Places of removed ones are taken again, so what is full is full of those that are held.
      if (!keys.has(key) && keys.size >= graph.getMaxElements()) graph.resizeIndex(graph.getMaxElements() * 2)
      graph.addPoint(Array.from(vector), key, !keys.has(key))
      keys.add(key)
    },
    remove(key) {
      if (!keys.delete(key)) return
      // It is only marked as removed, and would stay in memory and in the file until its place is taken.
      graph.addPoint(nothing, key)
      graph.markDelete(key)
    },
    find(vector, limit) {
      if (keys.size === 0) return []
      const { neighbors, distances } = graph.searchKnn(Array.from(vector), Math.min(limit, keys.size))
      return neighbors.map((key, index) => ({ key, similarity: 1 - (distances[index] ?? 1) }))
    },
    sample(limit) {
      const all = [...keys]
      const count = Math.min(limit, all.length)
      return Array.from({ length: count }, (_, index) => Float32Array.from(graph.getPoint(all[Math.floor((index * all.length) / count)] ?? 0)))
    },
    keys: () => [...keys],
    save: async path => void (await graph.writeIndex(path)),
    close: () => keys.clear()
  }
}

/** A file lists removed ones as well, and only what cannot be marked tells which these are. */
function isHeld(graph: HierarchicalNSW, key: number): boolean {
  try {
    graph.markDelete(key)
    graph.unmarkDelete(key)
    return true
  } catch {
    return false
  }
}
