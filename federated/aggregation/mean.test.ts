import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { refused } from './refused.fixtures.ts'
import { addWords, decodeFixedPoint, encodeFixedPoint, fixedPoint, fixedPointMean, meanErrorBound } from './fixed-point.ts'
import type { WeightedUpdate } from './contribution.ts'
import { shuffledUpdates } from './updates.fixtures.ts'
import { weightedMean } from './weighted-mean.ts'

/** The obvious loop. */
function obviousMean(updates: readonly WeightedUpdate[]): number[] {
  let total = 0
  for (const { weight } of updates) total += weight
  return Array.from(updates[0]!.values, (_, at) => {
    let mean = 0
    for (const { weight, values } of updates) mean += (weight / total) * values[at]!
    return mean
  })
}

const update = (participant: string, weight: number, ...values: number[]): WeightedUpdate => ({ participant, weight, values: Float32Array.from(values) })
const code = fixedPoint({ maxParticipants: 9, maxWeight: 1000, maxAbs: 8 })

test('weights are examples', () => {
  assert.equal(weightedMean([update('a', 1, 0, 4), update('b', 3, 4, 0)]), Float32Array.of(3, 1))
  assert.equal(fixedPointMean(code, [update('a', 1, 0, 4), update('b', 3, 4, 0)]), Float32Array.of(3, 1))
})

test('the mean is within 1e-6 of a float64 loop, and has the same bits in every order', () => {
  fc.assert(fc.property(shuffledUpdates(), ({ updates, shuffled }) => {
    const mean = weightedMean(updates)
    obviousMean(updates).forEach((value, at) => assert.ok(Math.abs(mean[at]! - value) <= 1e-6 * Math.max(1, Math.abs(value))))
    assert.equal(weightedMean(shuffled), mean)
  }))
})

test('sums of float64 depend on their order, and this mean does not', () => {
  // 2^54 + 1 − 2^54: a float64 that adds the large ones first gives 1 / 3, and else 0.
  const large = 2 ** 54
  const updates = [update('a', 1, large), update('b', 1, 1), update('c', 1, -large)]
  for (const order of [[0, 1, 2], [0, 2, 1], [2, 0, 1], [1, 0, 2]]) assert.equal(weightedMean(order.map(at => updates[at]!)), weightedMean(updates))
})

test('in fixed point it is as near as the bound says, in every order', () => {
  fc.assert(fc.property(shuffledUpdates(), ({ updates, shuffled }) => {
    const mean = fixedPointMean(code, updates)
    const bound = meanErrorBound(code, updates.length, updates.reduce((sum, { weight }) => sum + weight, 0))
    obviousMean(updates).forEach((value, at) => assert.ok(Math.abs(mean[at]! - value) <= bound + Math.abs(value) * 2 ** -24 + 1e-15, `${mean[at]} is not ${value}`))
    assert.equal(fixedPointMean(code, shuffled), mean)
    // One after the other in that order, as a coordinator does it.
    const sum = new Uint32Array(updates[0]!.values.length + 1)
    for (const one of shuffled) addWords(sum, encodeFixedPoint(code, one))
    assert.equal(decodeFixedPoint(code, sum, updates.length).mean, mean)
  }))
})

test('the bounds that the README lists', () => {
  for (const [maxParticipants, maxWeight, maxAbs, totalWeight, bound] of [[5, 1000, 1, 500, 1.9e-8], [10, 1000, 1, 1000, 3.8e-8], [100, 100, 0.1, 1000, 2.4e-8], [1000, 100, 1, 10_000, 3.1e-6]] as const) {
    assert.is(meanErrorBound(fixedPoint({ maxParticipants, maxWeight, maxAbs }), maxParticipants, totalWeight).toPrecision(2), bound.toPrecision(2))
  }
})

