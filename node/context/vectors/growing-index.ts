import type { Logger } from '../../../mesh/log.ts'
import { exactVectorIndex } from './exact-vector-index.ts'
import type { LargeVectorIndex, Near, VectorIndex } from './vector-index.ts'
import type { VectorStore } from './vector-store.ts'

/** From so many vectors on looking at each of them takes longer than 5 ms (10,000 of 384 numbers, one core). */
export const largeFrom = 10_000
/** Vectors that are put into a large index between two turns of the event loop: some 5 ms of work. */
const vectorsPerTurn = 8
/** Vectors that are read at once. */
const vectorsPerRead = 1000
/** A large index is saved when so many were put into it. */
const changesPerSave = 20_000

/** Where large indexes are made, and kept in a file. */
export type LargeIndexes = {
  create(dimensions: number): Promise<LargeVectorIndex>
  /** The one that was saved, if its file has this hash. */
  load(dimensions: number, sha256: string): Promise<LargeVectorIndex | undefined>
  /** Gives the SHA-256 of the file. @throws what the disk does */
  save(index: LargeVectorIndex): Promise<string>
  /** Removes the file. */
  drop(): void
}

/**
 * The vectors of a store, as an index: exact while they are few; when they are many, and there is a large index to be had, that one. It takes long to make, and until it is there the exact one
 * answers. It is kept in a file, until a vector in it is forgotten.
 */
export class GrowingIndex {
  readonly #store: VectorStore
  readonly #dimensions: number
  readonly #large: LargeIndexes | null
  readonly #from: number
  readonly #log: Logger
  #exact: VectorIndex | undefined
  #graph: LargeVectorIndex | undefined
  #growing: Promise<void> | undefined
  /** One could not be made, and is not tried again for each vector. */
  #staysExact = false
  #unsaved = 0
  #closed = false
  /** Removed while the store is read into an index, which may have read them before. */
  #gone: Set<number> | undefined
  /** Changes of the large index that wait until it is written. */
  #waiting: ((graph: LargeVectorIndex) => void)[] | undefined

  /** `from`: vectors from which on a large index is made. */
  constructor(store: VectorStore, dimensions: number, large: LargeIndexes | null, log: Logger, from = largeFrom) {
    this.#store = store
    this.#dimensions = dimensions
    this.#large = large
    this.#from = from
    this.#log = log
  }

  get count(): number {
    return this.#answering?.count ?? 0
  }

  /** Takes what is in the store. @throws KinmeshError of the store */
  async load(): Promise<void> {
    const sha256 = this.#large && this.#store.largeIndex()
    const saved = sha256 ? await this.#large?.load(this.#dimensions, sha256).catch((error: unknown) => this.#cannot('read', error)) : undefined
    if (saved) await this.#adjust(saved)
    else {
      this.#exact = exactVectorIndex(this.#dimensions)
      await this.#copy(this.#exact, vectorsPerRead)
    }
    this.#growWhenLarge()
  }

  put(key: number, vector: Float32Array): void {
    if (vector.length !== this.#dimensions) return
    this.#exact?.put(key, vector)
    this.#change(graph => graph.put(key, vector))
    this.#growWhenLarge()
    if (this.#unsaved >= changesPerSave && !this.#growing) this.#growing = this.#save().then(() => (this.#growing = undefined))
  }

  remove(keys: readonly number[]): void {
    if (keys.length === 0) return
    for (const key of keys) {
      this.#gone?.add(key)
      this.#exact?.remove(key)
      this.#change(graph => graph.remove(key))
    }
    this.#large?.drop()
  }

  find(vector: Float32Array, limit: number): Near[] {
    return this.#answering?.find(vector, limit) ?? []
  }

  sample(limit: number): Float32Array[] {
    return this.#answering?.sample(limit) ?? []
  }

  /** Resolves when the large index is made, or there is none to be made. */
  async settled(): Promise<void> {
    await this.#growing
  }

  /** Always finishes. `keep`: the large index is saved before. */
  async close(keep: boolean): Promise<void> {
    this.#closed = true
    await this.#growing
    if (keep && this.#graph && !this.#exact && this.#unsaved > 0) await this.#save()
    this.#exact?.close()
    this.#graph?.close()
  }

  get #answering(): VectorIndex | undefined {
    return this.#exact ?? this.#graph
  }

  #change(work: (graph: LargeVectorIndex) => void): void {
    if (!this.#graph) return
    this.#unsaved++
    if (this.#waiting) this.#waiting.push(work)
    else work(this.#graph)
  }

  #growWhenLarge(): void {
    if (this.#closed || this.#growing || this.#graph || this.#staysExact || !this.#large || this.count < this.#from) return
    this.#growing = this.#grow(this.#large)
      .catch((error: unknown) => {
        this.#graph = undefined
        this.#staysExact = true
        this.#cannot('made', error)
      })
      .finally(() => (this.#growing = undefined))
  }

  async #grow(large: LargeIndexes): Promise<void> {
    this.#graph = await large.create(this.#dimensions)
    await this.#copy(this.#graph, vectorsPerTurn)
    if (this.#closed) return
    this.#exact?.close()
    this.#exact = undefined
    this.#unsaved = this.#graph.count
    await this.#save()
  }

  /** Puts all of the store into an index. What changes meanwhile is put and removed there as well. */
  async #copy(index: VectorIndex, perTurn: number): Promise<void> {
    const gone = (this.#gone = new Set<number>())
    try {
      for (let [last, vectors] = [-1, this.#store.vectors(-1, vectorsPerRead)]; vectors.length > 0; vectors = this.#store.vectors(last, vectorsPerRead)) {
        for (let from = 0; from < vectors.length; from += perTurn) {
          for (const { key, vector } of vectors.slice(from, from + perTurn)) if (vector.length === this.#dimensions && !gone.has(key)) index.put(key, vector)
          await nextTurn()
          if (this.#closed) return
        }
        last = vectors.at(-1)?.key ?? last
      }
    } finally {
      this.#gone = undefined
    }
  }

  /** Brings one that was saved to what the store has by now. */
  async #adjust(graph: LargeVectorIndex): Promise<void> {
    this.#graph = graph
    const [stored, held] = [new Set(this.#store.vectorKeys()), new Set(graph.keys())]
    for (const key of held) if (!stored.has(key)) graph.remove(key)
    for (const key of stored) {
      if (held.has(key)) continue
      for (const { vector } of this.#store.vectors(key - 1, 1)) this.put(key, vector)
      await nextTurn()
      if (this.#closed) return
    }
  }

  async #save(): Promise<void> {
    if (!this.#graph || !this.#large || this.#store.inMemory) return
    this.#unsaved = 0
    // It is written by another thread, and must not change meanwhile.
    const waiting: ((graph: LargeVectorIndex) => void)[] = (this.#waiting = [])
    try {
      const sha256 = await this.#large.save(this.#graph)
      // What changed meanwhile may be something that was forgotten.
      if (waiting.length > 0) this.#large.drop()
      else this.#store.setLargeIndex(sha256)
    } catch (error) {
      this.#cannot('kept', error)
    } finally {
      this.#waiting = undefined
      for (const work of waiting) work(this.#graph)
    }
  }

  #cannot(what: string, error: unknown): undefined {
    this.#log.warn(`the large index of vectors cannot be ${what}`, { reason: error instanceof Error ? error.message : String(error) })
    return undefined
  }
}

/** Lets everything else go on. */
function nextTurn(): Promise<void> {
  return new Promise(resolve => void setTimeout(resolve))
}
