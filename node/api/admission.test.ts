import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BusyError, createAdmission } from './admission.ts'

function retryAfter(work: () => unknown): number | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof BusyError) return error.retryAfter
    throw error
  }
}

test('so many at once; who goes out twice makes room once', () => {
  const admission = createAdmission({ atOnce: 2, perSecond: 100, burst: 100 }, () => 0)
  const leave = admission.enter()
  admission.enter()
  assert.is(retryAfter(admission.enter), 1)
  leave()
  leave()
  admission.enter()
  assert.is(retryAfter(admission.enter), 1)
})

test('so many a second, and more at once after a pause; a clock that goes back lets nobody in', () => {
  let now = 1_000_000
  const admission = createAdmission({ atOnce: 1000, perSecond: 2, burst: 4 }, () => now)
  const entered = () => {
    let count = 0
    while (retryAfter(admission.enter) === undefined) count++
    return count
  }
  assert.is(entered(), 4)
  now += 1000
  assert.is(entered(), 2)
  now += 3_600_000
  assert.is(entered(), 4)
  now -= 3_600_000
  assert.is(entered(), 0)
  now += 500
  assert.is(entered(), 1)
  const slow = createAdmission({ atOnce: 9, perSecond: 0.1, burst: 1 }, () => now)
  slow.enter()
  assert.is(retryAfter(slow.enter), 10)
})

test.run()
