import * as v from 'valibot'
import { isRecord } from './hub-keys.ts'
import { badModelFile, quoted } from './model-errors.ts'

/** Of the specification, which is the README of huggingface/safetensors; the largest published ones have a few MB. */
export const maxHeaderBytes = 100_000_000
/** The header's own length comes first: u64, little-endian. */
export const prefixBytes = 8

export type TensorInfo = { readonly dtype: string; readonly shape: readonly number[] }
/** `begin` and `end` count from the start of the file. */
export type TensorPlace = TensorInfo & { readonly begin: number; readonly end: number }

/** Bits of one value of each type of the specification. */
const bitsOf: Readonly<Record<string, number>> = {
  BOOL: 8, U8: 8, I8: 8, F4: 4, F6_E2M3: 6, F6_E3M2: 6, F8_E5M2: 8, F8_E4M3: 8, F8_E8M0: 8, F8_E4M3FNUZ: 8, F8_E5M2FNUZ: 8,
  I16: 16, U16: 16, F16: 16, BF16: 16, I32: 32, U32: 32, F32: 32, C64: 64, F64: 64, I64: 64, U64: 64
}

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const entrySchema = v.strictObject({ dtype: v.string(), shape: v.array(size), data_offsets: v.strictTuple([size, size]) })
const metadataKey = '__metadata__'

/**
 * Length of the header.
 * @throws KinmeshError `BadModelFile`
 */
export function headerLength(file: string, prefix: Uint8Array, fileBytes: number): number {
  const length = new DataView(prefix.buffer, prefix.byteOffset, prefixBytes).getBigUint64(0, true)
  if (length > BigInt(maxHeaderBytes)) throw damaged(file, `its header would have ${length} bytes, and ${maxHeaderBytes} are allowed`)
  if (Number(length) > fileBytes - prefixBytes) throw damaged(file, `its header has ${length} bytes, and the file ${fileBytes}`)
  return Number(length)
}

/**
 * The tensors of a file, in the order of their bytes. All that the specification asks for is checked: a JSON object without duplicate keys, known types,
 * shapes that fit their bytes, and offsets that cover the rest of the file without a hole and without an overlap.
 * @throws KinmeshError `BadModelFile`
 */
export function readHeader(file: string, header: Uint8Array, fileBytes: number): Map<string, TensorPlace> {
  const { json, text } = parse(file, header)
  const dataStart = prefixBytes + header.length
  const tensors: { name: string; place: TensorPlace }[] = []
  let members = 0
  for (const [name, value] of Object.entries(json)) {
    members += 1 + (isRecord(value) ? Object.keys(value).length : 0)
    if (name === metadataKey) {
      if (!isRecord(value) || Object.values(value).some(each => typeof each !== 'string')) throw damaged(file, `its ${metadataKey} is not a map of texts`)
    } else tensors.push({ name, place: readEntry(file, name, value, dataStart) })
  }
  // JSON.parse keeps the last of several equal keys, another reader the first; then the two would see different tensors in one file.
  if (countMembers(text) !== members) throw damaged(file, 'a key stands in its header twice')
  tensors.sort((a, b) => a.place.begin - b.place.begin || a.place.end - b.place.end)
  let next = dataStart
  for (const { name, place } of tensors) {
    if (place.begin !== next) throw damaged(file, `${quoted(name)} starts ${place.begin < next ? 'before the end of' : 'after a hole behind'} the tensor before it`)
    next = place.end
  }
  if (next !== fileBytes) throw damaged(file, `its tensors end at ${next}, and the file at ${fileBytes}`)
  return new Map(tensors.map(({ name, place }) => [name, place]))
}

function parse(file: string, header: Uint8Array): { json: Record<string, unknown>; text: string } {
  // The specification wants the brace first; spaces may follow the object.
  if (header[0] !== 0x7b) throw damaged(file, 'its header does not begin with {')
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(header)
    const json: unknown = JSON.parse(text)
    if (isRecord(json)) return { json, text }
  } catch (cause) {
    throw damaged(file, 'its header is not JSON', cause)
  }
  throw damaged(file, 'its header is not a JSON object')
}

function readEntry(file: string, name: string, value: unknown, dataStart: number): TensorPlace {
  const result = v.safeParse(entrySchema, value)
  if (!result.success) throw damaged(file, `${quoted(name)} is not described as a tensor is (${quoted(v.getDotPath(result.issues[0]) ?? 'the whole')})`)
  const { dtype, shape, data_offsets: [begin, end] } = result.output
  const bits = Object.hasOwn(bitsOf, dtype) ? bitsOf[dtype] : undefined
  if (bits === undefined) throw damaged(file, `${quoted(name)} is of the unknown type ${quoted(dtype)}`)
  let valueBits = bits
  for (const length of shape) {
    valueBits *= length
    if (valueBits > Number.MAX_SAFE_INTEGER) throw damaged(file, `${quoted(name)} is larger than any file`)
  }
  if (end - begin !== valueBits / 8) throw damaged(file, `${quoted(name)} takes ${end - begin} bytes, and its shape ${valueBits / 8}`)
  return { dtype, shape, begin: dataStart + begin, end: dataStart + end }
}

/** Keys of all objects in valid JSON: the colons outside of strings. */
function countMembers(json: string): number {
  const [quote, colon, backslash] = [0x22, 0x3a, 0x5c]
  let members = 0
  for (let index = 0; index < json.length; index++) {
    const unit = json.charCodeAt(index)
    if (unit === colon) members++
    else if (unit === quote) while (json.charCodeAt(++index) !== quote) if (json.charCodeAt(index) === backslash) index++
  }
  return members
}

function damaged(file: string, problem: string, cause?: unknown): Error {
  return badModelFile(`${file} is damaged (${problem}): get it again`, cause)
}
