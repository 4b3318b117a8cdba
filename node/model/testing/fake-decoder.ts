import type { Decoder } from '../runtime/engine.ts'

/**
 * For tests: a decoder whose logits follow from all that it was given to read, and from nothing else. It keeps what it read as a
 * cache does, so that a caller which mistakes what is there gets other logits.
 */
export class FakeDecoder implements Decoder {
  readonly size: Decoder['size']
  readonly config: Decoder['config']
  /** Tokens of each run, and slots of each step. */
  readonly reads: number[] = []
  readonly steps: number[] = []
  failNext: Error | undefined
  readonly #cache: number[][]

  constructor(slots: number, positions: number, vocabSize = 32) {
    this.size = { slots, positions }
    this.config = { vocabSize }
    this.#cache = Array.from({ length: slots }, () => [])
  }

  async read(slot: number, past: number, ids: readonly number[], picked: readonly number[]): Promise<Float32Array> {
    this.reads.push(ids.length)
    this.#fail()
    this.#put(slot, past, ids)
    return this.#logits(picked.map(index => (this.#cache[slot] ?? []).slice(0, past + index + 1)))
  }

  readAsSteps(slot: number, past: number, ids: readonly number[]): Promise<Float32Array> {
    return this.read(slot, past, ids, [...ids.keys()])
  }

  async step(first: number, ids: readonly number[], pasts: readonly number[]): Promise<Float32Array> {
    this.steps.push(ids.length)
    this.#fail()
    for (const [row, id] of ids.entries()) this.#put(first + row, pasts[row] ?? 0, [id])
    return this.#logits(ids.map((_, row) => (this.#cache[first + row] ?? []).slice(0, (pasts[row] ?? 0) + 1)))
  }

  copy(from: number, to: number, positions: number): void {
    for (let i = 0; i < positions; i++) this.#cache[to]![i] = this.#cache[from]![i]!
  }

  /** What a sequence that is alone in the world gets next. */
  logitsAfter(ids: readonly number[]): Float32Array {
    return this.#logits([ids])
  }

  /** As a cache does: what lay at later positions stays there, until it is written over. */
  #put(slot: number, past: number, ids: readonly number[]): void {
    const cache = this.#cache[slot]
    if (!cache || past > cache.length || past + ids.length > this.size.positions) throw new Error(`slot ${slot} cannot take ${ids.length} tokens at ${past}`)
    for (const [index, id] of ids.entries()) cache[past + index] = id
  }

  #fail(): void {
    const error = this.failNext
    this.failNext = undefined
    if (error) throw error
  }

  #logits(prefixes: readonly (readonly number[])[]): Float32Array {
    const { vocabSize } = this.config
    const logits = new Float32Array(prefixes.length * vocabSize)
    for (const [row, ids] of prefixes.entries()) {
      // FNV-1a over the ids; sequences with little variety, so that guesses come true now and then.
      const hash = ids.slice(-3).reduce((sum, id) => Math.imul(sum ^ id, 16_777_619), 2_166_136_261)
      const whole = ids.reduce((sum, id) => Math.imul(sum ^ id, 16_777_619), 2_166_136_261)
      logits[row * vocabSize + ((hash >>> 8) % vocabSize)] = 2
      logits[row * vocabSize + ((whole >>> 8) % vocabSize)]! += 1
    }
    return logits
  }
}
