import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { seededTest } from './random.fixtures.ts'
import { TokenBucket } from './token-bucket.ts'

test('a burst passes at once, then the rate holds', () => {
  let now = 0
  const bucket = new TokenBucket(200, 2000, () => now)
  assert.is(bucket.take(2000), 0)
  assert.is(bucket.take(1), 5)
  assert.is(bucket.take(199), 1000)
  now = 1000
  assert.is(bucket.take(0), 0)
  assert.is(bucket.take(1), 5)
})

test('it never fills beyond the burst', () => {
  let now = 0
  const bucket = new TokenBucket(10, 20, () => now)
  now = 1e9
  assert.is(bucket.take(20), 0)
  assert.ok(bucket.take(1) > 0)
})

test('more than the burst waits for as long as it takes', () => {
  const bucket = new TokenBucket(10, 20, () => 0)
  assert.is(bucket.take(120), 10_000)
})

test('a clock that is set back neither empties nor fills it', () => {
  let now = 1e6
  const bucket = new TokenBucket(10, 20, () => now)
  bucket.take(10)
  now = 0
  assert.is(bucket.take(10), 0)
  assert.is(bucket.take(1), 100)
  now = 1000
  assert.is(bucket.take(9), 0)
})

seededTest('whoever waits as told gets burst + rate × time, and no more', 'token-bucket', 20, random => {
  let now = 0
  const [perSecond, burst] = [1 + random.below(1000), 1 + random.below(1000)]
  const bucket = new TokenBucket(perSecond, burst, () => now)
  let taken = 0
  for (let step = 0; step < 300; step++) {
    const count = random.below(50)
    now += bucket.take(count) + (random.chance(0.1) ? random.below(500) : 0)
    taken += count
    assert.ok(taken <= burst + (perSecond * now) / 1000 + 1e-6, `step ${step}: ${taken} in ${now} ms`)
  }
})

test.run()
