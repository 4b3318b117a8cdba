import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { rejects } from '../../tools/assert.ts'
import { type CborValue, decodeCbor, encodeCbor } from '../../mesh/codec.ts'
import { sha256 } from '../../mesh/crypto.ts'
import { isKinmeshError } from '../../mesh/errors.ts'
import { createIdentity } from '../../mesh/identity.ts'
import { readMessage, signMessage } from './messages.ts'
import { agree, dealShares, maskVector, offerKeys, reveal } from './participant.ts'
import { recommendedThreshold, type RoundTerms, secureRound } from './round.ts'
import { again, dealAll, dealsFrom, finish, maskAll, members, messagesOf, offerAll, plainSum, readEach, roundOf } from './secure.fixtures.ts'
import { unmask } from './unmask.ts'

const words = 33
const group = await members(4, words)
const ids = group.map(({ identity }) => identity.id)
const round = roundOf(group, { threshold: 3 })
const offered = await offerAll(round, group)
const dealt = await dealAll(again(offered))
const deals = await dealsFrom(round, offered, dealt)
const masked = await maskAll(again(dealt), group)
const agreed = await Promise.all(again(masked).map(({ state }) => agree(state, ids)))
const answers = await Promise.all(again(agreed).map(({ state }) => reveal(state, messagesOf(agreed))))
const code = (...codes: string[]) => (error: unknown) => isKinmeshError(error, ...codes)
const anyone = () => true

/** The message with some fields changed, signed anew by its author, as a participant that lies would. */
async function lie(bytes: Uint8Array, change: (fields: CborValue[]) => void, author = 0): Promise<Uint8Array> {
  const fields = (decodeCbor(bytes) as CborValue[]).slice(0, -1)
  change(fields)
  return encodeCbor([...fields, await group[author]!.identity.sign(sha256(encodeCbor(['kinmesh-secure-message', ...fields])))])
}

test('a sum is that of the vectors, and no message shows one', async () => {
  const { sum } = await finish(deals, again(masked), anyone, anyone)
  assert.equal(sum, plainSum(group, ids))
  for (const [at, { message }] of masked.entries()) {
    const shown = await readMessage(round, 'masked', message)
    assert.not.equal(shown.vector, new Uint8Array(group[at]!.vector.buffer))
  }
})

test('the same vector has other masks in the next attempt, from all keys on', async () => {
  const next = roundOf(group, { threshold: 3, attempt: 1 })
  const offeredNext = await offerAll(next, group)
  const maskedNext = await maskAll(await dealAll(offeredNext), group)
  for (const [at, { message }] of maskedNext.entries()) {
    const [one, other] = [await readMessage(round, 'masked', masked[at]!.message), await readMessage(next, 'masked', message)]
    const same = one.vector.filter((byte, place) => byte === other.vector[place]).length
    assert.ok(same < words, `${same} of ${4 * words} bytes are alike`)
  }
  // One attempt's messages are refused in another, in every phase.
  await rejects(dealShares({ ...offeredNext[0]!.state }, messagesOf(offered)), code('SecureOtherRound'))
  for (const [type, message] of [['keys', offered[0]!.message], ['shares', dealt[0]!.message], ['masked', masked[0]!.message], ['agreement', agreed[0]!.message], ['reveal', answers[0]!]] as const) {
    await rejects(readMessage(next, type, message), code('SecureOtherRound'), type)
  }
  for (const other of [{ round: 2 }, { task: 'other' }, { threshold: 4 }]) await rejects(readMessage(roundOf(group, { threshold: 3, ...other }), 'keys', offered[0]!.message), code('SecureOtherRound'))
})

test('every flipped byte and every cut of every message is refused', async () => {
  for (const [type, message] of [['keys', offered[0]!.message], ['shares', dealt[0]!.message], ['masked', masked[0]!.message], ['agreement', agreed[0]!.message], ['reveal', answers[0]!]] as const) {
    for (let at = 0; at < message.length; at++) {
      const damaged = new Uint8Array(message)
      damaged[at]! ^= 1 << at % 8
      await rejects(readMessage(round, type, damaged), code('MalformedBytes', 'NewerVersion', 'SecureOtherRound', 'SecureStranger', 'SecureBadSignature'), `${type} ${at}`)
    }
    for (let length = 0; length < message.length; length += 7) await rejects(readMessage(round, type, message.subarray(0, length)), code('MalformedBytes'))
    await rejects(readMessage(round, type, new Uint8Array([...message, 0])), code('MalformedBytes'))
    await rejects(readMessage(round, type === 'keys' ? 'shares' : 'keys', message), code('MalformedBytes'))
  }
})

