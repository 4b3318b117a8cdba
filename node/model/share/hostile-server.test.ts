import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { sha256 } from '#mesh/sha256'
import type { Mesh } from '../../../mesh/types.ts'
import { FakeTime } from '../../../mesh/timers.fixtures.ts'
import { failsWith } from '../../testing/throws.ts'
import { serializeManifest, type Manifest } from '../store/manifest.ts'
import { manifestOf, noise, sha256Of } from '../store/model.fixtures.ts'
import { openModelStore } from '../store/store.node.ts'
import { asideMs, chunkBytes, chunkMs, hashesPerFrame, listMs, manifestPartBytes, maxListBytes, maxOffered, maxOrders, modelsProtocol, silenceMs } from './limits.ts'
import { decodeQuestion, encodeAnswer, type Answer, type Question } from './messages.ts'
import { addModel, bigBytes, plainPull, tinyFiles, tinyId, tinyManifest, tinyRecipe, wantedTiny, withHousehold, type Files, type Household } from './share.fixtures.ts'

type Twist = (question: Question, honest: Answer[]) => Answer[] | Uint8Array | undefined
const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
const listOf = (...manifests: Uint8Array[]): Answer[] => [...manifests.map((bytes): Answer => ({ type: 'manifest', more: false, bytes })), { type: 'listed' }]

/** Answers as a device that has these files does, but for what `twist` makes of it: raw bytes, or undefined for nothing at all. Counts the orders that it got. */
function liar(mesh: Mesh, twist: Twist, files: Files = tinyFiles, manifest: Manifest = tinyManifest): { orders: number; readonly asked: Promise<void> } {
  const contents = new Map(Object.values(files).map(content => [sha256Of(content), Buffer.from(content as Uint8Array)]))
  const asked = Promise.withResolvers<void>()
  const counts = { orders: 0, asked: asked.promise }
  const honest = (question: Question): Answer[] => {
    if (question.type === 'list') return listOf(new TextEncoder().encode(serializeManifest(manifest)))
    const content = contents.get(toString(question.content, 'hex')) ?? Buffer.alloc(0)
    if (question.type === 'read') return [{ type: 'part', bytes: content.subarray(question.offset, question.offset + question.length) }]
    const chunks = Array.from({ length: Math.ceil(content.length / chunkBytes) }, (_, n) => sha256(content.subarray(n * chunkBytes, (n + 1) * chunkBytes)))
    return [{ type: 'hashed', more: false, bytes: Buffer.concat(chunks) }]
  }
  mesh.handle(modelsProtocol, async channel => {
    for await (const frame of channel.frames) {
      const question = decodeQuestion(frame)
      if (question.type === 'read') counts.orders++
      const answers = twist(question, honest(question))
      if (answers === undefined) asked.resolve()
      else if (answers instanceof Uint8Array) await channel.send(answers)
      else for (const answer of answers) await channel.send(encodeAnswer(answer))
    }
  })
  return counts
}

/** Large enough for a few chunks to be a small part of it. */
const large: Files = { ...tinyFiles, 'onnx/weights.bin': noise(4_000_000) }

/** A device that lies about a model, and one that wants it. */
function withLiar(twist: Twist, work: (parts: { house: Household; b: ReturnType<Household['share']>; lies: ReturnType<typeof liar> }) => Promise<void>): Promise<void> {
  return withHousehold(async house => {
    for (const name of ['liar', 'b']) await house.start(name)
    const lies = liar(house.mesh('liar'), twist, large, manifestOf(large, { recipe: tinyRecipe }))
    await work({ house, b: house.share('b'), lies })
  })
}

