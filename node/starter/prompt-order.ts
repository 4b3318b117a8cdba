import { Fit } from './fitting/fit.ts'
import { unpackFit } from './fitting/fit-file.ts'
import weights from './fitting/weights.json' with { type: 'json' }

/** What fits nearly as well as the best may answer as well, said in other words: among those the latest stands last. */
const sameScore = 0.6

const fit = new Fit(unpackFit(weights))

/** `fitting`: those that may answer what was asked. */
export type Arranged<T> = { readonly others: readonly T[]; readonly fitting: readonly T[] }

/**
 * Memories in the order in which a prompt shows them: what fits the question best stands last, next to it, and of those that fit as well the latest. A model of a few million parameters
 * learns to look there long before it learns to search. `asked`: what the user said, the last one last.
 */
export function arranged<T extends { readonly day: string; readonly text: string; readonly by?: string | undefined }>(memories: readonly T[], asked: readonly string[]): Arranged<T> {
  const scores = fit.scores(memories, asked)
  const best = Math.max(...scores)
  const all = memories.map((memory, at) => ({ memory, score: scores[at]! >= best - sameScore ? best : scores[at]! }))
  all.sort((a, b) => a.score - b.score || (a.memory.day < b.memory.day ? -1 : Number(a.memory.day > b.memory.day)))
  const first = all.findIndex(({ score }) => score > fit.weights.least)
  const shown = all.map(({ memory }) => memory)
  return first < 0 ? { others: shown, fitting: [] } : { others: shown.slice(0, first), fitting: shown.slice(first) }
}
