import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { commitCheckpoint, summarise } from './checkpoint.ts'
import { type Entry, noHash } from './entry.ts'
import { type Random, seededTest } from './random.fixtures.ts'
import { dropLog } from './drop-log.ts'
import { rebuildLog, rebuildSpace } from './rebuild.ts'
import { receive } from './receive.ts'
import { type Author, type Scene, range, scene, textsFor } from './receive.fixtures.ts'
import type { SlotValue } from './shard-doc.ts'
import type { VersionRow } from './store.ts'

const take = async ({ state }: Scene, ...entries: { bytes: Uint8Array }[]) => {
  const { refused } = await receive(state, entries.map(entry => entry.bytes))
  assert.equal(refused, [])
}
/** What a reader sees and what others compare. */
const picture = ({ state }: Scene) => ({ items: state.view.list('', 1e6), count: state.view.count, digest: state.view.digest(), slots: [0, 1, 2].map(shard => state.view.slots(shard)) })
const rowsOf = ({ store, state }: Scene, { id }: Author) => store.logVersions(state.id, id)

/** A log of the phone with a checkpoint in the middle, an item of the mini PC beneath one of its own, and both shards in use. */
async function begun(): Promise<Scene> {
  const set = await scene()
  const { phone, mini } = set
  await take(set, await phone.set({ 'a.0': { text: 'one', hlc: phone.hlc() }, 'b.0': { del: 1, hlc: phone.hlc() } }), await phone.write({ 'c.1': 'three' }, {}, 1), await phone.set({ 'b.0': null }))
  await take(set, await phone.checkpoint(), await mini.write({ 'a.0': 'mini' }), await phone.write({ 'a.0': 'four', 'd.0': 'five' }), await phone.remove(['c.1'], {}, 1))
  return set
}

test('a log replayed gives the view that it had', async () => {
  const set = await begun()
  const before = picture(set)
  assert.equal(before.items.map(item => item.value['text']), ['four', 'five'])
  assert.ok(await rebuildLog(set.state, set.phone.id))
  assert.equal(picture(set), before)
  await take(set, await set.phone.write({ 'a.0': 'six' }))
  assert.is(set.state.view.get('a.0')?.value['text'], 'six')
})

test('what a log does not say goes, what it says comes back', async () => {
  const set = await begun()
  const { state, store, phone } = set
  const before = picture(set)
  const rows = rowsOf(set, phone)
  const damaged: VersionRow[] = [{ ...rows[0]!, body: '{"text":"never written"}', hlc: 9e15 }, { ...rows[0]!, id: 'zz.0', rev: 99 }]
  await store.commit({ space: state.id, versions: damaged, dropVersions: [{ id: 'd.0', author: phone.id }] })
  assert.not.equal(state.view.list('', 100).map(item => item.id), before.items.map(item => item.id))
  await rebuildSpace(state)
  assert.equal(picture(set), before)
  const again: Scene = { ...set, state: await set.restart() }
  assert.equal(picture(again), before)
})

test('sums that went wrong are mended by rebuilding the space', async () => {
  const set = await begun()
  const before = picture(set)
  await set.store.commit({ space: set.state.id, shards: [{ shard: 0, sum: 'ff', live: 5, slots: 5 }] })
  const damaged: Scene = { ...set, state: await set.restart() }
  assert.is.not(picture(damaged).digest, before.digest)
  await rebuildSpace(damaged.state)
  assert.equal(picture(damaged), before)
})

test('a log is cut at a height: later versions go, earlier ones show again, and it may go on differently', async () => {
  const set = await begun()
  const { state, store, phone } = set
  const [, last] = [store.entries(state.id, phone.id, 5, 1)[0], store.entries(state.id, phone.id, 4, 1)[0]]
  assert.ok(await rebuildLog(state, phone.id, 4))
  assert.equal(state.view.list('', 9).map(item => [item.id, item.value['text']]), [['a.0', 'mini'], ['c.1', 'three']])
  assert.equal([state.logRow(phone.id).height, state.logRow(phone.id).head, state.logRow(phone.id).tailBytes], [4, last?.hash, 0])
  assert.equal(store.entries(state.id, phone.id, 0, 99).map(row => row.seq), [1, 2, 3, 4])
  assert.equal((await set.restart()).view.digest(), state.view.digest())
})

