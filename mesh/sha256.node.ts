import { hash } from 'node:crypto'

/** Ten times as fast as the portable code: bases of a snapshot are megabytes, and every version of an item is hashed. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(hash('sha256', bytes, 'buffer'))
}

/** Of a text in UTF-8; as hex. */
export function sha256Hex(text: string): string {
  return hash('sha256', text, 'hex')
}
