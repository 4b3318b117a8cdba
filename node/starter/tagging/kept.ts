import { refusalOf } from '../../context/learn/asserted.ts'
import type { Seeing } from '../fitting/seen.ts'
import { KnownWords } from '../known-words.ts'
import type { Looked } from './features.ts'
import { type KnowingWeights, Tagger } from './found.ts'
import { type Statement, replacedBy } from './replaced.ts'
import { type Candidate, candidatesOf, kin, likeliest } from './subjects.ts'

/** What was learned of what is to be kept of a message. `subjects`: f32 [rows], of candidatesOf. `replaced`: f32 [pairFeatures], of pairsOf. */
export type KeptWeights = KnowingWeights & { readonly subjects: Float32Array; readonly replaced: Float32Array }

/** Letters of a word of a subject that is taken for a mistyped one, at least. */
const shortestMeant = 5

/** `replaces`: the memory that is no longer true. */
export type Kept = Statement & { readonly replaces?: string | undefined }

/** What a message tells that is to be kept, whom each statement is about, and what it replaces. */
export class Keeping {
  readonly #weights: KeptWeights
  readonly #seeing: Seeing
  readonly #tagger: Tagger

  constructor(weights: KeptWeights, seeing: Seeing) {
    this.#weights = weights
    this.#seeing = seeing
    this.#tagger = new Tagger(weights)
  }

  /** `memories`: of the user's, that may be no longer true. */
  of(text: string, memories: readonly string[]): Kept[] {
    const { subjects, replaced } = this.#weights
    const { looked, runs } = this.#tagger.in(text)
    let last = 'user'
    return runs.flatMap(run => {
      const [from, to] = [looked.places[run.from]!.from, looked.places[run.to - 1]!.to]
      if (isRefused(text, from, to)) return []
      last = meantSubject(subjectOf(looked, likeliest(candidatesOf(looked, run, last === 'user', subjects.length), subjects), last), memories)
      const kept = { text: run.text, subject: last }
      return [{ ...kept, replaces: replacedBy(this.#seeing, replaced, kept, memories) }]
    })
  }

  /** Which of the memories is no longer true once a statement is. */
  replacedOf(statement: Statement, memories: readonly string[]): string | undefined {
    return replacedBy(this.#seeing, this.#weights.replaced, statement, memories)
  }
}

/**
 * Whether its own clause says that it is not told as being so: quoted, asked after, or only words. Other clauses of a sentence are passed over, as people put a comma where a statement ends; and so is what is supposed, since the tagger knows better
 * than a list of words whether "would" is in a wish or in a plan.
 */
function isRefused(text: string, from: number, to: number): boolean {
  const start = Math.max(0, ...Array.from(text.slice(0, from).matchAll(/[,.;:!?]\s/g), ({ index }) => index + 2))
  const after = text.slice(to).search(/[,.;!?]/)
  const refusal = refusalOf(text.slice(start, after < 0 ? text.length : to + after), { from: from - start, to: to - start })
  return refusal !== undefined && refusal !== 'supposed'
}

/** As memories call whom or what was mistyped, or as everybody calls them; short words are too often others. */
function meantSubject(subject: string, memories: readonly string[]): string {
  const said = new KnownWords([...memories.flatMap(text => text.toLowerCase().match(/\p{L}+/gu) ?? []), ...kin], shortestMeant)
  return subject.replaceAll(/\p{L}+/gu, word => {
    const meant = said.meant(word.toLowerCase())
    return meant === undefined || meant === word.toLowerCase() ? word : meant
  })
}

/** `last`: that of the statement before. */
export function subjectOf({ text, places }: Looked, candidate: Candidate, last: string): string {
  if (candidate === 'user') return 'user'
  if (candidate === 'same') return last
  return text.slice(places[candidate.from]!.from, places[candidate.to - 1]!.to).replace(/['’]s?$/, '')
}
