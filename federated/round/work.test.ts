import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { identityNamed } from '../../mesh/membership.fixtures.ts'
import type { Identity } from '../../mesh/types.ts'
import { rejects } from '../../tools/assert.ts'
import { encodeUpdate } from '../compression/payload.ts'
import { readMessage, signMessage } from '../secure/messages.ts'
import { secureRound } from '../secure/round.ts'
import { deltaOf } from './devices.fixtures.ts'
import { type RoundManifest, roundIdOf, wordsOf } from './manifest.ts'
import { bytesOfFloats } from './mean.ts'
import type { Payload, Said, Value } from './messages.ts'
import { Payloads } from './payloads.ts'
import { secureWork } from './secure-work.ts'
import { phasesOf, updatePhase } from './state.ts'
import { memoryRoundStore } from './store.ts'
import type { LocalUpdate } from './task.ts'
import { sign } from './wire.ts'
import { type Closed, plainWork, type Work } from './work.ts'
import { manifestFor, names } from './world.fixtures.ts'

// What each device computes, without machines in between: the test gathers and shows.

const { signal } = new AbortController()
const values = 64
const code = (name: string) => (error: unknown) => (error as { code?: string }).code === name

type Hand = { readonly identity: Identity; readonly work: Work; readonly update: LocalUpdate; offers: Said<'offer'>[] }

/** Devices that share one store, so that nothing has to be fetched. */
function hands(manifest: RoundManifest): { all: Hand[]; payloads: Payloads } {
  const payloads = new Payloads({ blobs: memoryRoundStore().blobs('any'), ask: () => Promise.reject(new Error('it is not there')), wait: async () => undefined })
  const identities = names.slice(0, manifest.cohort.length).map(identityNamed).sort((a, b) => (a.id < b.id ? -1 : 1))
  const all = identities.map((identity, at) => {
    const update = { delta: deltaOf(values, at + 1), numExamples: at + 1 }
    const policy = { answer: async () => undefined, update: async () => update, upload: async () => undefined, result: async () => undefined }
    const host = { manifest, identity, payloads, policy }
    return { identity, update, work: manifest.secure ? secureWork(host) : plainWork(host), offers: [] }
  })
  return { all, payloads }
}

function offered(manifest: RoundManifest, { identity }: Hand, phase: number, payload: Payload, examples: number): Promise<Said<'offer'>> {
  return sign(roundIdOf(manifest), identity, { type: 'offer', attempt: 0, phase, base: manifest.base, examples, payload }) as Promise<Said<'offer'>>
}

/** A whole attempt; `replaced` may put another payload in the place of a device's. Who coordinates is the first device. */
async function attempt(manifest: RoundManifest, { all }: ReturnType<typeof hands>, replaced: (at: number, phase: number, payload: Payload) => Promise<Payload> = async (_, __, payload) => payload): Promise<{ value: Value; closed: Closed }> {
  const shown: Payload[] = []
  const gathered: Said<'offer'>[][] = []
  for (const phase of phasesOf(manifest).keys()) {
    const offers = []
    for (const [at, hand] of all.entries()) {
      const { payload, examples } = await hand.work.prepare({ do: 'prepare', attempt: 0, phase, shown, from: all[0]!.identity.id }, signal)
      const offer = await offered(manifest, hand, phase, await replaced(at, phase, payload), examples)
      await all[0]!.work.check({ do: 'check', attempt: 0, offer, before: gathered }, signal)
      offers.push(offer)
    }
    gathered.push(offers)
    const closed = await all[0]!.work.close({ do: 'close', attempt: 0, phase, offers: gathered }, signal)
    if (closed.value) return { closed, value: { attempt: 0, offers: gathered[updatePhase(manifest)]!, ...closed.value } }
    shown.push(closed.shown!)
  }
  throw new Error('no phase was the last one')
}

const plain = manifestFor(3, { shapes: [{ name: 'w', shape: [values] }] })
const secret = { ...plain, secure: true }

