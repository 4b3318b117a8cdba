import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HybridClock, hlcFromMs, msFromHlc } from './hlc.ts'
import { seededTest } from './random.fixtures.ts'

const day = 24 * 3600 * 1000
const startMs = 1_767_225_600_000

test('values are ms × 1024 and go back to ms', () => {
  assert.is(hlcFromMs(5.7), 5 * 1024)
  assert.is(hlcFromMs(-5), 0)
  assert.is(msFromHlc(hlcFromMs(startMs) + 1023), startMs)
  assert.ok(Number.isSafeInteger(hlcFromMs(Date.UTC(2248, 0))))
})

test('within one ms the counter goes on', () => {
  const clock = new HybridClock(() => startMs)
  assert.equal([clock.next(), clock.next(), clock.next()].map(hlc => hlc - hlcFromMs(startMs)), [0, 1, 2])
})

test('a clock that is set back goes on above what it gave out, after a restart too', () => {
  let now = startMs
  const clock = new HybridClock(() => now)
  const before = clock.next()
  now -= 400 * day
  assert.is(clock.next(), before + 1)
  assert.is(new HybridClock(() => now, clock.last).next(), before + 2)
})

test('what was seen is stepped over', () => {
  const clock = new HybridClock(() => startMs)
  const seen = hlcFromMs(startMs + 30 * day)
  clock.see(seen)
  assert.is(clock.next(), seen + 1)
  clock.see(5)
  assert.is(clock.next(), seen + 2)
})

test('a clock that is more than a year ahead does not drag ours, and yet its version is stepped over', () => {
  const clock = new HybridClock(() => startMs)
  const far = hlcFromMs(startMs + 400 * day)
  clock.see(far)
  assert.is(clock.last, 0)
  assert.is(clock.next(far), far + 1)
  assert.is(clock.next(), hlcFromMs(startMs) + 1, 'other items are dated by our clock')
})

seededTest('values rise whatever the wall clock does, and stay near it or what was seen', 'hlc', 20, random => {
  let now = startMs
  let highestSeen = 0
  let highestNow = startMs
  const clock = new HybridClock(() => now)
  let last = 0
  for (let step = 0; step < 500; step++) {
    now += random.pick([0, 0, 1, 10, day, -day, -1000, 3 * day])
    highestNow = Math.max(highestNow, now)
    if (random.chance(0.3)) {
      const remote = hlcFromMs(now + random.pick([-day, day, 300 * day, 500 * day]))
      clock.see(remote)
      if (msFromHlc(remote) <= now + 366 * day) highestSeen = Math.max(highestSeen, remote)
    }
    const next = clock.next()
    assert.ok(next > last, `step ${step}`)
    assert.ok(next > highestSeen)
    assert.ok(next <= Math.max(hlcFromMs(highestNow), highestSeen) + step + 1)
    last = next
  }
})

test.run()
