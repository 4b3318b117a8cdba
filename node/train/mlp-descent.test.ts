import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Random } from '../../sync/random.fixtures.ts'
import { openOrtSession } from '../model/runtime/ort-session.node.ts'
import { type ImageBatch, ImageObjective } from './image-objective.ts'
import { MlpDescent } from './mlp-descent.ts'
import { initialParameters } from './trainer/initial-parameters.ts'
import { sgd } from './trainer/optimizer.ts'

const open = (model: Uint8Array) => openOrtSession(model, { threads: 1, asWritten: true })
const shape = { height: 6, width: 5, classes: 4 }

function batchOf(random: Random, count: number): ImageBatch {
  return { count, images: Float32Array.from({ length: count * 30 }, () => random.next()), labels: Int32Array.from({ length: count }, () => random.below(4)) }
}

/** One step after the other, by the gradient of `imageLoss`. */
async function slowly(objective: ImageObjective, start: Float32Array, { count, images, labels }: ImageBatch, rows: number, rate: number) {
  const parameters = start.slice()
  const optimizer = sgd(objective.parameters)
  let loss = 0
  for (let from = 0; from < count; from += rows) {
    const to = Math.min(count, from + rows)
    const gradient = new Float32Array(parameters.length)
    loss += (await objective.gradient(parameters, { count: to - from, images: images.slice(from * 30, to * 30), labels: labels.slice(from, to) }, gradient)).loss
    optimizer.update(parameters, gradient, rate, 1 / (to - from))
  }
  return { parameters, loss }
}

const distance = (a: Float32Array, b: Float32Array) => Math.sqrt(a.reduce((sum, value, at) => sum + (value - b[at]!) ** 2, 0))

test('steps in one graph are the steps one after the other, whatever is left for the last batch and the last graph', async () => {
  const objective = new ImageObjective('mlp', shape, open)
  const start = initialParameters(objective.parameters, 3)
  for (const rows of [1, 4, 10, 25, 60]) {
    const descent = new MlpDescent(shape, rows, open)
    for (const count of [1, rows, rows + 1, 3 * rows - 1, 6 * rows, 13 * rows + 1]) {
      const batch = batchOf(new Random(rows * 100 + count), count)
      const [expected, found] = [await slowly(objective, start, batch, rows, 0.3), start.slice()]
      const loss = await descent.descend(found, batch, 0.3)
      const [moved, off] = [distance(expected.parameters, start), distance(expected.parameters, found)]
      assert.ok(moved > 1e-3 && off < 1e-5 * moved, `${rows} rows, ${count} images: moved by ${moved}, off by ${off}`)
      assert.ok(Math.abs(loss - expected.loss) < 1e-5 * expected.loss, `${rows} rows, ${count} images: loss ${loss} for ${expected.loss}`)
    }
    await descent.close()
  }
  await objective.close()
})

test('what was there before leaves no trace: the same bits once more, after others', async () => {
  const objective = new ImageObjective('mlp', shape, open)
  const start = initialParameters(objective.parameters, 3)
  const descent = new MlpDescent(shape, 10, open)
  const [batch, other] = [batchOf(new Random(1), 47), batchOf(new Random(2), 95)]
  const run = async (of: ImageBatch) => {
    const parameters = start.slice()
    const loss = await descent.descend(parameters, of, 0.2)
    return JSON.stringify([loss, [...new Uint32Array(parameters.buffer)]])
  }
  const once = await run(batch)
  await run(other)
  assert.is(await run(batch), once)
  await descent.close()
  await objective.close()
})

test('no images, no steps; batches of too many rows are none', async () => {
  const descent = new MlpDescent(shape, 10, open)
  const parameters = Float32Array.of(1, 2)
  assert.is(await descent.descend(parameters, batchOf(new Random(1), 0), 0.2), 0)
  assert.equal([...parameters], [1, 2])
  for (const rows of [0, 1.5, MlpDescent.maxRows + 1]) assert.throws(() => new MlpDescent(shape, rows, open), /batches of/)
  await descent.close()
})

test.run()