test('a cut between entries of the tail keeps the tail before it', async () => {
  const set = await begun()
  const { state, store, phone } = set
  const kept = store.entries(state.id, phone.id, 5, 1)[0]
  assert.ok(await rebuildLog(state, phone.id, 5))
  assert.equal(state.view.list('', 9).map(item => item.value['text']), ['four', 'five', 'three'])
  assert.equal([state.logRow(phone.id).head, state.logRow(phone.id).tailBytes], [kept?.hash, kept?.bytes.length])
})

test('a log without a checkpoint may be cut to nothing', async () => {
  const set = await scene()
  const { state, phone } = set
  await take(set, await phone.write({ 'a.0': 'one' }), await phone.write({ 'b.0': 'two' }))
  assert.ok(await rebuildLog(state, phone.id, 0))
  assert.equal([state.view.count, state.logRow(phone.id).height, state.logRow(phone.id).head], [0, 0, noHash])
})

test('a cut below the checkpoint cannot be made from here, and changes nothing', async () => {
  const set = await begun()
  const before = picture(set)
  assert.is(await rebuildLog(set.state, set.phone.id, 3), false)
  assert.equal(picture(set), before)
  assert.is(set.state.logRow(set.phone.id).height, 6)
})

test('a base that is damaged, missing, renamed or too many is found, and the log is dropped to be fetched again', async () => {
  const damages = [
    (set: Scene, base: { shard: number; seq: number; hash: Uint8Array; size: number }) => ({ bases: [{ ...base, author: set.phone.id, bytes: new Uint8Array(base.size) }] }),
    (set: Scene, base: { shard: number }) => ({ dropBases: [{ author: set.phone.id, shard: base.shard }] }),
    (set: Scene, base: { shard: number; seq: number; hash: Uint8Array; size: number }) => ({ bases: [{ ...base, author: set.phone.id, hash: new Uint8Array(32), bytes: set.store.base(set.state.id, set.phone.id, base.shard)! }] }),
    (set: Scene, base: { seq: number; hash: Uint8Array }) => ({ bases: [{ shard: 7, seq: base.seq, hash: base.hash, author: set.phone.id, bytes: new Uint8Array([0, 0]) }] }),
    (set: Scene) => ({ prune: [{ author: set.phone.id, below: 5 }] })
  ]
  for (const [index, damage] of damages.entries()) {
    const set = await begun()
    const { state, store, phone } = set
    const base = store.bases(state.id, phone.id)[0]!
    await store.commit({ space: state.id, ...damage(set, base) })
    const before = picture(set)
    assert.is(await rebuildLog(state, phone.id), false, `damage ${index}`)
    assert.equal(picture(set), before)
    await rebuildSpace(state)
    assert.is(state.logs.has(phone.id), false)
    assert.equal(state.view.list('', 9).map(item => item.value['text']), ['mini'])
  }
})

test('a checkpoint entry that is damaged is found, and the log is dropped', async () => {
  const set = await begun()
  const { state, store, phone } = set
  const [row] = store.entries(state.id, phone.id, 4, 1)
  const bytes = row!.bytes.slice()
  bytes[bytes.length - 80]! ^= 1 // within the sealed payload
  await store.commit({ space: state.id, prune: [{ author: phone.id, below: 5 }], entries: [] })
  await store.commit({ space: state.id, entries: [{ ...row!, author: phone.id, bytes }] })
  assert.is(await rebuildLog(state, phone.id), false)
  await rebuildSpace(state)
  assert.is(state.logs.has(phone.id), false)
})

test('an entry that is damaged or missing is found too', async () => {
  for (const damaged of [true, false]) {
    const set = await begun()
    const { state, store, phone } = set
    const [row] = store.entries(state.id, phone.id, 6, 1)
    const bytes = row!.bytes.slice()
    bytes[bytes.length - 80]! ^= 1 // within the sealed payload
    await store.commit({ space: state.id, truncate: [{ author: phone.id, above: 5 }] })
    if (damaged) await store.commit({ space: state.id, entries: [{ ...row!, author: phone.id, bytes }] })
    const before = picture(set)
    assert.is(await rebuildLog(state, phone.id), false)
    assert.equal(picture(set), before)
  }
})

