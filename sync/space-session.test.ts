import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { randomBytes } from '../mesh/crypto.ts'
import { deviceIdOf } from '../mesh/identity.ts'
import { identityNamed, noHead } from '../mesh/membership.fixtures.ts'
import { until } from './devices.fixtures.ts'
import type { Entry } from './entry.ts'
import { maxLogs } from './frames.ts'
import { digestQuietMs, haveIntervalMs, snapshotPartBytes, unaskedBytesPerSecond, unaskedEntriesBurst, unaskedEntriesPerSecond, wantCredit, wantPatienceMs } from './limits.ts'
import { type Author, range, scene, textsFor } from './receive.fixtures.ts'
import { type Rig, keyOf, passing, rig } from './session.fixtures.ts'

async function written(author: Author, count: number): Promise<Entry[]> {
  const entries: Entry[] = []
  while (entries.length < count) entries.push(await author.write({ [`i${author.seq % 50}.0`]: `entry ${author.seq + 1}` }))
  return entries
}

const wants = ({ hand }: Rig) => hand.all('want').map(({ from, credit }) => [from, credit])

test('WANT asks for what is missing and no more; the rest is asked for when the credit is spent', async () => {
  const it = await rig()
  await it.hand.have([it.phone, wantCredit + 6])
  await it.settle()
  assert.equal(wants(it), [[1, wantCredit]])
  const entries = await written(it.phone, wantCredit)
  for (let at = 0; at < entries.length; at += 128) await it.hand.entries(...entries.slice(at, at + 128))
  await it.settle()
  assert.equal(wants(it), [[wantCredit + 1, 6]])
  await it.hand.entries(...(await written(it.phone, 6)))
  await it.settle()
  assert.equal([wants(it), [...it.side.claims]], [[], []])
  await it.stop()
})

test('what was asked for is not asked for again by another HAVE or ACK', async () => {
  const it = await rig()
  for (let round = 0; round < 3; round++) {
    await it.hand.have([it.phone, 5])
    await it.hand.send({ type: 'ack', space: 0, heights: [{ author: it.phone.identity.signing.publicKey, height: 5 }] })
    await it.settle()
  }
  assert.equal(wants(it), [[1, 5]])
  await it.stop()
})

test('heights of strangers, of logs that are here and of a later part of a removed device\'s log lead to nothing', async () => {
  const set = await scene()
  await set.membership.remove(identityNamed('laptop'), set.mini.id, { lastSeq: 2, head: noHead }, 0)
  const it = await rig({ set })
  const entries = await written(it.phone, 3)
  await it.hand.entries(...entries)
  await it.hand.have([identityNamed('stranger').id, 9], [it.phone, 3], [it.mini, 7])
  await it.settle()
  assert.equal(it.hand.all('want').map(({ author, from, credit }) => [author, from, credit]), [[it.mini.identity.signing.publicKey, 1, 2]])
  assert.is(it.side.heights.height(it.phone.id, identityNamed('stranger').id), 0)
  await it.stop()
})

test('an announced entry is asked for only when its connected author did not push it in time', async () => {
  const it = await rig({ connected: [identityNamed('mini').id] })
  await it.hand.have([it.mini, 1])
  await it.hand.barrier()
  await it.time.run(wantPatienceMs - 1)
  await it.hand.barrier()
  assert.equal(wants(it), [])
  await it.time.run(1)
  await it.hand.barrier()
  assert.equal(wants(it), [[1, 1]])
  const [first, second] = await written(it.mini, 2)
  await it.hand.entries(first!)
  await it.hand.have([it.mini, 2])
  await it.hand.barrier()
  await it.side.space.receive([second!.bytes]) // its author pushed it, in another session
  await it.time.run(wantPatienceMs)
  await it.hand.barrier()
  assert.equal(wants(it), [])
  await it.stop()
})

