import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FakeTime } from '../mesh/timers.fixtures.ts'
import type { Frame } from './frames.ts'
import { Outbox } from './outbox.ts'
import { TimerSet } from './timer-set.ts'

const ping = (sentAt: number): Frame[] => [{ type: 'ping', sentAt }]

/** An outbox whose every frame leaves when the test says so. */
function held() {
  const sent: Frame[] = []
  const gates: (() => void)[] = []
  const outbox = new Outbox(frame => new Promise(resolve => {
    sent.push(frame)
    gates.push(resolve)
  }), work => void work())
  const go = async () => {
    gates.shift()?.()
    for (let turns = 0; turns < 5; turns++) await Promise.resolve()
  }
  return { sent, outbox, go }
}

test('of each kind one message waits, in its place, and is made when there is room', async () => {
  const { sent, outbox, go } = held()
  let value = 1
  outbox.post('a', () => ping(value))
  outbox.post('a', () => ping(value))
  outbox.post('b', () => [...ping(20), ...ping(21)])
  for (let round = 0; round < 100; round++) outbox.post('a', () => ping(value))
  value = 2
  for (let round = 0; round < 6; round++) await go()
  assert.equal(sent, [...ping(1), ...ping(2), ...ping(20), ...ping(21)])
  outbox.post('b', () => ping(3))
  assert.is(sent.length, 5)
})

test('after its end nothing is made any more', async () => {
  const { sent, outbox, go } = held()
  outbox.post('a', () => ping(1))
  outbox.post('b', () => ping(2))
  outbox.stop()
  outbox.post('c', () => ping(3))
  await go()
  assert.equal(sent, ping(1))
})

test('timers of a set end together; one that was cancelled or came leaves nothing behind', async () => {
  const time = new FakeTime()
  const timers = new TimerSet(time)
  const came: string[] = []
  timers.every(10, () => came.push('every'))
  timers.after(25, () => came.push('once'))
  timers.after(15, () => came.push('cancelled'))()
  await time.run(30)
  assert.equal(came, ['every', 'every', 'once', 'every'])
  assert.is(time.pending, 1)
  timers.stop()
  timers.after(1, () => came.push('late'))
  await time.run(100)
  assert.equal([came.length, time.pending], [4, 0])
})

test('a repeated timer that ends its set ends itself', async () => {
  const time = new FakeTime()
  const timers = new TimerSet(time)
  timers.every(10, () => timers.stop())
  await time.run(100)
  assert.is(time.pending, 0)
})

test.run()
