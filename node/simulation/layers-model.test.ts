import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checkExperiment } from '../../federated/simulation/experiment.ts'
import { isKinmeshError } from '../../mesh/errors.ts'
import { rejects } from '../../tools/assert.ts'
import { f32Tensor } from '../model/safetensors.fixtures.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { readLayersData } from './layers-data.node.ts'
import { layersData, layersModelJson, layersWeights, writeLayersData, writeLayersModel } from './layers.fixtures.ts'
import { findTensorFlow, loadTensorFlow, readLayersFolder } from './layers-model.node.ts'
import { readLayersModel } from './layers-model.ts'
import { runExperiment } from './run-experiment.node.ts'

const coded = (code: string, problem: RegExp) => (error: unknown) => isKinmeshError(error, code) && problem.test(error.message)

test('a model is read from model.json and its shards, whose weights lie one behind the other', () => withTempDir(async dir => {
  writeLayersModel(dir)
  const { model, weightData, files } = await readLayersFolder(dir)
  assert.equal(new Float32Array(weightData.slice().buffer), layersWeights)
  assert.equal(model.weights.map(({ name, shape }) => [name, shape]), [['dense/kernel', [4, 3]], ['dense/bias', [3]]])
  assert.equal(files.map(({ name, bytes }) => [name, bytes > 300 ? 'many' : bytes]), [['model/model.json', 'many'], ['model/group1-shard1of2.bin', 22], ['model/group1-shard2of2.bin', 38]])
}))

test('a malformed model.json is refused by the key that is wrong', () => {
  const refused = (change: (json: ReturnType<typeof layersModelJson>) => unknown, problem: RegExp) => {
    const json = layersModelJson()
    const changed = change(json)
    assert.throws(() => readLayersModel(typeof changed === 'string' ? changed : JSON.stringify(json)), coded('BadModelFile', problem))
  }
  refused(() => '{', /not JSON/)
  refused(() => '3', /the whole/)
  refused(() => '[]', /modelTopology/)
  refused(json => { json.format = 'graph-model' }, /format should be layers-model: a graph-model has no weights that can be trained/)
  refused(json => { json.modelTopology = [] }, /modelTopology should be an object/)
  refused(json => { json.weightsManifest = [] }, /weightsManifest is empty/)
  refused(json => { json.weightsManifest[0]!.paths = ['../secret'] }, /weightsManifest\.0\.paths\.0 should be the name of a file beside/)
  refused(json => { json.weightsManifest[0]!.weights[1]!.shape = [-1] }, /weights\.1\.shape\.0 should be 1 at least/)
  refused(json => { json.weightsManifest[0]!.weights[1]!.dtype = 'int32' }, /weights\.1\.dtype should be float32/)
  refused(json => { json.weightsManifest[0]!.weights[1]!.quantization = { dtype: 'uint8' } }, /without quantization/)
  refused(json => { json.weightsManifest[0]!.weights[1]!.name = 'dense/kernel' }, /dense\/kernel"? is there twice/)
  refused(json => { json.weightsManifest[0]!.weights[1]!.shape = [2 ** 40] }, /weights have \d+ bytes/)
})

test('a shard that is missing, too long or too short is named', () => withTempDir(async dir => {
  const shard = join(dir, 'group1-shard2of2.bin')
  await rejects(readLayersFolder(dir), coded('BadModelFile', /no model\.json in/))
  writeLayersModel(dir)
  rmSync(shard)
  await rejects(readLayersFolder(dir), coded('BadModelFile', /lists group1-shard2of2\.bin, which is not there/))
  writeFileSync(shard, new Uint8Array(39))
  await rejects(readLayersFolder(dir), coded('BadModelFile', /shard2of2\.bin has 39 bytes, and its weights have 38 left/))
  writeFileSync(shard, new Uint8Array(37))
  await rejects(readLayersFolder(dir), coded('BadModelFile', /end 1 bytes before their weights do/))
}))

test('examples, classes and who they are from are read; what does not fit together is named', () => withTempDir(async dir => {
  const refused = async (change: (data: ReturnType<typeof layersData>) => void, problem: RegExp) => {
    const data = layersData()
    change(data)
    writeLayersData(dir, data)
    await rejects(readLayersData(dir), coded('BadTrainingData', problem))
  }
  await rejects(readLayersData(dir), coded('DataMissing', /no .*examples\.safetensors/))
  writeLayersData(dir)
  const { training, heldOut } = await readLayersData(dir)
  assert.equal([training.count, training.shape, heldOut.count, [...training.labels.subarray(0, 4)], [...heldOut.labels.subarray(0, 4)], training.speakers![59]], [60, [4], 30, [0, 1, 2, 0], [0, 1, 2, 0], 4])
  await refused(data => { delete data['heldOut.labels'] }, /no heldOut\.labels/)
  await refused(data => { data['labels'] = f32Tensor([60], Array(60).fill(1)) }, /labels are F32/)
  await refused(data => { data['labels'] = data['heldOut.labels']! }, /60 examples and 30 labels/)
  await refused(data => { data['speakers'] = data['heldOut.labels']! }, /60 examples and 30 speakers/)
  await refused(data => { data['heldOut.examples'] = f32Tensor([30, 2], Array(60).fill(1)) }, /an example is 4, and one that is held out 2/)
  await refused(data => { data['examples'] = f32Tensor([60], Array(60).fill(1)) }, /examples are F32 60/)
  await refused(data => { data['heldOut.examples'] = f32Tensor([30, 4], Array(120).fill(NaN)) }, /value 0 of heldOut\.examples is NaN/)
  await refused(data => { data['labels'] = { dtype: 'I32', shape: [60], bytes: new Uint8Array(Int32Array.from({ length: 60 }, () => -1).buffer) } }, /number 0 of labels is -1/)
  writeFileSync(join(dir, 'examples.safetensors'), 'short')
  await rejects(readLayersData(dir), coded('BadTrainingData', /is no safetensors file/))
}))

test('without TensorFlow.js it is said what to install, and no folder is left', () => withTempDir(async dir => {
  assert.throws(() => findTensorFlow([dir]), coded('MissingPackage', /run npm install @tensorflow\/tfjs \(or @tensorflow\/tfjs-node, which is faster\)/))
  const folder = join(dir, 'node_modules', '@tensorflow', 'tfjs')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: '@tensorflow/tfjs', version: '0.0.0', main: 'main.js' }))
  writeFileSync(join(folder, 'main.js'), 'module.exports = { loadLayersModel: 1 }')
  const { name, version, path } = findTensorFlow([dir])
  assert.equal([name, version], ['@tensorflow/tfjs', '0.0.0'])
  assert.throws(() => loadTensorFlow(path), coded('MissingPackage', /does not load \(it lacks what TensorFlow\.js has\)/))
  const given = checkExperiment({ task: 'layers-model', rounds: 1, clients: 2, local: { batch: 10, rate: 0.1 } })
  await rejects(runExperiment(given, { out: join(dir, 'out') }), coded('NoModel', /--model DIR/))
  writeLayersModel(join(dir, 'model'))
  writeLayersData(join(dir, 'data'))
  await rejects(runExperiment(given, { out: join(dir, 'out'), model: join(dir, 'model') }), coded('DataMissing', /--data DIR/))
  assert.equal(readdirSync(dir).sort(), ['data', 'model', 'node_modules'])
}))

test.run()
