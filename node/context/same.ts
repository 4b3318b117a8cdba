/** Share of terms that two memories about the same have in common, from which on they say the same. */
const sameShare = 0.9
/** Words that turn what is said around, as terms (text/terms.ts), in English. */
const turning = new Set(['not', 'no', 'never', 'without', 'nobodi', 'noth', 'neither', 'nor', 'cannot', 't'])

/** Whether two texts, by their terms, say the same: most of their terms are in both, and what one of them has alone is no number and turns nothing around. */
export function saysTheSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [onlyA, onlyB] = [[...a].filter(term => !b.has(term)), [...b].filter(term => !a.has(term))]
  const both = a.size - onlyA.length
  return both >= sameShare * (both + onlyA.length + onlyB.length) && ![...onlyA, ...onlyB].some(term => turning.has(term) || /\p{N}/u.test(term))
}
