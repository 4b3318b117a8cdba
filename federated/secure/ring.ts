import { KinmeshError } from '../../mesh/errors.ts'

// Vectors over Z mod 2³²: sums are exact, whatever their order, and a uniform mask hides a word completely.

export function addWords(target: Uint32Array, other: Uint32Array): void {
  for (let at = 0; at < target.length; at++) target[at]! += other[at]!
}

export function subtractWords(target: Uint32Array, other: Uint32Array): void {
  for (let at = 0; at < target.length; at++) target[at]! -= other[at]!
}

/** Little-endian bytes of words, and back; copies (`slice` of Node's Buffer is none). Whatever runs JavaScript with typed arrays today is little-endian itself. */
export function bytesOfWords(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength).slice()
}

export function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(new Uint8Array(bytes).buffer)
}

/** How real numbers lie in the ring: `|value| ≤ bound` for each, weights of all summands together at most `maxWeight`. */
export type FixedPoint = { readonly bound: number; readonly maxWeight: number }

/** Steps per unit of a weighted value, such that no sum leaves ±2³¹; each summand is off by half a step at most. @throws KinmeshError `SecureBadTerms` */
export function stepsPerUnit({ bound, maxWeight }: FixedPoint): number {
  // Room for the rounding of a thousand summands.
  const steps = (2 ** 31 - 1000) / (bound * maxWeight)
  if (!(bound > 0) || !(maxWeight > 0) || !Number.isFinite(steps) || steps <= 0) throw new KinmeshError('SecureBadTerms', `values up to ${bound} with weights up to ${maxWeight} have no place in 32 bits`)
  return steps
}

/** `weight · values` in the ring. @throws KinmeshError `SecureOutOfRange` for a value beyond the bound, NaN included: clip it before */
export function toRing(values: Float32Array | Float64Array, weight: number, format: FixedPoint): Uint32Array {
  const steps = stepsPerUnit(format)
  if (!(weight > 0 && weight <= format.maxWeight)) throw new KinmeshError('SecureOutOfRange', `a weight of ${weight} is not within 0 and ${format.maxWeight}`)
  const words = new Uint32Array(values.length)
  for (let at = 0; at < words.length; at++) {
    const value = values[at]!
    if (!(Math.abs(value) <= format.bound)) throw new KinmeshError('SecureOutOfRange', `value ${at} is ${value}, beyond ±${format.bound}: clip the update before it is shared`)
    words[at] = Math.round(value * weight * steps)
  }
  return words
}

/** The weighted mean from the ring's sum; `totalWeight` is the sum of the summands' weights. */
export function fromRing(sum: Uint32Array, totalWeight: number, format: FixedPoint): Float64Array {
  const unit = stepsPerUnit(format) * totalWeight
  return Float64Array.from(sum, word => (word | 0) / unit)
}
