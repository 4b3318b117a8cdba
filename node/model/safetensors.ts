import * as v from 'valibot'
import { type WeightType, weightBytes, widen } from './float-bits.ts'
import { isRecord } from './hub-keys.ts'
import { badModelFile, quoted } from './model-errors.ts'
import { type TensorInfo, type TensorPlace, headerLength, maxHeaderBytes, prefixBytes, readHeader } from './safetensors-header.ts'

/** Random access to one file, wherever it lies. `read` gives exactly these bytes, in memory of their own, or fails. */
export type FileSource = { readonly size: number; read(offset: number, length: number): Promise<Uint8Array> }

/** The weights of a model, in one file or several. */
export type TensorFiles = {
  /** In the order of their bytes: whoever reads them so reads each file once from its beginning to its end. */
  names(): readonly string[]
  has(name: string): boolean
  /** @throws KinmeshError `BadModelFile` when it is not there */
  info(name: string): TensorInfo
  /**
   * Rows `from` … `from + count − 1` of the first dimension as f32; a scalar is one row. Only they, and a few MiB of the file, are held in memory.
   * @throws KinmeshError `BadModelFile`: not there, of a type that holds no weights, or with a value that is infinite or not a number
   */
  readRows(name: string, from: number, count: number): Promise<Float32Array>
  /** Of all tensors as they are stored. */
  readonly totalBytes: number
}

const singleName = 'model.safetensors'
const indexName = 'model.safetensors.index.json'
/** Bytes read at once: large enough for a disk, small beside a model. */
export const pieceBytes = 4 * 1024 * 1024
/** All are open at once; the largest published models have some 190. */
export const maxShards = 512
/** Shards lie beside their index: one name, no path. */
const shardName = /^[\w-][\w.-]{0,199}\.safetensors$/

const indexSchema = v.looseObject({ weight_map: v.custom<Record<string, unknown>>(isRecord) })

type Shard = { readonly name: string; readonly source: FileSource; readonly tensors: ReadonlyMap<string, TensorPlace> }

/**
 * Finds the weights of a model: `model.safetensors`, or what `model.safetensors.index.json` lists. Headers are read and checked, weights are not.
 * `files` opens a file by its name, and gives undefined where there is none.
 * @throws KinmeshError `BadModelFile`
 */
export async function openTensors(files: (name: string) => Promise<FileSource | undefined>): Promise<TensorFiles> {
  const single = await files(singleName)
  if (single) return openTensorFile(singleName, single)
  const index = await files(indexName)
  if (!index) throw badModelFile(`there is no ${singleName} and no ${indexName}: choose a model with safetensors weights (kinmesh reads no .bin, .pth or .gguf)`)
  const expected = await readIndex(index)
  const shards: Shard[] = []
  for (const [name, tensors] of expected) {
    const source = await files(name)
    if (!source) throw badModelFile(`${indexName} lists ${name}, which is not there: get the model again`)
    const shard = await openShard(name, source)
    // With both, no tensor is in two shards: each is listed once.
    for (const tensor of tensors) if (!shard.tensors.has(tensor)) throw badModelFile(`${name} lacks ${quoted(tensor)}, which ${indexName} says is in it: get the model again`)
    for (const tensor of shard.tensors.keys()) if (!tensors.has(tensor)) throw badModelFile(`${name} holds ${quoted(tensor)}, which ${indexName} does not say: get the model again`)
    shards.push(shard)
  }
  return tensorFiles(shards)
}

/** The tensors of one file. @throws KinmeshError `BadModelFile` */
export async function openTensorFile(name: string, source: FileSource): Promise<TensorFiles> {
  return tensorFiles([await openShard(name, source)])
}

