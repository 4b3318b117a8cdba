import type { Seeing } from '../fitting/seen.ts'
import { type Looked, lookedAt } from './features.ts'
import { type Statement, replacedBy } from './replaced.ts'
import { type Candidate, candidatesOf, likeliest } from './subjects.ts'
import { type TaggerWeights, spansIn } from './tagger.ts'
import { wordsOf } from './words.ts'

/** What was learned of what is to be kept of a message. `known`: words that are told apart. `subjects`: f32 [rows], of candidatesOf. `replaced`: f32 [pairFeatures], of pairsOf. */
export type KeptWeights = TaggerWeights & { readonly known: readonly string[]; readonly subjects: Float32Array; readonly replaced: Float32Array }

/** `replaces`: the memory that is no longer true. */
export type Kept = Statement & { readonly replaces?: string | undefined }

/** What a message tells that is to be kept, whom each statement is about, and what it replaces. */
export class Keeping {
  readonly #weights: KeptWeights
  readonly #seeing: Seeing
  readonly #known: ReadonlySet<string>

  constructor(weights: KeptWeights, seeing: Seeing) {
    this.#weights = weights
    this.#seeing = seeing
    this.#known = new Set(weights.known)
  }

  /** `memories`: of the user's, that may be no longer true. */
  of(text: string, memories: readonly string[]): Kept[] {
    const { subjects, replaced } = this.#weights
    const looked = lookedAt(text, wordsOf(text), this.#known)
    let last = 'user'
    return spansIn(looked, this.#weights).map(span => {
      last = subjectOf(looked, likeliest(candidatesOf(looked, span, last === 'user', subjects.length), subjects), last)
      const kept = { text: text.slice(looked.places[span.from]!.from, looked.places[span.to - 1]!.to), subject: last }
      return { ...kept, replaces: replacedBy(this.#seeing, replaced, kept, memories) }
    })
  }

  /** Which of the memories is no longer true once a statement is. */
  replacedOf(statement: Statement, memories: readonly string[]): string | undefined {
    return replacedBy(this.#seeing, this.#weights.replaced, statement, memories)
  }
}

/** `last`: that of the statement before. */
export function subjectOf({ text, places }: Looked, candidate: Candidate, last: string): string {
  if (candidate === 'user') return 'user'
  if (candidate === 'same') return last
  return text.slice(places[candidate.from]!.from, places[candidate.to - 1]!.to).replace(/['’]s?$/, '')
}
