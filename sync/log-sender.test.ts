import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { noHash, readEntry } from './entry.ts'
import { wantCredit } from './limits.ts'
import { LogSender } from './log-sender.ts'
import { receive } from './receive.ts'
import { type Scene, scene } from './receive.fixtures.ts'
import { keyOf, rig } from './session.fixtures.ts'
import { LocalSpace } from './space.ts'

/** A sender of the phone's log with `count` entries; each frame leaves when the test says so. */
async function sending(count: number, { large = false, snapshots = true } = {}) {
  const set: Scene = await scene()
  const grow = async (more: number) => {
    for (let index = 0; index < more; index++) await receive(set.state, [(await set.phone.write({ 'a.0': large ? 'x'.repeat(31_500) : 'small' })).bytes])
  }
  await grow(count)
  const sent: number[][] = []
  const gates: (() => void)[] = []
  const offers: string[] = []
  const notKept: number[] = []
  const sender = new LogSender(new LocalSpace(set.state, () => 0), {
    index: 0,
    send: frame => new Promise(resolve => {
      if (frame.type === 'entry') sent.push(frame.entries.map(bytes => readEntry(bytes).seq))
      gates.push(resolve)
    }),
    spawn: work => void work()
  }, { snapshots, offer: author => void offers.push(author), notKept: (_, lowest) => void notKept.push(lowest) })
  const go = async () => {
    gates.shift()?.()
    for (let turns = 0; turns < 5; turns++) await Promise.resolve()
  }
  const want = (from: number, credit: number) => sender.wanted({ type: 'want', space: 0, author: keyOf(set.phone), from, credit })
  return { ...set, sender, sent, offers, notKept, go, want, grow }
}

const upTo = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index)

test('a WANT is answered with as many entries as it has credit for, never more', async () => {
  const { sent, want, go } = await sending(10)
  want(3, 4)
  await go()
  assert.equal(sent, [[3, 4, 5, 6]])
  want(7, wantCredit)
  await go()
  assert.equal(sent.slice(1), [[7, 8, 9, 10]])
  want(5, 0)
  want(0, 9)
  want(11, 9)
  await go()
  assert.is(sent.length, 2)
})

test('frames hold what fits, and the next one is made when the last has left', async () => {
  const { sent, want, go } = await sending(5, { large: true })
  want(1, 5)
  assert.equal(sent, [[1]])
  for (let round = 0; round < 9; round++) await go()
  assert.equal(sent.flat(), upTo(1, 5))
})

test('new entries are pushed to a peer that has all before them, and to no other', async () => {
  const { sender, phone, sent, go, grow } = await sending(3)
  assert.not(sender.push(phone.id), 'the peer said nothing yet')
  sender.place(phone.id, 2, 3)
  assert.not(sender.push(phone.id))
  sender.place(phone.id, 3, 3)
  await grow(2)
  assert.ok(sender.push(phone.id))
  await go()
  assert.equal(sent, [[4, 5]])
  sender.peerHas(phone.id, 6)
  await grow(2)
  assert.ok(sender.push(phone.id))
  await go()
  assert.equal(sent, [[4, 5], [7]])
})

test('a peer that got all it wanted is level: the next entry is pushed', async () => {
  const { sender, phone, sent, want, go, grow } = await sending(3)
  sender.place(phone.id, 0, 3)
  want(1, 9)
  await go()
  await go()
  await grow(1)
  assert.ok(sender.push(phone.id))
  await go()
  assert.equal(sent, [[1, 2, 3], [4]])
})

test('a second WANT moves the run that is under way: back where the peer lacks something, and with its own credit', async () => {
  const { sent, want, go } = await sending(6, { large: true })
  want(1, 6)
  await go()
  await go()
  assert.equal(sent, [[1], [2], [3]])
  want(2, 3)
  for (let round = 0; round < 9; round++) await go()
  assert.equal(sent.flat(), [1, 2, 3, ...upTo(2, 4)])
})

