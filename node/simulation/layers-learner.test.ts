import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checkExperiment, type ExperimentInput } from '../../federated/simulation/experiment.ts'
import { isKinmeshError } from '../../mesh/errors.ts'
import { rejects } from '../../tools/assert.ts'
import { f32Tensor } from '../model/safetensors.fixtures.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { readLayersData } from './layers-data.node.ts'
import { layersData, layersModelJson, layersWeights, writeLayersData, writeLayersModel } from './layers.fixtures.ts'
import { findTensorFlow, readLayersFolder } from './layers-model.node.ts'
import { openLearner } from './open-learner.node.ts'
import { runExperiment } from './run-experiment.node.ts'

/** A folder whose node_modules have the real library: it is no dependency. */
const installed = process.env['KINMESH_TFJS'] ?? ''
export const missing = existsSync(join(installed, 'node_modules', '@tensorflow')) ? undefined : 'TensorFlow.js: KINMESH_TFJS=FOLDER, after npm install @tensorflow/tfjs there'

const given: ExperimentInput = { task: 'layers-model', rounds: 4, clients: 5, split: { kind: 'by-speaker' }, local: { batch: 6, rate: 0.5 } }
const local = { epochs: 1, batch: null, optimizer: { name: 'sgd', momentum: 0 }, rate: 0.1, proximal: 0 } as const
const filesOf = (dir: string) => Object.fromEntries(readdirSync(dir).sort().map(name => [name, readFileSync(join(dir, name), 'utf8')]))
const coded = (code: string, problem: RegExp) => (error: unknown) => isKinmeshError(error, code) && problem.test(error.message)

function write(dir: string): { readonly model: string; readonly data: string } {
  const [model, data] = [join(dir, 'model'), join(dir, 'data')]
  writeLayersModel(model)
  writeLayersData(data)
  symlinkSync(join(installed, 'node_modules'), join(model, 'node_modules'))
  return { model, data }
}

test('a step of plain descent, the loss and the accuracy are those of softmax regression in f64', () => withTempDir(async dir => {
  const { model: folder, data } = write(dir)
  const { model, weightData } = await readLayersFolder(folder)
  const { training, heldOut } = await readLayersData(data)
  const learner = await openLearner({ kind: 'layers', library: findTensorFlow([folder]).path, model, weightData, training, heldOut, local })
  assert.equal(learner.beginning, layersWeights)
  const all = Int32Array.from({ length: 60 }, (_, at) => at)
  const { delta, loss } = await learner.train(all, 1, layersWeights)
  const gradient = new Float64Array(15)
  let [sum, right] = [0, 0]
  for (const example of all) {
    const x = training.examples.subarray(example * 4, example * 4 + 4)
    const scores = [0, 1, 2].map(each => Math.exp(layersWeights[12 + each]! + x.reduce((total, value, at) => total + value * layersWeights[at * 3 + each]!, 0)))
    const shares = scores.map(score => score / scores.reduce((a, b) => a + b))
    sum -= Math.log(shares[training.labels[example]!]!)
    right += Number(shares.indexOf(Math.max(...shares)) === training.labels[example])
    for (let each = 0; each < 3; each++) {
      const slope = shares[each]! - Number(each === training.labels[example])
      for (let at = 0; at < 4; at++) gradient[at * 3 + each]! += slope * x[at]!
      gradient[12 + each]! += slope
    }
  }
  assert.ok(Math.abs(loss - sum / 60) < 1e-5, `${loss} for ${sum / 60}`)
  for (const [at, value] of delta.entries()) assert.ok(Math.abs(value + (0.1 * gradient[at]!) / 60) < 1e-6, `${at}: ${value}`)
  await learner.close()
  const own = await openLearner({ kind: 'layers', library: findTensorFlow([folder]).path, model, weightData, training, heldOut: training, local })
  const assessed = await own.assess(layersWeights, 0)
  assert.equal([assessed.labels, assessed.right], [60, right])
  await own.close()
}))

test('rounds begin with what the model was saved with, learn, and give the same files by one thread or two', () => withTempDir(async dir => {
  const { model, data } = write(dir)
  const run = (out: string, threads: number) => runExperiment(checkExperiment({ ...given, model, data }), { out: join(dir, out), threads })
  const { records } = await run('one', 1)
  assert.ok(records[4]!.accuracy! > 0.9 && records[0]!.accuracy! < 0.9 && records[4]!.loss! < records[0]!.loss! / 2, records.map(({ loss, accuracy }) => `${loss} ${accuracy}`).join())
  await run('two', 2)
  assert.equal(filesOf(join(dir, 'one')), filesOf(join(dir, 'two')))
  const { surroundings, data: files } = JSON.parse(filesOf(join(dir, 'one'))['manifest.json']!) as { surroundings: Record<string, string | null>; data: { name: string }[] }
  assert.is(surroundings['onnxruntime'], null)
  assert.match(surroundings['library']!, /^@tensorflow\/tfjs(-node)? \d/)
  assert.equal(files.map(({ name }) => name), ['model/model.json', 'model/group1-shard1of2.bin', 'model/group1-shard2of2.bin', 'examples.safetensors'])
}))

test('data of another shape, classes that the model does not know, and layers that the library does not are named', () => withTempDir(async dir => {
  const { model, data } = write(dir)
  const run = () => runExperiment(checkExperiment({ ...given, model, data }), { out: join(dir, 'out'), threads: 1 })
  const [points, whole] = [layersData(), layersData()]
  writeLayersData(data, { ...points, examples: f32Tensor([60, 5], Array(300).fill(1)), 'heldOut.examples': f32Tensor([30, 5], Array(150).fill(1)) })
  await rejects(run(), coded('BadTrainingData', /takes examples of 4, and those of the data are 5/))
  writeLayersData(data, { ...whole, 'heldOut.labels': { dtype: 'U8', shape: [30], bytes: new Uint8Array(30).fill(3) } })
  await rejects(run(), coded('BadTrainingData', /classes 0 to 2, and a label of the data is 3/))
  writeLayersData(data)
  const json = layersModelJson()
  writeLayersModel(model, { ...json, modelTopology: JSON.parse(JSON.stringify(json.modelTopology).replace('"Dense"', '"Dance"')) as object })
  await rejects(run(), coded('BadModelFile', /does not load the model \(Unknown layer: Dance/))
  assert.not.ok(existsSync(join(dir, 'out')))
}))

test.run()