test('the largest that all may give does not overflow, in either direction', () => {
  for (const range of [{ maxParticipants: 9, maxWeight: 1000, maxAbs: 8 }, { maxParticipants: 1, maxWeight: 1, maxAbs: 0.1 }, { maxParticipants: 10_000, maxWeight: 100, maxAbs: 1 }]) {
    const largest = fixedPoint(range)
    for (const value of [range.maxAbs, -range.maxAbs].map(Math.fround).filter(one => Math.abs(one) <= range.maxAbs).concat(range.maxAbs / 2)) {
      const sum = new Uint32Array(2)
      for (let of = 0; of < range.maxParticipants; of++) addWords(sum, encodeFixedPoint(largest, update('p', range.maxWeight, value)))
      const { mean, totalWeight } = decodeFixedPoint(largest, sum, range.maxParticipants)
      assert.is(totalWeight, range.maxParticipants * range.maxWeight)
      assert.ok(Math.abs(mean[0]! - value) <= meanErrorBound(largest, range.maxParticipants, totalWeight) + Math.abs(value) * 2 ** -23, `${mean[0]} is not ${value}`)
    }
  }
})

test('masks that cancel leave the same bits', () => {
  fc.assert(fc.property(shuffledUpdates(2), fc.infiniteStream(fc.nat(0xffff_ffff)), ({ updates }, random) => {
    const words = updates.map(one => encodeFixedPoint(code, one))
    const mask = Uint32Array.from(words[0]!, () => random.next().value as number)
    words[0]!.forEach((word, at) => (words[0]![at] = word + mask[at]!))
    words[1]!.forEach((word, at) => (words[1]![at] = word - mask[at]!))
    const sum = new Uint32Array(mask.length)
    for (const one of words) addWords(sum, one)
    assert.equal(decodeFixedPoint(code, sum, updates.length).mean, fixedPointMean(code, updates))
  }))
})

test('what would overflow is refused by name', () => {
  for (const value of [8.1, -8.1, NaN, Infinity]) refused('FixedPointOverflow', () => encodeFixedPoint(code, update('a', 1, 0, value)))
  refused('BadWeight', () => encodeFixedPoint(code, update('a', 1001, 1)))
  refused('FixedPointOverflow', () => decodeFixedPoint(code, Uint32Array.of(0, 10), 10))
  refused('RangeTooLarge', () => fixedPoint({ maxParticipants: 1, maxWeight: 1, maxAbs: 1e30 }))
  refused('RangeTooLarge', () => fixedPoint({ maxParticipants: 100_000, maxWeight: 100_000, maxAbs: 1e-6 }))
  for (const maxAbs of [0, -1, NaN, Infinity]) refused('RangeTooLarge', () => fixedPoint({ maxParticipants: 1, maxWeight: 1, maxAbs }))
})

test('a sum that no contributions make is noticed', () => {
  refused('BadFixedPointSum', () => decodeFixedPoint(code, Uint32Array.of(5, 1), 2))
  refused('BadFixedPointSum', () => decodeFixedPoint(code, Uint32Array.of(5, 2001), 2))
  refused('BadFixedPointSum', () => decodeFixedPoint(code, Uint32Array.of(0x8000_0000, 2), 2))
  refused('WrongShape', () => addWords(new Uint32Array(2), new Uint32Array(3)))
})

test('nothing, twice the same, no weight and other lengths are refused by name', () => {
  for (const mean of [weightedMean, (updates: readonly WeightedUpdate[]) => fixedPointMean(code, updates)]) {
    refused('NoContributions', () => mean([]))
    refused('DuplicateContribution', () => mean([update('a', 1, 1), update('b', 1, 1), update('a', 1, 2)]))
    for (const weight of [0, -1, 1.5, NaN]) refused('BadWeight', () => mean([update('a', weight, 1)]))
    refused('BadWeight', () => mean([update('a', 0xffff_ffff, 1), update('b', 1, 1)]))
    refused('WrongShape', () => mean([update('a', 1, 1), update('b', 1, 1, 2)]))
  }
})

test.run()
