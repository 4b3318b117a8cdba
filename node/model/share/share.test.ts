import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { failsWith } from '../../testing/throws.ts'
import { noise } from '../store/model.fixtures.ts'
import { openModelStore } from '../store/store.node.ts'
import { chunkBytes, modelsProtocol } from './limits.ts'
import { encodeQuestion } from './messages.ts'
import { addModel, bigBytes, plainPull, tinyFiles, tinyId, wantedTiny, withHousehold, writeFiles, type Household } from './share.fixtures.ts'

const partOf = (house: Household, name: string) => {
  const staging = join(house.models(name), 'staging')
  const path = readdirSync(staging, { recursive: true, encoding: 'utf8' }).filter(each => each.endsWith('.part')).map(each => join(staging, each)).sort((a, b) => statSync(b).size - statSync(a).size)[0]
  return path === undefined ? 0 : statSync(path).size
}

test('a model comes from another device: whole, checked, once', () =>
  withHousehold(async house => {
    await house.start('a')
    await house.start('b')
    assert.is(await addModel(house.models('a')), tinyId)
    house.share('a')
    const b = house.share('b')
    const [told] = await b.others(plainPull.signal)
    assert.equal([told?.device, told?.offers.map(({ id, manifest }) => [id, manifest.files.length])], [house.id('a'), [[tinyId, 3]]])
    const phases = new Set<string>()
    let last = 0
    const pulled = await b.pull(wantedTiny, { ...plainPull, onProgress: ({ phase, bytes, totalBytes, device }) => {
      phases.add(`${phase}${device === null ? '' : ' from a device'}`)
      if (phase === 'fetch') last = totalBytes - bytes
    } })
    assert.equal([pulled?.model.id, pulled?.wasThere, pulled?.devices], [tinyId, false, [house.id('a')]])
    assert.is(last, 0)
    assert.ok(phases.has('list') && phases.has('fetch from a device') && phases.has('check from a device'), [...phases].join())
    const store = await openModelStore(house.models('b'))
    assert.equal(await store.verify(tinyId), [])
    assert.equal(readdirSync(join(house.models('b'), 'staging')).filter(name => !name.endsWith('.lock')), [])
    const before = house.sent('a')
    assert.equal([(await b.pull(wantedTiny, plainPull))?.wasThere, (await b.pull({ ...wantedTiny, name: tinyId.slice(0, 10), recipe: null }, plainPull))?.wasThere], [true, true])
    assert.ok(house.sent('a') - before < 10_000, 'only lists were sent')
    // What lost bytes is not taken for what was there.
    truncateSync(join(house.models('b'), tinyId, 'config.json'), 1)
    assert.is((await b.pull(wantedTiny, plainPull))?.wasThere, false)
    assert.equal(await store.verify(tinyId), [])
  }))

test('what is not meant, or no newer than what is here, is left to the hub', () =>
  withHousehold(async house => {
    await house.start('a')
    await house.start('b')
    await addModel(house.models('a'))
    house.share('a')
    const b = house.share('b')
    for (const other of [{ name: 'someone/else' }, { endpoint: 'http://hub.example' }, { revision: 'b'.repeat(40) }, { kind: 'encoder' as const }, { recipe: null }, { recipe: { bits: 8 as const, block: 32 } }]) {
      assert.is(await b.pull({ ...wantedTiny, ...other }, plainPull), undefined, JSON.stringify(other))
    }
    assert.is(await b.pull(wantedTiny, { ...plainPull, from: 'nobody' }), undefined)
    await addModel(house.models('b'), { ...tinyFiles, 'config.json': '{"newer":1}' }, { madeAt: 1_800_000_000_000 })
    assert.is(await b.pull(wantedTiny, plainPull), undefined)
    assert.is((await b.pull(wantedTiny, { ...plainPull, from: house.id('a') }))?.model.id, tinyId)
  }))

test('the model in use is offered wherever it lies; where, is not told; what changed there is not served', () =>
  withHousehold(async house => {
    await house.start('a')
    await house.start('b')
    const outside = join(house.models('a'), '..', 'mine')
    const made = await addModel(join(outside, 'store'), tinyFiles, { source: { path: '/home/anna/secret/mine' } })
    await (await openModelStore(house.models('a'))).useFolder(join(outside, 'store', made))
    const a = house.share('a')
    const b = house.share('b')
    const [told] = await b.others(plainPull.signal)
    assert.equal(told?.offers.map(({ manifest }) => manifest.source), [{ path: 'mine' }])
    writeFiles(join(outside, 'store', made), { 'onnx/weights.bin': noise(bigBytes, 2) })
    await failsWith('PeerLost', () => b.pull(wantedTiny, plainPull))
    assert.ok(a.lines.some(({ level, message }) => level === 'warn' && message === 'a model is damaged'))
    assert.is(partOf(house, 'b'), 0)
  }))