test('an entry that is missing between others, and a base that nothing after the checkpoint needs, are missed all the same', async () => {
  const set = await begun()
  const { state, store, phone } = set
  await take(set, await phone.write({ 'e.2': 'six' }, {}, 2))
  const [, last] = store.entries(state.id, phone.id, 6, 2)
  await store.commit({ space: state.id, truncate: [{ author: phone.id, above: 5 }] })
  await store.commit({ space: state.id, entries: [{ ...last!, author: phone.id }] })
  assert.is(await rebuildLog(state, phone.id), false)

  const other = await begun()
  await take(other, await other.phone.checkpoint())
  assert.ok(await rebuildLog(other.state, other.phone.id))
  await other.store.commit({ space: other.state.id, dropBases: [{ author: other.phone.id, shard: 0 }] })
  assert.is(await rebuildLog(other.state, other.phone.id), false)
})

test('the own log is never dropped for being damaged: it may hold what nobody else has', async () => {
  const set = await scene()
  const { state, store, laptop } = set
  await take(set, await laptop.write({ 'a.0': 'mine' }))
  const entry = await laptop.checkpoint()
  await commitCheckpoint(state, laptop.id, entry, summarise(state, laptop.id, entry.seq))
  const [base] = store.bases(state.id, laptop.id)
  await store.commit({ space: state.id, bases: [{ ...base!, author: laptop.id, bytes: new Uint8Array(3) }] })
  await rebuildSpace(state)
  assert.equal([state.logRow(laptop.id).height, state.view.count], [2, 1])
})

test('a dropped log leaves nothing of itself, and is taken anew from its beginning', async () => {
  const set = await scene()
  const { state, store, phone } = set
  const entries = [await phone.write({ 'a.0': 'one' }), await phone.checkpoint(), await phone.write({ 'b.0': 'two' })]
  await take(set, ...entries)
  const before = picture(set)
  await dropLog(state, phone.id)
  assert.equal([state.view.count, rowsOf(set, phone), store.bases(state.id, phone.id), store.entries(state.id, phone.id, 0, 9), store.logs(state.id)], [0, [], [], [], []])
  assert.equal(state.view.changesSince(2, 9).map(change => [change.id, change.item]), [['a.0', null], ['b.0', null]])
  await take(set, ...entries)
  assert.equal(picture(set), before)
})

test('a held deletion is still held after a rebuild', async () => {
  const set = await scene()
  const { state, phone, mini } = set
  await take(set, await mini.write(textsFor(range(60))))
  phone.now = mini.now + 1000
  await take(set, await phone.remove(range(40)))
  assert.is(state.view.count, 60)
  const before = picture(set)
  await rebuildSpace(state)
  assert.equal(picture(set), before)
})

const someIds = ['a.0', 'b.0', 'c.1', 'd.1']

function randomChanges(random: Random, phone: Author, shard: number, step: number): Record<string, SlotValue | null> {
  const changes: Record<string, SlotValue | null> = {}
  for (const id of random.some(someIds.filter(each => each.endsWith(`.${shard}`)), 0.7)) {
    if (!random.chance(0.2)) changes[id] = random.chance(0.2) ? { del: 1, hlc: phone.hlc() } : { text: `text ${step}`, hlc: phone.hlc() }
    else if (phone.doc(shard).value(id)?.['del'] === 1) changes[id] = null
  }
  return changes
}

seededTest('a random log that is cut equals one that never was longer; below its checkpoint it cannot be cut', 'rebuild', 15, async random => {
  const set = await scene()
  const { phone, mini, state } = set
  const entries: Entry[] = []
  while (entries.length < 30) {
    const shard = random.below(2)
    const changes = randomChanges(random, phone, shard, entries.length)
    if (random.chance(0.1)) entries.push(await phone.checkpoint())
    else if (Object.keys(changes).length > 0) entries.push(await phone.set(changes, {}, shard))
  }
  const other = await mini.write({ 'a.0': 'of the mini PC', 'e.0': 'too' })
  await take(set, other, ...entries)
  const before = picture(set)
  const { checkpoint } = state.logRow(phone.id)
  if (checkpoint > 0) assert.is(await rebuildLog(state, phone.id, random.below(checkpoint)), false)
  assert.equal(picture(set), before)
  const cut = checkpoint + random.below(30 - checkpoint + 1)
  assert.ok(await rebuildLog(state, phone.id, cut))
  const peer = await set.device('mini')
  await receive(peer, [other, ...entries.slice(0, cut)].map(entry => entry.bytes))
  assert.equal({ ...state.logRow(phone.id) }, { ...peer.logRow(phone.id) })
  assert.is(peer.view.digest(), state.view.digest())
  assert.equal(peer.view.list('', 99), state.view.list('', 99))
  await take(set, ...entries.slice(cut))
  assert.equal(picture(set), before)
})

test.run()