test('what another device signed, and what a stranger says', async () => {
  const forged = (decodeCbor(offered[0]!.message) as CborValue[]).slice()
  forged[3] = group[1]!.identity.signing.publicKey
  await rejects(readMessage(round, 'keys', encodeCbor(forged)), code('SecureBadSignature'))
  const stranger = await createIdentity()
  await rejects(offerKeys(round, stranger), code('SecureStranger'))
  forged[3] = stranger.signing.publicKey
  await rejects(readMessage(round, 'keys', encodeCbor(forged)), code('SecureStranger'))
})

test('fields beyond their bounds, signed by their author', async () => {
  const keys = (change: (fields: CborValue[]) => void) => lie(offered[0]!.message, change)
  await rejects(readMessage(round, 'keys', await keys(fields => { fields[4] = new Uint8Array(31) })), code('MalformedBytes'))
  await rejects(readMessage(round, 'keys', await keys(fields => { fields.push(1) })), code('MalformedBytes'))
  await rejects(readMessage(round, 'keys', await keys(fields => { fields[0] = 2 })), code('NewerVersion'))
  await rejects(readMessage(round, 'masked', await lie(masked[0]!.message, fields => { fields[5] = new Uint8Array(4 * words + 4) })), code('MalformedBytes'))
  await rejects(readMessage(round, 'shares', await lie(dealt[0]!.message, fields => { (fields[5] as CborValue[]).pop() })), code('MalformedBytes'))
  for (const survivors of [[1, 0, 2], [0, 0, 1], [0, 1, 4], [0, 1, 2, 3, 3], [-1], ['a']]) await rejects(readMessage(round, 'agreement', await lie(agreed[0]!.message, fields => { fields[5] = survivors })), code('MalformedBytes'))
})

test('duplicates, the own message left out or replaced', async () => {
  const keyMessages = messagesOf(offered)
  const state = () => ({ ...offered[0]!.state })
  await rejects(dealShares(state(), [...keyMessages, keyMessages[1]!]), code('SecureDuplicate'))
  await rejects(dealShares(state(), keyMessages.slice(1)), code('SecureLeftOut'))
  await rejects(dealShares(state(), [(await offerKeys(round, group[0]!.identity)).message, ...keyMessages.slice(1)]), code('SecureLeftOut'))
  await rejects(dealShares(state(), keyMessages.slice(0, 2)), code('SecureTooFew'))
  const shareMessages = messagesOf(dealt)
  const vector = group[0]!.vector
  await rejects(maskVector({ ...dealt[0]!.state }, [...shareMessages, shareMessages[1]!], vector), code('SecureDuplicate'))
  await rejects(maskVector({ ...dealt[0]!.state }, shareMessages.slice(1), vector), code('SecureLeftOut'))
  await rejects(maskVector({ ...dealt[0]!.state }, shareMessages, vector.subarray(1)), code('SecureBadVector'))
  await rejects(unmask(deals, await readEach(round, 'masked', messagesOf([...masked, masked[0]!])), await readEach(round, 'reveal', answers)), code('SecureDuplicate'))
  await rejects(unmask(deals, await readEach(round, 'masked', messagesOf(masked)), await readEach(round, 'reveal', [...answers.slice(1), answers[1]!])), code('SecureDuplicate'))
})

