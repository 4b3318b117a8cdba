import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { type CborValue, decodeCbor, encodeCbor, FieldReader, malformed } from '../../mesh/codec.ts'
import { hashBytes, keyBytes, sha256, signatureBytes, verify } from '../../mesh/crypto.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import { deviceIdOf, publicKeyOf } from '../../mesh/identity.ts'
import type { DeviceId, Identity } from '../../mesh/types.ts'
import { encodeRoundManifest, maxCohort, maxManifestBytes, readRoundManifest, roundIdOf } from './manifest.ts'
import { type Body, type Bodies, maxCodeChars, type MessageType, type Payload, type Said, type Value } from './messages.ts'
import { maxAttempt } from './order.ts'

// Bytes of the messages: deterministic CBOR `[version, type, round, author, …fields, signature]`, Ed25519 by the author over SHA-256 of everything before, behind a word that says what is signed. PROTOCOL.md has the fields.

export type Signer = Pick<Identity, 'id' | 'sign'>

export const wireVersion = 1
const domain = 'kinmesh-round-message'
const numbers: Readonly<Record<MessageType, number>> = { propose: 0, unknown: 1, begin: 2, join: 3, held: 4, offer: 5, receipt: 6, pass: 7, show: 8, commit: 9, accept: 10, refuse: 11, decided: 12, leave: 13, joined: 14 }
const types = Object.keys(numbers) as MessageType[]
/** As many as chunks can carry. */
export const maxPayloadBytes = 1400 * 60 * 1024
export const maxPhases = 8
const maxExamples = 0xffff_ffff
/** Of an array within a message. */
const maxFields = 16

export async function sign(round: string, signer: Signer, body: Body): Promise<Said> {
  const signature = await signer.sign(signedHash(round, signer.id, body))
  return { ...body, round, author: signer.id, signature: toString(signature, 'base16') } as Said
}

export function encodeMessage(message: Said): Uint8Array {
  return encodeCbor([wireVersion, ...headOf(message.round, message.author, message), bytesOf(message.signature)])
}

/**
 * Reads a message and checks its form, its signature, and the signatures of those within it.
 * @throws KinmeshError `MalformedBytes`, `NewerVersion`, `BadManifest`, `RoundBadSignature`
 */
export async function readMessage(bytes: Uint8Array): Promise<Said> {
  const message = parseMessage(bytes)
  await checkSignatures([message, ...within(message)])
  return message
}

/** The same without signatures: of what this device has checked before. @throws KinmeshError `MalformedBytes`, `NewerVersion`, `BadManifest` */
export function parseMessage(bytes: Uint8Array): Said {
  const fields = new FieldReader(decodeCbor(bytes), 'round message')
  if (fields.uint('version') > wireVersion) throw new KinmeshError('NewerVersion', 'another device of this round runs a newer kinmesh: update kinmesh on this device')
  const type = types[fields.uint('type', types.length - 1)]!
  const round = hex(fields.bytes('round', { length: hashBytes }))
  const message = readSaid(type, round, fields)
  if (message.type === 'propose' && roundIdOf(message.manifest) !== round) throw malformed('round message', 'names another round than it proposes')
  if (message.type === 'propose' && message.manifest.proposer !== message.author) throw malformed('round message', 'proposes a round in the name of another device')
  return message
}

async function checkSignatures(messages: readonly Said[]): Promise<void> {
  for (const message of messages) {
    if (!(await verify(publicKeyOf(message.author), bytesOf(message.signature), signedHash(message.round, message.author, message)))) {
      throw new KinmeshError('RoundBadSignature', `${message.author} did not sign this ${message.type} message`)
    }
  }
}

/** Messages that others have signed and this one shows. */
function within(message: Said): Said[] {
  switch (message.type) {
    case 'held':
      return [...message.value.offers]
    case 'commit':
      return [...message.value.offers, ...message.joins]
    case 'decided':
      return [...message.value.offers, ...message.accepts]
    case 'refuse':
      return message.receipt ? [message.receipt] : []
    default:
      return []
  }
}

/** Values are not changed once they are made, and a coordinator asks for the same one's hash with every message. */
const hashes = new WeakMap<Value, string>()

/** Names a result: whatever differs in it, its hash differs. Hex. */
export function hashOf(value: Value): string {
  const hash = hashes.get(value) ?? hex(sha256(encodeCbor(['kinmesh-round-value', ...valueFields(value)])))
  hashes.set(value, hash)
  return hash
}

export function encodeValue(value: Value): Uint8Array {
  return encodeCbor(valueFields(value))
}

/** What `encodeValue` wrote; signatures in it are not checked. @throws KinmeshError `MalformedBytes` */
export function parseValue(bytes: Uint8Array, round: string): Value {
  return readValue(new FieldReader([decodeCbor(bytes)], 'value'), round)
}

function signedHash(round: string, author: DeviceId, body: Body): Uint8Array {
  return sha256(encodeCbor([domain, wireVersion, ...headOf(round, author, body)]))
}

function headOf(round: string, author: DeviceId, body: Body): CborValue[] {
  return [numbers[body.type], bytesOf(round), publicKeyOf(author), ...fieldsOf(body)]
}

