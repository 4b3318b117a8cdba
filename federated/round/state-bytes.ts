import { equals } from 'uint8arrays/equals'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { type CborValue, decodeCbor, encodeCbor, FieldReader, malformed } from '../../mesh/codec.ts'
import { hashBytes, keyBytes, sha256 } from '../../mesh/crypto.ts'
import { isKinmeshError, KinmeshError } from '../../mesh/errors.ts'
import { deviceIdOf, publicKeyOf } from '../../mesh/identity.ts'
import type { DeviceId } from '../../mesh/types.ts'
import { maxCohort, readDevice } from './manifest.ts'
import { maxCodeChars, type MessageType, type Payload, type Said, type Value } from './messages.ts'
import { maxAttempt } from './order.ts'
import type { Lead, Mine, Outcome, Phase, RoundState } from './state.ts'
import { encodeMessage, encodeValue, maxPayloadBytes, maxPhases, parseMessage, parseValue } from './wire.ts'

// A state at rest: CBOR `[version, body, SHA-256 of the body]`. The sum finds a disk's mistakes; it holds up nobody who can write the file. Messages are in it as they cross the wire.

const version = 1
/** A message, or a result, of 64 devices has some 20 KiB. */
const maxItemBytes = 64 * 1024
/** 64 devices in each of five phases, and what they have accepted. */
const maxStateBytes = 8 * 1024 * 1024
const maxCounts = 256
const noSignature = '00'.repeat(64)

export function encodeState(state: RoundState): Uint8Array {
  const { mine, lead, accepted, outcome } = state
  const body = encodeCbor([
    publicKeyOf(state.self), encodeMessage(state.proposal), state.startedAt, state.willing === null ? 0 : state.willing ? 1 : 2, state.unwilling, devices(state.heardOf), devices(state.left),
    state.distrusted.map(({ device, code }) => [publicKeyOf(device), code]), state.attempt + 1, state.attemptAt,
    [
      mine.heard, mine.shown.map(payloadFields), mine.offers.map(offer => encodeMessage({ ...offer, round: state.proposal.round, author: state.self, signature: noSignature })), mine.receipts.map(encodeMessage), mine.passed,
      mine.checking ? [encodeValue(mine.checking.value), publicKeyOf(mine.checking.from)] : []
    ],
    lead ? leadFields(lead) : [], accepted ? [accepted.attempt, encodeValue(accepted.value)] : [], outcome ? outcomeFields(outcome) : [],
    Object.entries(state.counts).map(([code, times]) => [code, times])
  ])
  return encodeCbor([version, body, sha256(body)])
}

function leadFields({ joins, held, phases, gone, commit, accepts, refusals }: Lead): CborValue[] {
  return [
    joins.map(encodeMessage), held.map(({ value, from, checked }) => [encodeValue(value), publicKeyOf(from), checked]),
    phases.map(({ at, offers, pending, refused, closed, shown }) => [at, offers.map(encodeMessage), pending.map(encodeMessage), refused.map(({ device, code }) => [publicKeyOf(device), code]), closed, shown ? payloadFields(shown) : []]),
    devices(gone), commit ? [encodeValue(commit.value), commit.joins.map(encodeMessage)] : [], accepts.map(encodeMessage), devices(refusals)
  ]
}

function outcomeFields(outcome: Outcome): CborValue[] {
  switch (outcome.kind) {
    case 'decided':
      return ['decided', encodeValue(outcome.value), outcome.accepts.map(encodeMessage), publicKeyOf(outcome.from), outcome.checked, outcome.done]
    case 'refused':
      return ['refused', encodeValue(outcome.value), outcome.code]
    case 'failed':
      return ['failed', outcome.code]
  }
}

/**
 * What `encodeState` wrote, with nobody known to be away.
 * @throws KinmeshError `RoundStateDamaged`, `NewerVersion`
 */
export function decodeState(bytes: Uint8Array): RoundState {
  try {
    if (bytes.length > maxStateBytes) throw malformed('state', 'is too long')
    const outer = new FieldReader(decodeCbor(bytes), 'state')
    if (outer.uint('version') > version) throw new KinmeshError('NewerVersion', 'this round was stored by a newer kinmesh: update kinmesh on this device')
    const body = outer.bytes('body', { max: maxStateBytes })
    if (!equals(outer.bytes('sum', { length: hashBytes }), sha256(body))) throw malformed('state', 'has another sum')
    outer.end()
    return readState(new FieldReader(decodeCbor(body), 'state'))
  } catch (cause) {
    if (isKinmeshError(cause, 'NewerVersion')) throw cause
    throw new KinmeshError('RoundStateDamaged', 'what was stored of a round cannot be read: remove it, and take part in the next one', { cause })
  }
}