test('a dealer that gives a wrong share is named by who gets it, and one that was shown other keys by all', async () => {
  // Shares of other secrets than those committed to, rightly sealed.
  const other = await dealShares({ ...offered[1]!.state }, messagesOf(offered))
  const wrong = await lie(dealt[1]!.message, fields => { fields[7] = (decodeCbor(other.message) as CborValue[])[7]! }, 1)
  const error = await rejects(maskVector({ ...dealt[0]!.state }, [dealt[0]!.message, wrong, ...messagesOf(dealt.slice(2))], group[0]!.vector), code('SecureWrongShare'))
  assert.ok((error as Error).message.includes(ids[1]!))
  // Only one of the two secrets is not the one committed to.
  for (const field of [5, 6]) {
    const half = await lie(dealt[1]!.message, fields => { fields[field] = (decodeCbor(other.message) as CborValue[])[field]! }, 1)
    await rejects(maskVector({ ...dealt[0]!.state }, [dealt[0]!.message, half, ...messagesOf(dealt.slice(2))], group[0]!.vector), code('SecureWrongShare'))
  }
  const swapped = await lie(dealt[1]!.message, fields => { (fields[7] as CborValue[]).reverse() }, 1)
  await rejects(maskVector({ ...dealt[0]!.state }, [dealt[0]!.message, swapped, ...messagesOf(dealt.slice(2))], group[0]!.vector), code('SecureWrongShare'))
  const fewer = await dealShares({ ...offered[1]!.state }, messagesOf(offered.slice(0, 3)))
  await rejects(maskVector({ ...dealt[0]!.state }, [dealt[0]!.message, fewer.message, ...messagesOf(dealt.slice(2))], group[0]!.vector), code('SecureOtherRoster'))
})

test('a state serves one step, and an answer goes to one set', async () => {
  const [{ state }] = again(masked) as [(typeof masked)[number]]
  const { state: mine } = await agree(state, ids)
  await rejects(agree(state, ids.slice(0, 3)), code('SecureStateSpent'))
  const answer = await readMessage(round, 'reveal', await reveal(mine, messagesOf(agreed)))
  await rejects(reveal(mine, messagesOf(agreed)), code('SecureStateSpent'))
  assert.is(answer.shares.length, group.length, 'one share per dealer')
  const [dealtOnce] = again(dealt) as [(typeof dealt)[number]]
  await maskVector(dealtOnce.state, messagesOf(dealt), group[0]!.vector)
  await rejects(maskVector(dealtOnce.state, messagesOf(dealt), group[1]!.vector), code('SecureStateSpent'))
})

test('of a survivor the share of its self-mask is given out, of the others that of the key', async () => {
  const survivors = ids.slice(0, 3)
  const few = await Promise.all(again(masked.slice(0, 3)).map(({ state }) => agree(state, survivors)))
  for (const { state } of few) {
    const { shares } = await readMessage(round, 'reveal', await reveal(state, messagesOf(few)))
    assert.equal(shares, state.held.map(({ self, mask }, at) => (at < 3 ? self : mask)))
  }
})

test('a coordinator that tells two halves of different sets gets no answer', async () => {
  const others = await Promise.all(again(masked.slice(0, 3)).map(({ state }) => agree(state, ids.slice(0, 3))))
  await rejects(reveal({ ...agreed[0]!.state }, messagesOf([agreed[0]!, agreed[3]!, others[1]!])), code('SecureSplitView'))
  await rejects(reveal({ ...agreed[0]!.state }, messagesOf(agreed.slice(0, 2))), code('SecureTooFew'))
  await rejects(reveal({ ...agreed[0]!.state }, messagesOf([agreed[0]!, agreed[0]!, agreed[0]!])), code('SecureDuplicate'))
  for (const [survivors, name] of [[ids.slice(0, 2), 'SecureTooFew'], [ids.slice(1), 'SecureLeftOut'], [[...ids, ids[1]!], 'SecureDuplicate'], [[...ids, (await createIdentity()).id], 'SecureStranger']] as const) {
    await rejects(agree({ ...masked[0]!.state }, survivors), code(name), name)
  }
  const stray = await readEach(round, 'reveal', [await reveal(others[0]!.state, messagesOf(others))])
  await rejects(unmask(deals, await readEach(round, 'masked', messagesOf(masked)), [...(await readEach(round, 'reveal', answers.slice(1))), ...stray]), code('SecureSplitView'))
})

