import { createRequire } from 'node:module'
import { join } from 'node:path'
import { KinmeshError } from '../../mesh/errors.ts'
import { hashOfBytes } from '../../federated/simulation/hash.ts'
import { folderFiles } from '../model/file-source.node.ts'
import { badModelFile } from '../model/model-errors.ts'
import { type LayersModel, layersModelName, maxLayersModelBytes, readLayersModel } from './layers-model.ts'
import type { DataFile } from './data-file.ts'
import type { TensorFlow } from './layers-learner.ts'

/** `weightData`: f32 of all weights, one behind the other, in memory that threads share. */
export type ReadLayersModel = { readonly model: LayersModel; readonly weightData: Uint8Array; readonly files: readonly DataFile[] }

/** The model in a folder as TensorFlow.js saves one. @throws KinmeshError `BadModelFile` · `StoreFailed` */
export async function readLayersFolder(dir: string): Promise<ReadLayersModel> {
  const opened = folderFiles(dir)
  try {
    const file = await opened.open(layersModelName)
    if (!file) throw badModelFile(`there is no ${layersModelName} in ${dir}: name the folder of a model that TensorFlow.js saved`)
    if (file.size > maxLayersModelBytes) throw badModelFile(`${layersModelName} has ${file.size} bytes, and ${maxLayersModelBytes} is the most: choose another model`)
    const text = await file.read(0, file.size)
    const model = readLayersModel(new TextDecoder().decode(text))
    const files = [describe(layersModelName, text)]
    const weightData = new Uint8Array(new SharedArrayBuffer(model.groups.reduce((sum, { bytes }) => sum + bytes, 0)))
    let at = 0
    for (const { paths, bytes } of model.groups) {
      const end = at + bytes
      for (const path of paths) {
        const shard = await opened.open(path)
        if (!shard) throw badModelFile(`${layersModelName} lists ${path}, which is not there: save the model again`)
        if (at + shard.size > end) throw badModelFile(`${path} has ${shard.size} bytes, and its weights have ${end - at} left: save the model again`)
        const read = await shard.read(0, shard.size)
        weightData.set(read, at)
        at += shard.size
        files.push(describe(path, read))
      }
      if (at < end) throw badModelFile(`${paths.join(', ')} end ${end - at} bytes before their weights do: save the model again`)
    }
    return { model, weightData, files }
  } finally {
    await opened.close()
  }
}

/** The faster one first. */
const libraries = ['@tensorflow/tfjs-node', '@tensorflow/tfjs'] as const

/** Where TensorFlow.js is installed: from one of these folders on upwards. @throws KinmeshError `MissingPackage` */
export function findTensorFlow(folders: readonly string[]): { readonly name: string; readonly version: string; readonly path: string } {
  for (const name of libraries) {
    for (const folder of folders) {
      try {
        const require = createRequire(join(folder, 'here.js'))
        const path = require.resolve(name)
        const { version } = require(`${name}/package.json`) as { version?: unknown }
        return { name, path, version: String(version) }
      } catch (cause) {
        if (!(cause instanceof Error && 'code' in cause && cause.code === 'MODULE_NOT_FOUND')) throw cause
      }
    }
  }
  throw new KinmeshError('MissingPackage', `layers-model trains with TensorFlow.js, which does not come with kinmesh: run npm install ${libraries[1]} (or ${libraries[0]}, which is faster) in ${folders[0]}`)
}

/** @throws KinmeshError `MissingPackage`: it is there and does not load */
export function loadTensorFlow(path: string): TensorFlow {
  try {
    const library: unknown = createRequire(path)(path)
    if (!isTensorFlow(library)) throw new Error('it lacks what TensorFlow.js has')
    return library
  } catch (cause) {
    throw new KinmeshError('MissingPackage', `${path} does not load (${cause instanceof Error ? cause.message : String(cause)}): install it again`, { cause })
  }
}

function isTensorFlow(value: unknown): value is TensorFlow {
  const names = ['loadLayersModel', 'variableGrads', 'tensor', 'tidy', 'oneHot', 'enableProdMode'] as const satisfies readonly (keyof TensorFlow)[]
  return typeof value === 'object' && value !== null && names.every(name => typeof (value as Record<string, unknown>)[name] === 'function')
}

function describe(name: string, bytes: Uint8Array): DataFile {
  return { name: `model/${name}`, bytes: bytes.length, sha256: hashOfBytes(bytes) }
}
