import { Fit, areSame } from './fitting/fit.ts'
import { unpackFit } from './fitting/fit-file.ts'
import { type Told, memoryTerms, questionTerms } from './fitting/terms.ts'
import { weights } from './fitting/weights.ts'

/** What fits nearly as well as the best may answer as well, said in other words: among those the latest stands last. */
const sameScore = 0.6

export const fit = new Fit(unpackFit(weights))

/** Whether a memory has all names and values of a question: "Does Ana live in Rome?" is answered with yes by what has both. */
export function hasNamesOf(question: string, memory: Told): boolean {
  const told = memoryTerms(memory)
  return questionTerms([question]).filter(term => fit.isName(term)).every(term => told.some(each => areSame(each, term)))
}

/** `best`: what answers, if anything does. `others`: the rest, what fits less first. */
export type Arranged<T> = { readonly others: readonly T[]; readonly best: T | undefined }

/**
 * Memories in the order in which a prompt shows them, and what fits the question best, which stands last; of those that fit as well it is the latest. A model of a few million parameters
 * learns to look there long before it learns to search. `asked`: what the user said, the last one last.
 */
export function arranged<T extends { readonly day: string; readonly text: string; readonly by?: string | undefined }>(memories: readonly T[], asked: readonly string[]): Arranged<T> {
  const scores = fit.scores(memories, asked)
  const best = Math.max(...scores)
  const all = memories.map((memory, at) => ({ memory, score: scores[at]! >= best - sameScore ? best : scores[at]! }))
  all.sort((a, b) => a.score - b.score || (a.memory.day < b.memory.day ? -1 : Number(a.memory.day > b.memory.day)))
  const last = all.at(-1)
  const shown = all.map(({ memory }) => memory)
  return last && last.score > fit.weights.least ? { others: shown.slice(0, -1), best: last.memory } : { others: shown, best: undefined }
}
