import type { BlockFormat } from '../../model/graph/weight-layout.ts'
import { quantizeRows } from '../../model/quantize.ts'
import type { Tensor } from '../../model/runtime/session.ts'
import type { Weights } from '../../model/testing/decoder-oracle.ts'
import type { Base } from '../decoder-objective.ts'
import type { BaseInput } from '../graphs/base-weights.ts'
import { unpackedZeroPoints } from '../zero-points.ts'

/** For tests: weights in f32 that stay as they are. */
export function plainBase(weights: Weights): Base {
  return { format: { bits: 32 }, tensor: async ({ source, shape }) => ({ type: 'float32', shape, data: weights.get(source)!.data }) }
}

/** For tests: the matrices of a model with few bits, and the same in f32 again. */
export function roundedBase(weights: Weights, format: BlockFormat): { base: Base; unpacked: Weights } {
  const { bits, block } = format
  /** Some rows of a matrix: each is rounded by itself. */
  const rounded = (name: string, from: number, count: number) => {
    const { shape: [, columns = 0], data } = weights.get(name)!
    const blocks = Math.ceil(columns / block)
    const { values, scales, zeroPoints } = quantizeRows(data.subarray(from * columns, (from + count) * columns), columns, format)
    return { columns, blocks, values, scales, zeroPoints: unpackedZeroPoints(zeroPoints, count, blocks, bits) }
  }
  const nibble = (bytes: Uint8Array, at: number) => (bits === 8 ? bytes[at]! : (bytes[at >> 1]! >> (4 * (at & 1))) & 15)
  const unpacked = new Map(weights)
  for (const [name, { shape: [rows = 0, ...rest] }] of weights) {
    if (rest.length === 0) continue
    const { columns, blocks, values, scales, zeroPoints } = rounded(name, 0, rows)
    const number = (row: number, column: number) => {
      const own = row * blocks + Math.floor(column / block)
      return (nibble(values, row * blocks * block + column) - nibble(zeroPoints, own)) * scales[own]!
    }
    unpacked.set(name, { shape: [rows, columns], data: Float32Array.from({ length: rows * columns }, (_, at) => number(Math.floor(at / columns), at % columns)) })
  }
  const tensor = async ({ source, part, from, shape, type }: BaseInput): Promise<Tensor> => ({ type, shape, data: shape.length === 1 ? weights.get(source)!.data : rounded(source, from, shape[0])[part] })
  return { base: { format, tensor }, unpacked }
}
