import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { quantizeRows } from './quantize.ts'
import { dequantizeRows } from './testing/dequantize.ts'
import { seededNumbers } from './testing/tiny-models.ts'

const formats = ([4, 8] as const).flatMap(bits => [32, 64, 128].flatMap(block => [false, true].map(zeroPoints => ({ bits, block, zeroPoints }))))

/** Rows of numbers of unlike size, some of them far out. */
function rowsOf(seed: number, rows: number, columns: number): Float32Array {
  const number = seededNumbers(seed)
  return Float32Array.from({ length: rows * columns }, () => number() ** 3 * (number() > 0.97 ? 20 : 1))
}

const squares = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0)

for (const format of formats) {
  const { bits, block, zeroPoints } = format
  test(`the error that is told is the one that was made: ${bits} bits by ${block}${zeroPoints ? ' with zero points' : ''}`, () => {
    for (const columns of [block, 2 * block, block + 8, 3]) {
      const rows = rowsOf(columns, 5, columns)
      const quantized = quantizeRows(rows, columns, format)
      const back = dequantizeRows(quantized, columns, format)
      assert.ok(Math.abs(squares(rows, back) - quantized.error) <= 1e-5 * quantized.norm + 1e-12, `${columns} columns`)
      assert.ok(Math.abs(squares(rows, new Float32Array(rows.length)) - quantized.norm) <= 1e-6 * quantized.norm)
    }
  })

  test(`no worse than a scale at which the greatest value just fits: ${bits} bits by ${block}${zeroPoints ? ' with zero points' : ''}`, () => {
    const rows = rowsOf(7, 8, block)
    const { error } = quantizeRows(rows, block, format)
    let plain = 0
    for (let row = 0; row < 8; row++) plain += plainError(rows.subarray(row * block, (row + 1) * block), bits)
    assert.ok(error < plain, `${error} ${plain}`)
  })
}

/** Symmetric rounding with the greatest value at the end of the range. */
function plainError(values: Float32Array, bits: number): number {
  const limit = 2 ** (bits - 1) - 1
  const scale = Math.max(...values.map(Math.abs)) / limit
  return values.reduce((sum, value) => sum + (value - Math.max(-limit, Math.min(limit, Math.round(value / scale))) * scale) ** 2, 0)
}

test('zeros, one value, and values of one sign', () => {
  for (const format of formats) {
    for (const values of [[0, 0, 0, 0], [5, 0, 0, 0], [1, 2, 3, 4], [-1, -2, -3, -4], [1e-30, -1e-30, 0, 1e30]]) {
      const rows = Float32Array.from({ length: format.block }, (_, i) => values[i % 4]!)
      const { error, norm, scales } = quantizeRows(rows, format.block, format)
      assert.ok(error <= norm * 0.01 && Number.isFinite(scales[0]), `${JSON.stringify(format)} ${values.join()} ${error / norm}`)
    }
  }
})

test.run()
