import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { addProximalGradient, proximalLoss } from './proximal.ts'
import { refused } from './refused.fixtures.ts'
import { serverOptimizer, serverOptimizerNames } from './server-optimizer.ts'
import { decodeServerState, encodeServerState } from './server-state.ts'
import { floats } from './updates.fixtures.ts'

/** The steps of one value, written down as the papers have it, with g = −delta and w ← w − step. */
const byTheBook: Record<string, (deltas: readonly number[]) => number[]> = {
  fedavg: deltas => [...deltas],
  fedavgm: deltas => {
    let v = 0
    return deltas.map(delta => (v = 0.9 * v + delta))
  },
  diloco: deltas => {
    let buffer = 0
    return deltas.map(delta => {
      const g = -delta
      buffer = 0.9 * buffer + g
      return -0.7 * (g + 0.9 * buffer)
    })
  },
  fedadam: deltas => moments(deltas, 0.1, (v, square) => 0.99 * v + 0.01 * square),
  fedyogi: deltas => moments(deltas, 0.01, (v, square) => v - 0.01 * square * (v > square ? 1 : v < square ? -1 : 0))
}

function moments(deltas: readonly number[], rate: number, next: (v: number, square: number) => number): number[] {
  let [m, v] = [0, 1e-6]
  return deltas.map(delta => {
    m = 0.9 * m + 0.1 * delta
    v = next(v, delta ** 2)
    return (rate * m) / (Math.sqrt(v) + 1e-3)
  })
}

test('every optimiser is what its paper says, with its defaults', () => {
  assert.equal([...serverOptimizerNames].sort(), Object.keys(byTheBook).sort())
  fc.assert(fc.property(fc.constantFrom(...serverOptimizerNames), fc.array(floats(3), { minLength: 1, maxLength: 6 }), (name, deltas) => {
    const optimizer = serverOptimizer(name)
    let state = optimizer.start(3)
    deltas.forEach((delta, round) => {
      const before = [JSON.stringify(state), delta.slice()] as const
      const next = optimizer.step(state, delta)
      assert.equal([JSON.stringify(state), delta], before, 'it is not pure')
      next.step.forEach((value, at) => {
        const expected = byTheBook[name]!(deltas.slice(0, round + 1).map(each => each[at]!)).at(-1)!
        assert.ok(Math.abs(value - expected) <= 1e-6 * Math.max(1, Math.abs(expected)), `${name}, round ${round}: ${value} is not ${expected}`)
      })
      // As after a restart in between.
      state = decodeServerState(optimizer, 3, encodeServerState(optimizer, next.state))
      assert.equal(state, next.state)
    })
  }))
})

test('the first steps, by hand', () => {
  const first = (name: string) => serverOptimizer(name).step(serverOptimizer(name).start(1), Float32Array.of(1)).step[0]!
  assert.is(first('fedavg'), 1)
  assert.is(first('fedavgm'), 1)
  assert.is(first('diloco'), Math.fround(1.33)) // .7 · (1 + .9)
  // .1 · .1 / (√(.01 + .99e-6) + .001), and with v = 1e-6 + .01
  assert.ok(Math.abs(first('fedadam') - 0.0990050) < 1e-6)
  assert.ok(Math.abs(first('fedyogi') - 0.0099005) < 1e-6)
})

test('options take the place of defaults, and others are refused by name', () => {
  const step = serverOptimizer('fedavgm', { rate: 0.5, momentum: 0 })
  assert.equal(step.step(step.start(1), Float32Array.of(4)).step, Float32Array.of(2))
  for (const options of [{ rate: 0 }, { rate: NaN }, { momentum: 1 }, { momentum: -0.1 }, { learningRate: 1 }]) refused('BadAggregationOption', () => serverOptimizer('fedavgm', options))
  refused('BadAggregationOption', () => serverOptimizer('fedadam', { tau: 0 }))
  refused('UnknownAggregation', () => serverOptimizer('adam'))
})

test('another length, and a step that is none, are refused', () => {
  const optimizer = serverOptimizer('fedadam')
  refused('WrongShape', () => optimizer.step(optimizer.start(2), new Float32Array(3)))
  refused('NotFinite', () => serverOptimizer('fedavg', { rate: 1e30 }).step(serverOptimizer('fedavg').start(1), Float32Array.of(1e30)))
})

test('a state of something else, or damaged, is refused by name', () => {
  const [adam, yogi] = [serverOptimizer('fedadam'), serverOptimizer('fedyogi')]
  const bytes = encodeServerState(adam, adam.start(2))
  refused('BadServerState', () => decodeServerState(yogi, 2, bytes))
  refused('BadServerState', () => decodeServerState(adam, 3, bytes))
  refused('BadServerState', () => decodeServerState(adam, 2, bytes.subarray(1)))
  for (const [momentum, variance] of [[NaN, 1], [0, -1], [0, Infinity]]) refused('BadServerState', () => decodeServerState(adam, 1, encodeServerState(adam, { momentum: Float64Array.of(momentum!), variance: Float64Array.of(variance!) })))
})

test('the gradient of FedProx is that of its loss', () => {
  const [parameters, start] = [Float32Array.of(1, -2, 0.5), Float32Array.of(0.5, 1, 0.5)]
  const gradient = Float32Array.of(10, 20, 30)
  addProximalGradient(gradient, parameters, start, 0.1)
  const step = 2 ** -10
  gradient.forEach((value, at) => {
    const moved = (by: number) => proximalLoss(parameters.map((each, place) => (place === at ? each + by : each)), start, 0.1)
    assert.ok(Math.abs(value - (at + 1) * 10 - (moved(step) - moved(-step)) / (2 * step)) < 1e-5)
  })
  assert.ok(Math.abs(proximalLoss(parameters, start, 0.1) - 0.05 * (0.25 + 9)) < 1e-12)
  for (const mu of [-1, NaN, Infinity]) refused('BadAggregationOption', () => addProximalGradient(gradient, parameters, start, mu))
  refused('WrongShape', () => addProximalGradient(new Float32Array(2), parameters, start, 1))
  refused('WrongShape', () => proximalLoss(parameters, new Float32Array(2), 1))
})

test.run()
