import type { IndexedState } from '../term-index.ts'
import type { Pending, VectorStore } from './vector-store.ts'

type Entry = Pending & { readonly hlc: number; readonly device: string; vector: Float32Array | undefined }

/** Vectors in memory: for pages, and where the disk is full. */
export function memoryVectorStore(): VectorStore {
  /** By key, in the order of keys. */
  const entries = new Map<number, Entry>()
  const keys = new Map<string, number>()
  const states = new Map<string, IndexedState>()
  let model = ''
  let lastKey = 0
  const ofSpace = (space: string) => [...entries.values()].filter(entry => entry.space === space)
  const after = <T>(key: number, limit: number, of: (entry: Entry) => T | undefined) => {
    const found: T[] = []
    for (const entry of entries.values()) {
      const value = entry.key > key && found.length < limit ? of(entry) : undefined
      if (value !== undefined) found.push(value)
    }
    return found
  }
  return {
    inMemory: true,
    state: space => states.get(space),
    count: space => ofSpace(space).length,
    versions: space => new Map(ofSpace(space).map(({ id, hlc, device }) => [id, { hlc, device }])),
    write(space, changes, state) {
      const gone: number[] = []
      for (const { id, item } of changes) {
        const old = keys.get(`${space}/${id}`)
        if (old !== undefined) {
          entries.delete(old)
          keys.delete(`${space}/${id}`)
          gone.push(old)
        }
        if (!item) continue
        const key = ++lastKey
        keys.set(`${space}/${id}`, key)
        entries.set(key, { key, space, id, hlc: item.hlc, device: item.device, vector: undefined })
      }
      states.set(space, state)
      return gone
    },
    model: () => model,
    reset(next) {
      model = next
      for (const entry of entries.values()) entry.vector = undefined
    },
    pending: (key, limit) => after(key, limit, ({ key: own, space, id, vector }) => (vector ? undefined : { key: own, space, id })),
    keep: vectors =>
      vectors.filter(({ key, vector }) => {
        const entry = entries.get(key)
        if (entry) entry.vector = vector
        return entry !== undefined && vector.length > 0
      }),
    vectors: (key, limit) => after(key, limit, ({ key: own, vector }) => (vector && vector.length > 0 ? { key: own, vector } : undefined)),
    vectorKeys: () => [...entries.values()].flatMap(({ key, vector }) => (vector && vector.length > 0 ? [key] : [])),
    places: wanted => new Map(wanted.flatMap(key => {
      const entry = entries.get(key)
      return entry ? [[key, { space: entry.space, id: entry.id }] as const] : []
    })),
    largeIndex: () => undefined,
    setLargeIndex: () => undefined,
    close: () => entries.clear()
  }
}
