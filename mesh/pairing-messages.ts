import { equalBytes } from '@noble/ciphers/utils.js'
import { cardFields, readCard } from './card.ts'
import { decodeCbor, encodeCbor, FieldReader, malformed, type CborValue } from './codec.ts'
import { deriveKey, hashBytes, hmacSha256, randomBytes } from './crypto.ts'
import { KinmeshError } from './errors.ts'
import { maxFrameBytes, nextFrame } from './channel.ts'
import { maxStatements } from './membership.ts'
import { maxStatementBytes, roles } from './statement.ts'
import type { Channel, DeviceCard, Role } from './types.ts'

export const pairingProtocol = '/kinmesh/pair/1'
export const pairingNonceBytes = 32
/** Bytes of a membership log as it travels: thousands of ordinary statements (200 to 2,000 bytes each). */
export const maxLogBytes = 16 * 1024 * 1024

/** What either side says; PROTOCOL.md has the fields. */
export type PairingMessage =
  | { type: 'hello'; nonce: Uint8Array; card: DeviceCard }
  | { type: 'welcome'; nonce: Uint8Array; card: DeviceCard; role: Role }
  | { type: 'newcomerProof'; proof: Uint8Array }
  | { type: 'inviterProof'; proof: Uint8Array }
  | { type: 'confirmed' }
  | { type: 'statements'; last: boolean; statements: Uint8Array[] }
  | { type: 'done' }
  | { type: 'refused'; code: string }

const numbers = { hello: 1, welcome: 2, newcomerProof: 3, inviterProof: 4, confirmed: 5, statements: 6, done: 7, refused: 8 } as const
/** Statements of one message: with their framing they fit a frame. */
const chunkBytes = maxFrameBytes - 1024

const refusalTexts = {
  InviteExpired: 'the invite has expired: make a new one on the other device (`kinmesh invite`)',
  InviteSpent: 'the invite ended after too many wrong codes: make a new one on the other device (`kinmesh invite`)',
  InviteUsed: 'the invite was used by another device: make a new one on the other device (`kinmesh invite`)',
  InviteCancelled: 'the invite was withdrawn: make a new one on the other device (`kinmesh invite`)',
  InviteRefused: 'the other device did not confirm this one: make a new invite and confirm it there',
  InviteFailed: 'the other device could not admit this one: look at what it says, then make a new invite',
  WrongCode: 'the code is not the one of the invite: compare it with the other screen and try again',
  PairingTampered: 'somebody or something changed what the two devices said: make a new invite and use its URI or QR code'
} as const

export type Refusal = keyof typeof refusalTexts

export function refusal(code: Refusal, cause?: unknown): KinmeshError {
  return new KinmeshError(code, refusalTexts[code], { cause })
}

export function isRefusal(code: string): code is Refusal {
  return Object.hasOwn(refusalTexts, code)
}

export function sendMessage(channel: Channel, message: PairingMessage): Promise<void> {
  return channel.send(encodeCbor([numbers[message.type], ...fieldsOf(message)]))
}

/** The next message, which has to be of this type. @throws KinmeshError the peer's refusal, `MalformedBytes`, `ChannelClosed` */
export async function readMessage<T extends PairingMessage['type']>(channel: Channel, type: T): Promise<Extract<PairingMessage, { type: T }>> {
  const frame = await nextFrame(channel)
  if (!frame) throw new KinmeshError('ChannelClosed', 'the other device ended pairing')
  const message = parseMessage(frame)
  if (message.type === 'refused') throw isRefusal(message.code) ? refusal(message.code) : refusal('PairingTampered', new Error('unknown refusal'))
  if (message.type !== type) throw malformed('pairing message', `is ${message.type} instead of ${type}`)
  return message as Extract<PairingMessage, { type: T }>
}

/** Sends a whole log in as many messages as it takes. */
export async function sendStatements(channel: Channel, statements: readonly Uint8Array[]): Promise<void> {
  let chunk: Uint8Array[] = []
  let bytes = 0
  for (const statement of statements) {
    if (bytes + statement.length > chunkBytes) {
      await sendMessage(channel, { type: 'statements', last: false, statements: chunk })
      chunk = []
      bytes = 0
    }
    chunk.push(statement)
    // Besides its bytes a byte string takes a head of at most three.
    bytes += statement.length + 3
  }
  await sendMessage(channel, { type: 'statements', last: true, statements: chunk })
}

