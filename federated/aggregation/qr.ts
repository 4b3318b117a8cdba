import { addScaled, columnsOf, dot, fromColumns, type Matrix } from './matrix.ts'

/**
 * matrix [m, n] = q() · r by Householder's reflections (Golub & Van Loan, "Matrix Computations", §5.2). With k = min(m, n): q() [m, k] has orthonormal columns, r [k, n] is upper triangular.
 * About 4·m·n·k operations, and as many for q, which is made when it is asked for.
 */
export function qr(matrix: Matrix): { q: () => Matrix; r: Matrix } {
  const { rows } = matrix
  const small = Math.min(rows, matrix.columns)
  const columns = columnsOf(matrix)
  const directions = Array.from({ length: small }, (_, at) => {
    const direction = directionOf(columns[at]!, at)
    for (const column of columns.slice(at)) reflect(column, direction)
    // Zero but for rounding.
    columns[at]!.fill(0, at + 1)
    return direction
  })
  const q = () => {
    const made = Array.from({ length: small }, (_, at) => new Float64Array(rows).fill(1, at, at + 1))
    for (let at = small - 1; at >= 0; at--) for (const column of made.slice(at)) reflect(column, directions[at]!)
    return fromColumns(made, rows)
  }
  return { q, r: fromColumns(columns, small) }
}

/** f64 [rows], zeros before `from`, of length √2: the direction whose reflection takes what is in `column` behind `from` to zero. Zeros where nothing is there. */
function directionOf(column: Float64Array, from: number): Float64Array {
  const direction = column.slice().fill(0, 0, from)
  const length = Math.sqrt(dot(direction, direction))
  // Away from zero: the difference of two numbers that are nearly the same has few digits.
  direction[from]! += direction[from]! < 0 ? -length : length
  const squared = dot(direction, direction)
  return squared === 0 ? direction : direction.map(value => value * Math.sqrt(2 / squared))
}

/** In place. */
function reflect(column: Float64Array, direction: Float64Array): void {
  addScaled(column, -dot(direction, column), direction)
}
