import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { maxFrameBytes } from '../../mesh/channel.ts'
import { createIdentity } from '../../mesh/identity.ts'
import { identityNamed } from '../../mesh/membership.fixtures.ts'
import type { Identity } from '../../mesh/types.ts'
import { rejects } from '../../tools/assert.ts'
import { encodePieceFrame, readPieceFrame } from './frames.ts'
import { encodeRoundManifest, type RoundManifest, readRoundManifest, roundIdOf } from './manifest.ts'
import type { Body, MessageType, Said, Value } from './messages.ts'
import { encodeMessage, hashOf, parseMessage, readMessage, sign } from './wire.ts'
import { manifestFor } from './world.fixtures.ts'

const round = 'ab'.repeat(32)
const root = 'cd'.repeat(32)
const payload = { root, bytes: 1000 }

/** Every message at its largest, among so many devices. */
async function messages(devices: readonly Identity[]): Promise<Said[]> {
  const said = async <T extends MessageType>(body: Body & { type: T }) => Promise.all(devices.map(each => sign(round, each, body as Body))) as unknown as Promise<Said<T>[]>
  const offers = await said({ type: 'offer', attempt: 4095, phase: 4, base: root, examples: 0xffff_ffff, payload })
  const joins = await said({ type: 'join', attempt: 4095, accepted: { attempt: 4095, value: root } })
  const accepts = await said({ type: 'accept', attempt: 4095, value: root })
  const [receipt] = await said({ type: 'receipt', attempt: 3, phase: 0, root, code: 'x'.repeat(40) })
  const value: Value = { attempt: 4095, offers, result: payload, transcript: payload, weight: Number.MAX_SAFE_INTEGER }
  const bodies: Body[] = [
    { type: 'unknown' }, { type: 'begin', attempt: 1 }, { type: 'joined', attempt: 1 }, { type: 'join', attempt: 1, accepted: null }, { type: 'held', attempt: 1, value }, { type: 'pass', attempt: 1, code: 'OnBattery' },
    { type: 'show', attempt: 1, phase: 1, payload }, { type: 'commit', attempt: 4095, value, joins }, { type: 'refuse', attempt: 1, value: root, code: 'CommitLeftOut', receipt: receipt! },
    { type: 'refuse', attempt: 1, value: root, code: 'CommitWrongSum', receipt: null }, { type: 'decided', value, accepts }, { type: 'decided', value: { ...value, transcript: null }, accepts }, { type: 'leave', code: '' }
  ]
  return [offers[0]!, joins[0]!, accepts[0]!, receipt!, ...(await Promise.all(bodies.map(body => sign(round, devices[0]!, body))))]
}

async function proposal(): Promise<Said> {
  const manifest = manifestFor(3, { proposer: identityNamed('a').id })
  return sign(roundIdOf(manifest), identityNamed('a'), { type: 'propose', manifest })
}

test('every message is read as it was written, and fits a frame among 64 devices', async () => {
  const devices = (await Promise.all(Array.from({ length: 64 }, createIdentity))).sort((a, b) => (a.id < b.id ? -1 : 1))
  const types = new Set<string>()
  for (const message of [...(await messages(devices)), await proposal()]) {
    const bytes = encodeMessage(message)
    assert.ok(bytes.length <= maxFrameBytes / 2, `${message.type} has ${bytes.length} bytes`)
    assert.equal(await readMessage(bytes), message)
    assert.is(readPieceFrame(bytes), undefined)
    types.add(message.type)
  }
  assert.is(types.size, 15)
})

test('no changed byte and no cut gets through', async () => {
  const devices = [identityNamed('a'), identityNamed('b')]
  for (const message of [...(await messages(devices)), await proposal()]) {
    const bytes = encodeMessage(message)
    for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 150)) {
      const changed = bytes.slice()
      changed[at]! ^= 1 << at % 8
      await rejects(() => readMessage(changed), error => (error as { code?: string }).code !== undefined, `${message.type}, byte ${at}`)
      await rejects(() => readMessage(bytes.subarray(0, at)))
    }
    await rejects(() => readMessage(new Uint8Array([...bytes, 0])))
  }
})

test('a signature is good for one author, round and message', async () => {
  const [a, b] = [identityNamed('a'), identityNamed('b')]
  const message = await sign(round, a, { type: 'begin', attempt: 1 })
  await readMessage(encodeMessage(message))
  const changes: Partial<Said>[] = [{ author: b.id }, { round: root }, { type: 'joined' }, { attempt: 2 } as Partial<Said>]
  for (const change of changes) await rejects(() => readMessage(encodeMessage({ ...message, ...change } as Said)), error => (error as { code: string }).code === 'RoundBadSignature')
})

