import type { FileSource } from './safetensors.ts'

/** `bytes`: its values as the file has them, little-endian and row-major. */
export type StoredTensor = { readonly dtype: string; readonly shape: readonly number[]; readonly bytes: Uint8Array }

/** A safetensors file with these tensors one after the other, as the reference implementation writes it: its header padded to eight bytes. */
export function writeSafetensors(tensors: Readonly<Record<string, StoredTensor>>, metadata?: Readonly<Record<string, string>>): Uint8Array {
  let end = 0
  const entries = Object.entries(tensors).map(([name, { dtype, shape, bytes }]) => [name, { dtype, shape, data_offsets: [end, (end += bytes.length)] }] as const)
  const header = JSON.stringify(Object.fromEntries([...(metadata ? [['__metadata__', metadata] as const] : []), ...entries]))
  return safetensorsBytes(header.padEnd(Math.ceil(header.length / 8) * 8), Object.values(tensors).map(({ bytes }) => bytes))
}

/** A file with any header at all. */
export function safetensorsBytes(header: string, data: readonly Uint8Array[]): Uint8Array {
  const text = new TextEncoder().encode(header)
  const prefix = new Uint8Array(8)
  new DataView(prefix.buffer).setBigUint64(0, BigInt(text.length), true)
  const parts = [prefix, text, ...data]
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

export function f32Tensor(shape: readonly number[], values: Iterable<number>): StoredTensor {
  return { dtype: 'F32', shape, bytes: new Uint8Array(Float32Array.from(values).buffer) }
}

/** A file in memory, and what was read of it. */
export function memorySource(bytes: Uint8Array): FileSource & { readonly reads: { offset: number; length: number }[] } {
  const reads: { offset: number; length: number }[] = []
  return {
    size: bytes.length,
    reads,
    read: async (offset, length) => {
      reads.push({ offset, length })
      return bytes.slice(offset, offset + length)
    }
  }
}

/** A folder in memory, for openTensors. */
export function memoryFiles(files: Readonly<Record<string, Uint8Array | string>>): (name: string) => Promise<FileSource | undefined> {
  return async name => {
    const content = Object.hasOwn(files, name) ? files[name] : undefined
    return content === undefined ? undefined : memorySource(typeof content === 'string' ? new TextEncoder().encode(content) : content)
  }
}
