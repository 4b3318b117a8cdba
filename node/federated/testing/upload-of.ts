import { toString } from 'uint8arrays/to-string'
import { sha256 } from '../../../mesh/crypto.ts'
import type { Upload } from '../upload-log.ts'

/** For tests: of bytes that are about to be sent. */
export function uploadOf(bytes: Uint8Array, about: Omit<Upload, 'bytes' | 'sha256'>): Upload {
  return { ...about, bytes: bytes.length, sha256: toString(sha256(bytes), 'base16') }
}
