import type { BlockFormat } from '../../model/graph/weight-layout.ts'
import { quantizeRows } from '../../model/quantize.ts'
import type { Tensor } from '../../model/runtime/session.ts'
import type { Weights } from '../../model/testing/decoder-oracle.ts'
import type { Base } from '../decoder-objective.ts'
import { unpackedZeroPoints } from '../zero-points.ts'

/** For tests: weights in f32 that stay as they are. */
export function plainBase(weights: Weights): Base {
  return { format: { bits: 32 }, tensor: async ({ source, shape }) => ({ type: 'float32', shape, data: weights.get(source)!.data }) }
}

/** For tests: the matrices of a model with few bits, and the same in f32 again. */
export function roundedBase(weights: Weights, format: BlockFormat): { base: Base; unpacked: Weights } {
  const { bits, block } = format
  const rounded = new Map([...weights].filter(([, { shape }]) => shape.length === 2).map(([name, { shape: [rows = 0, columns = 0], data }]) => {
    const blocks = Math.ceil(columns / block)
    const { values, scales, zeroPoints } = quantizeRows(data, columns, format)
    return [name, { rows, columns, blocks, values, scales, zeroPoints: unpackedZeroPoints(zeroPoints, rows, blocks, bits) }] as const
  }))
  const nibble = (bytes: Uint8Array, at: number) => (bits === 8 ? bytes[at]! : (bytes[at >> 1]! >> (4 * (at & 1))) & 15)
  const unpacked = new Map(weights)
  for (const [name, { rows, columns, blocks, values, scales, zeroPoints }] of rounded) {
    const number = (row: number, column: number) => {
      const own = row * blocks + Math.floor(column / block)
      return (nibble(values, row * blocks * block + column) - nibble(zeroPoints, own)) * scales[own]!
    }
    unpacked.set(name, { shape: [rows, columns], data: Float32Array.from({ length: rows * columns }, (_, at) => number(Math.floor(at / columns), at % columns)) })
  }
  const tensor = async ({ source, part, shape, type }: Parameters<Base['tensor']>[0]): Promise<Tensor> => ({ type, shape, data: rounded.get(source)?.[part] ?? weights.get(source)!.data })
  return { base: { format, tensor }, unpacked }
}
