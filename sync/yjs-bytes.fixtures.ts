/**
 * For tests: Yjs updates (version 1 of its encoding) written byte by byte, so that they can say what no Yjs document would.
 * Format: `clients { structs client clock struct… }… deletions { client ranges { clock length }… }`, counts and numbers as varuints.
 */

/** Little-endian groups of seven bits. */
export function varUint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128)
  return [...bytes, rest]
}

export function varString(text: string): number[] {
  const bytes = new TextEncoder().encode(text)
  return [...varUint(bytes.length), ...bytes]
}

/** One value of lib0's "any" encoding. A list of pairs is an object: it may repeat keys and have any name. */
export type Any = { int: number } | { float: number } | { bigint: bigint } | { text: string } | { bytes: number[] } | { list: Any[] } | { object: (readonly [string, Any])[] } | 'undefined' | 'null' | 'true' | 'false'

export function anyBytes(value: Any): number[] {
  if (value === 'undefined') return [127]
  if (value === 'null') return [126]
  if (value === 'false') return [121]
  if (value === 'true') return [120]
  if ('int' in value) return [125, ...varInt(value.int)]
  if ('float' in value) return [123, ...viewBytes(view => view.setFloat64(0, value.float))]
  if ('bigint' in value) return [122, ...viewBytes(view => view.setBigInt64(0, value.bigint))]
  if ('text' in value) return [119, ...varString(value.text)]
  if ('bytes' in value) return [116, ...varUint(value.bytes.length), ...value.bytes]
  if ('list' in value) return [117, ...varUint(value.list.length), ...value.list.flatMap(anyBytes)]
  return [118, ...varUint(value.object.length), ...value.object.flatMap(([key, each]) => [...varString(key), ...anyBytes(each)])]
}

function varInt(value: number): number[] {
  const size = Math.abs(value)
  const first = (size % 64) | (value < 0 ? 64 : 0)
  return size < 64 ? [first] : [first | 128, ...varUint(Math.floor(size / 64))]
}

function viewBytes(write: (view: DataView) => void): number[] {
  const view = new DataView(new ArrayBuffer(8))
  write(view)
  return [...new Uint8Array(view.buffer)]
}

export type RawId = readonly [client: number, clock: number]
/** Where a struct stands: in a root type, in a type that another item made, or after an item. */
export type RawPlace = { readonly root?: string; readonly parent?: RawId; readonly sub?: string; readonly origin?: RawId; readonly rightOrigin?: RawId }

/** What a struct holds, by the number of its kind in the encoding. */
export const contents = {
  deleted: (length: number) => [1, ...varUint(length)],
  binary: (bytes: number[]) => [3, ...varUint(bytes.length), ...bytes],
  string: (text: string) => [4, ...varString(text)],
  /** 0 is a Y.Array, 1 a Y.Map, 2 a Y.Text. */
  type: (kind: number) => [7, ...varUint(kind)],
  any: (...values: Any[]) => [8, ...varUint(values.length), ...values.flatMap(anyBytes)]
}

export function rawItem({ root, parent, sub, origin, rightOrigin }: RawPlace, [kind = 0, ...content]: number[]): number[] {
  const info = kind | (origin ? 0x80 : 0) | (rightOrigin ? 0x40 : 0) | (sub === undefined ? 0 : 0x20)
  const ids = [origin, rightOrigin].flatMap(id => (id ? [...varUint(id[0]), ...varUint(id[1])] : []))
  const place = origin || rightOrigin ? [] : [...(parent ? [0, ...varUint(parent[0]), ...varUint(parent[1])] : [1, ...varString(root ?? '')]), ...(sub === undefined ? [] : varString(sub))]
  return [info, ...ids, ...place, ...content]
}

export const rawGc = (length: number): number[] => [0, ...varUint(length)]
export const rawSkip = (length: number): number[] => [10, ...varUint(length)]

export type RawDeletions = readonly (readonly [client: number, ranges: readonly (readonly [clock: number, length: number])[]])[]

export function rawUpdate(clients: readonly { client: number; clock: number; structs: readonly number[][] }[], deletions: RawDeletions = []): Uint8Array {
  return new Uint8Array([
    ...varUint(clients.length), ...clients.flatMap(({ client, clock, structs }) => [...varUint(structs.length), ...varUint(client), ...varUint(clock), ...structs.flat()]),
    ...varUint(deletions.length), ...deletions.flatMap(([client, ranges]) => [...varUint(client), ...varUint(ranges.length), ...ranges.flatMap(([clock, length]) => [...varUint(clock), ...varUint(length)])])
  ])
}