/** Shards, and the tensors each must have. A key that stands twice in the JSON counts once; the shard that the other one names then holds too much. */
async function readIndex(source: FileSource): Promise<Map<string, Set<string>>> {
  if (source.size > maxHeaderBytes) throw badModelFile(`${indexName} has ${source.size} bytes, and at most ${maxHeaderBytes} are read: get the model again`)
  const bytes = await readExactly(indexName, source, 0, source.size)
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw badModelFile(`${indexName} is not JSON: get the model again`, cause)
  }
  const result = v.safeParse(indexSchema, json)
  if (!result.success) throw badModelFile(`${indexName} has no weight_map: get the model again`)
  const shards = new Map<string, Set<string>>()
  for (const [tensor, name] of Object.entries(result.output.weight_map)) {
    if (typeof name !== 'string' || !shardName.test(name)) throw badModelFile(`${indexName} says that ${quoted(tensor)} is in ${quoted(name)}, which is no safetensors file beside it: get the model again`)
    const tensors = shards.get(name) ?? new Set()
    shards.set(name, tensors.add(tensor))
    if (shards.size > maxShards) throw badModelFile(`${indexName} lists more than ${maxShards} files: choose another model`)
  }
  return shards
}

async function openShard(name: string, source: FileSource): Promise<Shard> {
  if (source.size < prefixBytes) throw badModelFile(`${name} is damaged (it has ${source.size} bytes): get it again`)
  const length = headerLength(name, await readExactly(name, source, 0, prefixBytes), source.size)
  return { name, source, tensors: readHeader(name, await readExactly(name, source, prefixBytes, length), source.size) }
}

function tensorFiles(shards: readonly Shard[]): TensorFiles {
  const places = new Map<string, { shard: Shard; place: TensorPlace }>()
  for (const shard of shards) for (const [name, place] of shard.tensors) places.set(name, { shard, place })
  const find = (name: string) => {
    const found = places.get(name)
    if (!found) throw badModelFile(`the model lacks the tensor ${quoted(name)}: get it again, or choose another one`)
    return found
  }
  return {
    names: () => [...places.keys()],
    has: name => places.has(name),
    info: name => {
      const { dtype, shape } = find(name).place
      return { dtype, shape }
    },
    readRows: (name, from, count) => {
      const { shard, place } = find(name)
      return readRows(shard, name, place, from, count)
    },
    totalBytes: [...places.values()].reduce((sum, { place }) => sum + place.end - place.begin, 0)
  }
}

async function readRows({ name: file, source }: Shard, name: string, { dtype, shape, begin }: TensorPlace, from: number, count: number): Promise<Float32Array> {
  const [rows = 1, ...rest] = shape
  if (!Number.isInteger(from) || !Number.isInteger(count) || from < 0 || count < 0 || from + count > rows) throw new RangeError(`rows ${from} to ${from + count} of ${name}, which has ${rows}`)
  if (!isWeightType(dtype)) throw badModelFile(`${quoted(name)} in ${file} is of type ${dtype}, and weights are ${Object.keys(weightBytes).join(', ')}: choose the model with its original weights`)
  const size = weightBytes[dtype]
  const rowValues = rest.reduce((product, length) => product * length, 1)
  const values = new Float32Array(count * rowValues)
  const start = begin + from * rowValues * size
  for (let offset = 0; offset < values.length * size; offset += pieceBytes) {
    const piece = await readExactly(file, source, start + offset, Math.min(pieceBytes, values.length * size - offset))
    // A single one makes everything that follows it in the model not a number.
    if (!widen(dtype, piece, values, offset / size)) throw badModelFile(`${quoted(name)} in ${file} holds a value that is infinite or not a number: get the model again, or choose another one`)
  }
  return values
}

function isWeightType(dtype: string): dtype is WeightType {
  return Object.hasOwn(weightBytes, dtype)
}

async function readExactly(name: string, source: FileSource, offset: number, length: number): Promise<Uint8Array> {
  const bytes = await source.read(offset, length)
  if (bytes.length !== length) throw badModelFile(`${name} ended at ${offset + bytes.length}, before byte ${offset + length}: get it again`)
  return bytes
}