test('signatures within a message are looked at', async () => {
  const [a, b] = [identityNamed('a'), identityNamed('b')]
  const offer = (await sign(round, b, { type: 'offer', attempt: 0, phase: 0, base: root, examples: 3, payload })) as Said<'offer'>
  const value: Value = { attempt: 0, offers: [{ ...offer, examples: 4 }], result: payload, transcript: null, weight: 4 }
  for (const body of [{ type: 'held', attempt: 0, value }, { type: 'commit', attempt: 0, value, joins: [] }, { type: 'decided', value, accepts: [] }] as Body[]) {
    await rejects(async () => readMessage(encodeMessage(await sign(round, a, body))), error => (error as { code: string }).code === 'RoundBadSignature')
  }
})

test('a manifest has one form and one name', async () => {
  const manifest = manifestFor(4, { privacy: { clipNorm: 1.5, noiseMultiplier: 0.25, sampleRate: 1, noiseIn: 'each' }, maxExamples: 1, compression: { name: 'top-k', share: 0.05 }, aggregation: { name: 'multi-krum', options: { keep: 2, byzantine: 1 } } })
  const bytes = encodeRoundManifest(manifest)
  assert.equal(readRoundManifest(bytes), manifest)
  assert.is(roundIdOf({ ...manifest, aggregation: { name: 'multi-krum', options: { byzantine: 1, keep: 2 } } }), roundIdOf(manifest))
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice()
    changed[at]! ^= 1 << at % 8
    let read: RoundManifest | undefined
    try {
      read = readRoundManifest(changed)
    } catch (error) {
      assert.ok((error as { code?: string }).code, String(error))
    }
    if (read) assert.is.not(roundIdOf(read), roundIdOf(manifest))
  }
})

test('manifests that no round can be held by', () => {
  const base = manifestFor(4)
  const wrong: Partial<RoundManifest>[] = [
    { quorum: 2 }, { quorum: 5 }, { enough: 2 }, { enough: 5 }, { cohort: [...base.cohort].reverse() }, { cohort: base.cohort.slice(0, 1), quorum: 1, enough: 1 }, { cohort: [...base.cohort, base.cohort[3]!] }, { proposer: identityNamed('z').id },
    { base: 'ab' }, { shapes: [] }, { shapes: [{ name: 'w', shape: [0] }] }, { shapes: [{ name: 'w', shape: [2 ** 24, 2] }] }, { maxAbs: NaN }, { maxAbs: 0 }, { maxExamples: 0 }, { secure: true, compression: { name: 'int8' } },
    { task: '' }, { task: 'x'.repeat(129) }, { round: -1 }, { updateMs: 0 }, { roundMs: 1 }, { stepMs: 1e12 }, { privacy: { clipNorm: 1, noiseMultiplier: 1, sampleRate: 1, noiseIn: 'sum' }, maxExamples: 1 },
    { privacy: { clipNorm: 1, noiseMultiplier: 1, sampleRate: 1, noiseIn: 'each' } }, { compression: { name: 'top-k', share: 2 } }
  ]
  for (const change of wrong) {
    let code = ''
    try {
      readRoundManifest(encodeRoundManifest({ ...base, ...change }))
    } catch (error) {
      code = (error as { code: string }).code
    }
    assert.ok(['BadManifest', 'MalformedBytes'].includes(code), `${JSON.stringify(change)}: ${code}`)
  }
})

test('pieces are read as they were written, and others are refused', async () => {
  for (const frame of [{ type: 'want', round, address: root }, { type: 'gone', round, address: root }, { type: 'piece', round, bytes: new Uint8Array(60 * 1024) }] as const) {
    const bytes = encodePieceFrame(frame)
    assert.ok(bytes.length <= maxFrameBytes)
    assert.equal(readPieceFrame(bytes), frame)
    assert.throws(() => readPieceFrame(bytes.subarray(1)))
  }
  assert.throws(() => readPieceFrame(encodePieceFrame({ type: 'piece', round, bytes: new Uint8Array(60 * 1024 + 1) })))
})

test('the hash of a result tells everything in it apart', async () => {
  const offer = (await sign(round, identityNamed('a'), { type: 'offer', attempt: 0, phase: 0, base: root, examples: 3, payload })) as Said<'offer'>
  const value: Value = { attempt: 0, offers: [offer], result: payload, transcript: null, weight: 4 }
  const others: Value[] = [{ ...value, attempt: 1 }, { ...value, offers: [] }, { ...value, weight: 5 }, { ...value, transcript: payload }, { ...value, result: { ...payload, bytes: 4 } }, { ...value, offers: [{ ...offer, signature: '00'.repeat(64) }] }]
  assert.is(new Set([value, ...others].map(hashOf)).size, 7)
  assert.equal(parseMessage(encodeMessage(offer)), offer)
})

test.run()
