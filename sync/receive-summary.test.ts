import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry } from './entry.ts'
import { heldDeletionFloor, heldDeletionItems, heldDeletionShare } from './limits.ts'
import { receive } from './receive.ts'
import { type Scene, range, scene, startMs, textsFor } from './receive.fixtures.ts'
import { rebuildSpace } from './rebuild.ts'
import { LocalSpace } from './space.ts'
import { faults, picture, refusesOne, seqs, take, texts } from './receive-checks.fixtures.ts'

test('a checkpoint with the right root replaces what it sums up, and the log goes on from there', async () => {
  const set = await scene()
  const { phone, state, store } = set
  const entries = [await phone.set({ 'a.0': { text: 'one', hlc: phone.hlc() }, 'b.0': { del: 1, hlc: phone.hlc() } }), await phone.write({ 'a.0': 'three' }), await phone.write({ 'a.1': 'four' }, {}, 1), await phone.set({ 'b.0': null })]
  const { bases } = phone.summary()
  const digest = () => state.view.digest()
  await take(set, ...entries)
  const before = digest()
  const receipt = await take(set, await phone.checkpoint(), await phone.write({ 'a.0': 'five' }), await phone.write({ 'b.1': 'six' }, {}, 1))
  assert.equal(seqs(receipt), [[phone.id, 5], [phone.id, 6], [phone.id, 7]])
  assert.equal(store.bases(state.id, phone.id).map(({ shard, seq, hash }) => ({ shard, seq, hash })), bases.map(({ shard, seq, hash }) => ({ shard, seq, hash })))
  assert.is(state.logRow(phone.id).checkpoint, 5)
  assert.equal(texts(set), ['five', 'four', 'six'])
  assert.is.not(digest(), before)
})

test('a checkpoint with a wrong root is refused, and the log stays where it was', async () => {
  const set = await scene()
  await take(set, await set.phone.write({ 'a.0': 'one' }))
  await refusesOne(set, 'CheckpointMismatch', await set.phone.checkpoint(new Uint8Array(32), { aside: true }))
  assert.equal(seqs(await take(set, await set.phone.checkpoint())), [[set.phone.id, 2]])
})

test('an own item that another device removes is named, so that the own log forgets its words', async () => {
  const set = await scene()
  const { laptop, phone, mini } = set
  await take(set, await laptop.write({ 'a.0': 'mine', 'b.0': 'mine too' }), await mini.write({ 'c.0': 'of the mini PC' }))
  phone.now = laptop.now + 10
  assert.equal((await take(set, await phone.remove(['a.0', 'c.0']))).removedOwn, ['a.0'])
  const old = await phone.set({ 'b.0': { del: 1, hlc: 1 } })
  assert.equal((await take(set, old)).removedOwn, [], 'a removal that lost removes nothing')
})

test('clock values of others move the own clock', async () => {
  const set = await scene()
  const before = set.state.context.clock.last
  await take(set, await set.phone.write({ 'a.0': 'x' }))
  assert.ok(set.state.context.clock.last > before)
  assert.is(set.store.meta('hlc'), String(set.state.context.clock.last))
})

/** A space in which the mini PC wrote `total` items and then the phone removed the first `removed` of them. */
async function removing(total: number, removed: number): Promise<{ set: Scene; removal: Entry; ids: string[] }> {
  const set = await scene()
  const { mini, phone } = set
  const ids = range(total)
  for (let at = 0; at < total; at += 500) await take(set, await mini.write(textsFor(ids.slice(at, at + 500))))
  phone.now = mini.now + 1000
  const removal = await phone.remove(ids.slice(0, removed))
  await take(set, removal)
  return { set, removal, ids }
}

test('a deletion is held beyond 100 items, or a tenth of them, or 20 where a tenth is less', async () => {
  for (const [total, most] of [[2000, heldDeletionItems], [500, 500 * heldDeletionShare], [25, heldDeletionFloor]] as const) {
    const { set: below } = await removing(total, most)
    assert.equal([below.state.view.count, below.store.held(below.state.id).length], [total - most, 0], `${most} of ${total} pass`)
    const { set: above } = await removing(total, most + 1)
    assert.equal([above.state.view.count, above.store.held(above.state.id).map(row => row.count)], [total, [most + 1]], `${most + 1} of ${total} wait`)
    assert.equal(faults(above), [['LargeDeletion', above.phone.id]])
  }
})

test('only items that show count: removing again what is removed is no large deletion', async () => {
  const set = await scene()
  const { phone, mini } = set
  const ids = range(60)
  await take(set, await mini.write(textsFor(ids)))
  phone.now = mini.now + 1000
  for (let at = 0; at < 60; at += 20) await take(set, await phone.remove(ids.slice(at, at + 20)))
  mini.now = phone.now + 1000
  await take(set, await mini.remove(ids))
  assert.equal([set.state.view.count, set.store.held(set.state.id).length], [0, 0])
})

