import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sha256 } from '../mesh/crypto.ts'
import { until } from './devices.fixtures.ts'
import { readEntry } from './entry.ts'
import type { Frame } from './frames.ts'
import { maxQueuedFetches, snapshotPartBytes } from './limits.ts'
import { range, textsFor } from './receive.fixtures.ts'
import { type Rig, type RigOptions, keyOf, passing, rig } from './session.fixtures.ts'

const checkpointEvery = 4

/** The laptop holds the phone's log as of a checkpoint, with two large shards, and prunes what is before it. */
async function serving(options: RigOptions = {}): Promise<Rig> {
  const it = await rig({ checkpointEvery, ...options })
  const { state, store, phone, side } = it
  const entries = []
  for (const shard of [0, 1]) {
    for (let at = 0; at < 100; at += 20) entries.push(await phone.write(textsFor(range(100, shard).slice(at, at + 20), 'x'.repeat(1200)), {}, shard))
  }
  entries.push(await phone.checkpoint())
  for (const entry of entries) await side.space.receive([entry.bytes])
  await store.commit({ space: state.id, logs: [{ ...state.logRow(phone.id), lowest: phone.seq }], prune: [{ author: phone.id, below: phone.seq }] })
  state.logs.set(phone.id, { ...state.logRow(phone.id), lowest: phone.seq })
  if (!options.window) {
    await it.settle()
    it.hand.inbox.length = 0
  }
  return it
}

const want = ({ phone }: Rig): Frame => ({ type: 'want', space: 0, author: keyOf(phone), from: 1, credit: 9 })
const fetch = ({ phone }: Rig, shard: number, seq: number): Frame => ({ type: 'fetch', space: 0, author: keyOf(phone), seq, shard })

test('a snapshot is offered as its author signed it, and its bases come in parts, one after the other', async () => {
  const it = await serving()
  await it.hand.send(want(it))
  const offer = await it.hand.next('snapshot')
  assert.equal([readEntry(offer.checkpoint).seq, offer.bases.map(({ shard }) => shard), offer.more], [11, [0, 1], false])
  await it.hand.send(...offer.bases.map(({ shard, seq }) => fetch(it, shard, seq)))
  const total = offer.bases.reduce((sum, { size }) => sum + Math.ceil(size / snapshotPartBytes), 0)
  await until('all parts are there', () => it.hand.inbox.filter(({ type }) => type === 'part').length === total)
  const parts = it.hand.all('part')
  assert.equal(parts.map(({ shard }) => shard), parts.map(({ shard }) => shard).toSorted((a, b) => a - b))
  for (const { shard, hash } of offer.bases) assert.equal(sha256(Buffer.concat(parts.filter(part => part.shard === shard).map(({ bytes }) => bytes))), hash)
  await it.stop()
})

test('an ordered base whose checkpoint was replaced is answered with SnapshotGone', async () => {
  const it = await serving()
  await it.hand.send(want(it))
  const { bases } = await it.hand.next('snapshot')
  await it.side.space.receive([(await it.phone.write({ 'new.1': 'x' }, {}, 1)).bytes])
  await it.side.space.receive([(await it.phone.checkpoint()).bytes])
  await it.hand.send(...bases.map(({ shard, seq }) => fetch(it, shard, seq)), fetch(it, 7, 1))
  await it.hand.next('nack')
  await it.hand.next('nack')
  assert.ok(it.hand.all('part').every(({ shard }) => shard === 0))
  await it.hand.send(want(it))
  assert.equal((await it.hand.next('snapshot')).bases.map(({ shard, seq }) => [shard, seq]), [[0, 11], [1, 13]])
  await it.stop()
})

test('a peer that orders and does not read is served one base at a time, and cut off when it orders without end', async () => {
  const it = await serving({ window: 3 * snapshotPartBytes })
  it.end.deaf = true
  let reads = 0
  const { base } = it.store
  it.store.base = (...args) => {
    reads++
    return base(...args)
  }
  for (let count = 0; count < maxQueuedFetches; count++) await it.hand.send(fetch(it, count % 2, 11))
  await until('the first is being sent', () => reads > 0)
  assert.not(it.side.ended)
  assert.ok(reads <= 2, `${reads} bases read`)
  await it.hand.send(fetch(it, 0, 11), fetch(it, 1, 11), fetch(it, 0, 11))
  await passing(it.time, 'the session ended', () => it.side.ended)
  assert.equal(it.side.warned, ['session ended: TooManyFetches'])
  assert.is(it.time.pending, 0)
})

test('of each log one offer waits, and it cancels what was ordered of that log before', async () => {
  const it = await serving({ window: 3 * snapshotPartBytes })
  it.end.deaf = true
  await it.hand.send(...Array.from({ length: 50 }, () => fetch(it, 1, 11)))
  for (let count = 0; count < 200; count++) await it.hand.send(want(it))
  await it.hand.send({ type: 'ping', sentAt: 7 })
  for (let turns = 0; turns < 20; turns++) await it.time.run(1)
  it.end.hear()
  await until('the last was dealt with', () => it.hand.inbox.some(frame => frame.type === 'pong'))
  await it.settle()
  const offers = it.hand.all('snapshot').length
  assert.ok(offers >= 1 && offers <= 2, `${offers} offers`)
  const size = it.store.bases(it.state.id, it.phone.id).find(({ shard }) => shard === 1)!.size
  const bases = it.hand.all('part').length / Math.ceil(size / snapshotPartBytes)
  assert.ok(bases <= 4, `${bases} bases`)
  await it.stop()
})

test.run()
