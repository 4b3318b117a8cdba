import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { clip } from './clip.ts'
import { explainNoise, isDrowned, noiseToSignal, refuseDrowned, remedies, type RoundSize } from './drowning.ts'
import { addGaussianNoise } from './gaussian-noise.ts'
import { seededSource } from './random-words.fixtures.ts'
import { noiseMultiplierBounds } from './terms.ts'

const family: RoundSize = { participants: 5, parameters: 200_000, noiseMultiplier: 1, noiseIn: 'sum' }

test('five devices and 200,000 parameters drown, and it is said what would help', () => {
  assert.ok(Math.abs(noiseToSignal(family) - 89.44) < 0.01)
  assert.throws(() => refuseDrowned(family), (error: Error) => error.name === 'NoiseDrowns' && error.message === explainNoise(family))
  assert.is(explainNoise(family), 'With 5 devices and 200,000 parameters, the noise that hides each device is 89 times as large as what was learned: the round would be noise. ' +
    'It takes at least 448 devices, or an adapter of at most 25 parameters, or noise of at most 0.011 times the clip norm, which hides nobody.')
  assert.match(explainNoise({ ...family, noiseIn: 'each' }), /200 times .* at least 200,000 devices, or an adapter of at most 5 parameters.* Noise in the sum alone/)
  assert.match(explainNoise({ ...family, participants: 1, noiseMultiplier: 3, noiseIn: 'each' }), /^With 1 device .*no adapter is small enough/)
  assert.match(explainNoise({ ...family, participants: 400, noiseMultiplier: 1 }), /noise of at most 0\.89 times the clip norm, which is ε = 5\.4 a round at δ = 0\.00001/)
})

test('a thousand devices do not drown', () => {
  refuseDrowned({ ...family, participants: 1000 })
  assert.is(explainNoise({ ...family, participants: 1000 }), 'With 1,000 devices and 200,000 parameters, the noise that hides each device is 0.45 times as large as what was learned, at best: the round can teach something.')
})

const sizes = fc.record({
  participants: fc.integer({ min: 1, max: 1_000_000 }),
  parameters: fc.integer({ min: 1, max: 10_000_000 }),
  noiseMultiplier: fc.double({ min: 0.05, max: 100, noNaN: true }),
  noiseIn: fc.constantFrom('sum' as const, 'each' as const)
})

test('each remedy by itself is enough, and a little less of it is not', () => {
  fc.assert(fc.property(sizes, round => {
    const { participants, parameters, noiseMultiplier } = remedies(round)
    assert.is.not(isDrowned({ ...round, noiseMultiplier }), true)
    if (noiseMultiplier * 1.001 <= noiseMultiplierBounds.most) assert.ok(isDrowned({ ...round, noiseMultiplier: noiseMultiplier * 1.001 }))
    if (participants <= 1e9) assert.is.not(isDrowned({ ...round, participants }), true)
    if (participants > 1 && participants <= 1e9) assert.ok(isDrowned({ ...round, participants: participants - 1 }))
    if (parameters > 0 && parameters <= 2 ** 28) assert.is.not(isDrowned({ ...round, parameters }), true)
    if (parameters < 2 ** 28) assert.ok(isDrowned({ ...round, parameters: parameters + 1 }))
  }), { numRuns: 500 })
})

test('the formula is what noise really does to a mean, in the sum and in each', () => {
  const [participants, parameters, noiseMultiplier, clipNorm] = [16, 20_000, 0.5, 2]
  const meanNorm = (sum: Float64Array) => Math.sqrt(sum.reduce((squares, value) => squares + (value / participants) ** 2, 0))
  const silent = clip(new Float32Array(parameters), clipNorm)
  const each = new Float64Array(parameters)
  for (let device = 0; device < participants; device++) addGaussianNoise(silent, noiseMultiplier, seededSource(device)).forEach((value, at) => (each[at]! += value))
  const once = Float64Array.from(addGaussianNoise(silent, noiseMultiplier, seededSource(99)))
  for (const [noiseIn, sum] of [['each', each], ['sum', once]] as const) {
    const found = meanNorm(sum) / clipNorm
    assert.ok(Math.abs(found / noiseToSignal({ participants, parameters, noiseMultiplier, noiseIn }) - 1) < 0.03, noiseIn)
  }
})

test('sizes that are none are refused', () => {
  for (const bad of [{ participants: 0 }, { participants: 1.5 }, { parameters: 0 }, { parameters: NaN }, { noiseMultiplier: 0 }, { noiseMultiplier: NaN }]) assert.throws(() => isDrowned({ ...family, ...bad }), (error: Error) => error.name === 'BadPrivacyTerms')
})

test.run()
