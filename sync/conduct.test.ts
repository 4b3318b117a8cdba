import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Conduct } from './conduct.ts'
import { forgiveMs, maxPenaltyMs, penaltyMs, sessionStartsBurst } from './limits.ts'

test('each fault doubles the time in which a peer is not listened to, up to a minute', () => {
  let now = 1e6
  const conduct = new Conduct(() => now)
  assert.is(conduct.penaltyMs('phone'), 0)
  const penalties = Array.from({ length: 9 }, () => {
    conduct.strike('phone')
    const ms = conduct.penaltyMs('phone')
    assert.not(conduct.mayStart('phone'))
    now += ms
    assert.is(conduct.penaltyMs('phone'), 0)
    return ms / penaltyMs
  })
  assert.equal(penalties, [1, 2, 4, 8, 16, 32, 60, 60, 60])
  assert.ok(conduct.mayStart('phone'))
  assert.is(conduct.penaltyMs('laptop'), 0)
})

test('it is forgiven after a time, and at once when the clock was set back', () => {
  let now = 1e6
  const conduct = new Conduct(() => now)
  for (let count = 0; count < 20; count++) conduct.strike('phone')
  assert.is(conduct.penaltyMs('phone'), maxPenaltyMs)
  now -= 1000
  assert.is(conduct.penaltyMs('phone'), 0)
  now += 1000 + forgiveMs
  conduct.strike('phone')
  assert.is(conduct.penaltyMs('phone'), penaltyMs)
})

test('sessions that are begun too often are refused, and cost nothing of those that come later', () => {
  let now = 0
  const conduct = new Conduct(() => now)
  const begun = () => Array.from({ length: 1000 }, () => conduct.mayStart('phone')).filter(Boolean).length
  assert.is(begun(), sessionStartsBurst)
  now += 3000
  assert.is(begun(), 3)
  assert.ok(conduct.mayStart('laptop'))
})

test.run()
