import type { BlockFormat } from '../graph/weight-layout.ts'
import type { Quantized } from '../quantize.ts'

/** For tests: the numbers that rounded rows stand for, [rows · columns]. */
export function dequantizeRows({ values, scales, zeroPoints }: Quantized, columns: number, { bits, block }: BlockFormat): Float32Array {
  const blocks = Math.ceil(columns / block)
  const rows = scales.length / blocks
  const integer = (bytes: Uint8Array, at: number) => (bits === 8 ? bytes[at]! : (bytes[at >> 1]! >> ((at & 1) * 4)) & 15)
  const perByte = 8 / bits
  const zeroPlaces = Math.ceil(blocks / perByte) * perByte
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns]
    const inRow = Math.floor(column / block)
    const zero = zeroPoints ? integer(zeroPoints, row * zeroPlaces + inRow) : 2 ** (bits - 1)
    return (integer(values, (row * blocks + inRow) * block + (column % block)) - zero) * scales[row * blocks + inRow]!
  })
}
