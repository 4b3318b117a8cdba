import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { WeightedUpdate } from './contribution.ts'
import { refused } from './refused.fixtures.ts'
import { clipped, norm, robustRule, robustRuleNames } from './robust.ts'
import { shuffledUpdates } from './updates.fixtures.ts'
import { weightedMean } from './weighted-mean.ts'

const column = (updates: readonly WeightedUpdate[], at: number) => updates.map(({ values }) => values[at]!).sort((one, other) => one - other)
const plain = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const near = (one: Float32Array, other: readonly number[]) => other.forEach((value, at) => assert.ok(Math.abs(one[at]! - value) <= 1e-5, `${one[at]} is not ${value}`))

/** Krum by the book: whose n − f − 2 nearest others are nearest together. */
function obviousScores(updates: readonly WeightedUpdate[], byzantine: number): number[] {
  return updates.map(one => updates.filter(other => other !== one).map(other => one.values.reduce((sum, value, at) => sum + (value - other.values[at]!) ** 2, 0)).sort((a, b) => a - b).slice(0, updates.length - byzantine - 2).reduce((sum, value) => sum + value, 0))
}

test('median and trimmed mean are those of each value', () => {
  fc.assert(fc.property(shuffledUpdates(3), ({ updates, shuffled }) => {
    const values = [...updates[0]!.values.keys()]
    near(robustRule('median').apply(shuffled).mean, values.map(at => {
      const sorted = column(updates, at)
      return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2
    }))
    near(robustRule('trimmed-mean').apply(shuffled, { trim: 1 }).mean, values.map(at => plain(column(updates, at).slice(1, -1))))
  }))
})

test('Krum takes the contribution of the best score, Multi-Krum the mean of the best', () => {
  fc.assert(fc.property(shuffledUpdates(5), ({ updates, shuffled }) => {
    const scores = obviousScores(updates, 1)
    const { mean, used } = robustRule('krum').apply(shuffled, { byzantine: 1 })
    const chosen = updates.findIndex(({ participant }) => participant === used[0])
    assert.ok(scores[chosen]! <= Math.min(...scores) * (1 + 1e-9) + 1e-12)
    assert.equal(mean, updates[chosen]!.values)
    const several = robustRule('multi-krum').apply(shuffled, { byzantine: 1, keep: 2 })
    assert.is(several.used.length, 2)
    const kept = updates.filter(({ participant }) => several.used.includes(participant))
    const worstKept = Math.max(...kept.map(one => scores[updates.indexOf(one)]!))
    assert.is.not(scores.toSorted((a, b) => a - b)[1]! * (1 + 1e-9) + 1e-12 < worstKept, true)
    near(several.mean, [...mean.keys()].map(at => plain(kept.map(({ values }) => values[at]!))))
    assert.is(robustRule('multi-krum').apply(shuffled, { byzantine: 1 }).used.length, updates.length - 3)
  }))
})

test('every rule gives the same bits in every order', () => {
  fc.assert(fc.property(fc.constantFrom(...robustRuleNames), shuffledUpdates(5), (name, { updates, shuffled }) => assert.equal(robustRule(name).apply(shuffled), robustRule(name).apply(updates))))
})

const honest = [[1, 1], [1.1, 0.9], [0.9, 1.1], [1, 1.05]].map((values, at) => ({ participant: `p${at}`, weight: 1, values: Float32Array.from(values) }))
const hostile = { participant: 'hostile', weight: 1_000_000, values: Float32Array.of(-1e6, 1e6) }

test('one hostile contribution, however heavy, moves none of them far', () => {
  const updates = [...honest, hostile]
  assert.ok(Math.abs(weightedMean(updates)[0]!) > 1e5) // as it does the mean
  for (const [name, options] of [['median', { byzantine: 1 }], ['trimmed-mean', { trim: 1 }], ['krum', { byzantine: 1 }], ['multi-krum', { byzantine: 1 }]] as const) {
    const { mean, used } = robustRule(name).apply(updates, options)
    for (const value of mean) assert.ok(Math.abs(value - 1) <= 0.1 + 1e-6, `${name}: ${value}`)
    if (name.endsWith('krum')) assert.not.ok(used.includes('hostile'))
  }
})

test('clipping shortens what is too long, keeps its direction, and then weighs', () => {
  assert.equal(clipped(Float32Array.of(3, 4), 1), Float32Array.of(0.6, 0.8))
  assert.equal(clipped(Float32Array.of(0.3, 0.4), 1), Float32Array.of(0.3, 0.4))
  assert.equal(clipped(Float32Array.of(0, 0), 1), Float32Array.of(0, 0))
  assert.is(norm(Float32Array.of(3, 4)), 5)
  near(robustRule('norm-clip').apply([{ participant: 'a', weight: 3, values: Float32Array.of(30, 40) }, { participant: 'b', weight: 1, values: Float32Array.of(0, 0.4) }], { maxNorm: 1 }).mean, [0.45, 0.7])
})

test('a rule says what it lacks', () => {
  const some = (count: number) => Array.from({ length: count }, (_, at) => ({ participant: `p${at}`, weight: 1, values: Float32Array.of(at) }))
  for (const [name, options, least] of [['krum', { byzantine: 2 }, 7], ['multi-krum', { byzantine: 2 }, 7], ['multi-krum', { byzantine: 1, keep: 6 }, 9], ['trimmed-mean', { trim: 2 }, 5], ['median', { byzantine: 2 }, 5]] as const) {
    assert.match(refused('TooFewContributions', () => robustRule(name).apply(some(least - 1), options)).message, `needs ${least} contributions`)
    robustRule(name).apply(some(least), options)
  }
  refused('NoContributions', () => robustRule('norm-clip').apply([]))
  refused('UnknownAggregation', () => robustRule('toString'))
  refused('BadAggregationOption', () => robustRule('krum').apply(honest, { byzantine: 0.5 }))
  refused('BadAggregationOption', () => robustRule('krum').apply(honest, { byzantin: 1 }))
  refused('BadAggregationOption', () => robustRule('norm-clip').apply(honest, { maxNorm: 0 }))
  refused('WrongShape', () => robustRule('median').apply([...honest, { participant: 'x', weight: 1, values: new Float32Array(3) }]))
})

test.run()
