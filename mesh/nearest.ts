/** Levenshtein: insertions, deletions and replacements that make `b` of `a`. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1])))
    row = next
  }
  return row[b.length] ?? 0
}

/** The one of `known` that somebody who wrote `given` may have meant; undefined where none is near. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const wanted = given.toLowerCase()
  const [best] = known
    .map(name => ({ name, distance: editDistance(name.toLowerCase(), wanted) }))
    .filter(({ distance }) => distance <= Math.max(1, wanted.length / 3) && distance < wanted.length)
    .sort((a, b) => a.distance - b.distance)
  return best?.name
}
