/** Points of one measure over time; `at` in hours. */
export type Point = { readonly at: number; readonly value: number }

/** The line of least squares: its slope per hour, and the standard error of it. Three points at least. */
export function slopeOf(points: readonly Point[]): { perHour: number; error: number } {
  if (points.length < 3) throw new Error(`a slope takes three points, not ${points.length}`)
  const meanAt = mean(points.map(({ at }) => at))
  const meanValue = mean(points.map(({ value }) => value))
  const spreadAt = sum(points.map(({ at }) => (at - meanAt) ** 2))
  const perHour = sum(points.map(({ at, value }) => (at - meanAt) * (value - meanValue))) / spreadAt
  const residual = sum(points.map(({ at, value }) => (value - meanValue - perHour * (at - meanAt)) ** 2))
  return { perHour, error: Math.sqrt(residual / (points.length - 2) / spreadAt) }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length
}
