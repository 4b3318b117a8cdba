import { sha256 } from '#mesh/sha256'
import { KinmeshError, isKinmeshError } from '../../mesh/errors.ts'
import { type LayerPlan, adapterConfigFile, readAdapterConfig } from './adapter-config.ts'
import type { DecoderConfig } from './decoder-config.ts'
import { adaptableLinears } from './graph/low-rank.ts'
import { badModelFile, quoted } from './model-errors.ts'
import { type FileSource, type TensorFiles, openTensorFile } from './safetensors.ts'
import { modelId } from './store/manifest.ts'

/** A: f32 [columns, rank]. B: f32 [rank, rows], with the adapter's scale in it. */
export type LowRank = { readonly rank: number; readonly a: Float32Array; readonly b: Float32Array }

/** What was learned beside a model, in memory. `linears`: by the name of the layer; those that it leaves alone are not there. */
export type Adapter = {
  /** Of what its files hold, as a model's id is of its files. */
  readonly id: string
  /** That it takes in memory. */
  readonly bytes: number
  readonly linears: ReadonlyMap<string, LowRank>
}

export const adapterWeightsFile = 'adapter_model.safetensors'
export const maxAdapterConfigBytes = 1024 * 1024
/** Rank 64 over all layers of a model of three billion weights, in f32. */
export const maxAdapterBytes = 512 * 1024 * 1024
/** Before the name of a module: PEFT wraps the model twice. */
const prefix = 'base_model.model.'

/**
 * Reads an adapter in the layout of PEFT, for a model of this `config`. `files` opens a file by its name.
 * @throws KinmeshError `BadAdapter`: damaged, or not as it says; `UnknownAdapter`: an option that this version would not run as it was trained; `AdapterMismatch`: for another model
 */
export async function readAdapter(files: (name: string) => Promise<FileSource | undefined>, config: DecoderConfig): Promise<Adapter> {
  try {
    const configBytes = await wholeFile(files, adapterConfigFile, maxAdapterConfigBytes)
    // Held whole until it is read: its id is that of what is used, whatever happens to the file meanwhile.
    const weightBytes = await wholeFile(files, adapterWeightsFile, maxAdapterBytes)
    const plans = readAdapterConfig(parseJson(configBytes), adaptableLinears(config))
    const tensors = await openTensorFile(adapterWeightsFile, inMemory(weightBytes))
    checkTensors(tensors, plans)
    const linears = new Map<string, LowRank>()
    for (const plan of plans) linears.set(plan.linear.name, await readLowRank(tensors, plan))
    const described = [[adapterConfigFile, configBytes], [adapterWeightsFile, weightBytes]] as const
    return {
      id: modelId({ files: described.map(([path, bytes]) => ({ path, bytes: bytes.length, sha256: hex(sha256(bytes)) })) }),
      bytes: [...linears.values()].reduce((sum, { a, b }) => sum + a.byteLength + b.byteLength, 0),
      linears
    }
  } catch (error) {
    throw isKinmeshError(error, 'BadModelFile') ? new KinmeshError('BadAdapter', error.message, { cause: error }) : error
  }
}

const namesOf = ({ linear: { name } }: LayerPlan) => ({ a: `${prefix}${name}.lora_A.weight`, b: `${prefix}${name}.lora_B.weight` })

/** Each that is due is there in its shape, and no other. */
function checkTensors(tensors: TensorFiles, plans: readonly LayerPlan[]): void {
  const used = new Set(plans.flatMap(plan => Object.values(namesOf(plan))))
  const strange = tensors.names().find(name => !used.has(name))
  if (strange !== undefined) throw new KinmeshError('AdapterMismatch', `the adapter holds ${quoted(strange)}, for which this model and ${adapterConfigFile} have no use: use it with the model it was made for`)
  for (const plan of plans) {
    const { linear: { rows, columns }, rank } = plan
    const { a, b } = namesOf(plan)
    for (const [name, expected, place, ofModel] of [[a, [rank, columns], 0, 1], [b, [rows, rank], 1, 0]] as const) {
      if (!tensors.has(name)) throw badModelFile(`${adapterWeightsFile} lacks ${quoted(name)}, which ${adapterConfigFile} asks for: get the adapter again`)
      const { shape } = tensors.info(name)
      if (shape.length !== 2 || shape[place] !== expected[place]) throw badModelFile(`${quoted(name)} has the shape [${shape.join(', ')}], and ${adapterConfigFile} asks for rank ${rank}: get the adapter again`)
      if (shape[ofModel] !== expected[ofModel]) throw new KinmeshError('AdapterMismatch', `${quoted(name)} has the shape [${shape.join(', ')}], and this model takes [${expected.join(', ')}]: use it with the model it was made for`)
    }
  }
}

async function readLowRank(tensors: TensorFiles, plan: LayerPlan): Promise<LowRank> {
  const { linear: { rows, columns }, rank, scale } = plan
  const names = namesOf(plan)
  const a = turned(await tensors.readRows(names.a, 0, rank), rank, columns)
  const b = turned(await tensors.readRows(names.b, 0, rows), rows, rank)
  for (let at = 0; at < b.length; at++) b[at]! *= scale
  if (!b.every(Number.isFinite)) throw badModelFile(`${quoted(names.b)} times ${scale} is beyond what f32 holds: get the adapter again, or choose another one`)
  return { rank, a, b }
}

/** [rows, columns] as [columns, rows]. */
function turned(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length)
  for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) result[column * rows + row] = values[row * columns + column]!
  return result
}

async function wholeFile(files: (name: string) => Promise<FileSource | undefined>, name: string, maxBytes: number): Promise<Uint8Array> {
  const file = await files(name)
  if (!file) throw badModelFile(`there is no ${name}: name the folder of an adapter in the layout of PEFT`)
  if (file.size > maxBytes) throw badModelFile(`${name} has ${file.size} bytes, and at most ${maxBytes} are read: choose a smaller adapter`)
  return file.read(0, file.size)
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw badModelFile(`${adapterConfigFile} is not JSON: get this file again`, cause)
  }
}

export function inMemory(bytes: Uint8Array): FileSource {
  return { size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
