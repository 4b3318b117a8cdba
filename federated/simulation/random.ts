import { chacha20 } from '@noble/ciphers/chacha.js'
import { encodeCbor } from '../../mesh/codec.ts'
import { sha256 } from '../../mesh/crypto.ts'
import { type RandomSource, RandomWords } from '../privacy/random-words.ts'

/** Of the rule below. Another rule gets another label, and so other numbers. */
const label = 'kinmesh simulation 1'
/** Most draws take few numbers. */
const wordsAtOnce = 64
const wordsPerBlock = 16

/**
 * Numbers that follow from a seed and from what they are for, so that no draw depends on how many others there were: the ChaCha20 key stream (RFC 8439, nonce 0) under the SHA-256 of the CBOR of
 * [label, seed, what, …]. The same everywhere. Whoever knows the seed foretells them: for simulations and nothing else.
 */
export function seededSource(seed: number, ...what: readonly (string | number)[]): RandomSource {
  const key = sha256(encodeCbor([label, seed, ...what]))
  const nonce = new Uint8Array(12)
  let block = 0
  return words => {
    const stream = new Uint8Array(words.byteLength)
    chacha20(key, nonce, stream, stream, block)
    block += Math.ceil(words.length / wordsPerBlock)
    words.set(new Uint32Array(stream.buffer))
  }
}

export function seededRandom(seed: number, ...what: readonly (string | number)[]): RandomWords {
  return new RandomWords(seededSource(seed, ...what), wordsAtOnce)
}

/** Puts them in another order, in place (Durstenfeld 1964). */
export function shuffled(random: RandomWords, order: Int32Array): Int32Array {
  for (let last = order.length - 1; last > 0; last--) {
    const at = random.below(last + 1)
    const taken = order[at]!
    order[at] = order[last]!
    order[last] = taken
  }
  return order
}

/** `count` of 0 … of − 1, each set of them as likely as any other; ascending. */
export function sample(random: RandomWords, count: number, of: number): number[] {
  const order = ascending(of)
  for (let at = 0; at < count; at++) {
    const other = at + random.below(of - at)
    const taken = order[at]!
    order[at] = order[other]!
    order[other] = taken
  }
  return [...order.subarray(0, count).sort()]
}

/** 0 … count − 1. */
export function ascending(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => index)
}

/** N(0, 1), by Box and Muller (1958). A logarithm and a cosine: engines other than V8 may round the last bit otherwise. */
export function normal(random: RandomWords): number {
  return Math.sqrt(-2 * Math.log(random.uniform())) * Math.cos(2 * Math.PI * random.uniform())
}

/** The logarithm of a draw from Gamma(shape, 1), shape above 0 (Marsaglia & Tsang 2000): for small shapes the draws themselves are below what a number can hold. */
export function logGamma(random: RandomWords, shape: number): number {
  if (shape < 1) return logGamma(random, shape + 1) + Math.log(random.uniform()) / shape
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal(random)
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(random.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return Math.log(d * v)
  }
}
