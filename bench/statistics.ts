/** The value that a share `q` (0…1) of the values does not exceed, by nearest rank: always one that was measured. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const found = sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]
  if (found === undefined) throw new Error('a quantile of nothing')
  return found
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** "12.3 (11.9–14.0, 5 runs)": median, least and most. */
export function spread(values: readonly number[]): string {
  const text = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(1))
  return `${text(median(values))} (${text(Math.min(...values))}–${text(Math.max(...values))}, ${values.length} ${values.length === 1 ? 'run' : 'runs'})`
}