export async function readStatements(channel: Channel): Promise<Uint8Array[]> {
  const all: Uint8Array[] = []
  let bytes = 0
  for (;;) {
    const { statements, last } = await readMessage(channel, 'statements')
    for (const statement of statements) bytes += statement.length
    all.push(...statements)
    if (all.length > maxStatements || bytes > maxLogBytes || (statements.length === 0 && !last)) throw malformed('membership log', 'is larger than allowed')
    if (last) return all
  }
}

export function parseMessage(frame: Uint8Array): PairingMessage {
  const fields = new FieldReader(decodeCbor(frame), 'pairing message')
  const type = fields.uint('type')
  const read = readers[type]
  if (!read) throw malformed('pairing message', `has the unknown type ${type}`)
  const message = read(fields)
  fields.end()
  return message
}

const card = (fields: FieldReader) => readCard(fields.list('card', 4, field => field))
const nonce = (fields: FieldReader) => fields.bytes('nonce', { length: pairingNonceBytes })
const proof = (fields: FieldReader) => fields.bytes('proof', { length: hashBytes })

const readers: Record<number, (fields: FieldReader) => PairingMessage> = {
  [numbers.hello]: fields => ({ type: 'hello', nonce: nonce(fields), card: card(fields) }),
  [numbers.welcome]: fields => ({ type: 'welcome', nonce: nonce(fields), card: card(fields), role: roles[fields.uint('role', roles.length - 1)]! }),
  [numbers.newcomerProof]: fields => ({ type: 'newcomerProof', proof: proof(fields) }),
  [numbers.inviterProof]: fields => ({ type: 'inviterProof', proof: proof(fields) }),
  [numbers.confirmed]: () => ({ type: 'confirmed' }),
  [numbers.statements]: fields => ({ type: 'statements', last: fields.bool('last'), statements: fields.list('statements', maxStatements, readStatement) }),
  [numbers.done]: () => ({ type: 'done' }),
  [numbers.refused]: fields => ({ type: 'refused', code: fields.text('code', 32) })
}

function fieldsOf(message: PairingMessage): CborValue[] {
  switch (message.type) {
    case 'hello':
      return [message.nonce, cardFields(message.card)]
    case 'welcome':
      return [message.nonce, cardFields(message.card), roles.indexOf(message.role)]
    case 'newcomerProof':
    case 'inviterProof':
      return [message.proof]
    case 'statements':
      return [message.last, message.statements]
    case 'refused':
      return [message.code]
    case 'confirmed':
    case 'done':
      return []
  }
}

function readStatement(value: CborValue): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length > maxStatementBytes) throw malformed('pairing message', 'a statement is not a byte string of its size')
  return value
}

/**
 * What the two sides prove to each other. The public keys are those that Noise authenticated on the very connection,
 * not those that the cards claim: a proof relayed over other connections does not fit.
 */
export type Transcript = {
  newcomerKey: Uint8Array
  inviterKey: Uint8Array
  newcomerNonce: Uint8Array
  inviterNonce: Uint8Array
  newcomer: DeviceCard
  inviter: DeviceCard
  /** What the newcomer is to be. */
  role: Role
}

export function newNonce(): Uint8Array {
  return randomBytes(pairingNonceBytes)
}

export function proofOf(side: 'newcomer' | 'inviter', code: Uint8Array, transcript: Transcript): Uint8Array {
  const { newcomerKey, inviterKey, newcomerNonce, inviterNonce, newcomer, inviter, role } = transcript
  const said = encodeCbor([pairingProtocol, side, newcomerKey, inviterKey, newcomerNonce, inviterNonce, cardFields(newcomer), cardFields(inviter), roles.indexOf(role)])
  return hmacSha256(deriveKey(code, 'kinmesh/pair/1'), said)
}

/** In constant time: a comparison that stops early would tell how much of a guess is right. */
export function sameProof(a: Uint8Array, b: Uint8Array): boolean {
  return equalBytes(a, b)
}