test('a log that a peer lists no more it holds no more, as after a restore', async () => {
  const it = await rig()
  await it.hand.have([it.laptop, 5], [it.mini, 2])
  await it.hand.barrier()
  await it.hand.have([it.mini, 2])
  await it.hand.barrier()
  const { heights } = it.side
  assert.equal([heights.height(it.phone.id, it.laptop.id), heights.height(it.phone.id, it.mini.id)], [0, 2])
  const before = heights.words
  await it.hand.have()
  await it.hand.barrier()
  assert.equal([heights.height(it.phone.id, it.mini.id), heights.hasTold(it.phone.id, it.laptop.id, before)], [0, true])
  await it.stop()
})

test('where the author is away the one who announces is asked at once', async () => {
  const it = await rig()
  await it.hand.have([it.mini, 1])
  await it.settle()
  assert.equal(wants(it), [[1, 1]])
  await it.stop()
})

test('a hole in a log is asked for, also when the peer never told of that log', async () => {
  const it = await rig()
  const entries = await written(it.phone, 4)
  await it.hand.entries(entries[0]!, entries[3]!)
  await it.settle()
  assert.equal(wants(it), [[2, 3]])
  await it.hand.entries(...entries.slice(1))
  await it.settle()
  assert.equal([it.state.logRow(it.phone.id).height, wants(it)], [4, []])
  await it.stop()
})

test('a log that brings nothing or little for 30 s is let go; one that moves is kept', async () => {
  const it = await rig()
  const entries = await written(it.phone, 4)
  await it.hand.have([it.phone, 4], [it.mini, 1])
  await it.settle()
  await it.time.run(haveIntervalMs / 2)
  await it.hand.entries(...entries.slice(0, 2))
  await it.hand.barrier()
  await it.time.run(haveIntervalMs / 2)
  assert.equal([it.side.released, [...it.side.claims]], [[it.mini.id], [it.phone.id]])
  await it.hand.barrier()
  await it.hand.entries(entries[2]!)
  await it.hand.barrier()
  await it.time.run(haveIntervalMs)
  assert.equal([[...it.side.claims], it.side.stalls], [[], [it.mini.id, it.phone.id]], 'crumbs are not enough')
  await it.stop()
})

test('unasked entries beyond the burst wait for their time, and none is lost', async () => {
  const it = await rig()
  const [entry, last] = await written(it.phone, 2)
  const count = 1000
  const frames = 4
  for (let sent = 0; sent < frames; sent++) await it.hand.entries(...Array.from({ length: count }, () => entry!))
  await it.hand.entries(last!)
  const dealtWith = it.hand.barrier()
  const height = () => it.state.logRow(it.phone.id).height
  await until('the first came', () => height() === 1)
  const waitMs = ((count * frames - unaskedEntriesBurst) / unaskedEntriesPerSecond) * 1000
  for (let turns = 0; turns < 50; turns++) await it.time.run(waitMs / 100)
  assert.is(height(), 1, 'half of the time is not enough')
  await it.time.run(waitMs)
  await dealtWith
  assert.is(height(), 2)
  await it.stop()
})

test('bytes are limited as entries are; entries that were asked for pass at once', async () => {
  const large = (author: Author) => author.write(Object.fromEntries(range(2).map(id => [id, 'x'.repeat(27_000)])))
  const it = await rig()
  const ofPhone: Entry[] = [await large(it.phone)]
  const count = Math.ceil(unaskedBytesPerSecond / ofPhone[0]!.bytes.length) + 2
  const ofMini: Entry[] = []
  while (ofPhone.length < count) ofPhone.push(await large(it.phone))
  while (ofMini.length < 2 * count) ofMini.push(await large(it.mini))
  await it.hand.have([it.mini, 2 * count])
  await it.settle()
  for (const entry of ofMini) await it.hand.entries(entry)
  await it.hand.barrier()
  assert.is(it.state.logRow(it.mini.id).height, 2 * count)
  let beyond = -unaskedBytesPerSecond
  for (const { bytes } of ofPhone) if (beyond <= 0) beyond += bytes.length
  const waitMs = (beyond / unaskedBytesPerSecond) * 1000
  const waits = it.time.recorded()
  const height = () => it.state.logRow(it.phone.id).height
  for (const entry of ofPhone) await it.hand.entries(entry)
  const dealtWith = it.hand.barrier()
  await until('it waits, or took all without', () => waits.some(ms => Math.abs(ms - waitMs) < 1e-6) || height() === count)
  assert.ok(height() < count)
  await passing(it.time, 'all came', () => height() === count)
  await dealtWith
  await it.stop()
})

