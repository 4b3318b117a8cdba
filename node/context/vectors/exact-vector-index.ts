import type { Near, VectorIndex } from './vector-index.ts'

/** Vectors for which room is made at first; it doubles. */
const firstRoom = 256

/** Looks at every vector: right up to some ten thousand of them (5 ms for 10,000 of 384 numbers), and needs nothing but memory. */
export function exactVectorIndex(dimensions: number): VectorIndex {
  /** f32 [room, dimensions], without holes: the last one takes the place of one that is removed. */
  let vectors = new Float32Array(firstRoom * dimensions)
  const keys: number[] = []
  const slots = new Map<number, number>()
  const at = (slot: number) => vectors.subarray(slot * dimensions, (slot + 1) * dimensions)

  return {
    get count() {
      return keys.length
    },
    put(key, vector) {
      let slot = slots.get(key)
      if (slot === undefined) {
        slot = keys.push(key) - 1
        slots.set(key, slot)
        if (keys.length * dimensions > vectors.length) vectors = copied(vectors, vectors.length * 2)
      }
      at(slot).set(vector)
    },
    remove(key) {
      const slot = slots.get(key)
      if (slot === undefined) return
      const last = keys.length - 1
      const moved = keys[last] ?? 0
      at(slot).set(at(last))
      at(last).fill(0)
      keys[slot] = moved
      slots.set(moved, slot)
      keys.pop()
      slots.delete(key)
    },
    find(vector, limit) {
      const best: Near[] = [] // the worst first
      if (limit < 1) return best
      for (let slot = 0, from = 0; slot < keys.length; slot++, from += dimensions) {
        let similarity = 0
        for (let index = 0; index < dimensions; index++) similarity += vector[index]! * vectors[from + index]!
        if (best.length < limit || similarity > best[0]!.similarity) insert(best, { key: keys[slot]!, similarity }, limit)
      }
      return best.reverse()
    },
    sample: limit => Array.from({ length: Math.min(limit, keys.length) }, (_, index) => at(Math.floor((index * keys.length) / Math.min(limit, keys.length))).slice()),
    close() {
      vectors = new Float32Array()
      keys.length = 0
      slots.clear()
    }
  }
}

/** Puts one in its place, and drops the worst of too many. */
function insert(best: Near[], next: Near, limit: number): void {
  let [low, high] = [0, best.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (best[middle]!.similarity < next.similarity) low = middle + 1
    else high = middle
  }
  best.splice(low, 0, next)
  if (best.length > limit) best.shift()
}

function copied(vectors: Float32Array<ArrayBuffer>, length: number): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(length)
  larger.set(vectors)
  vectors.fill(0)
  return larger
}
