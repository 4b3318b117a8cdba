import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { maxOrders } from './limits.ts'
import { Pace } from './pace.ts'

/** A line that takes `partMs` for each part, one after the other, and `tripMs` for the way: how many orders it has under way in the end, and how long a part waits then. */
function settle(partMs: number, tripMs: number, pace = new Pace(), answers = 400): { orders: number; waitMs: number; parts: number } {
  let now = 0
  let freeAt = 0
  const underWay: { sentAt: number; doneAt: number }[] = []
  let waitMs = 0
  for (let n = 0; n < answers; n++) {
    while (underWay.length < pace.orders) {
      freeAt = Math.max(freeAt, now + tripMs / 2) + partMs
      underWay.push({ sentAt: now, doneAt: freeAt + tripMs / 2 })
    }
    const { sentAt, doneAt } = underWay.shift() ?? { sentAt: 0, doneAt: 0 }
    now = doneAt
    waitMs = doneAt - sentAt
    pace.answered(waitMs)
  }
  return { orders: pace.orders, waitMs, parts: answers / (now / 1000) }
}

test('a quick line is filled, also one with a long way', () => {
  assert.is(settle(1, 1).orders, maxOrders)
  const far = settle(1, 100)
  assert.is(far.orders, maxOrders)
  assert.ok(far.parts > 100, String(far.parts))
})

test('a slow line keeps little in front of it, and is never idle', () => {
  // 5 Mbit/s: 85 ms for a part.
  const slow = settle(85, 20)
  assert.ok(slow.orders <= 2 && slow.waitMs <= 2 * 85 + 20, JSON.stringify(slow))
  assert.ok(slow.parts > 9, String(slow.parts))
})

test('a clock that is set back costs nothing', () => {
  const pace = new Pace()
  pace.answered(-3_600_000)
  assert.is(settle(1, 10, pace).orders, maxOrders)
})

test('a line that changes is noticed, both ways', () => {
  const pace = new Pace()
  settle(1, 1, pace)
  assert.ok(settle(85, 20, pace, 600).orders <= 3)
  assert.is(settle(1, 1, pace).orders, maxOrders)
})

test.run()
