import { totalWeight } from './contribution.ts'
import type { Linear, LoraUpdate, LowRank } from './low-rank.ts'
import { frobenius, product, transposed, zeros, type Matrix } from './matrix.ts'
import { qr } from './qr.ts'
import { svd } from './svd.ts'

// Matrices that are products b · a of narrow ones, without ever being multiplied out: an [outputs, inputs] matrix of a large model has millions of values, its factors thousands.

/** b [outputs, rank] · a [rank, inputs], f64. */
export type Factors = { readonly b: Matrix; readonly a: Matrix }

/** Of each participant, so that they add up to 1. */
export function sharesOf(updates: readonly LoraUpdate[]): number[] {
  const total = totalWeight(updates)
  return updates.map(({ weight }) => weight / total)
}

/** Σ factor · b · a, of layers of one linear: their b side by side, times their factor, and their a below each other. */
export function stacked(linear: Linear, terms: readonly { readonly factor: number; readonly layer: Pick<LowRank, 'rank'> & { readonly a: Float32Array | Float64Array; readonly b: Float32Array | Float64Array } }[]): Factors {
  const rank = terms.reduce((sum, { layer }) => sum + layer.rank, 0)
  const [a, b] = [zeros(rank, linear.inputs), zeros(linear.outputs, rank)]
  let from = 0
  for (const { factor, layer } of terms) {
    a.data.set(layer.a, from * linear.inputs)
    for (let row = 0; row < linear.outputs; row++) for (let column = 0; column < layer.rank; column++) b.data[row * rank + from + column] = factor * layer.b[row * layer.rank + column]!
    from += layer.rank
  }
  return { b, a }
}

export function toLayer({ name, inputs, outputs }: Linear, { b, a }: Factors): LowRank {
  return { name, inputs, outputs, rank: a.rows, a: Float32Array.from(a.data), b: Float32Array.from(b.data) }
}

/** b·a = q() · core · p()ᵀ, q and p with orthonormal columns. */
function reduced({ b, a }: Factors): { q: () => Matrix; core: Matrix; p: () => Matrix } {
  const [left, right] = [qr(b), qr(transposed(a))]
  return { q: left.q, core: product(left.r, transposed(right.r)), p: right.q }
}

/** Frobenius norm of b·a. */
export function normOf(factors: Factors): number {
  return frobenius(reduced(factors).core)
}

/**
 * The nearest product of `rank` (Eckart & Young 1936), its values shared out evenly over both factors: b = q·U·√σ, a = √σ·Vᵀ·pᵀ. `lost`: Frobenius norm of what it leaves out.
 * About 4·(inputs + outputs)·R² operations for factors of rank R, and 20·R³ or so.
 */
export function truncated(factors: Factors, rank: number): { factors: Factors; norm: number; lost: number } {
  const { q, core, p } = reduced(factors)
  const { left, values, right } = svd(core)
  const scaled = (columns: readonly Float64Array[], length: number): Matrix => {
    const result = zeros(length, rank)
    columns.slice(0, rank).forEach((column, at) => column.forEach((value, row) => (result.data[row * rank + at] = value * Math.sqrt(values[at]!))))
    return result
  }
  const sizeOf = (some: readonly number[]) => Math.sqrt(some.reduce((sum, value) => sum + value * value, 0))
  return { factors: { b: product(q(), scaled(left, core.rows)), a: transposed(product(p(), scaled(right, core.columns))) }, norm: sizeOf(values), lost: sizeOf(values.slice(rank)) }
}
