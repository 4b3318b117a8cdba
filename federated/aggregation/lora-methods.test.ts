import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { defaultLoraMethod, loraMethod, loraMethodNames, maxStackedRank } from './lora-methods.ts'
import { flatten, unflatten, type LoraUpdate, type LowRank } from './low-rank.ts'
import { refused } from './refused.fixtures.ts'
import { added, distance, loraUpdates, meanProduct, multiplied } from './updates.fixtures.ts'
import { weightedMean } from './weighted-mean.ts'

const noMatrix = (matrix: number[][]) => matrix.map(row => row.map(() => 0))
const sizeOf = (matrix: number[][]) => distance(matrix, noMatrix(matrix))
/** Largest that rounding to f32 leaves, beside products of size 1. */
const rounding = 1e-6

/** Each with the A of the first, as ffa has it. */
const frozen = (updates: readonly LoraUpdate[]) => updates.map(update => ({ ...update, layers: update.layers.map((layer, at) => ({ ...layer, a: updates[0]!.layers[at]!.a })) }))

/** What the result changes a layer's weights by, multiplied out. */
function changeOf({ layers, residual }: { layers: readonly LowRank[]; residual: readonly LowRank[] }, at: number): number[][] {
  const change = multiplied(layers[at]!)
  return residual[at] ? added(change, multiplied(residual[at])) : change
}

/** ‖result − mean of the products‖ / ‖mean of the products‖, over all layers, multiplied out. */
function errorOf(result: { layers: readonly LowRank[]; residual: readonly LowRank[] }, updates: readonly LoraUpdate[]): number {
  const over = (of: (at: number) => number) => Math.sqrt(result.layers.reduce((sum, _, at) => sum + of(at) ** 2, 0))
  return over(at => distance(changeOf(result, at), meanProduct(updates, at))) / over(at => sizeOf(meanProduct(updates, at)))
}

test('ffa, stack and residual are the mean of the products', () => {
  assert.equal(loraMethodNames.filter(name => loraMethod(name).exact), ['ffa', 'stack', 'residual'])
  for (const name of ['ffa', 'stack', 'residual']) {
    fc.assert(fc.property(loraUpdates(name !== 'stack'), given => {
      const updates = name === 'ffa' ? frozen(given) : given
      const result = loraMethod(name).aggregate(updates)
      for (const at of [0, 1]) assert.ok(distance(changeOf(result, at), meanProduct(updates, at)) <= rounding, `${name}, layer ${at}`)
      assert.is(result.relativeError, 0)
      assert.equal(result.warnings, [])
    }))
  }
})

test('svd and fedit say truly how far off they are', () => {
  for (const name of ['svd', 'fedit']) {
    fc.assert(fc.property(loraUpdates(name === 'fedit'), updates => {
      const result = loraMethod(name).aggregate(updates)
      const error = errorOf(result, updates)
      assert.ok(Math.abs(result.relativeError - error) <= 1e-5 * (1 + error), `${name}: ${result.relativeError} is not ${error}`)
    }))
  }
})

test('svd loses nothing at a rank that holds it all, and no more than any other adapter of its rank', () => {
  fc.assert(fc.property(loraUpdates(true), updates => {
    assert.ok(errorOf(loraMethod('svd').aggregate(updates, { rank: 5 }), updates) <= 1e-5)
    const nearest = loraMethod('svd').aggregate(updates)
    assert.ok(nearest.relativeError <= loraMethod('fedit').aggregate(updates).relativeError + 1e-6)
    assert.is(nearest.layers[0]!.rank, updates[0]!.layers[0]!.rank)
  }))
})

test('every method gives the same bits in every order, and sends as many values as it says', () => {
  for (const name of loraMethodNames) {
    fc.assert(fc.property(loraUpdates(true), fc.infiniteStream(fc.nat()), (given, random) => {
      const updates = name === 'ffa' ? frozen(given) : given
      const method = loraMethod(name)
      const result = method.aggregate(updates)
      assert.equal(method.aggregate([...updates].sort(() => (random.next().value as number) % 3 - 1)), result)
      const expected = updates[0]!.layers.map(layer => method.values(layer, layer.rank, updates.length))
      const [part, total] = [name === 'ffa' ? 'b' : 'both', (way: 'up' | 'down') => expected.reduce((sum, values) => sum + values[way], 0)] as const
      assert.is(flatten(updates[0]!.layers, part).length, total('up'))
      assert.is(flatten(result.layers, part).length + flatten(result.residual, 'both').length, total('down'))
    }), { numRuns: 30 })
  }
})

