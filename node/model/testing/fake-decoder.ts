import type { Adapter } from '../adapter.ts'
import type { Decoder } from '../runtime/engine.ts'

/** Of a token that was read, and through which adapter: it changes the bits that logits follow from. */
type Entry = number
const entryOf = (id: number, adapter: Adapter | undefined): Entry => id + (adapter ? 64 * adapter.id.charCodeAt(0) : 0)

/** For tests: an adapter that a FakeDecoder tells from others by the first letter of its id. */
export const fakeAdapter = (id: string): Adapter => ({ id, bytes: 0, linears: new Map() })

/**
 * For tests: a decoder whose logits follow from all that it was given to read and through which adapters, and from nothing else. It keeps what it read as a
 * cache does, so that a caller which mistakes what is there gets other logits.
 */
export class FakeDecoder implements Decoder {
  readonly size: Decoder['size']
  readonly config: Decoder['config']
  /** Tokens of each run, and slots of each step. */
  readonly reads: number[] = []
  readonly steps: number[] = []
  failNext: Error | undefined
  readonly #cache: Entry[][]

  constructor(slots: number, positions: number, vocabSize = 32) {
    this.size = { slots, positions }
    this.config = { vocabSize }
    this.#cache = Array.from({ length: slots }, () => [])
  }

  async read(slot: number, past: number, ids: readonly number[], picked: readonly number[], adapter: Adapter | undefined): Promise<Float32Array> {
    this.reads.push(ids.length)
    this.#fail()
    this.#put(slot, past, ids, adapter)
    return this.#logits(picked.map(index => (this.#cache[slot] ?? []).slice(0, past + index + 1)))
  }

  readAsSteps(slot: number, past: number, ids: readonly number[], adapter: Adapter | undefined): Promise<Float32Array> {
    return this.read(slot, past, ids, [...ids.keys()], adapter)
  }

  async step(first: number, ids: readonly number[], pasts: readonly number[], adapter: Adapter | undefined): Promise<Float32Array> {
    this.steps.push(ids.length)
    this.#fail()
    for (const [row, id] of ids.entries()) this.#put(first + row, pasts[row] ?? 0, [id], adapter)
    return this.#logits(ids.map((_, row) => (this.#cache[first + row] ?? []).slice(0, (pasts[row] ?? 0) + 1)))
  }

  copy(from: number, to: number, positions: number): void {
    for (let i = 0; i < positions; i++) this.#cache[to]![i] = this.#cache[from]![i]!
  }

  /** What a sequence that is alone in the world gets next. */
  logitsAfter(ids: readonly number[], adapter?: Adapter): Float32Array {
    return this.#logits([ids.map(id => entryOf(id, adapter))])
  }

  /** As a cache does: what lay at later positions stays there, until it is written over. */
  #put(slot: number, past: number, ids: readonly number[], adapter: Adapter | undefined): void {
    const cache = this.#cache[slot]
    if (!cache || past > cache.length || past + ids.length > this.size.positions) throw new Error(`slot ${slot} cannot take ${ids.length} tokens at ${past}`)
    for (const [index, id] of ids.entries()) cache[past + index] = entryOf(id, adapter)
  }

  #fail(): void {
    const error = this.failNext
    this.failNext = undefined
    if (error) throw error
  }

  #logits(prefixes: readonly (readonly Entry[])[]): Float32Array {
    const { vocabSize } = this.config
    const logits = new Float32Array(prefixes.length * vocabSize)
    for (const [row, entries] of prefixes.entries()) {
      // FNV-1a over the ids; sequences with little variety, so that guesses come true now and then.
      const hash = entries.slice(-3).reduce((sum, entry) => Math.imul(sum ^ entry, 16_777_619), 2_166_136_261)
      const whole = entries.reduce((sum, entry) => Math.imul(sum ^ entry, 16_777_619), 2_166_136_261)
      logits[row * vocabSize + ((hash >>> 8) % vocabSize)] = 2
      logits[row * vocabSize + ((whole >>> 8) % vocabSize)]! += 1
    }
    return logits
  }
}