function readState(fields: FieldReader): RoundState {
  const self = deviceIdOf(fields.bytes('self', { length: keyBytes }))
  const proposal = message('propose', fields.bytes('proposal', { max: maxItemBytes }))
  const { round } = proposal
  const state = {
    self, proposal, startedAt: fields.uint('started'), willing: [null, true, false][fields.uint('willing', 2)]!, unwilling: code(fields), heardOf: readDevices(fields), away: [], left: readDevices(fields),
    distrusted: readNamed(fields), attempt: fields.uint('attempt', maxAttempt + 1) - 1, attemptAt: fields.uint('attempt at'),
    mine: readMine(array(fields), round), lead: maybe(fields, each => readLead(each, round)), accepted: maybe(fields, each => ({ attempt: each.uint('attempt', maxAttempt), value: readValue(each, round) })),
    outcome: maybe(fields, each => readOutcome(each, round)),
    counts: Object.fromEntries(fields.list('counts', maxCounts, value => within(value, each => [code(each), each.uint('times')] as const)))
  }
  fields.end()
  return state
}

function readMine(fields: FieldReader, round: string): Mine {
  const mine = {
    heard: fields.bool('heard'), shown: fields.list('shown', maxPhases, value => within(value, readPayload)),
    offers: messages('offer', fields, maxPhases).map(({ round: _, author: __, signature: ___, ...body }) => body), receipts: messages('receipt', fields, maxPhases), passed: code(fields),
    checking: maybe(fields, each => ({ value: readValue(each, round), from: device(each) }))
  }
  fields.end()
  return mine
}

function readLead(fields: FieldReader, round: string): Lead {
  return {
    joins: messages('join', fields), held: fields.list('held', maxCohort, value => within(value, each => ({ value: readValue(each, round), from: device(each), checked: each.bool('checked') }))),
    phases: fields.list('phases', maxPhases, value => within(value, readPhase)), gone: readDevices(fields), commit: maybe(fields, each => ({ value: readValue(each, round), joins: messages('join', each) })),
    accepts: messages('accept', fields), refusals: readDevices(fields)
  }
}

function readPhase(fields: FieldReader): Phase {
  return { at: fields.uint('at'), offers: messages('offer', fields), pending: messages('offer', fields), refused: readNamed(fields), closed: fields.bool('closed'), shown: maybe(fields, readPayload) }
}

function readOutcome(fields: FieldReader, round: string): Outcome {
  const kind = fields.text('kind', maxCodeChars)
  if (kind === 'failed') return { kind, code: code(fields) }
  if (kind === 'refused') return { kind, value: readValue(fields, round), code: code(fields) }
  if (kind !== 'decided') throw malformed('state', 'has no such end')
  return { kind, value: readValue(fields, round), accepts: messages('accept', fields), from: device(fields), checked: fields.bool('checked'), done: fields.bool('done') }
}

function readNamed(fields: FieldReader): { device: DeviceId; code: string }[] {
  return fields.list('named', maxCohort, value => within(value, each => ({ device: device(each), code: code(each) })))
}

function readPayload(fields: FieldReader): Payload {
  return { root: toString(fields.bytes('root', { length: hashBytes }), 'base16'), bytes: fields.uint('bytes', maxPayloadBytes) }
}

function payloadFields({ root, bytes }: Payload): CborValue[] {
  return [fromString(root, 'base16'), bytes]
}

function readValue(fields: FieldReader, round: string): Value {
  return parseValue(fields.bytes('value', { max: maxItemBytes }), round)
}

function message<T extends MessageType>(type: T, bytes: Uint8Array): Said<T> {
  const found = parseMessage(bytes)
  if (found.type !== type) throw malformed('state', `has a ${found.type} in the place of a ${type}`)
  return found as unknown as Said<T>
}

function messages<T extends MessageType>(type: T, fields: FieldReader, most = maxCohort): Said<T>[] {
  return fields.list(type, most, value => {
    if (!(value instanceof Uint8Array)) throw malformed('state', 'a message is not bytes')
    return message(type, value)
  })
}

function devices(ids: readonly DeviceId[]): CborValue[] {
  return ids.map(publicKeyOf)
}

function readDevices(fields: FieldReader): DeviceId[] {
  return fields.list('devices', maxCohort, readDevice)
}

function device(fields: FieldReader): DeviceId {
  return deviceIdOf(fields.bytes('device', { length: keyBytes }))
}

function code(fields: FieldReader): string {
  return fields.text('code', maxCodeChars)
}

function array(fields: FieldReader): FieldReader {
  return new FieldReader(fields.list('part', 16, value => value), 'state')
}

/** An empty array stands for nothing. */
function maybe<T>(fields: FieldReader, read: (fields: FieldReader) => T): T | null {
  const values = fields.list('part', 16, value => value)
  return values.length === 0 ? null : within(values, read)
}

function within<T>(value: CborValue, read: (fields: FieldReader) => T): T {
  const fields = new FieldReader(value, 'state')
  const result = read(fields)
  fields.end()
  return result
}
