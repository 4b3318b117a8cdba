import { KnownWords } from '../known-words.ts'
import { type Looked, lookedAt } from './features.ts'
import { type LabelledSpan, type TaggerWeights, spansIn } from './tagger.ts'
import { wordsOf } from './words.ts'

/** What was learned, with the words that were told apart. */
export type KnowingWeights = TaggerWeights & { readonly known: readonly string[] }

/** Finds runs of words in texts. */
export class Tagger {
  readonly #weights: KnowingWeights
  readonly #known: KnownWords

  constructor(weights: KnowingWeights) {
    this.#weights = weights
    this.#known = new KnownWords(weights.known)
  }

  /** In their order; `text` of each to the letter. `may`: of these labels; of all where they are not given. */
  in(text: string, may?: ReadonlySet<number>): { readonly looked: Looked; readonly runs: readonly (LabelledSpan & { readonly text: string })[] } {
    const looked = lookedAt(text, wordsOf(text), this.#known)
    return { looked, runs: spansIn(looked, this.#weights, may).map(span => ({ ...span, text: text.slice(looked.places[span.from]!.from, looked.places[span.to - 1]!.to) })) }
  }
}
