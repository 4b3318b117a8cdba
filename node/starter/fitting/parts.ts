import { termsOf } from '../../context/text/terms.ts'
import { KnownWords } from '../known-words.ts'
import { lookedAt, shortestTyped } from '../tagging/features.ts'
import { type TaggerWeights, spansIn } from '../tagging/tagger.ts'
import { wordsOf } from '../tagging/words.ts'

/** Of a question or a memory: whom or what it is about, what of theirs ("dog"), and what is told of them. A label of the tagger is the place in this list. */
export const partNames = ['subject', 'extra', 'value'] as const
export type Parts = Readonly<Record<(typeof partNames)[number], readonly string[]>>
export type PartWeights = TaggerWeights & { readonly known: readonly string[] }

/** As "Ana's" ends. */
const possessive = 's'

/** Finds the parts of texts. */
export class PartTagger {
  readonly #weights: PartWeights
  readonly #known: KnownWords

  constructor(weights: PartWeights) {
    this.#weights = weights
    this.#known = new KnownWords(weights.known, shortestTyped)
  }

  /** The terms of each part. */
  of(text: string): Parts {
    const looked = lookedAt(text, wordsOf(text), this.#known)
    const found: Record<(typeof partNames)[number], string[]> = { subject: [], extra: [], value: [] }
    for (const { from, to, label } of spansIn(looked, this.#weights)) found[partNames[label]!].push(...termsOf(text.slice(looked.places[from]!.from, looked.places[to - 1]!.to)).filter(term => term !== possessive))
    return found
  }
}
