/** f64, row-major. */
export type Matrix = { readonly rows: number; readonly columns: number; readonly data: Float64Array }

export function zeros(rows: number, columns: number): Matrix {
  return { rows, columns, data: new Float64Array(rows * columns) }
}

export function transposed({ rows, columns, data }: Matrix): Matrix {
  const result = zeros(columns, rows)
  for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) result.data[column * rows + row] = data[row * columns + column]!
  return result
}

/** left [m, k] · right [k, n] = [m, n] */
export function product(left: Matrix, right: Matrix): Matrix {
  const result = zeros(left.rows, right.columns)
  for (let row = 0; row < left.rows; row++) {
    const into = result.data.subarray(row * right.columns, (row + 1) * right.columns)
    for (let inner = 0; inner < left.columns; inner++) addScaled(into, left.data[row * left.columns + inner]!, right.data.subarray(inner * right.columns, (inner + 1) * right.columns))
  }
  return result
}

/** f64 [rows] each. */
export function columnsOf({ rows, columns, data }: Matrix): Float64Array[] {
  return Array.from({ length: columns }, (_, column) => Float64Array.from({ length: rows }, (_, row) => data[row * columns + column]!))
}

export function fromColumns(columns: readonly Float64Array[], rows: number): Matrix {
  const result = zeros(rows, columns.length)
  columns.forEach((values, column) => {
    for (let row = 0; row < rows; row++) result.data[row * columns.length + column] = values[row]!
  })
  return result
}

/** into += factor · values */
export function addScaled(into: Float64Array, factor: number, values: Float64Array): void {
  for (let at = 0; at < into.length; at++) into[at]! += factor * values[at]!
}

export function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += one[at]! * other[at]!
  return sum
}

/** Square root of the sum of all squares. Math.hypot may round differently from platform to platform. */
export function frobenius({ data }: Matrix): number {
  return Math.sqrt(dot(data, data))
}
