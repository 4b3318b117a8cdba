import { KinmeshError } from '../../../mesh/errors.ts'
import { Random } from '../../../sync/random.fixtures.ts'
import type { EncoderSlot } from '../../model/encoder/chosen-encoder.ts'
import type { Encoder } from '../../model/encoder/encoder.ts'
import { contentTerms } from '../text/terms.ts'
import { normalize } from './vector-index.ts'

export type TestEncoder = EncoderSlot & {
  /** Texts that were read, in their order. */
  readonly read: string[]
  /** Calls. */
  asked: number
  /** Null: none is chosen. */
  id: string | null
  /** Each call waits for it. */
  held: Promise<void> | undefined
  /** Whether a text cannot be read. */
  fails: (text: string) => boolean
}

/** For tests and benches: an encoder that knows no language. Each term has a direction of its own, the same for the same `id`; those of `meanings` have that of what they mean. */
export function testEncoder({ id = 'one', dimensions = 384, meanings = {} }: { id?: string; dimensions?: number; meanings?: Readonly<Record<string, string>> } = {}): TestEncoder {
  const directions = new Map<string, Float32Array>()
  const directionOf = (term: string) => {
    const meant = `${slot.id}/${meanings[term] ?? term}`
    const known = directions.get(meant)
    if (known) return known
    const random = new Random(Array.from(meant).reduce((sum, char) => (Math.imul(sum, 31) + (char.codePointAt(0) ?? 0)) | 0, 7))
    const made = Float32Array.from({ length: dimensions }, () => random.next() - 0.5)
    directions.set(meant, made)
    return made
  }
  const vectorOf = (text: string) => {
    const vector = new Float32Array(dimensions)
    for (const term of contentTerms(text)) for (const [index, value] of directionOf(term).entries()) vector[index]! += value
    return normalize(vector)
  }
  const encoders = new Map<string, Encoder>()
  const encoderOf = (name: string): Encoder => ({
    dimensions, normalized: true, isAssumed: false,
    async embed(texts, { signal } = {}) {
      slot.asked++
      await slot.held
      signal?.throwIfAborted()
      if (texts.some(each => slot.fails(each)) || slot.id !== name) throw new KinmeshError('ModelFailed', 'this text cannot be read')
      slot.read.push(...texts)
      return texts.map(vectorOf)
    },
    close: async () => undefined
  })
  const slot: TestEncoder = {
    read: [], asked: 0, id, held: undefined, fails: () => false,
    name: async () => slot.id,
    async ready() {
      if (slot.id === null) return null
      const encoder = encoders.get(slot.id) ?? encoderOf(slot.id)
      encoders.set(slot.id, encoder)
      return { id: slot.id, name: slot.id, encoder }
    },
    close: async () => undefined
  }
  return slot
}
