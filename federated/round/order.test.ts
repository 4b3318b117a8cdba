import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sha256Hex } from '../../mesh/crypto.ts'
import { attemptFrom, coordinatorOf, maxAttempt } from './order.ts'
import { manifestFor } from './world.fixtures.ts'

const manifest = manifestFor(5)
const attempts = Array.from({ length: 1000 }, (_, attempt) => attempt)

test('everybody finds the same coordinators, whatever else is in the manifest, and other releases found the same', () => {
  const order = attempts.map(attempt => manifest.cohort.indexOf(coordinatorOf(manifest, attempt)))
  assert.equal(attempts.map(attempt => manifest.cohort.indexOf(coordinatorOf({ ...manifest, maxAbs: 2 }, attempt))), order)
  assert.is(sha256Hex(order.join()), '4d3b5a842aa9fbe1c3be5b25953460e70e1a09a08420d19f3d421e85ae5596bf')
})

test('each device coordinates about as often, and another one of another round or task', () => {
  for (const device of manifest.cohort) {
    const times = attempts.filter(attempt => coordinatorOf(manifest, attempt) === device).length
    assert.ok(times > 150 && times < 250, `${times} of 1000`)
  }
  const same = (change: Partial<typeof manifest>) => attempts.filter(attempt => coordinatorOf(manifest, attempt) === coordinatorOf({ ...manifest, ...change }, attempt)).length
  for (const change of [{ round: 2 }, { task: 'other' }]) assert.ok(same(change) < 300)
})

test('a device that is not of the cohort any more moves its attempts alone', () => {
  const fewer = { ...manifest, cohort: manifest.cohort.slice(1) }
  for (const attempt of attempts) {
    const before = coordinatorOf(manifest, attempt)
    if (before !== manifest.cohort[0]) assert.is(coordinatorOf(fewer, attempt), before)
  }
})

test('attempts of devices that are away are passed over', () => {
  for (const there of manifest.cohort) {
    const attempt = attemptFrom(manifest, 3, device => device === there)!
    assert.is(coordinatorOf(manifest, attempt), there)
    for (let passed = 3; passed < attempt; passed++) assert.is.not(coordinatorOf(manifest, passed), there)
  }
  assert.is(attemptFrom(manifest, 0, () => false), undefined)
  assert.is(attemptFrom(manifest, maxAttempt + 1, () => true), undefined)
})

test.run()
