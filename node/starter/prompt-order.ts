import { contentTerms, termsOf } from '../context/text/terms.ts'

/** What fits as well as the best but for so much may answer as well: among those the latest stands last. */
const sameShare = 0.2
/** Of a question before the last one, which says what "and my brother?" is about. */
const beforeShare = 0.3

/**
 * Memories in the order in which a prompt shows them: what has most terms in common with the question stands last, next to it, and of those that fit as well the latest. A model of a few million parameters
 * learns to look there long before it learns to search. `asked`: what the user said, the last one last.
 */
export function inPromptOrder<T extends { readonly day: string; readonly text: string; readonly by?: string | undefined }>(memories: readonly T[], asked: readonly string[]): T[] {
  const terms = memories.map(({ text, by = '' }) => new Set(termsOf(`${by} ${text}`)))
  const fits = terms.map(() => 0)
  for (const [distance, question] of asked.slice(-2).reverse().entries()) {
    for (const term of contentTerms(question)) {
      const having = terms.filter(own => own.has(term)).length
      // What few memories have tells them apart (Spärck Jones 1972).
      const weight = having > 0 ? Math.log(1 + (memories.length + 1) / having) * (distance === 0 ? 1 : beforeShare) : 0
      for (const [at, own] of terms.entries()) if (own.has(term)) fits[at]! += weight
    }
  }
  const best = Math.max(0, ...fits)
  const all = memories.map((memory, at) => ({ memory, fit: fits[at]! >= best * (1 - sameShare) ? best : fits[at]! }))
  return all.sort((a, b) => a.fit - b.fit || (a.memory.day < b.memory.day ? -1 : Number(a.memory.day > b.memory.day))).map(({ memory }) => memory)
}
