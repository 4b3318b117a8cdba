import { bytesToHex } from '@noble/hashes/utils.js'
import { sha256 } from '../../mesh/crypto.ts'

/** SHA-256, hex. */
export function hashOfBytes(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes))
}

/** Of the values as they lie in memory: f32, little-endian. */
export function hashOfValues({ buffer, byteOffset, byteLength }: Float32Array): string {
  return hashOfBytes(new Uint8Array(buffer, byteOffset, byteLength))
}
