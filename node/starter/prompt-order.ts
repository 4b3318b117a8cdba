import asked from './fitting/asked-weights.json' with { type: 'json' }
import { Finder } from './fitting/finder.ts'
import { unpackFinder } from './fitting/finder-file.ts'
import told from './fitting/told-weights.json' with { type: 'json' }
import both from './fitting/weights.json' with { type: 'json' }

/** What fits nearly as well as the best may answer as well, said in other words; and more so what tells the same of the same. Among those the latest stands last. */
const [sameScore, sameFactScore] = [1, 6] as const

export const finder = new Finder(unpackFinder({ asked, told, both }))

/** Whether a question is for what was so before. */
export function asksForBefore(question: string): boolean {
  return finder.seeing.isForBefore([question])
}

/** `best`: what answers, if anything does. `others`: the rest, what fits less first. */
export type Arranged<T> = { readonly others: readonly T[]; readonly best: T | undefined }

/**
 * Memories in the order in which a prompt shows them, and what fits the question best, which stands last; of those that fit as well it is the latest, or the one before where that is asked for. A model of a few million parameters
 * learns to look there long before it learns to search. `asked`: what the user said, the last one last.
 */
export function arranged<T extends { readonly day: string; readonly text: string; readonly by?: string | undefined }>(memories: readonly T[], asked: readonly string[]): Arranged<T> {
  if (asked.length === 0 || memories.length === 0) return { others: memories.toSorted(byDay), best: undefined }
  const { scores, tellSame } = finder.found(memories, asked)
  const best = Math.max(...scores)
  const first = scores.indexOf(best)
  const isSame = (score: number, at: number) => score >= best - sameScore || (score > finder.least && score >= best - sameFactScore && tellSame(first, at))
  const all = memories.map((memory, at) => ({ memory, score: isSame(scores[at]!, at) ? best : scores[at]! })).sort((a, b) => a.score - b.score || byDay(a.memory, b.memory))
  const shown = all.map(({ memory }) => memory)
  if (best <= finder.least) return { others: shown, best: undefined }
  const later = all.at(-2)?.score === best && finder.seeing.isForBefore(asked) ? 1 : 0
  const [answer] = shown.splice(shown.length - 1 - later, 1)
  return { others: shown, best: answer }
}

function byDay(a: { readonly day: string }, b: { readonly day: string }): number {
  return a.day < b.day ? -1 : Number(a.day > b.day)
}
