import * as v from 'valibot'
import { isRecord } from '../model/hub-keys.ts'
import { badModelFile, quoted } from '../model/model-errors.ts'

// The format "layers-model" of TensorFlow.js: model.json with the layers and a list of weights, which lie one behind the other in shards, each at most a few MiB.
// https://github.com/tensorflow/tfjs/blob/master/tfjs-core/src/io/types.ts (ModelJSON)

export const layersModelName = 'model.json'
/** Of model.json: a thousand layers take one. */
export const maxLayersModelBytes = 16 * 1024 * 1024
/** Of all weights: every client of a round gives as many. */
const maxWeightBytes = 256 * 1024 * 1024
const maxShards = 256
const maxWeights = 10_000

export type LayersWeight = { readonly name: string; readonly shape: readonly number[]; readonly dtype: 'float32' }
/** Weights that lie in the same shards. `bytes`: of all its shards together. */
export type WeightGroup = { readonly paths: readonly string[]; readonly bytes: number }
/** `topology`: for TensorFlow.js, as it stands there. */
export type LayersModel = { readonly topology: Readonly<Record<string, unknown>>; readonly weights: readonly LayersWeight[]; readonly groups: readonly WeightGroup[] }

const size = v.pipe(v.number('should be a whole number'), v.safeInteger('should be a whole number'), v.minValue(1, 'should be 1 at least'))
const weightSchema = v.object({
  name: v.pipe(v.string('should be a name'), v.minLength(1), v.maxLength(500)), shape: v.pipe(v.array(size, 'should be a list of sizes'), v.maxLength(8, 'has 8 dimensions at most')), dtype: v.literal('float32', 'should be float32: other weights are not trained'),
  quantization: v.optional(v.never('is a key of weights of fewer bits, which cannot be trained: convert the model without quantization'))
}, 'should be an object')
const groupSchema = v.object({
  // Shards lie beside model.json: one name, no path.
  paths: v.pipe(v.array(v.pipe(v.string('should be a name'), v.regex(/^[\w-][\w.-]{0,199}$/, 'should be the name of a file beside model.json'))), v.minLength(1, 'is empty'), v.maxLength(maxShards, `has at most ${maxShards} shards`)),
  weights: v.pipe(v.array(weightSchema, 'should be a list'), v.maxLength(maxWeights, `has at most ${maxWeights}`))
}, 'should be an object')
const modelSchema = v.object({
  format: v.optional(v.literal('layers-model', 'should be layers-model: a graph-model has no weights that can be trained; save the Keras model itself with tfjs')),
  modelTopology: v.custom<Record<string, unknown>>(isRecord, 'should be an object: the layers'),
  weightsManifest: v.pipe(v.array(groupSchema, 'should be a list'), v.minLength(1, 'is empty'), v.maxLength(maxShards))
}, 'should be an object')

/** @throws KinmeshError `BadModelFile` naming the key that is wrong */
export function readLayersModel(text: string): LayersModel {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw badModelFile(`${layersModelName} is not JSON: save the model again`, cause)
  }
  const read = v.safeParse(modelSchema, json, { abortEarly: true })
  if (!read.success) throw badModelFile(`${layersModelName}: ${quoted(v.getDotPath(read.issues[0]) ?? 'the whole')} ${read.issues[0].message}`)
  const { modelTopology, weightsManifest } = read.output
  const weights = weightsManifest.flatMap(group => group.weights.map(({ name, shape, dtype }) => ({ name, shape, dtype })))
  const twice = weights.find(({ name }, at) => weights.findIndex(each => each.name === name) < at)
  if (twice) throw badModelFile(`${layersModelName}: the weight ${quoted(twice.name)} is there twice: save the model again`)
  const groups = weightsManifest.map(({ paths, weights: own }) => ({ paths, bytes: own.reduce((sum, { shape }) => sum + shape.reduce((product, each) => product * each, 4), 0) }))
  const bytes = groups.reduce((sum, group) => sum + group.bytes, 0)
  if (bytes === 0 || bytes > maxWeightBytes) throw badModelFile(`${layersModelName}: its weights have ${bytes} bytes, and 1 to ${maxWeightBytes} are taken: choose another model`)
  return { topology: modelTopology, weights, groups }
}
