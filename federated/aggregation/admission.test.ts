import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Admission, refusals, type Contribution } from './admission.ts'
import { refused } from './refused.fixtures.ts'

const terms = { baseHash: 'base', shapes: [{ name: 'a', shape: [2, 1] }, { name: 'b', shape: [2] }], maxExamples: 100, maxAbs: 4 }
const good: Contribution = { participant: 'phone', baseHash: 'base', numExamples: 7, shapes: terms.shapes, delta: Float32Array.of(1, -4, 4, 0) }

test('a good one is weighed by its examples, a boasting one by the cap', () => {
  const admission = new Admission(terms)
  assert.equal(admission.admit(good), { participant: 'phone', weight: 7, values: good.delta })
  assert.is(admission.admit({ ...good, numExamples: 100 }).weight, 100)
  assert.is(admission.admit({ ...good, numExamples: Number.MAX_SAFE_INTEGER }).weight, 100)
  assert.equal(admission.counts(), { admitted: 3, capped: 1, refused: { OversizeContribution: 0, WrongBase: 0, WrongShape: 0, BadExampleCount: 0, NotFinite: 0, ValueTooLarge: 0 } })
})

const bad: readonly (readonly [(typeof refusals)[number], Partial<Contribution>])[] = [
  ['OversizeContribution', { delta: new Float32Array(5) }],
  ['OversizeContribution', { shapes: [...terms.shapes, { name: 'c', shape: [0] }] }],
  ['WrongBase', { baseHash: 'other' }],
  ['WrongShape', { delta: new Float32Array(3) }],
  ['WrongShape', { shapes: [{ name: 'a', shape: [1, 2] }, terms.shapes[1]!] }],
  ['WrongShape', { shapes: terms.shapes.toReversed() }],
  ['WrongShape', { shapes: [terms.shapes[0]!] }],
  ['WrongShape', { shapes: [{ name: 'a', shape: [2] }, terms.shapes[1]!] }],
  ...[0, -1, 1.5, NaN, Infinity].map(numExamples => ['BadExampleCount', { numExamples }] as const),
  ...[NaN, Infinity, -Infinity].map(value => ['NotFinite', { delta: Float32Array.of(0, 0, 0, value) }] as const),
  ...[4.001, -4.001, 3e38].map(value => ['ValueTooLarge', { delta: Float32Array.of(value, 0, 0, 0) }] as const)
]

test('each bad one is refused by name and counted, and good ones go on', () => {
  const admission = new Admission(terms)
  for (const [code, change] of bad) assert.match(refused(code, () => admission.admit({ ...good, ...change })).message, /phone/)
  admission.admit(good)
  const { admitted, refused: counts } = admission.counts()
  assert.is(admitted, 1)
  for (const refusal of refusals) assert.is(counts[refusal], bad.filter(([code]) => code === refusal).length, refusal)
})

test.run()
