import { sha256 as portableSha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

// A page's own SHA-256 answers later, through a promise, and pages over plain http have none.

export function sha256(bytes: Uint8Array): Uint8Array {
  return portableSha256(bytes)
}

/** Of a text in UTF-8; as hex. */
export function sha256Hex(text: string): string {
  return bytesToHex(portableSha256(new TextEncoder().encode(text)))
}
