import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { type CborValue, decodeCbor, encodeCbor, FieldReader, malformed } from '../../mesh/codec.ts'
import { hashBytes, sha256 } from '../../mesh/crypto.ts'
import { KinmeshError } from '../../mesh/errors.ts'

/** With its address and framing a chunk fits a frame of mesh/, 64 KiB. */
export const chunkBytes = 60 * 1024
/** 82 MiB; the manifest of that fits a frame too. */
const maxChunks = 1400
const manifestVersion = 1

/** What a payload consists of. A chunk's address is the SHA-256 of its bytes, in hex. */
export type Manifest = {
  readonly bytes: number
  /** SHA-256 of the whole, in hex. */
  readonly whole: string
  readonly chunks: readonly string[]
}

/** @throws KinmeshError `ChunksTooLarge` */
export function manifestOf(payload: Uint8Array): Manifest {
  if (payload.length > maxChunks * chunkBytes) throw new KinmeshError('ChunksTooLarge', `a payload has at most ${maxChunks * chunkBytes} bytes, not ${payload.length}`)
  return { bytes: payload.length, whole: addressOf(payload), chunks: chunksOf(payload).map(addressOf) }
}

/** The payload in pieces of `chunkBytes`, the last one shorter; views, not copies. */
export function chunksOf(payload: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(payload.length / chunkBytes) }, (_, at) => payload.subarray(at * chunkBytes, (at + 1) * chunkBytes))
}

export function addressOf(bytes: Uint8Array): string {
  return toString(sha256(bytes), 'base16')
}

export function encodeManifest({ bytes, whole, chunks }: Manifest): Uint8Array {
  return encodeCbor([manifestVersion, bytes, fromString(whole, 'base16'), chunks.map(address => fromString(address, 'base16'))])
}

/** @throws KinmeshError `MalformedBytes`, `NewerVersion` */
export function readManifest(encoded: Uint8Array): Manifest {
  const fields = new FieldReader(decodeCbor(encoded), 'manifest')
  if (fields.uint('version') > manifestVersion) throw new KinmeshError('NewerVersion', 'this update is listed by a newer kinmesh: update kinmesh on this device')
  const bytes = fields.uint('bytes', maxChunks * chunkBytes)
  const whole = toString(fields.bytes('whole', { length: hashBytes }), 'base16')
  const chunks = fields.list('chunks', maxChunks, readHash)
  fields.end()
  if (chunks.length !== Math.ceil(bytes / chunkBytes)) throw malformed('manifest', `lists ${chunks.length} chunks of ${bytes} bytes`)
  return { bytes, whole, chunks }
}

/** The addresses that are still to be asked for, in order, each once. */
export function missing(have: { has(address: string): boolean }, manifest: Manifest): string[] {
  return [...new Set(manifest.chunks)].filter(address => !have.has(address))
}

/** The chunk's address. @throws KinmeshError `ChunkUnknown` for bytes that this payload has no place for, damaged ones included */
export function checkChunk(manifest: Manifest, chunk: Uint8Array): string {
  const address = addressOf(chunk)
  const fits = manifest.chunks.some((one, at) => one === address && chunk.length === Math.min(chunkBytes, manifest.bytes - at * chunkBytes))
  if (!fits) throw new KinmeshError('ChunkUnknown', `these ${chunk.length} bytes are no part of the payload: they were damaged, or belong to another one`)
  return address
}

/** @throws KinmeshError `ChunkMissing`, `ChunkUnknown`, `ChunksDisagree` when the whole is not the one that was announced */
export function assemble(manifest: Manifest, have: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const payload = new Uint8Array(manifest.bytes)
  for (const [at, address] of manifest.chunks.entries()) {
    const chunk = have.get(address)
    if (!chunk) throw new KinmeshError('ChunkMissing', `chunk ${at + 1} of ${manifest.chunks.length} has not arrived: ask for it`)
    if (at * chunkBytes + chunk.length > payload.length) throw disagree()
    payload.set(chunk, at * chunkBytes)
  }
  if (addressOf(payload) === manifest.whole) return payload
  // The whole says that something is wrong, the chunks say what.
  for (const [at, address] of manifest.chunks.entries()) if (checkChunk(manifest, have.get(address)!) !== address) throw new KinmeshError('ChunkUnknown', `chunk ${at + 1} lies at the place of another one`)
  throw disagree()
}

function disagree(): KinmeshError {
  return new KinmeshError('ChunksDisagree', 'the chunks are right one by one and do not make up the payload that was announced: refuse it')
}

function readHash(value: CborValue): string {
  if (!(value instanceof Uint8Array) || value.length !== hashBytes) throw malformed('manifest', 'a chunk is not a hash')
  return toString(value, 'base16')
}
