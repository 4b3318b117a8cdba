import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { seededRandom } from '../../federated/simulation/random.ts'
import type { LocalTerms } from '../../federated/simulation/local-task.ts'
import { openOrtSession } from '../model/runtime/ort-session.node.ts'
import { initialParameters } from '../train/trainer/initial-parameters.ts'
import { ImageLearner } from './image-learner.ts'
import { type ImageSet, shadesOf } from './image-set.ts'

const open = (model: Uint8Array) => openOrtSession(model, { threads: 1, asWritten: true })
const local: LocalTerms = { epochs: 2, batch: 10, optimizer: { name: 'sgd', momentum: 0 }, rate: 0.1, proximal: 0 }

function noise(count: number): ImageSet {
  const random = seededRandom(count, 'noise')
  return { count, height: 4, width: 4, pixels: Uint8Array.from({ length: count * 16 }, () => random.below(256)), labels: Uint8Array.from({ length: count }, () => random.below(10)) }
}

const training = noise(250)
const learnerOf = (more: Partial<LocalTerms>, heldOut = noise(20)) => new ImageLearner({ kind: 'images', model: 'mlp', training, heldOut, shades: shadesOf(training), local: { ...local, ...more } }, open)
const close = (a: Float32Array, b: Float32Array) => Math.sqrt(a.reduce((sum, value, at) => sum + (value - b[at]!) ** 2, 0)) < 1e-5 * Math.sqrt(a.reduce((sum, value) => sum + value ** 2, 0))

test('several steps in a graph are the steps that are made one by one, of batches that come in pieces too', async () => {
  const examples = Int32Array.from({ length: 247 }, (_, at) => 249 - at)
  // FedProx of next to nothing is plain descent, and is not done in graphs of several steps.
  for (const batch of [10, 60]) {
    const [inGraphs, oneByOne] = [learnerOf({ batch }), learnerOf({ batch, proximal: 1e-12 })]
    const start = initialParameters(inGraphs.parameters, 1)
    const [found, expected] = [await inGraphs.train(examples, 7, start), await oneByOne.train(examples, 7, start)]
    assert.ok(close(expected.delta, found.delta) && Math.abs(found.loss - expected.loss) < 1e-5, `${batch}: ${found.loss} ${expected.loss}`)
    await Promise.all([inGraphs.close(), oneByOne.close()])
  }
  // All in one batch: a step along the mean of all gradients, in pieces or one image at a time.
  const [whole, single] = [learnerOf({ batch: null, epochs: 1 }), learnerOf({ batch: 1, epochs: 1, rate: 2e-3 / 247 })]
  const start = initialParameters(whole.parameters, 1)
  const [found, sum] = [await whole.train(examples, 7, start), await single.train(examples, 7, start)]
  const scaled = sum.delta.map(value => value * 50)
  const off = Math.sqrt(found.delta.reduce((total, value, at) => total + (value - scaled[at]!) ** 2, 0) / found.delta.reduce((total, value) => total + value ** 2, 0))
  assert.ok(off < 0.02, String(off))
  await Promise.all([whole.close(), single.close()])
})

test('an assessment counts each held-out image once, in parts of which the last is smaller', async () => {
  const learner = learnerOf({}, noise(730))
  assert.is(learner.assessParts, 2)
  const start = initialParameters(learner.parameters, 1)
  const parts = [await learner.assess(start, 0), await learner.assess(start, 1)]
  assert.equal(parts.map(({ labels }) => labels), [500, 230])
  // Untrained it guesses: ln 10 each, a tenth right.
  for (const { loss, labels, right } of parts) assert.ok(Math.abs(loss / labels - Math.log(10)) < 0.2 && right! > 0.03 * labels && right! < 0.2 * labels, `${loss} ${labels} ${right}`)
  await learner.close()
})

test.run()
