import type { Logger } from '../../../mesh/log.ts'
import type { Item, Space } from '../../../sync/types.ts'
import { textOf } from '../../memory.ts'
import type { EncoderSlot } from '../../model/encoder/chosen-encoder.ts'
import type { Encoder } from '../../model/encoder/encoder.ts'
import { SpaceIndex } from '../space-index.ts'
import type { FollowedIndex } from '../term-index.ts'
import { closenessBy, unrelated } from './closeness.ts'
import { GrowingIndex, type LargeIndexes } from './growing-index.ts'
import { memoryVectorStore } from './memory-vector-store.ts'
import { dot, normalize } from './vector-index.ts'
import type { KeyedVector, Pending, VectorStore } from './vector-store.ts'

/** A memory whose words mean something like those of a question. `closeness`: 0 … 1. */
export type Close = { readonly space: string; readonly id: string; readonly closeness: number }

export type MemoryVectorsParts = {
  readonly store: VectorStore
  /** Null: all vectors are looked at, however many. */
  readonly large: LargeIndexes | null
  readonly encoder: EncoderSlot
  readonly spaces: () => Space[]
  readonly log: Logger
  /** Whether vectors are made in the background; a command that ends soon leaves that to the device. */
  readonly makes: boolean
  /** How long a question waits for the encoder, in ms. */
  readonly patienceMs: number
}

/** Texts that are read at once in the background: a question in between waits for no more than these. */
const textsPerRead = 8
/** After a failure of the encoder it is asked again, in ms. */
const retryMs = 60_000
/** Vectors of other memories that a cosine is compared with, beside those of `unrelated`. */
const compared = 256

type Working = { readonly encoder: Encoder; readonly index: GrowingIndex; readonly unrelated: readonly Float32Array[] }

/**
 * Vectors of memories, by the encoder that a person chose for this device: made in the background, kept beside the index of terms, never synced, and gone when a memory is. Without an encoder there
 * are none, and nothing is followed.
 */
export class MemoryVectors {
  readonly #parts: MemoryVectorsParts
  #store: VectorStore
  #following: SpaceIndex<FollowedIndex> | undefined
  /** Being loaded, or that of `#working`. */
  #index: GrowingIndex | undefined
  #working: Working | undefined
  #sample: readonly Float32Array[] = []
  /** Vectors that there were when the sample was taken. */
  #sampledOf = 0
  #turn: Promise<void> = Promise.resolve()
  #making: Promise<void> | undefined
  /** There may be memories without a vector. */
  #changed = false
  /** A question is still with the encoder whose answer nobody waits for any more. */
  #isLate = false
  #isFailing = false
  #retry: ReturnType<typeof setTimeout> | undefined
  readonly #closing = new AbortController()

