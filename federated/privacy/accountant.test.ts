import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { composedRdp, epsilonOf, epsilonOfRounds, noiseMultiplierFor, roundsWithin } from './accountant.ts'
import { orders } from './rdp.ts'
import { maxRounds } from './terms.ts'

const delta = 1e-5
const named = (code: string) => (error: Error) => error.name === code

// [q, z, rounds, ε at δ = 1e-5], computed by another implementation of the same paper with the same orders and conversion.
const golden: [number, number, number, number][] = [
  [0.01, 4, 10_000, 1.03549], [0.01, 1.1, 1000, 1.71177], [256 / 60_000, 1.3, 3515, 0.95443], [256 / 60_000, 1.1, 14_062, 2.596556], [0.1, 1, 100, 7.899255], [1, 1, 1, 4.728507]
]
for (const [sampleRate, noiseMultiplier, rounds, expected] of golden) {
  test(`golden value: q ${sampleRate.toFixed(4)}, z ${noiseMultiplier}, ${rounds} rounds give ε = ${expected}`, () => {
    const found = epsilonOfRounds([{ sampleRate, noiseMultiplier, rounds }], delta)
    assert.ok(Math.abs(found / expected - 1) < 1e-6, `${found}`)
  })
}

test('rounds of different noise add up, in any order', () => {
  const a = { noiseMultiplier: 1.1, sampleRate: 0.01, rounds: 600 }
  const b = { noiseMultiplier: 2, sampleRate: 1, rounds: 3 }
  assert.is(epsilonOfRounds([], delta), 0)
  assert.is(epsilonOfRounds([a, b], delta), epsilonOfRounds([b, a], delta))
  assert.ok(epsilonOfRounds([a, b], delta) > Math.max(epsilonOfRounds([a], delta), epsilonOfRounds([b], delta)))
  const twice = epsilonOfRounds([{ ...a, rounds: 300 }, { ...a, rounds: 300 }], delta)
  assert.ok(Math.abs(twice - epsilonOfRounds([a], delta)) < 1e-12)
})

test('the conversion holds: for a plain Gaussian, the true δ at the accounted ε is below the asked one', () => {
  // Balle & Wang 2018, theorem 8: δ(ε) = Φ(1/2z − εz) − e^ε Φ(−1/2z − εz).
  const phi = (x: number) => { let sum = 0; for (let at = 0; at < 200_000; at++) { const t = x - (at + 0.5) * 1e-4; sum += Math.exp(-t * t / 2) } return (sum * 1e-4) / Math.sqrt(2 * Math.PI) }
  for (const noiseMultiplier of [0.8, 1, 2, 5]) {
    const epsilon = epsilonOfRounds([{ noiseMultiplier, sampleRate: 1, rounds: 1 }], delta)
    const truth = (at: number) => phi(1 / (2 * noiseMultiplier) - at * noiseMultiplier) - Math.exp(at) * phi(-1 / (2 * noiseMultiplier) - at * noiseMultiplier)
    assert.ok(truth(epsilon) <= delta, `z ${noiseMultiplier}: ${truth(epsilon)}`)
    // And is not far below: a fifth less of ε would not do.
    assert.ok(truth(epsilon * 0.8) > delta)
  }
})

test('calibrated noise keeps the budget, and a little less does not', () => {
  fc.assert(fc.property(fc.double({ min: 0.5, max: 10, noNaN: true }), fc.constantFrom(1e-9, 1e-6, 1e-5), fc.constantFrom(1, 0.3, 0.01), fc.constantFrom(1, 50, 2000), (epsilon, delta, sampleRate, rounds) => {
    const noiseMultiplier = noiseMultiplierFor({ epsilon, delta }, { sampleRate, rounds })
    assert.ok(epsilonOfRounds([{ noiseMultiplier, sampleRate, rounds }], delta) <= epsilon)
    assert.ok(epsilonOfRounds([{ noiseMultiplier: noiseMultiplier / 1.001, sampleRate, rounds }], delta) > epsilon)
  }), { numRuns: 25 })
})

test('the golden values the other way round', () => {
  const noiseMultiplier = noiseMultiplierFor({ epsilon: 1.03549, delta }, { sampleRate: 0.01, rounds: 10_000 })
  assert.ok(Math.abs(noiseMultiplier / 4 - 1) < 2e-4, `${noiseMultiplier}`)
  assert.is(roundsWithin({ epsilon: 1.711771, delta }, { sampleRate: 0.01, noiseMultiplier: 1.1 }), 1000)
})

test('rounds of a budget: the last one fits and the next does not, after some were spent too', () => {
  const round = { noiseMultiplier: 1.5, sampleRate: 0.05 }
  const budget = { epsilon: 3, delta }
  const all = roundsWithin(budget, round)
  assert.ok(epsilonOfRounds([{ ...round, rounds: all }], delta) <= 3 && epsilonOfRounds([{ ...round, rounds: all + 1 }], delta) > 3)
  assert.is(roundsWithin(budget, round, composedRdp([{ ...round, rounds: 100 }])), all - 100)
  assert.is(roundsWithin(budget, { noiseMultiplier: 0.5, sampleRate: 1 }), 0)
  assert.is(roundsWithin(budget, { noiseMultiplier: 1e6, sampleRate: 1e-6 }), maxRounds)
})

test('a budget that no noise keeps is refused by name', () => {
  // With the orders up to 63, no ε below (−ln δ − ln 63)/62 + ln(62/63) can be proven.
  assert.throws(() => noiseMultiplierFor({ epsilon: 0.05, delta }, { sampleRate: 1, rounds: 1 }), named('PrivacyUnreachable'))
  assert.throws(() => noiseMultiplierFor({ epsilon: 25, delta }, { sampleRate: 1, rounds: 1 }), named('BadPrivacyTerms'))
  for (const bad of [0, 1, NaN, 0.5, -1]) assert.throws(() => epsilonOf(new Float64Array(orders.length), bad), named('BadPrivacyTerms'))
  for (const bad of [0, 1.5, NaN, 1e8]) assert.throws(() => epsilonOfRounds([{ noiseMultiplier: 1, sampleRate: 1, rounds: bad }], delta), named('BadPrivacyTerms'))
})

test.run()
