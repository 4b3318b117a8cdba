import { chacha20 } from '@noble/ciphers/chacha.js'
import type { RandomSource } from './random-words.ts'

/** For tests: the same seed draws the same words, which are those of ChaCha20. */
export function seededSource(seed: number): RandomSource {
  const key = new Uint8Array(32)
  new DataView(key.buffer).setUint32(0, seed)
  const nonce = new Uint8Array(12)
  const calls = new DataView(nonce.buffer)
  return words => {
    words.set(new Uint32Array(chacha20(key, nonce, new Uint8Array(words.byteLength)).buffer))
    calls.setUint32(0, calls.getUint32(0) + 1)
  }
}