test('a pull that is stopped, or whose device goes, goes on at its last chunk: from the same or another device', () =>
  withHousehold(async house => {
    for (const name of ['a', 'b', 'c']) await house.start(name)
    const files = { ...tinyFiles, 'onnx/weights.bin': noise(24_000_000) }
    for (const name of ['a', 'c']) await addModel(house.models(name), files)
    house.share('a')
    const b = house.share('b')
    const stop = new AbortController()
    house.afterSent('a', 3_000_000, () => stop.abort(new Error('enough')))
    const stopped = b.pull(wantedTiny, { ...plainPull, signal: stop.signal })
    assert.is((await stopped.then(() => undefined, (error: unknown) => error as Error))?.message, 'enough')
    const had = partOf(house, 'b')
    assert.ok(had >= chunkBytes && had < 24_000_000 && had % chunkBytes === 0, String(had))
    assert.equal((await (await openModelStore(house.models('b'))).list()).models, [])

    const sentByA = house.sent('a')
    house.share('c')
    // Whichever of them is asked first goes.
    const ids = { a: house.id('a'), c: house.id('c') }
    let gone: 'a' | 'c' | undefined
    let stopping = Promise.resolve()
    for (const name of ['a', 'c'] as const) {
      house.afterSent(name, 3_000_000, () => {
        if (gone !== undefined) return
        gone = name
        stopping = house.stop(name)
      })
    }
    const pulled = await b.pull(wantedTiny, plainPull)
    await stopping
    assert.equal(pulled?.devices, gone === 'a' ? [ids.a, ids.c] : [ids.c, ids.a])
    assert.equal(await (await openModelStore(house.models('b'))).verify(pulled?.model.id ?? ''), [])
    // Beside lists, hashes and what was ordered and not waited for, nothing was sent twice.
    assert.ok(house.sent('a') - sentByA + house.sent('c') < 24_000_000 - had + 2_500_000, String([house.sent('a'), sentByA, house.sent('c'), had]))
  }))

test('chunks that went bad on the disk meanwhile are fetched anew, and a full disk is told before anything is', () =>
  withHousehold(async house => {
    await house.start('a')
    await house.start('b')
    await addModel(house.models('a'), { ...tinyFiles, 'onnx/weights.bin': noise(12_000_000) })
    house.share('a')
    await failsWith('DiskFull', () => house.share('b', { free: async () => 100 }).pull(wantedTiny, plainPull))
    const b = house.share('b')
    const stop = new AbortController()
    house.afterSent('a', 2_000_000, () => stop.abort(new Error('enough')))
    await b.pull(wantedTiny, { ...plainPull, signal: stop.signal }).catch(() => undefined)
    const staging = join(house.models('b'), 'staging')
    const part = readdirSync(staging, { recursive: true, encoding: 'utf8' }).find(each => each.endsWith('.part')) ?? ''
    const bytes = readFileSync(join(staging, part))
    bytes[chunkBytes + 7] = (bytes[chunkBytes + 7] ?? 0) ^ 1
    writeFileSync(join(staging, part), Buffer.concat([bytes, Buffer.alloc(100)]))
    const pulled = await b.pull(wantedTiny, plainPull)
    assert.equal(await (await openModelStore(house.models('b'))).verify(pulled?.model.id ?? ''), [])
  }))

test('a device that shares no models, as a page, has none', () =>
  withHousehold(async house => {
    await house.start('a')
    await house.start('b')
    const b = house.share('b')
    assert.equal(await b.others(plainPull.signal), [{ device: house.id('a'), offers: [], problem: null }])
    assert.is(await b.pull(wantedTiny, plainPull), undefined)
  }))

test('while one pull of a model runs, a second one is told so; a device that stops ends its own', () =>
  withHousehold(async house => {
    await house.start('a')
    await house.start('b')
    await addModel(house.models('a'), { ...tinyFiles, 'onnx/weights.bin': noise(24_000_000) })
    house.share('a')
    const b = house.share('b')
    const begun = Promise.withResolvers<void>()
    house.afterSent('a', 2_000_000, begun.resolve)
    const first = failsWith('Interrupted', () => b.pull(wantedTiny, plainPull))
    await begun.promise
    await failsWith('ModelBusy', () => b.pull(wantedTiny, plainPull))
    await b.stop()
    await first
    assert.ok(partOf(house, 'b') >= chunkBytes)
  }))

test('who is no device of the same person that may read gets nothing, from the moment it is none', () =>
  withHousehold(async house => {
    await house.start('a')
    await house.start('b')
    await addModel(house.models('a'), { ...tinyFiles, 'onnx/weights.bin': noise(24_000_000) })
    let isOwn = false
    const a = house.share('a', { devices: () => (isOwn ? [house.id('b')] : []) })
    const b = house.share('b')
    const [told] = await b.others(plainPull.signal)
    assert.equal([told?.offers, told?.problem], [[], 'the other device refuses (NotYourDevice)'])
    assert.ok(house.sent('a') < 100, String(house.sent('a')))
    // Nor does it ask anyone.
    assert.equal(await a.others(plainPull.signal), [])
    isOwn = true
    house.afterSent('a', 2_000_000, () => (isOwn = false))
    const refused = b.pull(wantedTiny, plainPull)
    assert.match((await failsWith('PeerLost', () => refused)).message, 'NotYourDevice')
    assert.ok(house.sent('a') < 24_000_000)
    assert.equal((await (await openModelStore(house.models('b'))).list()).models, [])
  }))

test('a stranger does not even get a stream, and a device that is removed loses its own', () =>
  withHousehold(async house => {
    await house.start('a')
    await house.start('b')
    await addModel(house.models('a'), { ...tinyFiles, 'onnx/weights.bin': noise(24_000_000) })
    house.share('a')
    const b = house.share('b', { devices: () => [house.id('a')] })
    const stop = new AbortController()
    house.afterSent('a', 2_000_000, () => {
      house.mesh('a').setMembers(new Set([house.id('a')]))
      const off = house.mesh('b').onPeer(() => {
        off()
        stop.abort(new Error('cut off'))
      })
    })
    const lost = b.pull(wantedTiny, { ...plainPull, signal: stop.signal })
    assert.is((await lost.then(() => undefined, (error: unknown) => error as Error))?.message, 'cut off')
    const sent = house.sent('a')
    await failsWith('Unreachable', async () => {
      const channel = await house.mesh('b').open(house.id('a'), modelsProtocol)
      await channel.send(encodeQuestion({ type: 'list' }))
      for await (const _ of channel.frames) assert.unreachable('a stranger got an answer')
    })
    assert.is(house.sent('a'), sent)
  }))

test.run()
