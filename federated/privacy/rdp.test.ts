import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { logErfc } from './erfc.ts'
import { orders, rdpAt, rdpOfRound } from './rdp.ts'
import { integral } from './statistics.fixtures.ts'

test('orders are 1.1 to 10.9 in tenths, and 12 to 63', () => {
  assert.is(orders.length, 99 + 52)
  assert.equal([orders[0], orders[8], orders[9], orders[98], orders[99], orders[150]], [1.1, 1.9, 2, 10.9, 12, 63])
  assert.is(orders.filter(order => Number.isInteger(order)).length, 9 + 52)
})

test('erfc is its integral, near and far, left and right', () => {
  for (const x of [-9, -6, -2, -0.5, -1e-9, 0, 0.3, 1, 1.9, 1.999, 2, 2.001, 2.5, 3, 5, 10, 24]) {
    // Scaled by e^(x²), so that far out it is a number as well: ∫ e^(−t² − 2xt) over t ≥ 0; left of 0, 2 less the mirror image.
    const scaled = integral(t => Math.exp(-t * t - 2 * Math.abs(x) * t), 0, 12) * (2 / Math.sqrt(Math.PI))
    const expected = x < 0 ? Math.log(2 - scaled * Math.exp(-x * x)) : Math.log(scaled) - x * x
    assert.ok(Math.abs(logErfc(x) - expected) < 1e-11 * Math.max(1, x * x), `${x}: ${logErfc(x)}, not ${expected}`)
  }
  assert.is(logErfc(-40), Math.LN2)
  assert.ok(Math.abs(logErfc(1e6) + 1e12) < 20)
  // The two ways of computing it meet.
  assert.ok(Math.abs(logErfc(2 - 1e-12) - logErfc(2 + 1e-12)) < 2e-11)
})

/** The definition: ln E_{x ~ N(0, z²)}[((1 − q) + q·e^((2x−1)/2z²))^α] / (α − 1), in f64, scaled by the largest value of what is integrated. */
function byIntegration(order: number, noiseMultiplier: number, sampleRate: number): number {
  const variance = noiseMultiplier ** 2
  const logAt = (x: number) => order * Math.log(1 - sampleRate + sampleRate * Math.exp(Math.min(700, (2 * x - 1) / (2 * variance)))) - (x * x) / (2 * variance) - Math.log(2 * Math.PI * variance) / 2
  // Mass lies around 0 and around α.
  const [from, to] = [-14 * noiseMultiplier, order + 14 * noiseMultiplier]
  const largest = Math.max(...Array.from({ length: 2001 }, (_, at) => logAt(from + ((to - from) * at) / 2000)))
  return (largest + Math.log(integral(x => Math.exp(logAt(x) - largest), from, to, 40_000))) / (order - 1)
}

const settings: [noiseMultiplier: number, sampleRate: number][] = [[4, 0.01], [1.1, 0.01], [1, 0.1], [0.7, 0.5], [2, 0.5], [1, 0.9], [5, 0.5], [0.6, 0.01], [1.3, 256 / 60_000], [30, 0.3], [0.8, 0.999]]
for (const [noiseMultiplier, sampleRate] of settings) {
  test(`the divergence is what numeric integration says, z ${noiseMultiplier}, q ${sampleRate}`, () => {
    for (const order of [1.1, 1.5, 1.9, 2, 2.3, 3, 4.7, 8, 10.9, 12, 20, 32]) {
      if (2 * order > 1300 * noiseMultiplier ** 2) continue // the oracle's e^x has an end
      const expected = byIntegration(order, noiseMultiplier, sampleRate)
      const found = rdpAt(order, { noiseMultiplier, sampleRate })
      // The oracle knows a moment near 1 to 1e-13 only.
      assert.ok(Math.abs(found - expected) <= 1e-6 * expected + 1e-12 / (order - 1), `order ${order}: ${found}, not ${expected}`)
    }
  })
}

test('without subsampling it is α/2z²', () => {
  for (const [at, order] of orders.entries()) assert.is(rdpOfRound({ noiseMultiplier: 2, sampleRate: 1 })[at], order / 8)
  // And comes near it as everybody is drawn.
  for (const order of [1.1, 2, 5.5, 30]) assert.ok(Math.abs(rdpAt(order, { noiseMultiplier: 2, sampleRate: 1 - 1e-9 }) / (order / 8) - 1) < 1e-6)
})

const noise = fc.double({ min: Math.log(0.05), max: Math.log(1e6), noNaN: true }).map(Math.exp)
const rate = fc.double({ min: Math.log(1e-9), max: 0, noNaN: true }).map(Math.exp)

test('for all noise and rates it is a number, no less at higher orders, less with more noise, and more when more are drawn', () => {
  fc.assert(fc.property(noise, rate, (noiseMultiplier, sampleRate) => {
    const found = rdpOfRound({ noiseMultiplier, sampleRate })
    const more = rdpOfRound({ noiseMultiplier: Math.min(1e6, noiseMultiplier * 1.5), sampleRate })
    const fewer = rdpOfRound({ noiseMultiplier, sampleRate: sampleRate / 1.5 })
    for (const [at, order] of orders.entries()) {
      const slack = 1e-9 * found[at]! + 1e-9 / (order - 1) // of the chord that takes the place of tiny moments
      assert.ok(Number.isFinite(found[at]!) && found[at]! >= 0 && found[at]! <= (order / (2 * noiseMultiplier ** 2)) * (1 + 1e-9), `order ${order}: ${found[at]}`)
      assert.ok(more[at]! <= found[at]! + slack && fewer[at]! <= found[at]! + slack, `order ${order}`)
      // The logarithm of the moment, to which chords are drawn where it is tiny, grows with the order.
      if (at > 0) assert.ok(found[at]! * (order - 1) >= found[at - 1]! * (orders[at - 1]! - 1) * (1 - 1e-9) - 1e-14, `order ${order}`)
    }
  }), { numRuns: 60 })
})

test('a loss too small for the series is not accounted as none', () => {
  const found = rdpOfRound({ noiseMultiplier: 1e5, sampleRate: 1e-4 })
  // α·q²/2z², to which it comes down; whole orders exactly, others by a chord above it.
  for (const [at, order] of orders.entries()) {
    const limit = (order * 1e-8) / (2 * 1e10)
    assert.ok(found[at]! >= limit * (1 - 1e-6) && found[at]! <= limit * (Number.isInteger(order) ? 1 + 1e-6 : 2), `order ${order}: ${found[at]} of ${limit}`)
  }
})

test('where a moment leaps from nothing to much between two whole orders, it is between theirs', () => {
  const round = { noiseMultiplier: 0.47223921931338536, sampleRate: 2.917749334394075e-11 }
  for (const order of [10.1, 10.3, 10.5]) {
    assert.ok(rdpAt(order, round) * (order - 1) >= rdpAt(10, round) * 9 * (1 - 1e-12) && rdpAt(order, round) * (order - 1) <= rdpAt(11, round) * 10, `order ${order}`)
  }
})

test('noise and rates that mean nothing are refused', () => {
  for (const bad of [{ noiseMultiplier: 0 }, { noiseMultiplier: 0.01 }, { noiseMultiplier: NaN }, { noiseMultiplier: 1e7 }, { sampleRate: 0 }, { sampleRate: 1.01 }, { sampleRate: NaN }]) {
    assert.throws(() => rdpOfRound({ noiseMultiplier: 1, sampleRate: 0.5, ...bad }), (error: Error) => error.name === 'BadPrivacyTerms')
  }
})

test.run()