test('a held deletion changes the digest like any other, shows nothing, and is carried out when it is settled', async () => {
  const { set, removal, ids } = await removing(150, 101)
  const { state, store, mini, phone } = set
  const ref = Buffer.from(removal.hash).toString('hex')
  assert.equal(store.held(state.id), [{ ref, author: phone.id, count: 101, at: startMs }])
  assert.is(state.view.get(ids[0]!)?.value['text'], `x ${ids[0]}`)
  const [digest, rev] = [state.view.digest(), state.view.rev]
  const restarted = await set.restart()
  assert.equal([restarted.view.count, restarted.view.digest()], [150, digest])
  assert.equal(seqs(await take(set, await mini.settle(removal.hash))), [[mini.id, 2]])
  assert.equal([state.view.count, store.held(state.id), store.settled(state.id, ref)], [49, [], true])
  assert.is(state.view.digest(), digest)
  assert.equal(state.view.changesSince(rev, 1000).map(change => [change.id, change.item]), ids.slice(0, 101).map(id => [id, null]))
})

test('a held deletion is undone by writing the items anew before it is settled', async () => {
  const { set, removal, ids } = await removing(150, 101)
  const { state, mini, phone } = set
  mini.now = phone.now + 1000
  await take(set, await mini.write(textsFor(ids.slice(0, 101), 'restored')), await mini.settle(removal.hash))
  assert.is(state.view.count, 150)
  assert.is(state.view.get(ids[0]!)?.value['text'], `restored ${ids[0]}`)
})

test('items that a device wrote itself and removes at once stay too, as they were, until it is settled', async () => {
  const set = await scene()
  const { state, store, phone, mini } = set
  const ids = range(60)
  await take(set, await phone.write(textsFor(ids)))
  const { rev } = state.view
  const removal = await phone.set({ ...Object.fromEntries(ids.slice(0, 40).map(id => [id, { del: 1, hlc: phone.hlc() }])), 'z.0': { text: 'and something new', hlc: phone.hlc() } })
  await take(set, removal)
  assert.is(state.view.count, 61)
  assert.is(state.view.get(ids[0]!)?.value['text'], `x ${ids[0]}`)
  assert.equal(state.view.changesSince(rev, 99).map(change => change.id), ['z.0'])
  assert.equal(store.held(state.id).map(row => row.count), [40])
  const other = await set.device('phone') // which meant it
  await receive(other, store.entries(state.id, phone.id, 1, 9).map(row => row.bytes))
  assert.equal([other.view.count, other.view.digest()], [21, state.view.digest()])

  const before = picture(set)
  await rebuildSpace(state)
  assert.equal(picture(set), before, 'a rebuild holds it as well')
  assert.equal((await set.restart()).view.list('', 99), state.view.list('', 99))

  // The mini PC writes one of them anew: it must step over the removal, not only over what shows.
  mini.now = phone.now + 1000
  await take(set, await mini.write({ [ids[0]!]: 'restored' }), await mini.settle(removal.hash))
  assert.equal([state.view.count, store.held(state.id)], [22, []])
  assert.is(state.view.get(ids[0]!)?.value['text'], 'restored')
  assert.equal(state.view.get(ids[0]!)?.others, [])
})

test('the author may write an item anew while its own removal of it is held', async () => {
  const set = await scene()
  const { state, phone } = set
  const ids = range(60)
  await take(set, await phone.write(textsFor(ids)), await phone.remove(ids.slice(0, 40)))
  await take(set, await phone.write({ [ids[0]!]: 'changed its mind' }))
  assert.is(state.view.get(ids[0]!)?.value['text'], 'changed its mind')
  assert.is(state.view.count, 60)
  await take(set, await set.mini.settle(Buffer.from(set.store.held(state.id)[0]!.ref, 'hex')))
  assert.is(state.view.count, 21)
})

test('an own version that is written over a held removal wins against it', async () => {
  const set = await scene()
  const { state, phone } = set
  const ids = range(60)
  phone.now += 400 * 24 * 3600 * 1000 // its clock is too far ahead to move ours
  await take(set, await phone.write(textsFor(ids)), await phone.remove(ids.slice(0, 40)))
  const space = new LocalSpace(state, () => 0)
  await space.settle(Buffer.from(set.store.held(state.id)[0]!.ref, 'hex'), [{ id: ids[0]!, value: { text: 'kept' } }])
  assert.is(space.get(ids[0]!)?.value['text'], 'kept')
  assert.is(space.count, 21)
})

test('a decision that arrives before the deletion holds nothing, and both orders end alike', async () => {
  const { set: first, removal, ids } = await removing(150, 101)
  const set = await scene()
  const { mini, phone } = set
  await take(set, await mini.write(textsFor(ids)), await mini.settle(removal.hash))
  phone.now = mini.now + 1000
  const same = await phone.remove(ids.slice(0, 101))
  await take(set, await set.laptop.settle(same.hash))
  assert.equal(seqs(await take(set, same)), [[phone.id, 1]])
  assert.equal([set.state.view.count, set.store.held(set.state.id).length, faults(set)], [49, 0, []])
  await take(first, await first.mini.settle(removal.hash))
  assert.is(set.state.view.digest(), first.state.view.digest())
})

test('a large deletion in the own log is not held: this device meant it', async () => {
  const set = await scene()
  const { laptop } = set
  await take(set, await laptop.write(textsFor(range(150))), await laptop.remove(range(150)))
  assert.equal([set.state.view.count, set.store.held(set.state.id).length], [0, 0])
})

test.run()