const damages: Record<string, Twist> = {
  'one wrong byte in the second chunk': (question, honest) => (question.type === 'read' && question.offset > chunkBytes ? honest.map(answer => ({ ...answer, bytes: flipped('bytes' in answer ? answer.bytes : new Uint8Array()) }) as Answer) : honest),
  'longer parts': ({ type }, honest) => (type === 'read' ? [{ type: 'part', bytes: new Uint8Array(53_000) }] : honest),
  'shorter parts': ({ type }, honest) => (type === 'read' ? [{ type: 'part', bytes: new Uint8Array(1) }] : honest),
  'parts of nothing': ({ type }, honest) => (type === 'read' ? [{ type: 'part', bytes: new Uint8Array() }] : honest),
  'too few hashes': ({ type }, honest) => (type === 'hashes' ? [{ type: 'hashed', more: false, bytes: new Uint8Array(32) }] : honest),
  'too many hashes': ({ type }, honest) => (type === 'hashes' ? [{ type: 'hashed', more: false, bytes: new Uint8Array(7 * 32) }] : honest),
  'endless hashes': ({ type }, honest) => (type === 'hashes' ? Array.from({ length: 100 }, (): Answer => ({ type: 'hashed', more: true, bytes: new Uint8Array(hashesPerFrame * 32) })) : honest),
  'hashes in crumbs': ({ type }, honest) => (type === 'hashes' ? [{ type: 'hashed', more: true, bytes: new Uint8Array(32) }] : honest),
  'another answer': ({ type }, honest) => (type === 'read' ? [{ type: 'listed' }] : honest),
  'no frame': ({ type }, honest) => (type === 'read' ? new Uint8Array([1, 2, 3]) : honest),
  'a question': ({ type }, honest) => (type === 'read' ? new Uint8Array([0x81, 0]) : honest)
}

for (const [name, twist] of Object.entries(damages)) {
  test(`${name}: found out at once, put aside for an hour, and another device is asked`, () =>
    withLiar(twist, async ({ house, b, lies }) => {
      const lost = await failsWith('PeerLost', () => b.pull(wantedTiny, plainPull))
      assert.match(lost.message, 'the other device')
      // Two small files, two chunks, and what was on its way by then.
      assert.ok(lies.orders <= 2 + 10 + maxOrders, String(lies.orders))
      assert.ok(b.lines.some(({ level, message, fields }) => level === 'warn' && message.includes('not asked for models for an hour') && fields?.['peer'] === house.id('liar')))
      assert.equal(await b.others(plainPull.signal), [])
      await house.start('c')
      const id = await addModel(house.models('c'), large)
      house.share('c')
      const pulled = await b.pull(wantedTiny, plainPull)
      assert.equal([pulled?.model.id, pulled?.devices], [id, [house.id('c')]])
    }))
}

test('a device that lies about a file from its hashes on is found out when the file is whole, and spoils nothing that came from others', () =>
  withHousehold(async house => {
    for (const name of ['a', 'liar', 'b']) await house.start(name)
    const real = noise(6_000_000)
    const files = { ...tinyFiles, 'onnx/weights.bin': real }
    const id = await addModel(house.models('a'), files)
    let isOpen = true
    house.share('a', { devices: () => (isOpen ? [house.id('b')] : []) })
    const b = house.share('b')
    const stop = new AbortController()
    house.afterSent('a', 3_000_000, () => stop.abort(new Error('enough')))
    await b.pull(wantedTiny, { ...plainPull, signal: stop.signal }).catch(() => undefined)
    const sent = house.sent('a')
    // The same model by its manifest, other bytes, and hashes that fit them.
    const fake = Buffer.from(noise(6_000_000, 2))
    const lies = liar(house.mesh('liar'), (question, honest) => {
      if (question.type === 'list' || question.content.length !== 32 || toString(question.content, 'hex') !== sha256Of(real)) return honest
      if (question.type === 'read') return [{ type: 'part', bytes: fake.subarray(question.offset, question.offset + question.length) }]
      return [{ type: 'hashed', more: false, bytes: Buffer.concat(Array.from({ length: Math.ceil(fake.length / chunkBytes) }, (_, n) => sha256(fake.subarray(n * chunkBytes, (n + 1) * chunkBytes)))) }]
    }, files, manifestOf(files, { recipe: tinyRecipe }))
    isOpen = false
    await failsWith('PeerLost', () => b.pull(wantedTiny, { ...plainPull, from: house.id('liar') }))
    const orders = lies.orders
    assert.ok(orders <= 6_000_000 / chunkBytes * 5 + 10, `the file once, and no more: ${orders}`)
    assert.equal((await (await openModelStore(house.models('b'))).list()).models, [])
    isOpen = true
    const pulled = await b.pull(wantedTiny, plainPull)
    assert.equal([pulled?.model.id, lies.orders], [id, orders])
    assert.equal(await (await openModelStore(house.models('b'))).verify(id), [])
    assert.ok(house.sent('a') - sent < 6_000_000 - 1_000_000, 'what had come from it was not fetched again')
  }))

