import { termsOf } from '../../context/text/terms.ts'
import { KnownWords } from '../known-words.ts'
import { type KnowingWeights, Tagger } from '../tagging/found.ts'
import { type KindWeights, Kinds, goesOn, pairsIn } from './kinds.ts'
import { type Parts, partsOf } from './parts.ts'
import { type Source, type Told, classOf, formsOf, shortestTyped, sourceOf, unknownTerm } from './terms.ts'

/** What was learned of single texts. `terms`: those that are told apart, each with how rare it is, from 0 to `rarest`. `times`: whether a question is for what was so before. */
export type SeenWeights = {
  readonly terms: ReadonlyMap<string, number>
  readonly askedKinds: KindWeights
  readonly toldKinds: KindWeights
  readonly times: KindWeights
  readonly askedParts: KnowingWeights
  readonly toldParts: KnowingWeights
}

/** A text as it is compared with others. `unknown`: terms that are in no list. `kinds`: a share for each kind of fact that it may ask for or tell. */
export type Seen = Parts & { readonly terms: readonly string[]; readonly unknown: readonly string[]; readonly kinds: ReadonlyMap<string, number>; readonly source: Source; readonly follows: boolean }

export const rarest = 12
export const [timeNow, timeBefore] = ['now', 'before'] as const
const pronouns = new Set(['she', 'he', 'it', 'her', 'hi', 'him', 'their', 'they', 'them', 'hers', 'that', 'thi'])
/** Memories that were looked at, at most: one prompt shows the same ones several times. */
const maxMemories = 1000
/** How likely a question is for what was so before, at least, to be taken for it: fewer than one in a hundred others are. */
const leastBefore = 0.6
/** Questions that are looked at together. */
const maxAsked = 3

export type KindTerms = { readonly terms: readonly string[]; readonly more: readonly string[] }

/** Terms as they are told apart: of one that is in no list, what was meant but for a slip, or its class. */
export class Terms {
  readonly #rarity: ReadonlyMap<string, number>
  readonly #words: KnownWords

  constructor(rarity: ReadonlyMap<string, number>) {
    this.#rarity = rarity
    this.#words = new KnownWords(rarity.keys(), shortestTyped)
  }

  known(term: string): string {
    return this.#words.meant(term) ?? classOf(term)
  }

  rarityOf(term: string): number {
    return this.#rarity.get(this.known(term)) ?? rarest
  }

  ofQuestion(text: string, follows: boolean): KindTerms {
    return { terms: termsOf(text).map(term => this.known(term)), more: follows ? ['<follows>'] : [] }
  }

  ofMemory({ text }: Told): KindTerms {
    return { terms: termsOf(text).map(term => this.known(term)), more: formsOf(text) }
  }
}

/** Looks at questions and memories. */
export class Seeing {
  readonly terms: Terms
  readonly #parts: { readonly asked: Tagger; readonly told: Tagger }
  readonly #asked: Kinds
  readonly #told: Kinds
  readonly #times: Kinds
  readonly #memories = new Map<string, Seen>()

  constructor(weights: SeenWeights) {
    this.#parts = { asked: new Tagger(weights.askedParts), told: new Tagger(weights.toldParts) }
    this.terms = new Terms(weights.terms)
    this.#asked = new Kinds(weights.askedKinds)
    this.#told = new Kinds(weights.toldKinds)
    this.#times = new Kinds(weights.times)
  }

  /** What was said last, of a conversation; what it is about may stand in what was said before. */
  question(asked: readonly string[]): Seen {
    const text = asked.at(-1) ?? ''
    const before = asked.slice(-maxAsked, -1)
    const earlier = before.length > 0 ? this.question(before) : undefined
    const seen = this.terms.ofQuestion(text, earlier !== undefined)
    const kinds = sharesOf(this.#asked, seen)
    const parts = partsOf(this.#parts.asked, text)
    const terms = termsOf(text)
    const named = parts.subject.filter(term => !pronouns.has(term))
    const going = kinds.get(goesOn) ?? 0
    const isSame = earlier !== undefined && named.length === 0 && (going > 0.5 || terms.some(term => pronouns.has(term)))
    if (earlier) for (const [kind, share] of earlier.kinds) kinds.set(kind, (kinds.get(kind) ?? 0) + going * share)
    return {
      terms, unknown: terms.filter((_, at) => seen.terms[at] === unknownTerm), kinds, source: 'user', follows: earlier !== undefined, value: parts.value,
      subject: isSame ? earlier.subject : named, extra: parts.extra.length === 0 && earlier && going > 0.5 ? earlier.extra : parts.extra
    }
  }

  memory(told: Told): Seen {
    const key = JSON.stringify([told.by, told.text])
    let seen = this.#memories.get(key)
    if (seen) return seen
    if (this.#memories.size >= maxMemories) this.#memories.clear()
    this.#memories.set(key, (seen = this.#look(told)))
    return seen
  }

  #look(told: Told): Seen {
    const seen = this.terms.ofMemory(told)
    const source = sourceOf(told)
    const [parts, terms, by] = [partsOf(this.#parts.told, told.text), termsOf(told.text), source === 'person' ? termsOf(told.by ?? '') : []]
    return { ...parts, terms: [...terms, ...by], unknown: terms.filter((_, at) => seen.terms[at] === unknownTerm), kinds: sharesOf(this.#told, seen), source, follows: false, subject: parts.subject.length === 0 ? by : parts.subject }
  }

  /** Whether what was so before is asked for. */
  isForBefore(asked: readonly string[]): boolean {
    return (sharesOf(this.#times, this.terms.ofQuestion(asked.at(-1) ?? '', false)).get(timeBefore) ?? 0) > leastBefore
  }
}

function sharesOf(kinds: Kinds, { terms, more }: KindTerms): Map<string, number> {
  const shares = kinds.shares(kinds.rowsOf([...terms, ...more, ...pairsIn(terms)]))
  return new Map(kinds.weights.kinds.map((kind, at) => [kind, shares[at]!]))
}