test('what is maskable is the mean of flat values', () => {
  fc.assert(fc.property(loraUpdates(true), given => {
    for (const [name, part, updates] of [['ffa', 'b', frozen(given)], ['fedit', 'both', given]] as const) {
      assert.ok(loraMethod(name).maskable)
      const mean = weightedMean(updates.map(({ participant, weight, layers }) => ({ participant, weight, values: flatten(layers, part) })))
      assert.equal(unflatten(updates[0]!.layers, mean, part), loraMethod(name).aggregate(updates).layers)
    }
  }))
})

const of = (participant: string, a: number[], b: number[], weight = 1): LoraUpdate => ({ participant, weight, layers: [{ name: 'w', inputs: 2, outputs: 2, rank: 1, a: Float32Array.from(a), b: Float32Array.from(b) }] })
const golden = [of('one', [1, 0], [1, 0]), of('two', [0, 1], [0, 1])]

test('two clients: the mean is half of I, averaging apart gives quarters', () => {
  for (const name of ['stack', 'residual']) assert.equal(changeOf(loraMethod(name).aggregate(golden), 0), [[0.5, 0], [0, 0.5]])
  const apart = loraMethod('fedit').aggregate(golden)
  assert.equal(changeOf(apart, 0), [[0.25, 0.25], [0.25, 0.25]])
  assert.ok(Math.abs(apart.relativeError - 0.70710678) < 1e-8)
  assert.match(apart.warnings[0]!, '70.7 %')
  const cut = loraMethod('svd').aggregate(golden)
  assert.ok(Math.abs(cut.relativeError - Math.SQRT1_2) < 1e-12) // one of two equal values is left out
  assert.ok(distance(changeOf(loraMethod('svd').aggregate(golden, { rank: 2 }), 0), [[0.5, 0], [0, 0.5]]) < 1e-7)
})

test('ffa is the default, and refuses an A that somebody trained', () => {
  assert.is(defaultLoraMethod, 'ffa')
  assert.equal(changeOf(loraMethod('ffa').aggregate([of('one', [1, 2], [1, 0], 3), of('two', [1, 2], [0, 1])]), 0), [[0.75, 1.5], [0.25, 0.5]])
  assert.match(refused('FrozenFactorChanged', () => loraMethod('ffa').aggregate(golden)).message, /two and one/)
})

test('one participant alone gets back what it gave', () => {
  for (const name of loraMethodNames) {
    const { layers, residual, relativeError } = loraMethod(name).aggregate([golden[0]!])
    assert.ok(distance(changeOf({ layers, residual }, 0), [[1, 0], [0, 0]]) < 1e-7, name)
    assert.ok(relativeError < 1e-12, name)
  }
})

test('adapters that changed nothing average to nothing', () => {
  for (const name of loraMethodNames) {
    const { layers, residual, relativeError } = loraMethod(name).aggregate([of('one', [1, 2], [0, 0]), of('two', [1, 2], [0, 0])])
    assert.equal(changeOf({ layers, residual }, 0), [[0, 0], [0, 0]], name)
    assert.is(relativeError, 0, name)
  }
})

test('what cannot be averaged is refused by name', () => {
  const stack = loraMethod('stack')
  refused('UnknownAggregation', () => loraMethod('mean'))
  refused('NoContributions', () => stack.aggregate([]))
  refused('DuplicateContribution', () => stack.aggregate([golden[0]!, golden[0]!]))
  refused('BadWeight', () => stack.aggregate([of('one', [1, 0], [1, 0], 0)]))
  refused('WrongShape', () => stack.aggregate([of('one', [1, 0, 0], [1, 0])]))
  refused('WrongShape', () => stack.aggregate([golden[0]!, { ...golden[1]!, layers: [{ ...golden[1]!.layers[0]!, name: 'v' }] }]))
  const rankTwo = { ...golden[1]!, layers: [{ ...golden[1]!.layers[0]!, rank: 2, a: new Float32Array(4), b: new Float32Array(4) }] }
  for (const name of ['ffa', 'residual', 'fedit']) refused('WrongShape', () => loraMethod(name).aggregate([golden[0]!, rankTwo]))
  assert.is(stack.aggregate([golden[0]!, rankTwo]).layers[0]!.rank, 3)
  refused('BadAggregationOption', () => loraMethod('svd').aggregate(golden, { rank: 0 }))
  refused('NotFinite', () => loraMethod('svd').aggregate([of('one', [NaN, 0], [1, 0])]))
  refused('RankTooLarge', () => loraMethod('svd').aggregate(Array.from({ length: maxStackedRank + 1 }, (_, at) => of(`p${at}`, [1, 0], [1, 0]))))
})

test.run()
