import { streamPair } from '@libp2p/utils'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { rejects } from '../tools/assert.ts'
import { cardFields } from './card.ts'
import { channelOver } from './channel.ts'
import { type CborValue, decodeCbor, encodeCbor } from './codec.ts'
import { isKinmeshError } from './errors.ts'
import { silentLogger } from './log.ts'
import { cardNamed, StatementWriter } from './membership.fixtures.ts'
import { mutate } from './mutate.fixtures.ts'
import { pairingNonceBytes, type PairingMessage, parseMessage, proofOf, readMessage, readStatements, sendMessage, type Transcript } from './pairing-messages.ts'
import { maxHandedKeys, maxReasonChars, maxRecipients, maxStatementBytes, parseStatement } from './statement.ts'
import type { Channel } from './types.ts'

const malformed = (error: unknown) => isKinmeshError(error, 'MalformedBytes')
const card = cardFields(cardNamed('newcomer'))
const nonce = new Uint8Array(pairingNonceBytes)

async function channels(): Promise<[Channel, Channel]> {
  const [a, b] = await streamPair()
  const options = { protocol: '/kinmesh/pair/1', log: silentLogger, tap: undefined, peer: 'peer' }
  return [channelOver(a, options), channelOver(b, options)]
}

/** What a reader makes of these messages. */
async function reading<T>(messages: readonly PairingMessage[], read: (channel: Channel) => Promise<T>): Promise<T> {
  const [near, far] = await channels()
  try {
    for (const message of messages) await sendMessage(near, message)
    return await read(far)
  } finally {
    near.abort(new Error('done'))
  }
}

test('each field keeps to its bounds', () => {
  const right: CborValue[] = [[1, nonce, card], [2, nonce, card, 0], [3, new Uint8Array(32)], [4, new Uint8Array(32)], [5], [6, true, [new Uint8Array(maxStatementBytes)]], [7], [8, 'x'.repeat(32)]]
  for (const message of right) parseMessage(encodeCbor(message))
  const wrong: CborValue[] = [
    [0], [9], [1, new Uint8Array(pairingNonceBytes - 1), card], [1, new Uint8Array(pairingNonceBytes + 1), card], [1, nonce, [...card as CborValue[], 0]], [2, nonce, card, 99], [2, nonce, card], [3, new Uint8Array(31)], [4, new Uint8Array(33)],
    [5, 1], [6, true, [new Uint8Array(maxStatementBytes + 1)]], [6, true, ['text']], [6, 1, []], [6, true, Array.from({ length: 4097 }, () => new Uint8Array(1))], [7, 0], [8, 'x'.repeat(33)], 'hello', []
  ]
  for (const message of wrong) assert.throws(() => parseMessage(encodeCbor(message)), malformed)
})

test('a message of another type than the one that is due is refused', async () => {
  await rejects(reading([{ type: 'done' }], channel => readMessage(channel, 'confirmed')), malformed)
  await rejects(reading([{ type: 'inviterProof', proof: new Uint8Array(32) }], channel => readMessage(channel, 'newcomerProof')), malformed)
})

test('a log of messages without end, or of nothing, is cut short', async () => {
  const empty: PairingMessage & { type: 'statements' } = { type: 'statements', last: false, statements: [] }
  await rejects(reading([empty, { ...empty, last: true }], readStatements), malformed)
  const many: PairingMessage & { type: 'statements' } = { type: 'statements', last: false, statements: Array.from({ length: 2049 }, () => new Uint8Array(1)) }
  await rejects(reading([many, { ...many, last: true }], readStatements), malformed)
  assert.is((await reading([{ ...many, last: true }], readStatements)).length, 2049)
})

test('a proof holds everything that was said, and by whom', () => {
  const transcript: Transcript = {
    newcomerKey: new Uint8Array(32).fill(1), inviterKey: new Uint8Array(32).fill(2), newcomerNonce: new Uint8Array(32).fill(3), inviterNonce: new Uint8Array(32).fill(4),
    newcomer: cardNamed('newcomer'), inviter: cardNamed('inviter'), role: 'admin'
  }
  const code = new Uint8Array(10)
  const other = new Uint8Array(32).fill(9)
  const changed: Transcript[] = [
    { ...transcript, newcomerKey: other }, { ...transcript, inviterKey: other }, { ...transcript, newcomerNonce: other }, { ...transcript, inviterNonce: other },
    { ...transcript, newcomer: cardNamed('other') }, { ...transcript, inviter: cardNamed('other') }, { ...transcript, role: 'keeper' }
  ]
  const proofs = [proofOf('newcomer', code, transcript), proofOf('inviter', code, transcript), proofOf('newcomer', new Uint8Array(10).fill(1), transcript), ...changed.map(each => proofOf('newcomer', code, each))]
  assert.is(new Set(proofs.map(String)).size, proofs.length)
})

test('lists of a statement keep to their bounds', async () => {
  const write = new StatementWriter()
  const create = await write.begin('laptop')
  const [add, remove, rekey] = [await write.add('laptop', 'mini', [create]), await write.remove('laptop', 'mini', [create]), await write.rekey('laptop', ['mini'], [create])]
  const withBody = ({ bytes }: { bytes: Uint8Array }, at: number, value: CborValue) => {
    const fields = decodeCbor(bytes) as CborValue[]
    return encodeCbor(fields.map((field, index) => (index === 6 ? (field as CborValue[]).map((each, place) => (place === at ? value : each)) : field)))
  }
  const keys = (count: number) => Array.from({ length: count }, () => [new Uint8Array(16), new Uint8Array(80)])
  const recipients = (count: number) => Array.from({ length: count }, () => [new Uint8Array(32), new Uint8Array(80)])
  for (const bytes of [withBody(add, 3, keys(maxHandedKeys)), withBody(remove, 3, 'x'.repeat(maxReasonChars)), withBody(rekey, 1, recipients(maxRecipients))]) parseStatement(bytes)
  for (const bytes of [withBody(add, 3, keys(maxHandedKeys + 1)), withBody(remove, 3, 'x'.repeat(maxReasonChars + 1)), withBody(rekey, 1, recipients(maxRecipients + 1))]) {
    assert.ok(bytes.length <= maxStatementBytes)
    assert.throws(() => parseStatement(bytes), malformed)
  }
})

test('messages and statements that were changed anywhere are refused, or are other ones (seed 1)', async () => {
  let state = 1
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
  const dice = { below, chance: (share: number) => below(1000) < share * 1000, bytes: (length: number) => Uint8Array.from({ length }, () => below(256)) }
  const create = await new StatementWriter().begin('laptop')
  const messages: CborValue[] = [[1, nonce, card], [2, nonce, card, 0], [3, new Uint8Array(32)], [6, true, [create.bytes]], [8, 'WrongCode']]
  let refused = 0
  const attempt = (read: () => unknown) => {
    try {
      read()
    } catch (error) {
      assert.ok(isKinmeshError(error, 'MalformedBytes', 'NewerVersion', 'BadDeviceId'), String(error))
      refused++
    }
  }
  for (let count = 0; count < 4000; count++) attempt(() => parseMessage(mutate(dice, encodeCbor(messages[below(messages.length)] ?? []))))
  for (let count = 0; count < 2000; count++) attempt(() => parseStatement(mutate(dice, create.bytes)))
  assert.ok(refused > 4000, `${refused} refused`)
})

test.run()
