import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { clip } from './clip.ts'

const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
const updates = fc.float32Array({ minLength: 1, maxLength: 50, noNaN: true, noDefaultInfinity: true })

test('a longer update is scaled down, and by how much is said', () => {
  const clipped = clip(Float32Array.of(3, 4), 1)
  assert.is(clipped.norm, 5)
  assert.ok(Math.abs(clipped.factor - 0.2) < 1e-6)
  assert.ok(Math.abs(clipped.values[0]! - 0.6) < 1e-6 && Math.abs(clipped.values[1]! - 0.8) < 1e-6)
})

test('a shorter update stays as it is, bit for bit, and is a copy', () => {
  const update = Float32Array.of(0.1, -0.2, 0)
  const { values, factor } = clip(update, 1)
  assert.equal(values, update)
  assert.is(factor, 1)
  assert.is.not(values, update)
  assert.is(clip(new Float32Array(3), 1).factor, 1)
})

test('the norm of what comes back is never above the limit, rounding to f32 included', () => {
  fc.assert(fc.property(updates, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (update, clipNorm) => {
    const clipped = clip(update, clipNorm)
    assert.ok(norm(clipped.values) <= clipNorm, `${norm(clipped.values)} of ${clipNorm}`)
    // Nothing is lost that need not be: a millionth, or what f32 cannot hold.
    assert.ok(norm(clipped.values) >= Math.min(clipped.norm, clipNorm) * (1 - 1e-6) - 1e-37)
  }), { numRuns: 500 })
})

test('an update exactly at the limit is under it afterwards', () => {
  for (const length of [1, 7, 1000, 100_000]) {
    const update = new Float32Array(length).fill(1 / 3)
    for (const near of [1 - 1e-7, 1, 1 + 1e-7]) assert.ok(norm(clip(update, norm(update) * near).values) <= norm(update) * near)
  }
})

test('what is no number is refused by name and place', () => {
  for (const bad of [NaN, Infinity, -Infinity]) {
    assert.throws(() => clip(Float32Array.of(0, 1, bad), 1), (error: Error) => error.name === 'NotFinite' && error.message.includes(`value 2 of the update is ${bad}`))
  }
  // A norm of many huge values is still a number.
  assert.ok(norm(clip(new Float32Array(1000).fill(3e38), 2).values) <= 2)
})

test('a norm that bounds nothing is refused', () => {
  for (const bad of [0, -1, NaN, Infinity, 1e-12]) assert.throws(() => clip(Float32Array.of(1), bad), (error: Error) => error.name === 'BadPrivacyTerms')
  assert.throws(() => clip(new Float32Array(0), 1), (error: Error) => error.name === 'BadPrivacyTerms')
})

test.run()
