import { isSlip } from './fitting/terms.ts'

/** Words of which it is known what was meant, at most. */
const maxMeant = 10_000

/** Letters of the shortest word that is taken for what was meant where it was mistyped. */
const shortestTyped = 4

/** Words that are told apart. */
export class KnownWords {
  readonly #known: ReadonlySet<string>
  readonly #words: readonly string[]
  readonly #shortest: number
  readonly #meant = new Map<string, string | undefined>()

  /** `shortest`: letters of one that is taken for what was meant where it was mistyped. */
  constructor(words: Iterable<string>, shortest = shortestTyped) {
    this.#known = new Set(words)
    this.#words = [...this.#known].filter(word => word.length >= shortest && /^\p{L}+$/u.test(word))
    this.#shortest = shortest
  }

  /** The word, or the one that was meant but for a slip of the finger; undefined for one that is not known. */
  meant(word: string): string | undefined {
    if (this.#known.has(word)) return word
    if (this.#meant.has(word)) return this.#meant.get(word)
    if (this.#meant.size >= maxMeant) this.#meant.clear()
    const meant = this.#words.find(other => isSlip(other, word, this.#shortest))
    this.#meant.set(word, meant)
    return meant
  }
}
