import type { Encoder } from '../../node/model/encoder/encoder.ts'
import type { EncoderSlot } from '../../node/model/encoder/chosen-encoder.ts'
import { random } from '../random.ts'

/** Of all-MiniLM-L6-v2, and of many other small encoders. */
const dimensions = 384

/** An encoder that knows no language and takes no time: each word has a direction of its own. For how long everything else takes; what is found by it says nothing. */
export function standInEncoder(): EncoderSlot & { vectorOf(text: string): Float32Array } {
  const directions = new Map<string, Float32Array>()
  const directionOf = (word: string) => {
    let direction = directions.get(word)
    if (!direction) {
      const next = random(Array.from(word).reduce((sum, char) => Math.imul(sum, 31) + (char.codePointAt(0) ?? 0), 7))
      direction = Float32Array.from({ length: dimensions }, () => next() - 0.5)
      directions.set(word, direction)
    }
    return direction
  }
  const vectorOf = (text: string) => {
    const vector = new Float32Array(dimensions)
    for (const word of text.split(' ')) {
      const direction = directionOf(word)
      for (let index = 0; index < dimensions; index++) vector[index]! += direction[index]!
    }
    const length = Math.hypot(...vector)
    return vector.map(value => value / length)
  }
  const encoder: Encoder = { dimensions, normalized: true, isAssumed: false, embed: async texts => texts.map(vectorOf), close: async () => undefined }
  return { vectorOf, name: async () => 'stand-in', ready: async () => ({ id: 'stand-in', name: 'stand-in', encoder }), close: async () => undefined }
}
