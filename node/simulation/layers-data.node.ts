import { join } from 'node:path'
import { headerLength, prefixBytes, readHeader, type TensorPlace } from '../model/safetensors-header.ts'
import { badTrainingData } from '../train/training-errors.ts'
import { readDataFile } from './data-files.node.ts'
import type { DataFile } from './data-file.ts'
import type { LayersSet } from './layers-learner.ts'

const name = 'examples.safetensors'
const advice = `give the folder that holds ${name}, with the tensors examples and heldOut.examples (F32), labels and heldOut.labels (I32, I64 or U8), and, where there are, speakers`

/** From `dir`/examples.safetensors. @throws KinmeshError `DataMissing` · `BadTrainingData` · `BadModelFile` (its header) · `StoreFailed` */
export async function readLayersData(dir: string): Promise<{ readonly training: LayersSet; readonly heldOut: LayersSet; readonly files: readonly DataFile[] }> {
  const { bytes, file } = await readDataFile(dir, name, advice)
  const path = join(dir, name)
  if (bytes.length < prefixBytes) throw badTrainingData(`${path} has ${bytes.length} bytes, and is no safetensors file: ${advice}`)
  const length = headerLength(name, bytes.subarray(0, prefixBytes), bytes.length)
  const places = readHeader(name, bytes.subarray(prefixBytes, prefixBytes + length), bytes.length)
  const training = { ...setOf(bytes, places, ''), ...(places.has('speakers') && { speakers: whole(bytes, placeOf(places, 'speakers'), 'speakers') }) }
  const heldOut = setOf(bytes, places, 'heldOut.')
  if (training.speakers && training.speakers.length !== training.count) throw badTrainingData(`${name}: there are ${training.count} examples and ${training.speakers.length} speakers`)
  if (training.shape.join() !== heldOut.shape.join()) throw badTrainingData(`${name}: an example is ${training.shape.join(' × ')}, and one that is held out ${heldOut.shape.join(' × ')}`)
  return { training, heldOut, files: [file] }
}

function setOf(bytes: Uint8Array, places: ReadonlyMap<string, TensorPlace>, prefix: string): LayersSet {
  const [examples, labels] = [placeOf(places, `${prefix}examples`), whole(bytes, placeOf(places, `${prefix}labels`), `${prefix}labels`)]
  const [count = 0, ...shape] = examples.shape
  if (examples.dtype !== 'F32' || shape.length === 0 || count === 0) throw badTrainingData(`${name}: ${prefix}examples are ${examples.dtype} ${examples.shape.join(' × ')}, and should be F32, many of one shape`)
  if (labels.length !== count) throw badTrainingData(`${name}: there are ${count} ${prefix}examples and ${labels.length} ${prefix}labels`)
  const values = new Float32Array(new SharedArrayBuffer(examples.end - examples.begin))
  new Uint8Array(values.buffer).set(bytes.subarray(examples.begin, examples.end))
  const strange = values.findIndex(value => !Number.isFinite(value))
  if (strange >= 0) throw badTrainingData(`${name}: value ${strange} of ${prefix}examples is ${values[strange]}`)
  return { count, shape, examples: values, labels }
}

function placeOf(places: ReadonlyMap<string, TensorPlace>, tensor: string): TensorPlace {
  const place = places.get(tensor)
  if (!place) throw badTrainingData(`${name} has no ${tensor}: ${advice}`)
  return place
}

/** Whole numbers from 0 on. */
function whole(bytes: Uint8Array, { dtype, shape, begin, end }: TensorPlace, tensor: string): Int32Array {
  if (shape.length !== 1) throw badTrainingData(`${name}: ${tensor} has ${shape.length} dimensions, and should have one`)
  const view = new DataView(bytes.buffer, bytes.byteOffset + begin, end - begin)
  const read = { I32: (at: number) => view.getInt32(4 * at, true), I64: (at: number) => Number(view.getBigInt64(8 * at, true)), U8: (at: number) => view.getUint8(at) }[dtype]
  if (!read) throw badTrainingData(`${name}: ${tensor} are ${dtype}, and should be I32, I64 or U8`)
  const values = new Int32Array(new SharedArrayBuffer(4 * shape[0]!))
  for (let at = 0; at < values.length; at++) {
    const value = read(at)
    if (!(value >= 0 && value < 2 ** 31)) throw badTrainingData(`${name}: number ${at} of ${tensor} is ${value}, and should be 0 or more`)
    values[at] = value
  }
  return values
}
