import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { WeightedUpdate } from '../../federated/aggregation/contribution.ts'
import { loraMethodNames } from '../../federated/aggregation/lora-methods.ts'
import type { LowRank } from '../../federated/aggregation/low-rank.ts'
import { flatten, unflatten } from '../../federated/aggregation/low-rank.ts'
import { seededRandom } from '../../federated/simulation/random.ts'
import { publishedConfig as config } from '../model/published-model.fixtures.ts'
import { combiningOf, linearsOf, sharedParts } from './combine-adapters.ts'

const linears = linearsOf(config)
const rank = 2
const empty: LowRank[] = linears.map(linear => ({ ...linear, rank, a: new Float32Array(rank * linear.inputs), b: new Float32Array(linear.outputs * rank) }))
const factors = flatten(empty, 'both').length
const weights = linears.reduce((sum, { inputs, outputs }) => sum + inputs * outputs, 0)

/** What weights of a model come to, with what is shared of adapters: the oracle, in dense f64. */
function dense(method: string, shared: Float32Array): Float64Array {
  const parts = sharedParts(method)
  const all = productsOf(parts.factors ? shared.subarray(0, factors) : new Float32Array(factors))
  if (parts.weights) shared.subarray(parts.factors ? factors : 0).forEach((value, at) => (all[at]! += value))
  return all
}

function productsOf(flat: Float32Array): Float64Array {
  const all: number[] = []
  for (const { inputs, outputs, a, b } of unflatten(empty, flat, 'both')) {
    for (let row = 0; row < outputs; row++) for (let column = 0; column < inputs; column++) all.push(Array.from({ length: rank }, (_, at) => b[row * rank + at]! * a[at * inputs + column]!).reduce((x, y) => x + y))
  }
  return Float64Array.from(all)
}

const norm = (values: Float64Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))

for (const method of loraMethodNames.filter(name => name !== 'ffa')) {
  test(`${method}: the weights move by the mean of what the adapters would move them by, or it says by how much not`, () => {
    const random = seededRandom(7, method)
    const numbers = (count: number) => Float32Array.from({ length: count }, () => random.uniform() - 0.5)
    const combining = combiningOf(method, config, rank)!
    const parts = sharedParts(method)
    const before = numbers((parts.factors ? factors : 0) + (parts.weights ? weights : 0))
    const copy = before.slice()
    const updates: WeightedUpdate[] = [['c', 1], ['a', 5], ['b', 2]].map(([participant, weight]) => ({ participant: participant as string, weight: weight as number, values: numbers(factors) }))
    const wanted = new Float64Array(weights)
    for (const { weight, values } of updates) {
      // Under stack a contribution is a whole adapter, beside weights that stay as they are; else it is what has to be added to the shared factors.
      const own = before.slice()
      if (parts.factors) values.forEach((value, at) => (own[at]! += value))
      const moved = dense(method, own)
      if (!parts.factors) productsOf(values).forEach((value, at) => (moved[at]! += value))
      moved.forEach((value, at) => (wanted[at]! += (weight / 8) * value))
    }
    const { step, relativeError } = combining.combine(before, updates)
    assert.equal(before, copy)
    const after = dense(method, before.map((value, at) => value + step[at]!))
    // svd and fedit speak of the products alone, and here nothing else is shared.
    const found = norm(after.map((value, at) => value - wanted[at]!)) / norm(wanted)
    assert.ok(Math.abs(found - relativeError) < 1e-5, `${found} away, said ${relativeError}`)
    if (method === 'svd' || method === 'fedit') assert.ok(relativeError > 0.1 && relativeError < 1)
    assert.equal(combining.combine(before, updates.toReversed()).step, step, 'whatever the order, the same bits')
  })
}

test('what goes down grows with the participants where all adapters are sent on', () => {
  const down = (method: string, count: number) => combiningOf(method, config, rank)!.valuesDown(count)
  assert.equal([down('svd', 10), down('fedit', 10), down('stack', 10), down('residual', 3)], [factors, factors, 10 * factors, 3 * factors])
  assert.is(combiningOf('ffa', config, rank), undefined)
})

test.run()
