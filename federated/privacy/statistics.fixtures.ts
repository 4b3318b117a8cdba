import * as assert from 'uvu/assert'

/** Mean and variance of what `draw` gives, and its fourth moment over the square of that (3 for a Gaussian). */
export function moments(values: ArrayLike<number>): { mean: number; variance: number; kurtosis: number } {
  const all = Array.from(values)
  const average = (of: readonly number[]) => of.reduce((sum, value) => sum + value, 0) / of.length
  const mean = average(all)
  const variance = average(all.map(value => (value - mean) ** 2))
  return { mean, variance, kurtosis: average(all.map(value => (value - mean) ** 4)) / variance ** 2 }
}

/** That counts fit their probabilities by Pearson's χ²; six standard deviations above its mean, as seeds are few and fixed. Cells in which fewer than 10 are expected are taken together. */
export function fits(counts: readonly number[], probabilities: readonly number[], what: string): void {
  const draws = counts.reduce((sum, each) => sum + each, 0)
  const cells = counts.map((observed, at) => ({ observed, expected: draws * probabilities[at]! }))
  const rare = cells.filter(({ expected }) => expected < 10).reduce((sum, { observed, expected }) => ({ observed: sum.observed + observed, expected: sum.expected + expected }), { observed: 0, expected: 0 })
  const common = cells.filter(({ expected }) => expected >= 10)
  const compared = rare.expected >= 10 ? [...common, rare] : common
  const chiSquare = compared.reduce((sum, { observed, expected }) => sum + (observed - expected) ** 2 / expected, 0)
  const freedom = compared.length - 1
  assert.ok(chiSquare < freedom + 6 * Math.sqrt(2 * freedom), `${what}: χ² is ${chiSquare.toFixed(1)} at ${freedom} degrees of freedom`)
}

/** ∫ f over [from, to] by Simpson's rule: the slow, obvious oracle. `steps`: even. */
export function integral(f: (x: number) => number, from: number, to: number, steps = 20_000): number {
  const step = (to - from) / steps
  let sum = f(from) + f(to)
  for (let at = 1; at < steps; at++) sum += (at % 2 === 0 ? 2 : 4) * f(from + at * step)
  return (sum * step) / 3
}
