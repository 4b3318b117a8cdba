import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { clip } from './clip.ts'
import { logErfc } from './erfc.ts'
import { addGaussianNoise } from './gaussian-noise.ts'
import { seededSource } from './random-words.fixtures.ts'
import { fits, moments } from './statistics.fixtures.ts'

const draws = 200_000

test('noise has the standard deviation and the shape that are asked for', () => {
  const noised = addGaussianNoise(clip(new Float32Array(draws), 2), 1.5, seededSource(1))
  const { mean, variance, kurtosis } = moments(noised)
  // Standard errors: 3/√200,000 = 0.0067; √2/√200,000 = 0.3 %; √24/√200,000 = 0.011.
  assert.ok(Math.abs(mean) < 0.03, `mean ${mean}`)
  assert.ok(Math.abs(variance / 9 - 1) < 0.015, `variance ${variance}`)
  assert.ok(Math.abs(kurtosis - 3) < 0.05, `kurtosis ${kurtosis}`)
  // Sixty cells of a tenth of a standard deviation, and what is beyond on either side.
  const counts = Array.from({ length: 62 }, () => 0)
  for (const value of noised) counts[Math.min(61, Math.max(0, Math.floor(value / 0.3) + 31))]!++
  const upTo = (cell: number) => Math.exp(logErfc(-((cell - 31) * 0.1) / Math.SQRT2)) / 2
  fits(counts, counts.map((_, cell) => (cell === 61 ? 1 : upTo(cell + 1)) - (cell === 0 ? 0 : upTo(cell))), 'noise')
})

test('neighbouring values of a vector have nothing to do with each other', () => {
  const noised = addGaussianNoise(clip(new Float32Array(draws), 1), 1, seededSource(2))
  for (const lag of [1, 2, 3]) {
    let sum = 0
    for (let at = lag; at < draws; at++) sum += noised[at]! * noised[at - lag]!
    // Standard error 1/√200,000 = 0.0022; squares as well: a pair of Box and Muller shares its radius with nobody.
    assert.ok(Math.abs(sum / draws) < 0.012, `lag ${lag}: ${sum / draws}`)
    let squares = 0
    for (let at = lag; at < draws; at++) squares += (noised[at]! ** 2 - 1) * (noised[at - lag]! ** 2 - 1)
    assert.ok(Math.abs(squares / draws) < 0.03, `lag ${lag}, squares: ${squares / draws}`)
  }
})

test('noise is around the update, for odd lengths too', () => {
  const update = new Float32Array(20_001).fill(1e-3)
  const clipped = clip(update, 10)
  assert.ok(Math.abs(moments(addGaussianNoise(clipped, 0.05, seededSource(3)).map(value => value - 1e-3)).mean) < 0.02)
  assert.is(addGaussianNoise(clip(Float32Array.of(1), 1), 1, seededSource(4)).length, 1)
  assert.is(clipped.values[0], update[0], 'the update itself is as it was')
})

test('what comes out lies on one grid, whatever went in: low bits tell nothing', () => {
  const update = Float32Array.from({ length: 1001 }, (_, at) => Math.sin(at) * 1e-3)
  // The standard deviation is 2.1, so that the step is 2 / 2^20.
  for (const value of addGaussianNoise(clip(update, 3), 0.7, seededSource(5))) assert.ok(Number.isInteger(value / 2 ** (1 - 20)), `${value}`)
})

test('the same seed gives the same noise; the platform never does', () => {
  const clipped = clip(new Float32Array(100), 1)
  assert.equal(addGaussianNoise(clipped, 1, seededSource(6)), addGaussianNoise(clipped, 1, seededSource(6)))
  assert.not.equal(addGaussianNoise(clipped, 1), addGaussianNoise(clipped, 1))
})

test('noise that is none is refused', () => {
  for (const bad of [0, NaN, -1, Infinity]) assert.throws(() => addGaussianNoise(clip(Float32Array.of(1), 1), bad), (error: Error) => error.name === 'BadPrivacyTerms')
})

test.run()
