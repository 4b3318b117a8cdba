import { KinmeshError, isKinmeshError } from '../../../mesh/errors.ts'

/** Longest grammar, in characters; a schema with 250 properties takes 26,000. With a vocabulary of 150,000 tokens the longest takes 2 s. */
const maxGrammarChars = 48 * 1024
/** Rules that the library makes of a grammar. Compiling takes time that grows with their square. */
const maxRules = 4096
/** What is repeated costs as much as so many rules at most: 30 bounded lists take 2 s. */
const maxUnrolled = 128
/** Places within texts of bounded length, times tokens of the vocabulary: at each place the library tries every token, which takes 0.3 µs. */
const maxTries = 5_000_000

/** A grammar in the library's notation (EBNF), rule by rule, for a vocabulary of `vocabSize` tokens. */
export class GrammarText {
  readonly #vocabSize: number
  #rules: string[] = []
  #shared = new Map<string, string>()
  #names = 0
  #chars = 0
  #made = 0
  #places = 0

  constructor(vocabSize: number) {
    this.#vocabSize = vocabSize
  }

  /** A name for a rule that is written later: rules may know each other. */
  name(): string {
    return `r${this.#names++}`
  }

  /** @throws KinmeshError `InvalidOption`: the grammar becomes too long */
  rule(body: string, name = this.name()): string {
    const text = `${name} ::= ${body}`
    this.#chars += text.length + 1
    this.#made++
    for (const [, least, most] of body.matchAll(/\{(\d+),(\d*)\}/g)) this.#made += Math.min(maxUnrolled, Number(most || least))
    if (this.#chars > maxGrammarChars || this.#made > maxRules) throw tooLarge('ask for fewer properties and values at once, and bound the lengths of fewer lists')
    this.#rules.push(text)
    return name
  }

  /** The name of a rule that many need. `body` may need it, too. */
  shared(key: string, body: (name: string) => string): string {
    const known = this.#shared.get(key)
    if (known !== undefined) return known
    const name = this.name()
    this.#shared.set(key, name)
    return this.rule(body(name), name)
  }

  /** What `write` gives; undefined, and all that it wrote taken back, where that is refused. */
  attempt<T>(write: () => T): T | undefined {
    const before = { rules: [...this.#rules], shared: new Map(this.#shared), chars: this.#chars, made: this.#made, places: this.#places }
    try {
      return write()
    } catch (error) {
      if (!isKinmeshError(error, 'InvalidOption')) throw error
      this.#rules = before.rules
      this.#shared = before.shared
      this.#chars = before.chars
      this.#made = before.made
      this.#places = before.places
      return undefined
    }
  }

  /** Counts the places of a text whose length is bounded. @throws KinmeshError `InvalidOption` */
  countPlaces(places: number): void {
    this.#places += places
    const most = Math.floor(maxTries / this.#vocabSize)
    if (this.#places > most) throw tooLarge(`all lengths of texts together may be up to ${most} with this model: leave maxLength out, and cut the text afterwards`)
  }

  /** All of it, for texts that are as `root` says. */
  withRoot(root: string): string {
    return [...this.#rules, `root ::= ${root}`].join('\n')
  }
}

function tooLarge(advice: string): KinmeshError {
  return new KinmeshError('InvalidOption', `the schema is too large: ${advice}`)
}

/** The text itself. */
export function literal(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`
}

/** A JSON value written in one way. JSON.stringify escapes what cannot stand in a text. */
export function jsonLiteral(value: unknown): string {
  return literal(JSON.stringify(value))
}
