import { chacha20 } from '@noble/ciphers/chacha.js'
import { encodeCbor } from '../../mesh/codec.ts'
import { sha256 } from '../../mesh/crypto.ts'
import type { Linear } from './low-rank.ts'

/** Of the rule below. Another rule gets another label, and so other numbers. */
const label = 'kinmesh frozen A 1'
const half = 0x80_0000

/**
 * The matrix A of a layer that no participant trains, f32 [rank, inputs], from a seed that all know: uniform within ±1/√inputs, as LoRA's own start (Kaiming's with a = √5) is.
 * The same bits on every platform: each value is 24 bits k of a ChaCha20 key stream (RFC 8439, nonce 0), the upper ones of a little-endian word, taken to (2k + 1 − 2^24) / 2^24 and divided by √inputs, one rounding to f64 each, then to f32.
 * No logarithm or sine, which JavaScript leaves to the platform. The key is the SHA-256 of the CBOR of [label, seed, layer, rank, inputs]; nothing about it is secret.
 */
export function frozenFactor(seed: string, { name, inputs }: Pick<Linear, 'name' | 'inputs'>, rank: number): Float32Array {
  const key = sha256(encodeCbor([label, seed, name, rank, inputs]))
  const stream = chacha20(key, new Uint8Array(12), new Uint8Array(rank * inputs * 4))
  const words = new DataView(stream.buffer, stream.byteOffset, stream.length)
  const root = Math.sqrt(inputs)
  return Float32Array.from({ length: rank * inputs }, (_, at) => ((words.getUint32(at * 4, true) >>> 8) - half + 0.5) / half / root)
}
