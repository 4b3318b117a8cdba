import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { f32Tensor, type StoredTensor, writeSafetensors } from '../model/safetensors.fixtures.ts'
import { seededRandom } from '../../federated/simulation/random.ts'

const [inputs, classes] = [4, 3]

/** For tests: what TensorFlow.js saves of a model with one dense layer, with softmax, f32 [4, 3] and [3] in two shards. */
export function layersModelJson(): { format: string; modelTopology: object; weightsManifest: { paths: string[]; weights: { name: string; shape: number[]; dtype: string; quantization?: object }[] }[] } {
  const config = { name: 'dense', trainable: true, batch_input_shape: [null, inputs], dtype: 'float32', units: classes, activation: 'softmax', use_bias: true, kernel_initializer: { class_name: 'Zeros', config: {} }, bias_initializer: { class_name: 'Zeros', config: {} } }
  return {
    format: 'layers-model',
    modelTopology: { class_name: 'Sequential', config: { name: 'sequential', layers: [{ class_name: 'Dense', config }] }, keras_version: 'tfjs-layers 4.22.0', backend: 'tensor_flow.js' },
    weightsManifest: [{ paths: ['group1-shard1of2.bin', 'group1-shard2of2.bin'], weights: [{ name: 'dense/kernel', shape: [inputs, classes], dtype: 'float32' }, { name: 'dense/bias', shape: [classes], dtype: 'float32' }] }]
  }
}

export const layersWeights = Float32Array.from({ length: inputs * classes + classes }, (_, at) => Math.fround(Math.sin(at)))

export function writeLayersModel(dir: string, json: unknown = layersModelJson()): void {
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'model.json'), JSON.stringify(json))
  const bytes = new Uint8Array(layersWeights.buffer)
  writeFileSync(join(dir, 'group1-shard1of2.bin'), bytes.subarray(0, 22))
  writeFileSync(join(dir, 'group1-shard2of2.bin'), bytes.subarray(22))
}

const whole = (dtype: 'I32' | 'I64' | 'U8', values: readonly number[]): StoredTensor => ({
  dtype, shape: [values.length], bytes: dtype === 'U8' ? Uint8Array.from(values) : new Uint8Array((dtype === 'I32' ? Int32Array.from(values) : BigInt64Array.from(values.map(BigInt))).buffer)
})

/** For tests: three heaps of points that can be told apart, a third of each class. */
export function layersData(): Record<string, StoredTensor> {
  const random = seededRandom(1, 'heaps')
  const points = (count: number) => f32Tensor([count, inputs], Array.from({ length: count * inputs }, (_, at) => Number(at % inputs === Math.floor(at / inputs) % classes) + 0.3 * (random.uniform() - 0.5)))
  const labels = (count: number) => Array.from({ length: count }, (_, at) => at % classes)
  return { examples: points(60), labels: whole('I64', labels(60)), speakers: whole('I32', Array.from({ length: 60 }, (_, at) => Math.floor(at / 12))), 'heldOut.examples': points(30), 'heldOut.labels': whole('U8', labels(30)) }
}

export function writeLayersData(dir: string, data: Readonly<Record<string, StoredTensor>> = layersData()): void {
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'examples.safetensors'), writeSafetensors(data))
}