test('every participant finds the right result right, and another one wrong', async () => {
  for (const manifest of [plain, secret]) {
    const group = hands(manifest)
    const { value } = await attempt(manifest, group)
    const other = await group.payloads.keep(bytesOfFloats(deltaOf(values, 9)))
    for (const { work, identity } of group.all) {
      await work.verify({ value, from: [identity.id] }, signal)
      await rejects(() => work.verify({ value: { ...value, result: other }, from: [] }, signal), code('CommitWrongSum'))
      await rejects(() => work.verify({ value: { ...value, offers: value.offers.slice(1) }, from: [] }, signal), code(manifest.secure ? 'SecureSplitView' : 'CommitWrongSum'))
    }
    if (manifest.secure) await rejects(() => group.all[1]!.work.verify({ value: { ...value, weight: value.weight + 1 }, from: [] }, signal), code('CommitWrongWeight'))
  }
})

test('what a participant may give is looked at by the coordinator', async () => {
  const group = hands(plain)
  const [lead, other] = group.all
  const check = async (bytes: Uint8Array, manifest = plain, work = lead!.work) => work.check({ do: 'check', attempt: 0, offer: await offered(manifest, other!, 0, await group.payloads.keep(bytes), 3), before: [] }, signal)
  await check(bytesOfFloats(other!.update.delta))
  const changed = (value: number) => bytesOfFloats(other!.update.delta.map((old, at) => (at === 5 ? value : old)))
  for (const value of [NaN, Infinity]) await rejects(() => check(changed(value)), code('NotFinite'))
  await rejects(() => check(changed(11)), code('ValueTooLarge'))
  await rejects(() => check(bytesOfFloats(other!.update.delta.subarray(1))), code('WrongShape'))
  const small: RoundManifest = { ...plain, compression: { name: 'int8' } }
  const compressed = hands(small)
  await rejects(() => check(bytesOfFloats(other!.update.delta), small, plainWork({ manifest: small, identity: lead!.identity, payloads: group.payloads, policy: noPolicy })), code('CompressionDamaged'))
  const { value } = await attempt(small, compressed)
  assert.is(value.offers.length, 3)
  assert.ok(encodeUpdate(other!.update.delta, { name: 'int8' }).length < 4 * values)
})

const noPolicy = { answer: async () => undefined, update: () => Promise.reject(new Error('not asked')), upload: async () => undefined, result: async () => undefined }

test('a device does not send what others would refuse', async () => {
  const group = hands(plain)
  const bad = plainWork({ manifest: plain, identity: group.all[0]!.identity, payloads: group.payloads, policy: { ...noPolicy, update: async () => ({ delta: new Float32Array(values).fill(NaN), numExamples: 1 }) } })
  await rejects(() => bad.prepare({ do: 'prepare', attempt: 0, phase: 0, shown: [], from: group.all[0]!.identity.id }, signal), code('NotFinite'))
})

test('a participant that gives out wrong shares is named, and the sum stands', async () => {
  const group = hands(secret)
  const right = await attempt(secret, hands(secret))
  const { value, closed } = await attempt(secret, group, async (at, phase, payload) => {
    if (at !== 1 || phase !== 4) return payload
    const { task, round, cohort, quorum } = secret
    const secure = secureRound({ task, round, attempt: 0, threshold: quorum, words: wordsOf(secret), cohort })
    const { agreed, shares } = await readMessage(secure, 'reveal', await group.payloads.obtain(payload, [], signal))
    return group.payloads.keep(await signMessage(secure, group.all[1]!.identity, 'reveal', { agreed, shares: [...shares].reverse() }))
  })
  assert.equal(closed.named, [secret.cohort[1]])
  assert.equal(value.result, right.value.result)
})

test('a message of another phase, device or attempt is refused', async () => {
  const group = hands(secret)
  const [one, two] = group.all
  const { payload } = await one!.work.prepare({ do: 'prepare', attempt: 0, phase: 0, shown: [], from: one!.identity.id }, signal)
  const check = async (hand: Hand, phase: number, attempt: number) => two!.work.check({ do: 'check', attempt, offer: await offered(secret, hand, phase, payload, 0), before: [] }, signal)
  await check(one!, 0, 0)
  await rejects(() => check(two!, 0, 0), code('SecureStranger'))
  await rejects(() => check(one!, 1, 0), code('MalformedBytes'))
  await rejects(() => check(one!, 0, 1), code('SecureOtherRound'))
})

test.run()
