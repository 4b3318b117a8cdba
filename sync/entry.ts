import { type CborValue, FieldReader, decodeCbor, encodeCbor, malformed } from '../mesh/codec.ts'
import { hashBytes, keyBytes, nonceBytes, open, randomBytes, seal, sha256, signatureBytes, verify } from '../mesh/crypto.ts'
import type { Identity } from '../mesh/types.ts'
import { maxEntryBytes } from './limits.ts'
import { pad, unpad } from './padding.ts'

/**
 * One link of a device's log. On the wire: deterministic CBOR of
 * `[1, space, author, seq, prevHash, epoch, nonce, sealed, signature]`.
 */
export type Entry = {
  /** Hash of the statement that created the space, 32 bytes. */
  readonly space: Uint8Array
  /** Ed25519 public key of the device that wrote it, 32 bytes. */
  readonly author: Uint8Array
  /** 1, 2, 3 … without gaps. */
  readonly seq: number
  /** `hash` of entry seq−1; zeros for the first. */
  readonly prevHash: Uint8Array
  /** Names the space key that seals the payload, 16 bytes. */
  readonly epoch: Uint8Array
  readonly nonce: Uint8Array
  /** XChaCha20-Poly1305 of the padded payload; associated data: every field above. */
  readonly sealed: Uint8Array
  /** Ed25519 over `hash`. */
  readonly signature: Uint8Array
  /** SHA-256 over the domain and every field but the signature; what the next entry links to. */
  readonly hash: Uint8Array
  /** The entry as it travels and rests. */
  readonly bytes: Uint8Array
}

export const epochBytes = 16
const formatVersion = 1
const domain = new TextEncoder().encode('kinmesh entry 1\n')
export const noHash = new Uint8Array(hashBytes)

type Header = Pick<Entry, 'space' | 'author' | 'seq' | 'prevHash' | 'epoch' | 'nonce'>

function headerFields(header: Header): CborValue[] {
  return [formatVersion, header.space, header.author, header.seq, header.prevHash, header.epoch, header.nonce]
}

function hashOf(header: Header, sealed: Uint8Array): Uint8Array {
  const fields = encodeCbor([...headerFields(header), sealed])
  const bytes = new Uint8Array(domain.length + fields.length)
  bytes.set(domain)
  bytes.set(fields, domain.length)
  return sha256(bytes)
}

/** Pads, seals and signs the next entry of `identity`'s log. */
export async function writeEntry(
  identity: Identity,
  place: { space: Uint8Array; seq: number; prevHash: Uint8Array },
  key: { epoch: Uint8Array; key: Uint8Array },
  payload: Uint8Array
): Promise<Entry> {
  const header: Header = { ...place, author: identity.signing.publicKey, epoch: key.epoch, nonce: randomBytes(nonceBytes) }
  const sealed = seal(key.key, header.nonce, pad(payload), encodeCbor(headerFields(header)))
  const hash = hashOf(header, sealed)
  const signature = await identity.sign(hash)
  return { ...header, sealed, signature, hash, bytes: encodeCbor([...headerFields(header), sealed, signature]) }
}

/** Reads the fields; says nothing yet about signature or content. @throws KinmeshError `MalformedBytes` */
export function readEntry(bytes: Uint8Array): Entry {
  if (bytes.length > maxEntryBytes) throw malformed('entry', `is ${bytes.length} bytes, over ${maxEntryBytes}`)
  const fields = new FieldReader(decodeCbor(bytes), 'entry')
  const version = fields.uint('version')
  if (version !== formatVersion) throw malformed('entry', `has version ${version}, this device reads ${formatVersion}: update kinmesh`)
  const header: Header = {
    space: fields.bytes('space', { length: hashBytes }),
    author: fields.bytes('author', { length: keyBytes }),
    seq: fields.uint('seq'),
    prevHash: fields.bytes('prevHash', { length: hashBytes }),
    epoch: fields.bytes('epoch', { length: epochBytes }),
    nonce: fields.bytes('nonce', { length: nonceBytes })
  }
  const sealed = fields.bytes('sealed', { max: maxEntryBytes })
  const signature = fields.bytes('signature', { length: signatureBytes })
  fields.end()
  return { ...header, sealed, signature, hash: hashOf(header, sealed), bytes }
}

export function verifyEntry(entry: Entry): Promise<boolean> {
  return verify(entry.author, entry.signature, entry.hash)
}

/** The payload, without its padding. @throws KinmeshError `CannotDecrypt`, `MalformedBytes` */
export function openEntry(entry: Entry, key: Uint8Array): Uint8Array {
  return unpad(open(key, entry.nonce, entry.sealed, encodeCbor(headerFields(entry))))
}
