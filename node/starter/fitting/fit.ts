import { type Told, before, classOf, isSlip, memoryTerms, questionTerms } from './terms.ts'

/**
 * What was learned of which terms of questions go with which terms of memories. Terms that are known have a row each; a term that is in no list has that of its class.
 * One question term q and one memory term m fit by asked[q]·told[m], and by `same[q]` more where they are the same.
 */
export type FitWeights = {
  readonly terms: readonly string[]
  readonly width: number
  /** f32 [terms, width] each. */
  readonly asked: Float32Array
  readonly told: Float32Array
  /** f32 [terms] each. What a term counts that nothing fits, of a question and of a memory. */
  readonly same: Float32Array
  readonly askedAlone: Float32Array
  readonly toldAlone: Float32Array
  /** So many of the rows are of names and values, and the rest of words that phrases are made of. */
  readonly names: number
  /** What a memory has to reach to fit at all. */
  readonly least: number
}

/** Terms that are kept with their rows. */
const maxOthers = 10_000

/** A text as rows of the weights, and its terms, by which the same ones are known. */
export type Encoded = { readonly rows: readonly number[]; readonly terms: readonly string[] }
/** Where the best partner of each term stands; -1: it stands alone. */
export type Partners = { readonly ofAsked: readonly number[]; readonly ofTold: readonly number[] }
/** What speaks for a memory: that it is about the same ones, and that it tells the same of them. */
export type Compared = { readonly names: number; readonly phrase: number; readonly score: number; readonly partners: Partners }

/** How well memories fit what was asked, by late interaction (Khattab & Zaharia 2020, arXiv:2004.12832): each term of one text looks for its best partner in the other. */
export class Fit {
  readonly weights: FitWeights
  readonly #rows: ReadonlyMap<string, number>
  readonly #slips: readonly string[]
  /** Rows of terms that are in no list, as far as they were looked for. */
  readonly #others = new Map<string, number>()

  constructor(weights: FitWeights) {
    this.weights = weights
    this.#rows = new Map(weights.terms.map((term, row) => [term, row]))
    this.#slips = weights.terms.filter(term => /^\p{L}+$/u.test(term))
  }

  /** One number for each memory; above `weights.least` it fits. */
  scores(memories: readonly Told[], asked: readonly string[]): number[] {
    const question = this.encode(questionTerms(asked))
    return memories.map(memory => this.compare(question, this.encode(memoryTerms(memory))).score)
  }

  encode(terms: readonly string[]): Encoded {
    return { rows: terms.map(term => this.rowOf(term)), terms: terms.map(term => (term.startsWith(before) ? term.slice(before.length) : term)) }
  }

  /** The row of a term; of one that is not known, of a word that it is but for a slip, or of its class. */
  rowOf(term: string): number {
    const known = this.#rows.get(term) ?? this.#others.get(term)
    if (known !== undefined) return known
    const meant = this.#slips.find(word => isSlip(word, term))
    const row = this.#rows.get(meant ?? classOf(term)) ?? 0
    if (this.#others.size >= maxOthers) this.#others.clear()
    this.#others.set(term, row)
    return row
  }

  /** Whether a term is a name or a value, and no word that phrases are made of. */
  isName(term: string): boolean {
    return !term.startsWith('<') && this.rowOf(term) < this.weights.names
  }

  compare(question: Encoded, memory: Encoded): Compared {
    const { width, asked, told, same, askedAlone, toldAlone } = this.weights
    const [ofAsked, bestAsked] = [question.rows.map(() => -1), question.rows.map(row => askedAlone[row]!)]
    const [ofTold, bestTold] = [memory.rows.map(() => -1), memory.rows.map(row => toldAlone[row]!)]
    for (const [q, row] of question.rows.entries()) {
      for (const [m, other] of memory.rows.entries()) {
        let fits = areSame(question.terms[q]!, memory.terms[m]!) ? same[row]! : 0
        for (let at = 0; at < width; at++) fits += asked[row * width + at]! * told[other * width + at]!
        if (fits > bestAsked[q]!) [bestAsked[q], ofAsked[q]] = [fits, m]
        if (fits > bestTold[m]!) [bestTold[m], ofTold[m]] = [fits, q]
      }
    }
    const sums = { names: 0, phrase: 0 }
    const add = (rows: readonly number[], values: readonly number[]) => values.forEach((value, at) => (sums[rows[at]! < this.weights.names ? 'names' : 'phrase'] += value))
    add(question.rows, bestAsked)
    add(memory.rows, bestTold)
    // Both have to be so: neither makes up for the other, however much there is of it.
    return { ...sums, score: atMostNothing(sums.names) + atMostNothing(sums.phrase), partners: { ofAsked, ofTold } }
  }
}

export function areSame(a: string, b: string): boolean {
  return a === b || isSlip(a, b)
}

/** log σ(x): 0 for what is far above 0, and x for what is far below. */
export function atMostNothing(x: number): number {
  return x > 0 ? -Math.log1p(Math.exp(-x)) : x - Math.log1p(Math.exp(x))
}
