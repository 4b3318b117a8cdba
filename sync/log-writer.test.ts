import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../mesh/errors.ts'
import { rejects } from '../tools/assert.ts'
import { maxEntryBytes, maxIdChars, maxItemsPerEntry, maxValueBytes } from './limits.ts'
import { seededTest } from './random.fixtures.ts'
import { receive } from './receive.ts'
import { type Scene, scene } from './receive.fixtures.ts'
import { LocalSpace } from './space.ts'
import type { SpaceState } from './space-state.ts'
import type { ItemValue } from './types.ts'

type Pair = { set: Scene; space: LocalSpace; peer: SpaceState; send(): Promise<void> }

/** The laptop's space, and a phone that takes whatever the laptop wrote, or says why not. */
async function pair(): Promise<Pair> {
  const set = await scene()
  const peer = await set.device('phone')
  const { state, store } = set
  const send = async () => {
    const { height } = peer.logRow(state.self)
    const entries = store.entries(state.id, state.self, height + 1, 1e6)
    for (const { seq, bytes } of entries) assert.ok(bytes.length <= maxEntryBytes, `entry ${seq} has ${bytes.length} bytes`)
    const { refused } = await receive(peer, entries.map(row => row.bytes))
    assert.equal(refused, [])
    assert.is(peer.view.digest(), state.view.digest())
  }
  return { set, space: new LocalSpace(state, () => 0), peer, send }
}

const longId = (index: number) => `${String(index).padStart(maxIdChars - 2, 'x')}.0`
const many = (count: number, make: (index: number) => ItemValue) => Array.from({ length: count }, (_, index) => make(index))

for (const [what, values] of [
  ['short texts', many(3000, index => ({ t: `text ${index}` }))],
  ['texts of three bytes a character', many(200, () => ({ text: '記憶'.repeat(300) }))],
  ['fractions, which are short in JSON', many(2000, () => ({ x: 0.1, y: 0.2, z: 0.3 }))],
  ['lists of fractions', many(300, () => ({ list: Array.from({ length: 60 }, () => 0.5e-7) }))],
  ['nothing at all', many(2500, () => ({}))],
  ['truth values and empty texts', many(2500, () => ({ a: true, b: false, c: null, d: '' }))]
] as const) {
  test(`many at once are cut into entries that every device takes: ${what}`, async () => {
    const { space, send, peer } = await pair()
    await space.putMany(values)
    await send()
    assert.is(peer.view.count, values.length)
  })
}

test('a write that was refused leaves nothing behind that the next one builds on', async () => {
  const { set, space, send, peer } = await pair()
  await space.put({ text: 'before' })
  set.state.recovering = true
  await rejects(() => space.put({ text: 'refused' }), /restored from an older copy/)
  set.state.recovering = false
  await space.put({ text: 'after' })
  await send()
  assert.equal(new Set(peer.view.list('', 10).map(({ value }) => value['text'])), new Set(['after', 'before']))
})

test('long ids: writing, rewriting and removing a thousand at once', async () => {
  const { space, send, peer } = await pair()
  const ids = Array.from({ length: maxItemsPerEntry }, (_, index) => longId(index))
  for (const text of ['once', 'again']) {
    await Promise.all(ids.map(id => space.put({ text }, id)))
    await send()
  }
  await Promise.all(ids.map(id => space.remove(id)))
  await send()
  assert.equal([peer.view.count, peer.context.store.held(peer.id).length > 0], [peer.view.count, true], 'the phone took it, and holds it')
})

test('another device\'s items, a thousand removed at once', async () => {
  const { set, space } = await pair()
  const ids = Array.from({ length: maxItemsPerEntry }, (_, index) => longId(index))
  for (let at = 0; at < ids.length; at += 200) await receive(set.state, [(await set.mini.write(Object.fromEntries(ids.slice(at, at + 200).map(id => [id, 'x'])))).bytes])
  await Promise.all(ids.map(id => space.remove(id)))
  const { store, state } = set
  for (const { bytes } of store.entries(state.id, state.self, 1, 1e6)) assert.ok(bytes.length <= maxEntryBytes)
  assert.is(space.count, 0)
})

test('the largest value is taken everywhere, and a larger one is refused here with nothing written', async () => {
  const { set, space, send } = await pair()
  const room = maxValueBytes - 64 - JSON.stringify({ text: '' }).length
  await space.put({ text: 'x'.repeat(room) })
  await send()
  const { height } = set.state.logRow(set.state.self)
  for (const value of [{ text: 'x'.repeat(room + 1) }, { text: '記'.repeat(room / 3 + 1) }, { list: Array.from({ length: 8000 }, () => 0.1) }] as ItemValue[]) {
    await rejects(space.put(value), (error: unknown) => isKinmeshError(error, 'ValueTooLarge'))
  }
  assert.is(set.state.logRow(set.state.self).height, height)
})

test('values that no device would take are refused here', async () => {
  const { space } = await pair()
  const deep = JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`) as ItemValue
  const prototype = JSON.parse('{"text":"x","more":{"__proto__":{"a":1}}}') as ItemValue
  for (const value of [deep, prototype, { hlc: 5 }, { del: 1 }]) await rejects(space.put(value), (error: unknown) => isKinmeshError(error, 'BadValue'))
  assert.is(space.count, 0)
})

test('what is written together goes to the disk together', async () => {
  const { set, space } = await pair()
  await Promise.all([space.put({ text: 'one' }), space.put({ text: 'two' }), space.put({ text: 'three' })])
  assert.is(set.state.logRow(set.state.self).height, 1)
})

test('two writes of one item in one turn are both in the log, in their order', async () => {
  const { set, space, send, peer } = await pair()
  const { id } = await space.put({ text: 'one' })
  const [two, three] = await Promise.all([space.put({ text: 'two' }, id), space.put({ text: 'three' }, id)])
  assert.ok(two.hlc < three.hlc)
  assert.is(set.state.logRow(set.state.self).height, 3)
  await send()
  assert.is(peer.view.get(id)?.value['text'], 'three')
})

seededTest('whatever is written, removed and cleared, another device takes every entry and shows the same', 'log-writer', 10, async random => {
  const { space, set, send, peer } = await pair()
  const { mini, state } = set
  const ids: string[] = []
  for (let step = 0; step < 60; step++) {
    if (random.chance(0.3) && ids.length > 0) {
      // The mini PC removes some of them: the laptop takes its own words out of its log.
      mini.now = Math.floor(state.context.clock.last / 1024) + 1
      const entry = await mini.remove([random.pick(ids), ...random.some(ids, 0.2).slice(0, 15)])
      await space.receive([entry.bytes])
      await receive(peer, [entry.bytes])
    }
    await Promise.all(Array.from({ length: random.below(8) }, async () => {
      const value = { text: 'ä'.repeat(random.below(40)), n: random.next() }
      const id = random.chance(0.5) && ids.length > 0 ? random.pick(ids) : undefined
      if (id !== undefined && random.chance(0.3) && space.get(id)) await space.remove(id)
      else ids.push((await space.put(value, id)).id)
    }))
    await space.flush()
    await send()
    assert.equal(peer.view.list('', 1e6).map(item => [item.id, item.value]), space.list({ limit: 1e6 }).map(item => [item.id, item.value]))
  }
})

test.run()