test('giving up on entries gives their credit back: what comes then was not asked for', async () => {
  const it = await rig()
  const [entry] = await written(it.phone, 1)
  for (let round = 0; round < 6; round++) {
    await it.hand.have([it.mini, wantCredit])
    await it.settle()
    await it.time.run(haveIntervalMs)
  }
  for (let sent = 0; sent < 4; sent++) await it.hand.entries(...Array.from({ length: 1000 }, () => entry!))
  await it.hand.entries((await written(it.phone, 1))[0]!)
  await until('the first came', () => it.state.logRow(it.phone.id).height === 1)
  for (let turns = 0; turns < 50; turns++) await it.time.run(1)
  assert.is(it.state.logRow(it.phone.id).height, 1)
  await it.stop()
})

test('a refused entry is told of once, answered each time, and not asked for again until the membership changes', async () => {
  const it = await rig()
  const bad = await it.phone.raw(new Uint8Array([1, 2, 3]))
  for (let round = 0; round < 3; round++) {
    await it.hand.entries(bad)
    await it.hand.have([it.phone, 1])
    await it.settle()
  }
  assert.equal(it.side.told.map(({ author, seq }) => [author, seq]), [[it.phone.id, 1]])
  assert.equal(it.hand.all('nack').map(({ seq, code }) => [seq, code]), Array.from({ length: 3 }, () => [1, 'BadUpdate']))
  assert.equal(wants(it), [])
  it.side.session.of(it.side.space)!.membershipChanged()
  await it.settle()
  assert.equal(wants(it), [[1, 1]])
  await it.stop()
})

test('a checkpoint that its author sums up differently drops the log once, and is refused the second time', async () => {
  const it = await rig()
  const entries = [...(await written(it.phone, 3)), await it.phone.checkpoint(new Uint8Array(32))]
  await it.hand.entries(...entries)
  await it.settle()
  assert.equal([it.side.dropped, it.state.logRow(it.phone.id).height, it.side.told.length], [1, 0, 0])
  assert.equal(wants(it), [[1, 4]])
  await it.hand.entries(...entries)
  await it.settle()
  assert.equal([it.side.dropped, it.state.logRow(it.phone.id).height, it.side.told.map(({ error }) => error.code)], [1, 3, ['CheckpointMismatch']])
  assert.equal(wants(it), [])
  await it.stop()
})

test('synced needs equal logs and equal views; equal logs with unequal views are told of', async () => {
  const it = await rig()
  await it.hand.entries(...(await written(it.phone, 2)))
  await it.settle()
  it.hand.all('digest')
  await it.time.run(digestQuietMs)
  const ours = await it.hand.next('digest')
  await it.hand.send(ours)
  await it.hand.barrier()
  assert.equal([it.side.session.synced, it.side.diverged], [true, 0])
  await it.hand.send({ ...ours, heads: 'other' })
  await it.hand.barrier()
  assert.equal([it.side.session.synced, it.side.diverged], [false, 0])
  await it.hand.send({ ...ours, digest: 'other' })
  await it.hand.barrier()
  assert.equal([it.side.session.synced, it.side.diverged], [false, 1])
  await it.hand.send(ours)
  await it.hand.entries(...(await written(it.phone, 1)))
  await it.settle()
  assert.not(it.side.session.synced)
  await it.stop()
})

test('entries of others are acknowledged once they are on disk, in one ACK', async () => {
  const it = await rig()
  await it.hand.entries(await it.phone.write(textsFor(range(3))), await it.mini.write(textsFor(range(3))))
  await it.settle()
  const acked = it.hand.all('ack').flatMap(({ heights }) => heights)
  assert.equal(new Set(acked.map(({ author, height }) => `${it.phone.identity.signing.publicKey.join() === author.join() ? 'phone' : 'mini'} ${height}`)), new Set(['phone 1', 'mini 1']))
  assert.is(acked.length, 2)
  await it.stop()
})

