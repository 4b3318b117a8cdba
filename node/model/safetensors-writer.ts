import { type WeightType, weightBytes } from './float-bits.ts'
import { maxHeaderBytes, prefixBytes } from './safetensors-header.ts'

export type StoredShape = { readonly name: string; readonly type: WeightType; readonly shape: readonly number[] }

/** Bytes of a tensor in a file. */
export function storedBytes({ type, shape }: Omit<StoredShape, 'name'>): number {
  return shape.reduce((product, length) => product * length, weightBytes[type])
}

/**
 * How a safetensors file begins in which these tensors lie one behind the other, in this order (the README of huggingface/safetensors specifies it). The values follow, little-endian
 * and row-major. Filled up with spaces, so that they begin at a multiple of eight.
 */
export function safetensorsBeginning(tensors: readonly StoredShape[], metadata?: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  let end = 0
  const entries = tensors.map(tensor => [tensor.name, { dtype: tensor.type, shape: tensor.shape, data_offsets: [end, (end += storedBytes(tensor))] }] as const)
  const header = Object.fromEntries<unknown>([...(metadata ? [['__metadata__', metadata] as const] : []), ...entries])
  if (Object.keys(header).length !== entries.length + Number(metadata !== undefined)) throw new RangeError('two tensors have one name')
  const text = new TextEncoder().encode(JSON.stringify(header))
  const length = Math.ceil(text.length / 8) * 8
  if (length > maxHeaderBytes) throw new RangeError(`a header of ${length} bytes`)
  const bytes = new Uint8Array(prefixBytes + length).fill(0x20)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.set(text, prefixBytes)
  return bytes
}
