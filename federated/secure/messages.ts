import { compare } from 'uint8arrays/compare'
import { equals } from 'uint8arrays/equals'
import { type CborValue, decodeCbor, encodeCbor, FieldReader, malformed } from '../../mesh/codec.ts'
import { hashBytes, keyBytes, sha256, signatureBytes, verify } from '../../mesh/crypto.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import type { Identity } from '../../mesh/types.ts'
import { nameOf, placeOf, type SecureRound } from './round.ts'

/** Who signs: an `Identity` of mesh/ is one. */
export type Signer = Pick<Identity, 'id' | 'sign'>

const version = 1
const domain = 'kinmesh-secure-message'
const numbers = { keys: 1, shares: 2, masked: 3, agreement: 4, reveal: 5 } as const
export type MessageType = keyof typeof numbers

/** A scalar of ristretto255, and a point of it. */
export const scalarBytes = 32
export const pointBytes = 32
/** HPKE: encapsulated key, two scalars, tag. */
export const sealedShareBytes = 32 + 2 * scalarBytes + 16

type Bodies = {
  /** X25519 keys of this attempt: one to agree on masks with, one to which shares are sealed. */
  keys: { readonly maskKey: Uint8Array; readonly shareKey: Uint8Array }
  /** Feldman commitments (threshold points each) and, per other member of the roster in its order, the sealed shares of both secrets. */
  shares: { readonly roster: Uint8Array; readonly maskCommitments: readonly Uint8Array[]; readonly selfCommitments: readonly Uint8Array[]; readonly sealed: readonly Uint8Array[] }
  /** The masked vector, little-endian words. `deals`: which shares it is masked for. */
  masked: { readonly deals: Uint8Array; readonly vector: Uint8Array }
  /** The numbers of those whose vectors are to be summed, ascending. */
  agreement: { readonly deals: Uint8Array; readonly survivors: readonly number[] }
  /** Per dealer in order one share: of the self-mask of a survivor, of the mask key of the others. `agreed`: hash of what was agreed on. */
  reveal: { readonly agreed: Uint8Array; readonly shares: readonly Uint8Array[] }
}

/** A message whose form, round, author and signature were checked. */
export type Message<T extends MessageType> = Bodies[T] & {
  readonly type: T
  /** The author's number in the cohort. */
  readonly author: number
  /** SHA-256 of the message as it was sent. */
  readonly hash: Uint8Array
}

export async function signMessage<T extends MessageType>(round: SecureRound, signer: Signer, type: T, body: Bodies[T]): Promise<Uint8Array> {
  const author = round.cohort[placeOf(round, signer.id)]!.key
  const head: CborValue[] = [version, numbers[type], round.id, author, ...writers[type](body)]
  return encodeCbor([...head, await signer.sign(signedHash(head))])
}

/**
 * Reads a message of one type and checks its form, bounds, round, author and signature.
 * @throws KinmeshError `MalformedBytes`, `NewerVersion`, `SecureOtherRound`, `SecureStranger`, `SecureBadSignature`
 */
export async function readMessage<T extends MessageType>(round: SecureRound, type: T, bytes: Uint8Array): Promise<Message<T>> {
  const limit = maxMessageBytes(round, type)
  if (bytes.length > limit) throw malformed(type, `has ${bytes.length} bytes, more than ${limit}`)
  const value = decodeCbor(bytes)
  const fields = new FieldReader(value, type)
  if (fields.uint('version') > version) throw new KinmeshError('NewerVersion', 'another device of this round runs a newer kinmesh: update kinmesh on this device')
  if (fields.uint('type') !== numbers[type]) throw malformed(type, 'is a message of another type')
  if (!equals(fields.bytes('round', { length: hashBytes }), round.id)) throw new KinmeshError('SecureOtherRound', `this ${type} message belongs to another round, attempt or cohort: it was replayed, or the terms differ`)
  const key = fields.bytes('author', { length: keyBytes })
  const author = round.cohort.findIndex(one => compare(one.key, key) === 0)
  if (author < 0) throw new KinmeshError('SecureStranger', `a ${type} message comes from a device outside of the cohort`)
  const body = readers[type](fields, round)
  const signature = fields.bytes('signature', { length: signatureBytes })
  fields.end()
  const head = (value as CborValue[]).slice(0, -1)
  if (!(await verify(key, signature, signedHash(head)))) throw new KinmeshError('SecureBadSignature', `${nameOf(round, author)} did not sign this ${type} message`)
  return { ...body, type, author, hash: sha256(bytes) }
}