  constructor(parts: MemoryVectorsParts) {
    this.#parts = parts
    this.#store = parts.store
    // Also where the encoder does not load: what is forgotten has to go.
    if (this.#store.model() !== '') this.#follow()
    if (parts.makes) this.refresh()
  }

  /** Takes the encoder that is chosen now. */
  refresh(): void {
    this.#turn = this.#turn.then(() => this.#take()).catch((error: unknown) => this.#failed(error))
  }

  /** The memories that are close to a question, the closest first; undefined where the encoder does not say in time. Does not throw. */
  async near(text: string, limit: number): Promise<Close[] | undefined> {
    // Who asks meanwhile does not wait as well.
    if (this.#isLate || this.#closed) return undefined
    const late = Promise.withResolvers<undefined>()
    const timer = setTimeout(() => {
      this.#isLate = true
      late.resolve(undefined)
    }, this.#parts.patienceMs)
    const found = this.#find(text, limit).catch((error: unknown) => this.#failed(error)).finally(() => {
      clearTimeout(timer)
      this.#isLate = false
    })
    return Promise.race([found, late.promise])
  }

  /** Resolves when nothing is left here of what is forgotten. */
  async ready(): Promise<void> {
    await this.#following?.catchUp()
  }

  /** Resolves when all memories have their vectors, or none can be made. */
  async settled(): Promise<void> {
    await this.#turn
    await this.#following?.catchUp()
    while (this.#making) await this.#making
    await this.#index?.settled()
  }

  /** Always finishes. */
  async close(): Promise<void> {
    this.#closing.abort()
    clearTimeout(this.#retry)
    await Promise.all([this.#turn, this.#making])
    await this.#index?.close(true)
    if (this.#following) await this.#following.close()
    else this.#store.close()
  }

  get #closed(): boolean {
    return this.#closing.signal.aborted
  }

  async #take(): Promise<void> {
    if (this.#closed) return
    const chosen = await this.#parts.encoder.ready()
    if (this.#closed || (chosen && chosen.encoder === this.#working?.encoder)) return
    await this.#drop()
    if ((chosen?.id ?? '') !== this.#store.model()) {
      this.#parts.large?.drop()
      this.#store.reset(chosen?.id ?? '')
    }
    if (!chosen) return
    this.#follow()
    const { encoder } = chosen
    const vectors = await encoder.embed(unrelated, { kind: 'document', signal: this.#closing.signal })
    const index = (this.#index = new GrowingIndex(this.#store, encoder.dimensions, this.#parts.large, this.#parts.log))
    await index.load()
    this.#working = { encoder, index, unrelated: vectors.map(normalize) }
    this.#make()
  }

  async #drop(): Promise<void> {
    const before = this.#index
    this.#working = this.#index = undefined
    this.#forgetSample()
    await before?.close(false)
  }

  #follow(): void {
    if (this.#following) return
    const { spaces, log } = this.#parts
    const inMemory = () => {
      const model = this.#store.model()
      this.#store = memoryVectorStore()
      this.#store.reset(model)
      this.#working = undefined
      this.refresh()
      return this.#followed(this.#store)
    }
    this.#following = new SpaceIndex({ index: this.#followed(this.#store), inMemory, name: 'the store of vectors', spaces, log })
  }

  /** What the store is told of changes, the index is told too. */
  #followed(store: VectorStore): FollowedIndex {
    return {
      ...store,
      write: (...change) => {
        const gone = store.write(...change)
        if (gone.length > 0) {
          this.#index?.remove(gone)
          this.#forgetSample()
        }
        if (change[1].length > 0) this.#make()
      }
    }
  }

  #make(): void {
    this.#changed = true
    if (!this.#parts.makes || this.#making || this.#closed || !this.#working) return
    // Later: this is called by what it waits for.
    this.#making = Promise.resolve()
      .then(() => this.#makeAll())
      .catch((error: unknown) => this.#failed(error))
      .finally(() => (this.#making = undefined))
  }

  /** Makes vectors until all memories have theirs. */
  async #makeAll(): Promise<void> {
    while (this.#changed && !this.#closed) {
      await this.#following?.catchUp()
      this.#changed = false
      let last = -1
      for (let pending = this.#store.pending(last, textsPerRead); pending.length > 0; pending = this.#store.pending(last, textsPerRead)) {
        const working = this.#working
        if (!working || this.#closed) return
        const vectors = await this.#vectorsOf(working.encoder, pending)
        // Another encoder was chosen meanwhile: these are no vectors of it.
        if (working !== this.#working) return
        for (const { key, vector } of this.#store.keep(vectors)) working.index.put(key, vector)
        last = pending.at(-1)?.key ?? last
      }
    }
    this.#isFailing = false
  }

  async #vectorsOf(encoder: Encoder, pending: readonly Pending[]): Promise<KeyedVector[]> {
    const texts = pending.flatMap(({ key, space, id }) => {
      const item = this.#parts.spaces().find(({ name }) => name === space)?.get(id)
      return item ? [{ key, text: readText(item) }] : []
    })
    if (texts.length === 0) return []
    // What has no words, as an approval, means nothing that a question could be about.
    const silent = texts.filter(({ text }) => text.trim() === '')
    if (silent.length > 0) return [...silent.map(({ key }) => ({ key, vector: new Float32Array() })), ...(await this.#vectorsOf(encoder, pending.filter(({ key }) => !silent.some(each => each.key === key))))]
    const read = async (some: typeof texts) => {
      const vectors = await encoder.embed(some.map(({ text }) => text), { kind: 'document', signal: this.#closing.signal })
      return vectors.map((vector, index) => ({ key: some[index]!.key, vector: normalize(vector) }))
    }
    try {
      return await read(texts)
    } catch (error) {
      if (this.#closed || texts.length === 1) throw error
      // One that cannot be read must not keep all others from it.
      const single = await Promise.all(texts.map(each => read([each]).catch(() => [{ key: each.key, vector: new Float32Array() }])))
      if (single.flat().every(({ vector }) => vector.length === 0)) throw error
      return single.flat()
    }
  }

  async #find(text: string, limit: number): Promise<Close[] | undefined> {
    // A command that asks nothing loads no encoder.
    if (!this.#working && !this.#parts.makes) this.refresh()
    if (!this.#working) await this.#turn
    const working = this.#working
    if (!working || working.index.count === 0) return undefined
    const [vector] = await working.encoder.embed([text], { kind: 'query', signal: this.#closing.signal })
    if (!vector || working !== this.#working) return undefined
    normalize(vector)
    const closeness = closenessBy([...working.unrelated, ...this.#sampleOf(working.index)].map(each => dot(each, vector)))
    const found = working.index.find(vector, limit).map(({ key, similarity }) => ({ key, closeness: closeness(similarity) })).filter(each => each.closeness > 0)
    const places = this.#store.places(found.map(({ key }) => key))
    this.#isFailing = false
    return found.flatMap(({ key, closeness: close }) => {
      const place = places.get(key)
      return place ? [{ ...place, closeness: close }] : []
    })
  }

  #sampleOf(index: GrowingIndex): readonly Float32Array[] {
    if (this.#sampledOf === 0 || index.count > this.#sampledOf * 1.25) {
      this.#sample = index.sample(compared)
      this.#sampledOf = index.count
    }
    return this.#sample
  }

  #forgetSample(): void {
    this.#sample = []
    this.#sampledOf = 0
  }

  #failed(error: unknown): undefined {
    if (this.#closed) return undefined
    // Once, and not for every question.
    if (!this.#isFailing) this.#parts.log.warn('the encoder does not read memories; they are found by their words', { reason: error instanceof Error ? error.message : String(error) })
    this.#isFailing = true
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => {
      this.refresh()
      void this.#turn.then(() => this.#make())
    }, retryMs)
    return undefined
  }
}

/** What an encoder reads of a memory: its words, and whom they are about. */
function readText(item: Item): string {
  const { subject } = item.value
  return typeof subject === 'string' ? `${subject}: ${textOf(item)}` : textOf(item)
}