const badManifest = (change: (manifest: Manifest) => unknown): Uint8Array => json(change(structuredClone(tinyManifest)))
const path = (path: string) => badManifest(manifest => ({ ...manifest, files: manifest.files.map((file, n) => (n === 0 ? { ...file, path } : file)) }))
const lists: Record<string, Answer[] | Uint8Array> = {
  'a path that leads out': listOf(path('../../escaped')),
  'an absolute path': listOf(path('/etc/passwd')),
  'a path of another system': listOf(path('C:\\Windows\\x')),
  'a hidden file': listOf(path('.ssh/authorized_keys')),
  'the manifest itself': listOf(path('manifest.json')),
  'one path twice': listOf(path('tokenizer.json')),
  'a size that cannot be': listOf(badManifest(manifest => ({ ...manifest, files: [{ path: 'a', bytes: -1, sha256: '0'.repeat(64) }] }))),
  'no files': listOf(badManifest(manifest => ({ ...manifest, files: [] }))),
  'a field too many': listOf(badManifest(manifest => ({ ...manifest, run: 'rm -rf' }))),
  'no JSON': listOf(new Uint8Array([0x7b])),
  'a manifest that never ends': Array.from({ length: 40 }, (): Answer => ({ type: 'manifest', more: true, bytes: new Uint8Array(manifestPartBytes) })),
  'a manifest in crumbs': [{ type: 'manifest', more: true, bytes: new Uint8Array(1) }],
  'a list that never ends': Array.from({ length: maxOffered + 1 }, (): Answer => ({ type: 'manifest', more: false, bytes: json(tinyManifest) })),
  'large manifests for ever': Array.from({ length: Math.ceil(maxListBytes / manifestPartBytes) + 1 }, (_, n): Answer => ({ type: 'manifest', more: n % 20 !== 19, bytes: n % 20 === 19 ? new TextEncoder().encode(`${' '.repeat(40_000)}`) : new Uint8Array(manifestPartBytes).fill(32) })),
  'a list that ends within a manifest': [{ type: 'manifest', more: true, bytes: new Uint8Array(manifestPartBytes) }, { type: 'listed' }],
  'no frame': new Uint8Array([0xff])
}

test('lists that cannot be: nothing of them is offered, nothing is written, the device is put aside', () =>
  withHousehold(async house => {
    for (const name of ['liar', 'b']) await house.start(name)
    let list: Answer[] | Uint8Array = []
    liar(house.mesh('liar'), () => list)
    const time = new FakeTime()
    const b = house.share('b', { clock: time.clock })
    for (const [name, wrong] of Object.entries(lists)) {
      list = wrong
      const [told] = await b.others(plainPull.signal)
      assert.equal(told?.offers, [], name)
      assert.ok(told?.problem, name)
      assert.equal(await b.others(plainPull.signal), [], name)
      time.sleep(asideMs + 1)
    }
    list = listOf(json(tinyManifest))
    assert.is((await b.others(plainPull.signal))[0]?.offers.length, 1)
    assert.equal(await (await openModelStore(house.models('b'))).list(), { models: [], broken: [] })
  }))