test('another head at the same height of the own log is no proof of a fork; the entry with our own signature is', async () => {
  const it = await rig()
  const own = await it.laptop.write({ 'a.0': 'written after the backup' }, { aside: true })
  await it.side.space.put({ text: 'mine' })
  await it.hand.have([it.laptop, 1], [it.phone, 1])
  await it.settle()
  assert.equal([it.side.forked, wants(it)], [0, [[1, 1], [1, 1]]], 'the author itself is asked for its log at once, and for the proof')
  await it.hand.entries(await it.phone.write({ 'b.0': 'no proof' }))
  await it.settle()
  assert.is(it.side.forked, 0)
  await it.hand.entries(own)
  await it.settle()
  assert.is(it.side.forked, 1)
  await it.stop()
})

test('parts of a snapshot that nobody ordered are read no faster than other bytes that nobody asked for', async () => {
  const it = await rig()
  const bytes = new Uint8Array(snapshotPartBytes)
  const count = Math.ceil(unaskedBytesPerSecond / bytes.length) + 20
  const sent = Array.from({ length: count }, () => it.hand.send({ type: 'part', space: 0, author: keyOf(it.phone), seq: 1, shard: 0, offset: 0, bytes }))
  await Promise.all(sent)
  for (let turns = 0; turns < 200; turns++) await it.time.run(0)
  const unread = it.end.other?.unread ?? 0
  assert.ok(unread > 10 && unread < 30, `${unread} unread`)
  await it.time.run(1000)
  await it.hand.barrier()
  assert.is(it.end.other?.unread, 0)
  await it.stop()
})

test('whoever says that it has more of our own log, and does not deliver it, is not believed', async () => {
  const it = await rig()
  await it.hand.have([it.laptop, 1e9])
  await it.settle()
  assert.is(it.side.heights.height(it.phone.id, it.laptop.id), 1e9)
  await it.time.run(2 * haveIntervalMs)
  await it.hand.barrier()
  assert.equal([it.side.heights.height(it.phone.id, it.laptop.id), it.side.stalls], [0, [it.laptop.id]])
  await it.stop()
})

test('what a peer tells of devices that never were members leaves no trace', async () => {
  const it = await rig()
  const stranger = identityNamed('stranger').id
  await it.hand.have([stranger, 7])
  await it.hand.send({ type: 'ack', space: 0, heights: [{ author: keyOf(stranger), height: 7 }] })
  await it.settle()
  assert.equal([it.side.heights.height(it.phone.id, stranger), wants(it)], [0, []])
  await it.stop()
})

test('a HAVE of more logs than one frame takes comes in several, and what none of them lists the peer lacks', async () => {
  const it = await rig()
  await it.hand.entries(...(await written(it.mini, 1)))
  await it.side.space.put({ text: 'mine' })
  await it.settle()
  it.hand.inbox.length = 0
  const logs: [Author, number][] = [[it.laptop, 1], [it.phone, 0]]
  for (const [index, log] of logs.entries()) await it.hand.send({ type: 'have', space: 0, logs: [{ author: keyOf(log[0]), height: log[1], head: it.state.logRow(log[0].id).head }], more: index === 0 })
  await it.settle()
  await it.side.space.put({ text: 'pushed: the first frame said that the peer is level' })
  await it.settle()
  assert.is(it.hand.all('entry').length, 1)
  await it.stop()
})

test('as many logs as there are told of, in as many frames as it takes', async () => {
  const it = await rig()
  const row = it.state.logRow(it.phone.id)
  while (it.state.logs.size < 2 * maxLogs) {
    const author = deviceIdOf(randomBytes(32))
    it.state.logs.set(author, { ...row, author })
  }
  it.side.session.of(it.side.space)?.sendHave()
  await it.settle()
  const frames = it.hand.all('have')
  assert.equal(frames.map(({ logs, more }) => [logs.length, more]), [[maxLogs, true], [maxLogs, false]])
  it.state.logs.clear()
  await it.stop()
})

test.run()
