import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { frobenius, product, transposed, zeros, type Matrix } from './matrix.ts'
import { qr } from './qr.ts'
import { svd } from './svd.ts'

/** Some with columns of zeros or equal ones, and sizes from 1e-20 to 1e20. */
const matrices = fc.record({ rows: fc.integer({ min: 1, max: 7 }), columns: fc.integer({ min: 1, max: 7 }), exponent: fc.integer({ min: -20, max: 20 }) }).chain(({ rows, columns, exponent }) =>
  fc.record({ values: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: rows * columns, maxLength: rows * columns }), same: fc.boolean() }).map(({ values, same }): Matrix => {
    const data = Float64Array.from(values, (value, at) => (same ? values[at - (at % columns)]! : value) * 10 ** exponent)
    return { rows, columns, data }
  }))

const less = (one: Matrix, other: Matrix): Matrix => ({ ...one, data: one.data.map((value, at) => value - other.data[at]!) })
const identity = (size: number): Matrix => ({ ...zeros(size, size), data: Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0)) })

test('q·r is the matrix, q is orthonormal, r triangular', () => {
  fc.assert(fc.property(matrices, matrix => {
    const { r, q: made } = qr(matrix)
    const q = made()
    assert.ok(frobenius(less(product(q, r), matrix)) <= 1e-14 * frobenius(matrix))
    assert.ok(frobenius(less(product(transposed(q), q), identity(q.columns))) <= 1e-14)
    for (let row = 0; row < r.rows; row++) for (let column = 0; column < row; column++) assert.is(r.data[row * r.columns + column], 0)
  }), { numRuns: 500 })
})

test('a column that points nearly along an axis, either way, keeps its digits', () => {
  for (const lead of [1, -1]) {
    const matrix = { rows: 2, columns: 2, data: Float64Array.of(lead, 2, 1e-9, 3) }
    const { r, q: made } = qr(matrix)
    const q = made()
    assert.ok(frobenius(less(product(q, r), matrix)) <= 1e-14 * frobenius(matrix), String(lead))
    assert.ok(Math.abs(q.data[2]! / q.data[0]! - lead * 1e-9) <= 1e-21)
  }
})

test('the singular values and vectors give the matrix, in order', () => {
  fc.assert(fc.property(matrices, matrix => {
    const { left, values, right } = svd(matrix)
    const again = zeros(matrix.rows, matrix.columns)
    values.forEach((value, at) => again.data.forEach((_, place) => (again.data[place]! += value * left[at]![Math.floor(place / matrix.columns)]! * right[at]![place % matrix.columns]!)))
    assert.ok(frobenius(less(again, matrix)) <= 1e-13 * frobenius(matrix))
    values.forEach((value, at) => assert.ok(value >= 0 && value <= (values[at - 1] ?? Infinity)))
  }), { numRuns: 500 })
})

test('known singular values', () => {
  // [[3, 0], [4, 5]]: the eigenvalues of its square are 45 and 5.
  const { values } = svd({ rows: 2, columns: 2, data: Float64Array.of(3, 0, 4, 5) })
  assert.ok(Math.abs(values[0]! - Math.sqrt(45)) < 1e-14 && Math.abs(values[1]! - Math.sqrt(5)) < 1e-14)
})

test.run()
