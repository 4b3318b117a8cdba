import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { LocalTerms } from '../../federated/simulation/local-task.ts'
import type { Objective } from '../train/objective.ts'
import { batches, descend } from './descent.ts'

// The loss of example e is half of (w₀ − e)², so that its gradient is w₀ − e; w₁ has none.
const objective: Objective<Int32Array> = {
  parameters: [{ name: 'w', shape: [2], decays: false }],
  async gradient(parameters, batch, into) {
    for (const example of batch) into[0]! += parameters[0]! - example
    return this.loss(parameters, batch)
  },
  loss: async (parameters, batch) => ({ loss: batch.reduce((sum, example) => sum + (parameters[0]! - example) ** 2 / 2, 0), labels: batch.length })
}
const terms: LocalTerms = { epochs: 3, batch: 4, optimizer: { name: 'sgd', momentum: 0 }, rate: 0.1, proximal: 0 }
const examples = Int32Array.of(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5)
const start = Float32Array.of(2, 7)
const inPieces = (size: number) => function* pieces(batch: Int32Array) {
  for (let from = 0; from < batch.length; from += size) yield batch.subarray(from, from + size)
}
const run = (more: Partial<LocalTerms> = {}, seed = 1, size = 100) => descend(objective, inPieces(size), { ...terms, ...more }, examples, seed, start)

/** A step for the mean of each batch. */
function oracle(more: Partial<LocalTerms> = {}, seed = 1): { moved: number; loss: number } {
  const given = { ...terms, ...more }
  let [w, v, loss, seen] = [2, 0, 0, 0]
  for (const batch of batches(given, examples, seed)) {
    const mean = batch.reduce((a, b) => a + b, 0) / batch.length
    loss += batch.reduce((sum, example) => sum + (w - example) ** 2 / 2, 0)
    seen += batch.length
    v = (given.optimizer.name === 'sgd' ? given.optimizer.momentum : 0) * v + (w - mean) + given.proximal * (w - 2)
    w -= given.rate * v
  }
  return { moved: w - 2, loss: loss / seen }
}

test('a step for each batch, of the mean over its examples, however many pieces it comes in', async () => {
  for (const more of [{}, { batch: null }, { batch: 1, epochs: 1 }, { proximal: 0.7 }, { optimizer: { name: 'sgd', momentum: 0.9 } }, { batch: null, proximal: 2 }] satisfies Partial<LocalTerms>[]) {
    for (const size of [100, 3, 1]) {
      const { delta, loss } = await run(more, 1, size)
      const expected = oracle(more)
      assert.ok(Math.abs(delta[0]! - expected.moved) < 1e-5 && Math.abs(loss - expected.loss) < 1e-5, `${JSON.stringify(more)}: ${delta[0]} for ${expected.moved}, loss ${loss} for ${expected.loss}`)
    }
  }
})

test('what it starts from stays as it is; the seed gives the order', async () => {
  const { delta } = await run()
  assert.equal([...start], [2, 7])
  assert.equal(await run(), { ...(await run()), delta })
  assert.is.not((await run({}, 2)).delta[0], delta[0])
  assert.is((await run({ proximal: 1 })).delta[1], 0)
})

test('FedProx holds it near its start, and AdamW goes another way', async () => {
  const far = (await run({ epochs: 50 })).delta[0]!
  const near = (await run({ epochs: 50, proximal: 5 })).delta[0]!
  assert.ok(Math.abs(near) < 0.3 * Math.abs(far), `${near} ${far}`)
  assert.is.not((await run({ optimizer: { name: 'adamw', decay: 0 } })).delta[0], (await run()).delta[0])
})

test('each epoch takes each example once, in an order of its own', () => {
  const all = [...batches(terms, examples, 1)]
  assert.equal(all.map(({ length }) => length), [4, 4, 3, 4, 4, 3, 4, 4, 3])
  const epochs = [0, 1, 2].map(epoch => all.slice(epoch * 3, epoch * 3 + 3).flatMap(batch => [...batch]))
  for (const epoch of epochs) assert.equal(Int32Array.from(epoch).sort(), examples.toSorted())
  assert.not.equal(epochs[0], epochs[1])
})

test('a training that diverges gives what no round takes, and no error', async () => {
  const { delta } = await run({ rate: 1e30, epochs: 20 })
  assert.not.ok(Number.isFinite(delta[0]))
})

test.run()