test('a WANT during a push takes nothing from it: all that is new arrives', async () => {
  const { sender, phone, sent, want, go, grow } = await sending(1, { large: true })
  sender.place(phone.id, 1, 1)
  await grow(5)
  assert.ok(sender.push(phone.id))
  want(2, 1)
  for (let round = 0; round < 20; round++) await go()
  assert.equal(new Set(sent.flat()), new Set(upTo(2, 6)))
})

test('who has nothing of a log is offered its snapshot, once there is one', async () => {
  const { state, phone, offers, sent, want, go } = await sending(3)
  want(1, 3)
  await go()
  assert.equal([offers, sent.flat()], [[], upTo(1, 3)])
  await receive(state, [(await phone.checkpoint()).bytes])
  want(2, 1)
  assert.equal(offers, [])
  want(1, 1)
  assert.equal(offers, [phone.id])
})

test('what was pruned, or lies far before the checkpoint, is offered as a snapshot', async () => {
  const { state, store, phone, offers, sent, want, go } = await sending(300)
  await receive(state, [(await phone.checkpoint()).bytes])
  want(46, 9)
  await go()
  assert.equal([offers, sent.flat()], [[], upTo(46, 54)])
  want(45, 9)
  assert.equal(offers, [phone.id])
  await store.commit({ space: state.id, logs: [{ ...state.logRow(phone.id), lowest: 301 }] })
  state.logs.set(phone.id, { ...state.logRow(phone.id), lowest: 301 })
  want(300, 1)
  assert.equal(offers, [phone.id, phone.id])
})

test('nothing is sent after the end', async () => {
  const { sender, sent, want, go } = await sending(4, { large: true })
  want(1, 4)
  sender.stop()
  for (let round = 0; round < 5; round++) await go()
  assert.equal(sent, [[1]])
})

test('what a session pushes needs no ACK; what others wrote does', async () => {
  const it = await rig()
  await it.hand.have()
  await it.hand.barrier()
  await it.side.space.put({ text: 'one' })
  assert.equal((await it.hand.next('entry')).entries.length, 1)
  await it.settle()
  assert.equal(it.hand.all('ack'), [])
  // Two HAVEs in a row lack the entry: the first may have crossed it, after the second it did not arrive.
  for (let round = 0; round < 2; round++) {
    await it.hand.send({ type: 'have', space: 0, logs: [{ author: keyOf(it.laptop), height: 0, head: noHash }], more: false })
    await it.settle()
  }
  await it.side.space.put({ text: 'two' })
  await it.settle()
  assert.equal([it.hand.all('entry'), it.hand.all('ack').map(({ heights }) => heights.map(({ height }) => height))], [[], [[2]]])
  await it.stop()
})

test('a HAVE that crossed an entry on its way does not end the pushing', async () => {
  const it = await rig()
  await it.hand.have()
  await it.settle()
  for (const height of [1, 2, 3, 4]) {
    await it.side.space.put({ text: 'an edit' })
    assert.equal((await it.hand.next('entry')).entries.map(bytes => readEntry(bytes).seq), [height])
    // As of a peer that is a round trip away: what it had when the entry left.
    await it.hand.send({ type: 'have', space: 0, logs: [{ author: keyOf(it.laptop), height: height - 1, head: noHash }], more: false })
    await it.settle()
  }
  assert.equal(it.hand.all('ack'), [])
  await it.stop()
})

test('what is written while a WANT is on its way follows the answer, and what comes then is pushed', async () => {
  const it = await rig()
  await it.side.space.put({ text: 'told of' })
  await it.side.space.put({ text: 'written meanwhile' })
  await it.hand.send({ type: 'want', space: 0, author: keyOf(it.laptop), from: 1, credit: 1 })
  await it.settle()
  await it.side.space.put({ text: 'new' })
  await it.settle()
  assert.equal(it.hand.all('entry').map(({ entries }) => entries.map(bytes => readEntry(bytes).seq)), [[1], [2], [3]])
  await it.stop()
})

test.run()
