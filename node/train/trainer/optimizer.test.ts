import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { Random } from '../../../sync/random.fixtures.ts'
import type { Parameter } from '../objective.ts'
import { type AdamWOptions, type Optimizer, type SgdOptions, adamW, clipScale, norm, sgd } from './optimizer.ts'

const parameters: readonly Parameter[] = [
  { name: 'matrix', shape: [3, 5], decays: true }, { name: 'norm', shape: [7], decays: false }, { name: 'bias', shape: [2], decays: false }, { name: 'head', shape: [4, 2], decays: true }
]
const size = 32
const decaysAt = (at: number) => at < 15 || at >= 24
const numbers = (random: Random, scale = 1) => Float32Array.from({ length: size }, () => (random.next() - 0.5) * scale)

/** One number after the other, in f64, as the papers have it. */
type Oracle = (values: number[], gradient: readonly number[], rate: number) => void

function adamWOracle({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0.01 }: AdamWOptions): Oracle {
  const [m, v] = [Array<number>(size).fill(0), Array<number>(size).fill(0)]
  let t = 0
  return (values, gradient, rate) => {
    t++
    for (const [i, g] of gradient.entries()) {
      m[i] = beta1 * m[i]! + (1 - beta1) * g
      v[i] = beta2 * v[i]! + (1 - beta2) * g * g
      const [unbiasedMean, unbiasedSquare] = [m[i]! / (1 - beta1 ** t), v[i]! / (1 - beta2 ** t)]
      values[i] = values[i]! - rate * (unbiasedMean / (Math.sqrt(unbiasedSquare) + epsilon)) - rate * (decaysAt(i) ? decay : 0) * values[i]!
    }
  }
}

function sgdOracle({ momentum = 0, nesterov = false, decay = 0 }: SgdOptions): Oracle {
  const v = Array<number>(size).fill(0)
  return (values, gradient, rate) => {
    for (const [i, its] of gradient.entries()) {
      const g = its + (decaysAt(i) ? decay : 0) * values[i]!
      v[i] = momentum * v[i]! + g
      values[i]! -= rate * (nesterov ? g + momentum * v[i]! : v[i]!)
    }
  }
}

const cases: [string, () => Optimizer, () => Oracle][] = [
  ...[{}, { decay: 0.3 }, { beta1: 0.5, beta2: 0.95, epsilon: 1e-3, decay: 0 }].map((options): [string, () => Optimizer, () => Oracle] => [`adamW ${JSON.stringify(options)}`, () => adamW(parameters, options), () => adamWOracle(options)]),
  ...[{}, { decay: 0.3 }, { momentum: 0.9 }, { momentum: 0.9, decay: 0.3 }, { momentum: 0.9, nesterov: true, decay: 0.1 }].map((options): [string, () => Optimizer, () => Oracle] => [`sgd ${JSON.stringify(options)}`, () => sgd(parameters, options), () => sgdOracle(options)])
]

for (const [name, make, oracleOf] of cases) {
  test(`${name}: as the formula in f64, over 60 steps with other rates and scales`, () => {
    const random = new Random(1)
    const [optimizer, oracle] = [make(), oracleOf()]
    const values = numbers(random, 2)
    const expected = [...values]
    for (let step = 0; step < 60; step++) {
      const [gradient, rate, scale] = [numbers(random, step % 7 === 0 ? 1e-3 : 10), 0.01 + random.next() * 0.02, random.next()]
      optimizer.update(values, gradient, rate, scale)
      oracle(expected, [...gradient].map(each => each * scale), rate)
    }
    const off = Math.max(...expected.map((each, at) => Math.abs(each - values[at]!)))
    assert.ok(off < 2e-6, `off by ${off}`)
    assert.is(optimizer.updates, 60)
  })

  test(`${name}: another one with its state goes on bit for bit`, () => {
    const random = new Random(2)
    const [first, second] = [make(), make()]
    const values = numbers(random)
    const gradients = Array.from({ length: 20 }, () => numbers(random))
    for (const gradient of gradients.slice(0, 10)) first.update(values, gradient, 0.01, 1)
    const copy = values.slice()
    for (const [at, vector] of first.state.entries()) second.state[at]!.set(vector)
    second.updates = first.updates
    for (const gradient of gradients.slice(10)) {
      first.update(values, gradient, 0.01, 1)
      second.update(copy, gradient, 0.01, 1)
    }
    assert.equal(new Uint32Array(copy.buffer), new Uint32Array(values.buffer))
  })
}

test('norm and clipping: of the whole vector, never made longer, and not finite where a number is not', () => {
  const vector = numbers(new Random(3), 100).subarray(0, 31)
  const expected = Math.sqrt([...vector].reduce((sum, each) => sum + each * each, 0))
  assert.ok(Math.abs(norm(vector) - expected) < 1e-9)
  assert.equal([clipScale(4, 1), clipScale(0.5, 1), clipScale(0, 1), clipScale(7, Infinity)], [0.25, 1, 1, 1])
  for (const odd of [Number.NaN, Infinity, -Infinity]) for (const at of [0, 3, 30]) assert.not.ok(Number.isFinite(norm(vector.map((each, index) => (index === at ? odd : each)))))
})

test('vectors of another length and settings that no optimizer has are refused', () => {
  assert.throws(() => adamW(parameters).update(new Float32Array(size), new Float32Array(size - 1), 0.1, 1), /31 numbers for 32/)
  for (const make of [() => adamW(parameters, { beta1: 1 }), () => adamW(parameters, { beta2: -0.1 }), () => adamW(parameters, { epsilon: 0 }), () => adamW(parameters, { decay: Number.NaN }), () => sgd(parameters, { momentum: 1 }), () => sgd(parameters, { decay: -1 })]) {
    assert.throws(make, (error: unknown) => isKinmeshError(error, 'InvalidOption'))
  }
})

test.run()
