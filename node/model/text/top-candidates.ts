/** Selections for sampling that sort nothing: both are linear in the vocabulary. */

/** So many are found in one pass with a heap, as few scores get into it; more of them by quickselect. */
export const maxHeap = 1024

/** The `count` highest scores, as ascending indices. Of equal scores the lower index counts more; −Infinity is none. */
export function highest(scores: Float64Array, count: number): Int32Array {
  return count <= maxHeap ? highestFew(scores, count) : highestMany(scores, count)
}

function highestMany(scores: Float64Array, count: number): Int32Array {
  const indices = new Int32Array(scores.length)
  let size = 0
  for (let index = 0; index < scores.length; index++) if ((scores[index] ?? 0) > -Infinity) indices[size++] = index
  if (size <= count) return indices.subarray(0, size)
  const last = lastOfMass(indices.slice(0, size), scores, null, count)
  const bound = scores[last] ?? 0
  const isHigh = (index: number) => (scores[index] ?? 0) > bound || ((scores[index] ?? 0) === bound && index <= last)
  return indices.subarray(0, size).filter(isHigh)
}

function highestFew(scores: Float64Array, count: number): Int32Array {
  // A heap with the worst of the best at its root.
  const heap = new Int32Array(count)
  let size = 0
  const score = (at: number) => scores[heap[at] ?? 0] ?? 0
  const worse = (a: number, b: number) => score(a) < score(b) || (score(a) === score(b) && (heap[a] ?? 0) > (heap[b] ?? 0))

  function swap(a: number, b: number): void {
    const index = heap[a] ?? 0
    heap[a] = heap[b] ?? 0
    heap[b] = index
  }

  function sink(from: number): void {
    for (let at = from; ; ) {
      let child = 2 * at + 1
      if (child >= size) return
      if (child + 1 < size && worse(child + 1, child)) child++
      if (!worse(child, at)) return
      swap(at, child)
      at = child
    }
  }

  let bound = -Infinity
  for (let index = 0; index < scores.length; index++) {
    // Later indices lose against equal scores, so a score must be above the bound.
    const each = scores[index] ?? -Infinity
    if (!(each > bound)) continue
    if (size < count) {
      heap[size++] = index
      if (size < count) continue
      for (let at = (size >> 1) - 1; at >= 0; at--) sink(at)
    } else {
      heap[0] = index
      sink(0)
    }
    bound = score(0)
  }
  return heap.subarray(0, size).sort()
}

/**
 * The last of the items with the highest keys whose masses together reach `mass`, the highest first and of equal ones the lower item first. Quickselect (Hoare
 * 1961) with sums for counts; reorders `items`. Without `masses` each has one. The very last item where all of them do not reach it.
 */
export function lastOfMass(items: Int32Array, keys: Float64Array, masses: Float64Array | null, mass: number): number {
  const key = (item: number) => keys[item] ?? 0
  const massOf = (item: number) => (masses ? (masses[item] ?? 0) : 1)
  const before = (a: number, b: number) => key(a) > key(b) || (key(a) === key(b) && a < b)
  const item = (at: number) => items[at] ?? 0
  let [low, high, left] = [0, items.length, mass]
  while (high - low > 1) {
    const pivotAt = medianOf(low, (low + high) >> 1, high - 1)
    const pivot = item(pivotAt)
    items[pivotAt] = item(high - 1)
    items[high - 1] = pivot
    let [front, sum] = [low, 0]
    for (let at = low; at < high - 1; at++) {
      const each = item(at)
      if (!before(each, pivot)) continue
      sum += massOf(each)
      items[at] = item(front)
      items[front++] = each
    }
    if (front > low && sum >= left) {
      high = front
      continue
    }
    left -= sum + massOf(pivot)
    if (left <= 0 || front === high - 1) return pivot
    items[high - 1] = item(front)
    items[front] = pivot
    low = front + 1
  }
  return item(low)

  function medianOf(a: number, b: number, c: number): number {
    const [ab, bc, ac] = [before(item(a), item(b)), before(item(b), item(c)), before(item(a), item(c))]
    if (ab === bc) return b
    return ab === ac ? c : a
  }
}