test('a manifest of a newer kinmesh hides nothing', () =>
  withLiar(question => (question.type === 'list' ? listOf(json({ format: 2, future: true }), json(tinyManifest)) : undefined), async ({ b }) => {
    const [told] = await b.others(plainPull.signal)
    assert.equal([told?.offers.map(({ id }) => id), told?.problem], [[tinyId], null])
  }))

test('a device that never answers is left for another one; one that does not tell of its models holds up no list', async () => {
  for (const silentAt of ['list', 'hashes', 'read'] as const) {
    await withHousehold(async house => {
      for (const name of ['liar', 'b']) await house.start(name)
      const lies = liar(house.mesh('liar'), (question, honest) => (question.type === silentAt ? undefined : honest))
      const time = new FakeTime()
      const b = house.share('b', { timers: time, clock: time.clock })
      if (silentAt === 'list') {
        const told = b.others(plainPull.signal)
        await lies.asked
        await time.run(listMs)
        assert.match((await told)[0]?.problem ?? '', 'did not tell of its models within 5 s')
        return
      }
      const pulled = b.pull(wantedTiny, plainPull)
      await lies.asked
      await house.start('c')
      await addModel(house.models('c'))
      house.share('c')
      await time.run(silenceMs)
      assert.equal((await pulled)?.devices.at(-1), house.id('c'), silentAt)
    })
  }
})

test('a device that brings a chunk in crumbs is left for another one', () => {
  const waiting: (() => void)[] = []
  return withHousehold(async house => {
    for (const name of ['liar', 'b']) await house.start(name)
    const content = fromString(sha256Of(tinyFiles['onnx/weights.bin'] ?? ''), 'hex')
    // Answers to orders of the large file wait for their turn, which comes every twenty seconds.
    const time = new FakeTime()
    let asked = Promise.withResolvers<void>()
    house.mesh('liar').handle(modelsProtocol, async channel => {
      const weights = Buffer.from(tinyFiles['onnx/weights.bin'] as Uint8Array)
      for await (const frame of channel.frames) {
        const question = decodeQuestion(frame)
        if (question.type === 'list') for (const answer of listOf(json(tinyManifest))) await channel.send(encodeAnswer(answer))
        if (question.type === 'hashes') await channel.send(encodeAnswer({ type: 'hashed', more: false, bytes: Buffer.concat(Array.from({ length: Math.ceil(bigBytes / chunkBytes) }, (_, n) => sha256(weights.subarray(n * chunkBytes, (n + 1) * chunkBytes)))) }))
        if (question.type !== 'read') continue
        const isSmall = toString(question.content, 'hex') !== toString(content, 'hex')
        const small = Object.values(tinyFiles).map(each => Buffer.from(each as Uint8Array)).find(each => sha256Of(each) === toString(question.content, 'hex'))
        if (!isSmall) {
          const { promise, resolve } = Promise.withResolvers<void>()
          waiting.push(resolve)
          asked.resolve()
          await promise
        }
        await channel.send(encodeAnswer({ type: 'part', bytes: (isSmall ? (small ?? Buffer.alloc(0)) : weights).subarray(question.offset, question.offset + question.length) }))
      }
    })
    const b = house.share('b', { timers: time, clock: time.clock })
    const pulled = b.pull(wantedTiny, plainPull)
    await asked.promise
    await house.start('c')
    await addModel(house.models('c'))
    house.share('c')
    for (let passed = 0; passed < chunkMs; passed += 20_000) {
      await time.run(20_000)
      asked = Promise.withResolvers()
      waiting.shift()?.()
      if (passed + 20_000 < chunkMs) await asked.promise
    }
    assert.equal((await pulled)?.devices.at(-1), house.id('c'))
  })
})

function flipped(bytes: Uint8Array): Uint8Array {
  const other = bytes.slice()
  if (other.length > 0) other[other.length >> 1] = (other[other.length >> 1] ?? 0) ^ 1
  return other
}

test.run()