test('a device that gives out wrong shares is named, and the sum stands while enough are right', async () => {
  const swap = (answer: Uint8Array, author: number) => lie(answer, fields => { (fields[5] as CborValue[]).reverse() }, author)
  const vectors = await readEach(round, 'masked', messagesOf(masked))
  const one = await unmask(deals, vectors, await readEach(round, 'reveal', [await swap(answers[0]!, 0), ...answers.slice(1)]))
  assert.equal(one.liars, [ids[0]])
  assert.equal(one.sum, plainSum(group, ids))
  const two = [await swap(answers[0]!, 0), await swap(answers[1]!, 1), ...answers.slice(2)]
  const error = await rejects(unmask(deals, vectors, await readEach(round, 'reveal', two)), code('SecureTooFew'))
  assert.ok((error as Error).message.includes(ids[0]!) && (error as Error).message.includes(ids[1]!))
  const garbage = await lie(answers[0]!, fields => { fields[5] = ids.map(() => new Uint8Array(32).fill(255)) })
  assert.equal((await unmask(deals, vectors, await readEach(round, 'reveal', [garbage, ...answers.slice(1)]))).liars, [ids[0]])
})

test('below the threshold nothing is unmasked', async () => {
  await rejects(unmask(deals, await readEach(round, 'masked', messagesOf(masked)), await readEach(round, 'reveal', answers.slice(0, 2))), code('SecureTooFew'))
  await rejects(unmask(deals, await readEach(round, 'masked', messagesOf(masked.slice(0, 2))), []), code('SecureTooFew'))
})

test('a vector masked for other partners, and a dropout that shared another key than it offered', async () => {
  const other = await readMessage(round, 'masked', (await maskVector({ ...dealt[0]!.state }, messagesOf(dealt.slice(0, 3)), group[0]!.vector)).message)
  await rejects(unmask(deals, [other, ...(await readEach(round, 'masked', messagesOf(masked.slice(1))))], await readEach(round, 'reveal', answers)), code('SecureOtherShares'))
  const swapped = await dealShares({ ...offered[3]!.state, maskSecret: offered[3]!.state.selfSecret }, messagesOf(offered))
  const all = [...dealt.slice(0, 3), swapped]
  const three = await Promise.all(again(all.slice(0, 3)).map(({ state }, at) => maskVector(state, messagesOf(all), group[at]!.vector)))
  await rejects(finish(await dealsFrom(round, offered, all), three, anyone, anyone), code('SecureWrongKey'))
})

test('terms that cannot be kept', () => {
  const terms: RoundTerms = { task: 't', round: 0, attempt: 0, threshold: 3, words: 1, cohort: ids }
  secureRound(terms)
  assert.equal(secureRound({ ...terms, cohort: [...ids].reverse() }).id, secureRound(terms).id, 'in any order')
  const wrong: Partial<RoundTerms>[] = [
    { task: '' }, { task: 'x'.repeat(129) }, { round: -1 }, { attempt: 0.5 }, { words: 0 }, { words: 2 ** 24 + 1 }, { threshold: 2 }, { threshold: 5 }, { threshold: 2.5 }, { cohort: ids.slice(0, 2), threshold: 2 }, { cohort: [...ids.slice(0, 3), ids[0]!] }
  ]
  for (const one of wrong) assert.throws(() => secureRound({ ...terms, ...one }), code('SecureBadTerms'), JSON.stringify(one))
  assert.equal([3, 4, 5, 10].map(recommendedThreshold), [3, 3, 4, 7])
})

test('masked words of a constant vector look uniform', async () => {
  // 16 equal classes of the words' high and low bits: chi-square with 15 degrees of freedom exceeds 60 once in three million times.
  const long = (await members(3, 20_000)).map(member => ({ ...member, vector: new Uint32Array(20_000).fill(7) }))
  const wide = roundOf(long, { threshold: 2 })
  for (const { message } of await maskAll(await dealAll(await offerAll(wide, long)), long)) {
    const { vector } = await readMessage(wide, 'masked', message)
    for (const nibble of [(word: number) => word >>> 28, (word: number) => word & 15]) {
      const counts = Array.from({ length: 16 }, () => 0)
      const view = new DataView(vector.buffer, vector.byteOffset)
      for (let at = 0; at < 20_000; at++) counts[nibble(view.getUint32(4 * at, true))]!++
      const chiSquare = counts.reduce((sum, count) => sum + (count - 1250) ** 2 / 1250, 0)
      assert.ok(chiSquare < 60, `chi-square ${chiSquare}`)
    }
  }
})

test('a message is signed by a device of the cohort alone', async () => {
  await rejects(signMessage(round, await createIdentity(), 'keys', { maskKey: new Uint8Array(32), shareKey: new Uint8Array(32) }), code('SecureStranger'))
})

test.run()
