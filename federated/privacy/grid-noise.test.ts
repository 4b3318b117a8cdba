import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { clip } from './clip.ts'
import { addGridNoise, fineStep, noiseShare, planGrid } from './grid-noise.ts'
import { rdpAt } from './rdp.ts'
import { seededSource } from './random-words.fixtures.ts'
import { moments } from './statistics.fixtures.ts'

const named = (code: string) => (error: Error) => error.name === code

test('the noise holds for the longest update there can be after rounding to the grid', () => {
  fc.assert(fc.property(fc.double({ min: 1e-3, max: 100, noNaN: true }), fc.integer({ min: 1, max: 1_000_000 }), fc.double({ min: 0.3, max: 10, noNaN: true }), (clipNorm, parameters, noiseMultiplier) => {
    const step = fineStep(clipNorm, parameters)
    const { stdDevSteps, maxAbs } = planGrid({ clipNorm, noiseMultiplier, parameters, step })
    // Each value half a step further out than it was.
    const longest = clipNorm / step + Math.sqrt(parameters) / 2
    assert.ok(stdDevSteps >= noiseMultiplier * longest - 1e-9 && stdDevSteps <= noiseMultiplier * longest + 1)
    assert.ok(longest * step <= clipNorm * (1 + 1 / 128) && maxAbs >= clipNorm + 8 * noiseMultiplier * clipNorm)
  }), { numRuns: 300 })
})

test('values are rounded to the grid and get their noise, and no two alike', () => {
  const terms = { clipNorm: 4, noiseMultiplier: 2, parameters: 50_000, step: 2 ** -10 }
  const grid = planGrid(terms)
  const clipped = clip(new Float32Array(terms.parameters).fill(0.01), terms.clipNorm)
  const noised = addGridNoise(clipped, grid, seededSource(1))
  const { mean, variance } = moments(noised)
  // Standard error of the mean: σ/√50,000.
  assert.ok(Math.abs(mean - Math.round(0.01 / terms.step)) < (5 * grid.stdDevSteps) / Math.sqrt(terms.parameters), `mean ${mean}`)
  assert.ok(Math.abs(variance / grid.stdDevSteps ** 2 - 1) < 0.04, `variance ${variance}`)
  assert.equal(addGridNoise(clipped, grid, seededSource(1)), noised)
  assert.not.equal(addGridNoise(clipped, grid), addGridNoise(clipped, grid))
})

test('shares of several devices add up to the noise of the sum', () => {
  const devices = 9
  const terms = { clipNorm: 1, noiseMultiplier: noiseShare(1, devices), parameters: 20_000, step: fineStep(1, 20_000) }
  const grid = planGrid(terms)
  const sum = new Int32Array(terms.parameters)
  for (let device = 0; device < devices; device++) addGridNoise(clip(new Float32Array(terms.parameters), 1), grid, seededSource(device)).forEach((value, at) => (sum[at]! += value))
  assert.throws(() => noiseShare(1, 0), named('BadPrivacyTerms'))
  const whole = planGrid({ ...terms, noiseMultiplier: 1 })
  assert.ok(Math.abs(moments(sum).variance / whole.stdDevSteps ** 2 - 1) < 0.06)
})

test('discrete noise costs what the accountant says of continuous noise', () => {
  // Along one axis, by the definition: ln Σ P(k)·((1 − q) + q·P(k − C)/P(k))^α / (α − 1), for the coarsest grid there is.
  const [stdDev, range] = [16, 640]
  for (const noiseMultiplier of [0.5, 1, 4]) {
    const moved = stdDev / noiseMultiplier
    const steps = Array.from({ length: 2 * range + 1 }, (_, at) => at - range)
    const total = steps.reduce((sum, k) => sum + Math.exp(-(k * k) / (2 * stdDev ** 2)), 0)
    for (const sampleRate of [0.01, 0.3, 1]) {
      for (const order of [1.1, 1.5, 2, 3.7, 8]) {
        const moment = steps.reduce((sum, k) => sum + (Math.exp(-(k * k) / (2 * stdDev ** 2)) / total) * (1 - sampleRate + sampleRate * Math.exp((2 * k * moved - moved ** 2) / (2 * stdDev ** 2))) ** order, 0)
        const expected = Math.log(moment) / (order - 1)
        const found = rdpAt(order, { noiseMultiplier, sampleRate })
        assert.ok(Math.abs(found - expected) < 1e-7 * expected + 1e-11, `z ${noiseMultiplier}, q ${sampleRate}, order ${order}: ${found}, not ${expected}`)
      }
    }
  }
})

test('nothing is beyond the range that the ring was told', () => {
  const grid = { ...planGrid({ clipNorm: 1, noiseMultiplier: 1, parameters: 1000, step: 2 ** -10 }), maxAbs: 1 }
  const noised = addGridNoise(clip(new Float32Array(1000), 1), grid, seededSource(1))
  assert.is(Math.max(...noised), 1024)
  assert.is(Math.min(...noised), -1024)
})

test('a grid is refused that is too coarse for the update, or too fine for 32 bits', () => {
  const terms = { clipNorm: 1, noiseMultiplier: 1, parameters: 200_000 }
  assert.throws(() => planGrid({ ...terms, step: 2 ** -9 }), named('GridTooCoarse'))
  assert.ok(planGrid({ ...terms, step: 2 ** -11 }))
  // Few parameters, and a step that leaves the noise hardly any values.
  assert.throws(() => planGrid({ ...terms, parameters: 1, step: 2 ** -3 }), named('GridTooCoarse'))
  assert.throws(() => planGrid({ ...terms, step: 2 ** -29 }), named('GridTooFine'))
  assert.throws(() => planGrid({ ...terms, noiseMultiplier: 1e6, step: 2 ** -12 }), named('GridTooFine'))
  for (const bad of [{ step: 0 }, { step: NaN }, { parameters: 1.5 }, { clipNorm: -1 }, { noiseMultiplier: NaN }]) assert.throws(() => planGrid({ ...terms, step: 2 ** -12, ...bad }), named('BadPrivacyTerms'))
})

test('an update that was clipped to another norm, or of another length, is refused', () => {
  const grid = planGrid({ clipNorm: 1, noiseMultiplier: 1, parameters: 10, step: 2 ** -10 })
  assert.throws(() => addGridNoise(clip(new Float32Array(10), 2), grid), named('BadPrivacyTerms'))
  assert.throws(() => addGridNoise(clip(new Float32Array(11), 1), grid), named('BadPrivacyTerms'))
})

test.run()
