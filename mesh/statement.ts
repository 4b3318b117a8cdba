import { toString } from 'uint8arrays/to-string'
import { cardFields, maxNameChars, readCard } from './card.ts'
import { decodeCbor, encodeCbor, FieldReader, malformed, type CborValue } from './codec.ts'
import { hashBytes, keyBytes, sha256, signatureBytes, verify } from './crypto.ts'
import { KinmeshError } from './errors.ts'
import { deviceIdOf } from './identity.ts'
import type { DeviceCard, DeviceId, Identity, Role } from './types.ts'

/** Bytes of one statement: a rekey for 2 × maxMembers devices (about 15 KiB) fits, and 4096 of them are 64 MiB at the very worst. */
export const maxStatementBytes = 16 * 1024
/** Devices of one space. A person has a handful, a large family a few dozen; each costs about 120 bytes in every rekey. */
export const maxMembers = 64
/** Recipients of one rekey: members added at the same moment on different devices may pass maxMembers for a while. */
export const maxRecipients = 2 * maxMembers
/** Heads that one statement joins; the rest wait for the next statement. */
export const maxParents = 16
/** Epoch keys handed over in one statement; more go into further ones. */
export const maxHandedKeys = 128
/** UTF-16 units of the reason of a removal, for people. */
export const maxReasonChars = 200

export const statementVersion = 1
export const epochIdBytes = 16
export const personBytes = 16
/** HPKE: encapsulated key 32, sealed key 32, tag 16. */
export const sealedKeyBytes = 32 + keyBytes + 16

const statementDomain = 'kinmesh/statement/1'
const zeroSpace = new Uint8Array(hashBytes)

/** In the order of their numbers on the wire. */
export const roles: readonly Role[] = ['reader', 'writer', 'admin', 'keeper']

export type SealedTo = { readonly recipient: Uint8Array; readonly sealed: Uint8Array }
export type HandedKey = { readonly epoch: Uint8Array; readonly sealed: Uint8Array }

export type StatementBody =
  | { type: 'create'; person: Uint8Array; personName: string; card: DeviceCard; commitment: Uint8Array; sealed: Uint8Array }
  | { type: 'addDevice'; person: Uint8Array; card: DeviceCard; role: Role; keys: HandedKey[] }
  | { type: 'remove'; device: DeviceId; publicKey: Uint8Array; lastSeq: number; head: Uint8Array; reason: string }
  | { type: 'rekey'; commitment: Uint8Array; recipients: SealedTo[] }

/** One signed statement. `hash`, `author` and the rest are read from `bytes` and never travel beside them. */
export type Statement = {
  readonly bytes: Uint8Array
  /** Hex. */
  readonly hash: string
  /** Bytes of the space id; zero for `create`, whose hash it is. */
  readonly space: Uint8Array
  /** Hex hashes, ascending. */
  readonly parents: readonly string[]
  readonly author: DeviceId
  readonly authorKey: Uint8Array
  /** Unix ms by the author's clock: for people, never for decisions. */
  readonly at: number
  readonly body: StatementBody
}

/** Numbers on the wire. 5 (addPerson) and 6 (setRole) are reserved. */
const typeNumbers = { create: 1, addDevice: 2, remove: 3, rekey: 4 } as const

/** @throws KinmeshError `StatementTooLarge` */
export async function makeStatement(identity: Identity, space: Uint8Array, parents: readonly Uint8Array[], at: number, body: StatementBody): Promise<Statement> {
  const head: CborValue[] = [statementVersion, typeNumbers[body.type], space, [...parents], identity.signing.publicKey, at, bodyFields(body)]
  const bytes = encodeCbor([...head, await identity.sign(signedHash(head))])
  if (bytes.length > maxStatementBytes) throw new KinmeshError('StatementTooLarge', `a membership statement takes at most ${maxStatementBytes} bytes: use shorter names`)
  return parseStatement(bytes)
}

/**
 * Reads a statement without looking at its signature.
 * @throws KinmeshError `MalformedBytes`, `NewerVersion`
 */
export function parseStatement(bytes: Uint8Array): Statement {
  if (bytes.length > maxStatementBytes) throw malformed('statement', `has ${bytes.length} bytes, more than ${maxStatementBytes}`)
  const value = decodeCbor(bytes)
  const fields = new FieldReader(value, 'statement')
  if (fields.uint('version') !== statementVersion) throw newerVersion()
  const type = fields.uint('type')
  const readBody = bodyReaders[type]
  if (!readBody) throw newerVersion()
  const space = fields.bytes('space', { length: hashBytes })
  const parents = fields.list('parents', maxParents, readHash)
  const authorKey = fields.bytes('author', { length: keyBytes })
  const at = fields.uint('at')
  const body = fields.list('body', 8, item => item)
  fields.bytes('signature', { length: signatureBytes })
  fields.end()
  if (parents.some((parent, index) => index > 0 && parent <= parents[index - 1]!)) throw malformed('statement', 'parents are not in ascending order')
  if ((type === typeNumbers.create) !== (parents.length === 0)) throw malformed('statement', 'create and only create has no parents')
  if (type === typeNumbers.create && space.some(byte => byte !== 0)) throw malformed('statement', 'create names a space')
  const statement: Statement = { bytes, hash: hexOf(sha256(bytes)), space, parents, author: deviceIdOf(authorKey), authorKey, at, body: readBody(body) }
  if (statement.body.type === 'create' && statement.body.card.id !== statement.author) throw malformed('statement', 'create admits somebody else than its author')
  return statement
}

