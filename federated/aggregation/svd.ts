import { KinmeshError } from '../../mesh/errors.ts'
import { columnsOf, dot, frobenius, transposed, type Matrix } from './matrix.ts'

/** matrix = left · diag(values) · rightᵀ, values from the largest. Column i of left and right is `left[i]`, `right[i]`; left of a value 0 is zeros. */
export type Svd = { readonly left: readonly Float64Array[]; readonly values: readonly number[]; readonly right: readonly Float64Array[] }

/** Columns whose cosine is no larger are orthogonal, as far as f64 can tell. */
const orthogonal = 1e-15
/** Columns below this share of the whole matrix are the rounding of others, and turning them would come to no end. */
const negligible = 1e-17
/** Ordinary matrices take fewer than ten. */
const maxSweeps = 60

/**
 * By Hestenes' one-sided Jacobi rotations (Golub & Van Loan, "Matrix Computations", §8.6.3): columns of the matrix are turned against each other until all are orthogonal. Made for small matrices.
 * @throws KinmeshError `NotFinite`: a value is no number; `SvdWithoutEnd`: it did not end, which no matrix is known to cause
 */
export function svd(matrix: Matrix): Svd {
  if (matrix.columns > matrix.rows) {
    const { left, values, right } = svd(transposed(matrix))
    return { left: right, values, right: left }
  }
  if (!matrix.data.every(Number.isFinite)) throw new KinmeshError('NotFinite', 'the contributions cannot be decomposed, because they hold what is no number or beyond f32: leave out the one that does')
  const turned = columnsOf(matrix)
  const rotation = turned.map((_, at) => Float64Array.from({ length: turned.length }, (_, row) => (row === at ? 1 : 0)))
  const ignored = negligible * frobenius(matrix)
  for (let sweeps = 0; sweep(turned, rotation, ignored * ignored); sweeps++) {
    if (sweeps === maxSweeps) throw new KinmeshError('SvdWithoutEnd', `${maxSweeps} rounds of svd did not do for this mean: choose another aggregation for this round`)
  }
  return bySize(turned, rotation)
}

/** Turns each pair of columns that is not orthogonal, and the rotation with it. True when there was one. `ignored`: squared length. */
function sweep(turned: readonly Float64Array[], rotation: readonly Float64Array[], ignored: number): boolean {
  let found = false
  for (let one = 0; one < turned.length; one++) {
    for (let other = one + 1; other < turned.length; other++) {
      const [a, b] = [turned[one]!, turned[other]!]
      const [aa, bb, ab] = [dot(a, a), dot(b, b), dot(a, b)]
      if (Math.min(aa, bb) <= ignored || Math.abs(ab) <= orthogonal * Math.sqrt(aa) * Math.sqrt(bb)) continue
      found = true
      const zeta = (bb - aa) / (2 * ab)
      const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta))
      const cosine = 1 / Math.sqrt(1 + tangent * tangent)
      turn(a, b, cosine, cosine * tangent)
      turn(rotation[one]!, rotation[other]!, cosine, cosine * tangent)
    }
  }
  return found
}

function turn(a: Float64Array, b: Float64Array, cosine: number, sine: number): void {
  for (let at = 0; at < a.length; at++) {
    const [fromA, fromB] = [a[at]!, b[at]!]
    a[at] = cosine * fromA - sine * fromB
    b[at] = sine * fromA + cosine * fromB
  }
}

function bySize(turned: readonly Float64Array[], rotation: readonly Float64Array[]): Svd {
  const sizes = turned.map(column => Math.sqrt(dot(column, column)))
  const order = sizes.map((_, at) => at).sort((one, other) => sizes[other]! - sizes[one]!)
  return {
    left: order.map(at => turned[at]!.map(value => (sizes[at]! === 0 ? 0 : value / sizes[at]!))),
    values: order.map(at => sizes[at]!),
    right: order.map(at => rotation[at]!)
  }
}
