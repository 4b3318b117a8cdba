/** The `imports` field of package.json: `#name` to a file, or to files by condition. */
export type ImportsMap = { [name: string]: ImportsTarget }
export type ImportsTarget = string | null | { [condition: string]: ImportsTarget }

/**
 * The map of the checkout, for dist/package.json: the nearest package.json decides what `#name` means, so sources and
 * compiled files each have their own and neither needs a condition that says which one is running. (A `development`
 * condition in the published package would break for people whose bundler sets it: Vite does.)
 */
export function distImports(imports: ImportsMap): ImportsMap {
  return Object.fromEntries(Object.entries(imports).map(([name, target]) => [name, distTarget(target)]))
}

function distTarget(target: ImportsTarget): ImportsTarget {
  if (typeof target === 'string') return target.replace(/^\.\/dist\//, './').replace(/\.ts$/, '.js')
  if (target === null) return null
  const { development: _, ...published } = target
  return Object.fromEntries(Object.entries(published).map(([condition, inner]) => [condition, distTarget(inner)]))
}