function fieldsOf(body: Body): CborValue[] {
  switch (body.type) {
    case 'propose':
      return [encodeRoundManifest(body.manifest)]
    case 'unknown':
      return []
    case 'begin':
    case 'joined':
      return [body.attempt]
    case 'join':
      return [body.attempt, body.accepted ? [body.accepted.attempt, bytesOf(body.accepted.value)] : []]
    case 'held':
      return [body.attempt, valueFields(body.value)]
    case 'offer':
      return [body.attempt, body.phase, bytesOf(body.base), body.examples, ...payloadFields(body.payload)]
    case 'receipt':
      return [body.attempt, body.phase, bytesOf(body.root), body.code]
    case 'pass':
      return [body.attempt, body.code]
    case 'show':
      return [body.attempt, body.phase, ...payloadFields(body.payload)]
    case 'commit':
      return [body.attempt, valueFields(body.value), body.joins.map(saidFields)]
    case 'accept':
      return [body.attempt, bytesOf(body.value)]
    case 'refuse':
      return [body.attempt, bytesOf(body.value), body.code, body.receipt ? saidFields(body.receipt) : []]
    case 'decided':
      return [valueFields(body.value), body.accepts.map(saidFields)]
    case 'leave':
      return [body.code]
  }
}

function saidFields(message: Said): CborValue[] {
  return [publicKeyOf(message.author), ...fieldsOf(message), bytesOf(message.signature)]
}

function payloadFields({ root, bytes }: Payload): CborValue[] {
  return [bytesOf(root), bytes]
}

function valueFields({ attempt, offers, result, transcript, weight }: Value): CborValue[] {
  return [attempt, offers.map(saidFields), payloadFields(result), transcript ? payloadFields(transcript) : [], weight]
}

function readSaid<T extends MessageType>(type: T, round: string, fields: FieldReader): Said<T> {
  const author = deviceIdOf(fields.bytes('author', { length: keyBytes }))
  const body = readers[type](fields, round)
  const signature = hex(fields.bytes('signature', { length: signatureBytes }))
  fields.end()
  return { type, ...body, round, author, signature } as unknown as Said<T>
}

const attempt = (fields: FieldReader) => fields.uint('attempt', maxAttempt)
const phase = (fields: FieldReader) => fields.uint('phase', maxPhases - 1)
const hash = (name: string, fields: FieldReader) => hex(fields.bytes(name, { length: hashBytes }))
/** Codes of errors are words; they are counted by name, and shown. */
const code = (fields: FieldReader) => {
  const found = fields.text('code', maxCodeChars)
  if (!/^[A-Za-z]*$/.test(found)) throw malformed('round message', 'a code is not a word')
  return found
}
const payload = (fields: FieldReader): Payload => ({ root: hash('payload', fields), bytes: fields.uint('payload bytes', maxPayloadBytes) })

const readers: { [T in MessageType]: (fields: FieldReader, round: string) => Bodies[T] } = {
  propose: fields => ({ manifest: readRoundManifest(fields.bytes('manifest', { max: maxManifestBytes })) }),
  unknown: () => ({}),
  begin: fields => ({ attempt: attempt(fields) }),
  joined: fields => ({ attempt: attempt(fields) }),
  join: fields => ({ attempt: attempt(fields), accepted: maybe('accepted', fields, each => ({ attempt: attempt(each), value: hash('value', each) })) }),
  held: (fields, round) => ({ attempt: attempt(fields), value: readValue(fields, round) }),
  offer: fields => ({ attempt: attempt(fields), phase: phase(fields), base: hash('base', fields), examples: fields.uint('examples', maxExamples), payload: payload(fields) }),
  receipt: fields => ({ attempt: attempt(fields), phase: phase(fields), root: hash('payload', fields), code: code(fields) }),
  pass: fields => ({ attempt: attempt(fields), code: code(fields) }),
  show: fields => ({ attempt: attempt(fields), phase: phase(fields), payload: payload(fields) }),
  commit: (fields, round) => ({ attempt: attempt(fields), value: readValue(fields, round), joins: saids('joins', fields, 'join', round) }),
  accept: fields => ({ attempt: attempt(fields), value: hash('value', fields) }),
  refuse: (fields, round) => ({ attempt: attempt(fields), value: hash('value', fields), code: code(fields), receipt: maybe('receipt', fields, each => readSaid('receipt', round, each)) }),
  decided: (fields, round) => ({ value: readValue(fields, round), accepts: saids('accepts', fields, 'accept', round) }),
  leave: fields => ({ code: code(fields) })
}

function readValue(fields: FieldReader, round: string): Value {
  const each = nested('value', fields)
  const value = {
    attempt: attempt(each),
    offers: saids('offers', each, 'offer', round),
    result: payload(nested('result', each)),
    transcript: maybe('transcript', each, payload),
    weight: each.uint('weight')
  }
  each.end()
  return value
}

function saids<T extends MessageType>(name: string, fields: FieldReader, type: T, round: string): Said<T>[] {
  return fields.list(name, maxCohort, value => readSaid(type, round, new FieldReader(value, name)))
}

/** An array within a message; an empty one stands for nothing. */
function nested(name: string, fields: FieldReader): FieldReader {
  return new FieldReader(fields.list(name, maxFields, value => value), name)
}

function maybe<T>(name: string, fields: FieldReader, read: (fields: FieldReader) => T): T | null {
  const values = fields.list(name, maxFields, value => value)
  if (values.length === 0) return null
  const each = new FieldReader(values, name)
  const result = read(each)
  each.end()
  return result
}


function bytesOf(text: string): Uint8Array {
  return fromString(text, 'base16')
}

function hex(bytes: Uint8Array): string {
  return toString(bytes, 'base16')
}
