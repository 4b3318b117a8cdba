import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Random } from '../../sync/random.fixtures.ts'
import { openOrtSession } from '../model/runtime/ort-session.node.ts'
import { imageInputs, imageLoss } from './graphs/image-loss.ts'
import { ImageObjective } from './image-objective.ts'
import { parameterCount, sizeOf } from './objective.ts'
import { array64, interpret, known } from './testing/interpreter.ts'

const open = (model: Uint8Array) => openOrtSession(model, { threads: 2, asWritten: true })
const shape = { height: 4, width: 4, classes: 3 }

for (const model of ['mlp', 'cnn'] as const) {
  test(`loss and gradients of images: ${model}`, async () => {
    const random = new Random(4)
    const objective = new ImageObjective(model, shape, open)
    const values = Float32Array.from({ length: parameterCount(objective.parameters) }, () => (random.next() - 0.5) * 0.2)
    const batch = { count: 3, images: Float32Array.from({ length: 48 }, () => random.next()), labels: Int32Array.of(2, 0, 1) }
    const gradient = new Float32Array(values.length)
    const { loss, labels } = await objective.gradient(values, batch, gradient)
    assert.is(labels, 3)
    const graph = imageLoss(model, shape, 3, false)
    const evaluate = (flat: Float64Array) => {
      let from = 0
      const given = Object.fromEntries(objective.parameters.map(each => [each.name, array64(each.shape, flat.subarray(from, (from += sizeOf(each.shape))))]))
      return interpret(graph.model, { ...given, [imageInputs.images]: array64([3, 16], batch.images), [imageInputs.labels]: array64([3], batch.labels) })
    }
    const exact = evaluate(Float64Array.from(values))
    assert.ok(Math.abs(known(exact, graph.loss).data[0]! - loss) < 1e-5)
    assert.ok(Math.abs((await objective.loss(values, batch)).loss - loss) < 1e-5)
    const best = Array.from({ length: 3 }, (_, image) => known(exact, graph.scores).data.subarray(image * 3, image * 3 + 3)).map(scores => scores.indexOf(Math.max(...scores)))
    assert.is((await objective.assess(values, batch)).right, best.filter((each, image) => each === batch.labels[image]).length)
    assert.is((await objective.assess(values, { ...batch, labels: Int32Array.from(best) })).right, 3)
    // One place of each tensor, where there is a slope.
    let from = 0
    for (const { name, shape: own } of objective.parameters) {
      const part = gradient.subarray(from, from + sizeOf(own))
      const at = from + part.reduce((most, each, place) => (Math.abs(each) > Math.abs(part[most]!) ? place : most), 0)
      const moved = (by: number) => known(evaluate(Float64Array.from(values).with(at, values[at]! + by)), graph.loss).data[0]!
      const slope = (moved(1e-6) - moved(-1e-6)) / 2e-6
      assert.ok(Math.abs(slope - gradient[at]!) < 1e-4 * Math.abs(slope), `${name}: ${slope} by differences, ${gradient[at]}`)
      from += sizeOf(own)
    }
    await objective.close()
  })
}

test('the classifiers are those of the paper', () => {
  const count = (model: 'mlp' | 'cnn') => parameterCount(imageLoss(model, { height: 28, width: 28, classes: 10 }, 1, false).parameters)
  assert.equal([count('mlp'), count('cnn')], [199_210, 1_663_370])
})

test.run()