export async function verifyStatement(statement: Statement): Promise<boolean> {
  const fields = decodeCbor(statement.bytes) as CborValue[]
  const signature = fields[fields.length - 1] as Uint8Array
  return verify(statement.authorKey, signature, signedHash(fields.slice(0, -1)))
}

/** The epoch that a create or rekey statement begins: the first 16 bytes of its hash, in hex. */
export function epochOf(statement: Statement): string {
  return statement.hash.slice(0, 2 * epochIdBytes)
}

export function spaceIdOf(create: Statement): string {
  return create.hash
}

export const createSpaceField = zeroSpace

export function hexOf(bytes: Uint8Array): string {
  return toString(bytes, 'base16')
}

function signedHash(head: CborValue[]): Uint8Array {
  return sha256(encodeCbor([statementDomain, ...head]))
}

function bodyFields(body: StatementBody): CborValue {
  switch (body.type) {
    case 'create':
      return [body.person, body.personName, cardFields(body.card), body.commitment, body.sealed]
    case 'addDevice':
      return [body.person, cardFields(body.card), roles.indexOf(body.role), body.keys.map(key => [key.epoch, key.sealed])]
    case 'remove':
      return [body.publicKey, body.lastSeq, body.head, body.reason]
    case 'rekey':
      return [body.commitment, body.recipients.map(to => [to.recipient, to.sealed])]
  }
}

const bodyReaders: Record<number, (value: CborValue) => StatementBody> = {
  [typeNumbers.create]: value => {
    const fields = new FieldReader(value, 'create')
    const person = fields.bytes('person', { length: personBytes })
    const personName = fields.text('personName', maxNameChars)
    const card = readCard(fields.list('card', 4, item => item))
    const commitment = fields.bytes('commitment', { length: hashBytes })
    const sealed = fields.bytes('sealed', { length: sealedKeyBytes })
    fields.end()
    return { type: 'create', person, personName, card, commitment, sealed }
  },
  [typeNumbers.addDevice]: value => {
    const fields = new FieldReader(value, 'addDevice')
    const person = fields.bytes('person', { length: personBytes })
    const card = readCard(fields.list('card', 4, item => item))
    const role = roles[fields.uint('role', roles.length - 1)]!
    const keys = fields.list('keys', maxHandedKeys, readHandedKey)
    fields.end()
    return { type: 'addDevice', person, card, role, keys }
  },
  [typeNumbers.remove]: value => {
    const fields = new FieldReader(value, 'remove')
    const publicKey = fields.bytes('device', { length: keyBytes })
    const lastSeq = fields.uint('lastSeq')
    const head = fields.bytes('head', { length: hashBytes })
    const reason = fields.text('reason', maxReasonChars)
    fields.end()
    return { type: 'remove', device: deviceIdOf(publicKey), publicKey, lastSeq, head, reason }
  },
  [typeNumbers.rekey]: value => {
    const fields = new FieldReader(value, 'rekey')
    const commitment = fields.bytes('commitment', { length: hashBytes })
    const recipients = fields.list('recipients', maxRecipients, readSealedTo)
    fields.end()
    return { type: 'rekey', commitment, recipients }
  }
}

function readHash(value: CborValue): string {
  if (!(value instanceof Uint8Array) || value.length !== hashBytes) throw malformed('statement', 'a parent is not a hash')
  return hexOf(value)
}

function readHandedKey(value: CborValue): HandedKey {
  const fields = new FieldReader(value, 'handed key')
  const epoch = fields.bytes('epoch', { length: epochIdBytes })
  const sealed = fields.bytes('sealed', { length: sealedKeyBytes })
  fields.end()
  return { epoch, sealed }
}

function readSealedTo(value: CborValue): SealedTo {
  const fields = new FieldReader(value, 'rekey recipient')
  const recipient = fields.bytes('recipient', { length: keyBytes })
  const sealed = fields.bytes('sealed', { length: sealedKeyBytes })
  fields.end()
  return { recipient, sealed }
}

function newerVersion(): KinmeshError {
  return new KinmeshError('NewerVersion', 'another device of this mesh runs a newer kinmesh: update kinmesh on this device')
}