/** Bound of a message before it is decoded. */
export function maxMessageBytes(round: SecureRound, type: MessageType): number {
  // Head, keys, hash, signature and the heads of CBOR.
  const frame = 512
  const perItem = 4
  switch (type) {
    case 'keys':
      return frame
    case 'shares':
      return frame + 2 * round.threshold * (pointBytes + perItem) + round.cohort.length * (sealedShareBytes + perItem)
    case 'masked':
      return frame + 4 * round.words
    case 'agreement':
      return frame + perItem * round.cohort.length
    case 'reveal':
      return frame + round.cohort.length * (scalarBytes + perItem)
  }
}

function signedHash(head: CborValue[]): Uint8Array {
  return sha256(encodeCbor([domain, ...head]))
}

const writers: { [T in MessageType]: (body: Bodies[T]) => CborValue[] } = {
  keys: ({ maskKey, shareKey }) => [maskKey, shareKey],
  shares: ({ roster, maskCommitments, selfCommitments, sealed }) => [roster, [...maskCommitments], [...selfCommitments], [...sealed]],
  masked: ({ deals, vector }) => [deals, vector],
  agreement: ({ deals, survivors }) => [deals, [...survivors]],
  reveal: ({ agreed, shares }) => [agreed, [...shares]]
}

const readers: { [T in MessageType]: (fields: FieldReader, round: SecureRound) => Bodies[T] } = {
  keys: fields => ({ maskKey: fields.bytes('mask key', { length: keyBytes }), shareKey: fields.bytes('share key', { length: keyBytes }) }),
  shares: (fields, { threshold, cohort }) => ({
    roster: fields.bytes('roster', { length: hashBytes }),
    maskCommitments: exactly(threshold, fields.list('mask commitments', threshold, bytesOf(pointBytes))),
    selfCommitments: exactly(threshold, fields.list('self commitments', threshold, bytesOf(pointBytes))),
    sealed: fields.list('sealed', cohort.length - 1, bytesOf(sealedShareBytes))
  }),
  masked: (fields, { words }) => ({ deals: fields.bytes('deals', { length: hashBytes }), vector: fields.bytes('vector', { length: 4 * words }) }),
  agreement: (fields, { cohort }) => ({ deals: fields.bytes('deals', { length: hashBytes }), survivors: ascending(fields.list('survivors', cohort.length, numberBelow(cohort.length))) }),
  reveal: (fields, { cohort }) => ({ agreed: fields.bytes('agreed', { length: hashBytes }), shares: fields.list('shares', cohort.length, bytesOf(scalarBytes)) })
}

function bytesOf(length: number): (value: CborValue) => Uint8Array {
  return value => {
    if (!(value instanceof Uint8Array) || value.length !== length) throw malformed('secure message', `an item is not a byte string of ${length} bytes`)
    return value
  }
}

function numberBelow(limit: number): (value: CborValue) => number {
  return value => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value >= limit) throw malformed('secure message', `an item is not an integer below ${limit}`)
    return value
  }
}

function exactly<T>(length: number, items: T[]): T[] {
  if (items.length !== length) throw malformed('secure message', `has ${items.length} items instead of ${length}`)
  return items
}

function ascending(numbers: number[]): number[] {
  if (numbers.some((number, at) => at > 0 && number <= numbers[at - 1]!)) throw malformed('secure message', 'numbers are not in ascending order')
  return numbers
}
