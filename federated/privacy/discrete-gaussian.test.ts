import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { expOfMinus, sampleDiscreteGaussian, share } from './discrete-gaussian.ts'
import { seededSource } from './random-words.fixtures.ts'
import { RandomWords } from './random-words.ts'
import { fits, moments } from './statistics.fixtures.ts'

const draws = 100_000

/** Probabilities of −range … range by their definition. */
function probabilities(stdDev: number, range: number): number[] {
  const weights = Array.from({ length: 2 * range + 1 }, (_, at) => Math.exp(-((at - range) ** 2) / (2 * stdDev ** 2)))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map(weight => weight / total)
}

for (const stdDev of [1, 2, 3, 5, 16, 37]) {
  test(`whole numbers come as often as exp(-k²/2σ²) says, σ = ${stdDev}`, () => {
    const range = 9 * stdDev
    const random = new RandomWords(seededSource(stdDev))
    const counts = Array.from({ length: 2 * range + 1 }, () => 0)
    for (let draw = 0; draw < draws; draw++) {
      const value = sampleDiscreteGaussian(stdDev, random)
      assert.not(Object.is(value, -0))
      if (Math.abs(value) <= range) counts[value + range]!++
    }
    fits(counts, probabilities(stdDev, range), `σ = ${stdDev}`)
  })
}

for (const stdDev of [1000, 2 ** 20 - 3, 2 ** 27]) {
  test(`moments are those of a Gaussian, σ = ${stdDev}`, () => {
    const random = new RandomWords(seededSource(stdDev))
    const { mean, variance, kurtosis } = moments(Array.from({ length: draws }, () => sampleDiscreteGaussian(stdDev, random)))
    // Standard errors 0.3 %, 0.45 %, 0.5 %.
    assert.ok(Math.abs(mean / stdDev) < 0.016, `mean ${mean}`)
    assert.ok(Math.abs(variance / stdDev ** 2 - 1) < 0.025, `variance ${variance}`)
    assert.ok(Math.abs(kurtosis - 3) < 0.09, `kurtosis ${kurtosis}`)
  })
}

test('a coin of exp(-part/total) falls as it should', () => {
  for (const [part, total] of [[0, 5], [1, 7], [1, 2], [5, 6], [3, 3]] as const) {
    const random = new RandomWords(seededSource(part * 10 + total))
    let successes = 0
    for (let draw = 0; draw < draws; draw++) if (expOfMinus(share, random, part, total)) successes++
    const chance = Math.exp(-part / total)
    if (part === 0) assert.is(successes, draws)
    else fits([successes, draws - successes], [chance, 1 - chance], `exp(-${part}/${total})`)
  }
})

test('a standard deviation that is no whole number of steps is refused', () => {
  for (const bad of [0, 0.5, 1.5, -1, NaN, 2 ** 27 + 1]) assert.throws(() => sampleDiscreteGaussian(bad, new RandomWords(seededSource(1))), (error: Error) => error.name === 'BadPrivacyTerms')
})

test.run()
