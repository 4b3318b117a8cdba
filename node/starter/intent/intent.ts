import { termsOf } from '../../context/text/terms.ts'
import { formsOf, unknownTerm } from '../fitting/terms.ts'
import { KnownWords } from '../known-words.ts'
import { isStatement } from '../statement.ts'
import { type PackedNumbers, packNumbers, unpackNumbers } from '../packed-numbers.ts'
import { softmax } from '../softmax.ts'

/** What was learned of which words want what. `classes`: names of tools, `otherClass`, and `sayMark` before each of `answerKinds`. */
export type IntentWeights = {
  readonly classes: readonly string[]
  readonly terms: readonly string[]
  /** f32 [terms, classes]: what a term speaks for a class. */
  readonly weights: Float32Array
  /** f32 [classes]. */
  readonly bias: Float32Array
}

/** As weights.json has them. */
export type IntentFile = { readonly classes: readonly string[]; readonly terms: readonly string[]; readonly weights: PackedNumbers; readonly bias: PackedNumbers }

/** A tool that does not come with kinmesh; and before a kind of answer without a tool. */
export const [otherClass, sayMark] = ['other', 'say '] as const

const questionWords = new Set(['what', 'where', 'which', 'who', 'whom', 'whose', 'when', 'how', 'why'].flatMap(termsOf))

/** What the user said, the last one last; whether the assistant asked something back right before, and whether it told what a memory tells. */
export type Asked = { readonly said: readonly string[]; readonly askedBack: boolean; readonly quoted: boolean }

/** How likely it is that the user wants each tool, or each kind of answer, by the words of the last message and of the one before: softmax of a sum over terms and pairs of neighbours. */
export class Intent {
  readonly #weights: IntentWeights
  readonly #rows: ReadonlyMap<string, number>
  readonly #known: KnownWords

  constructor(weights: IntentWeights) {
    this.#weights = weights
    this.#rows = new Map(weights.terms.map((term, row) => [term, row]))
    this.#known = new KnownWords(weights.terms)
  }

  /** A share for each class; together 1. */
  shares(asked: Asked): ReadonlyMap<string, number> {
    const { classes, weights, bias } = this.#weights
    const sums = Float64Array.from(bias)
    for (const term of intentTerms(asked, term => this.#known.meant(term) ?? unknownTerm)) {
      const row = this.#rows.get(term)
      if (row !== undefined) for (let at = 0; at < classes.length; at++) sums[at]! += weights[row * classes.length + at]!
    }
    const shares = softmax(sums)
    return new Map(classes.map((name, at) => [name, shares[at]!]))
  }
}

/** What a conversation asks that ends with what the user said. */
export function askedIn(messages: readonly { readonly role: string; readonly text: string }[]): Asked {
  const last = messages.findLastIndex(({ role }) => role === 'user')
  const before = messages[last - 1]
  const answer = before?.role === 'assistant' ? before.text.trimEnd() : ''
  return { said: messages.flatMap(({ role, text }) => (role === 'user' ? [text] : [])), askedBack: answer.endsWith('?'), quoted: answer.includes('"') }
}

/** Terms and pairs of neighbours of what was said last, what else is seen of it, and terms of what was said before; each once. Words that are in no list are all the same. */
export function intentTerms({ said, askedBack, quoted }: Asked, meant: (term: string) => string = term => term): string[] {
  const [last = '', previous] = said.toReversed()
  const plain = (term: string) => (/\d/.test(term) ? '<number>' : meant(term))
  const own = termsOf(last)
  const words = ['<begin>', ...own.map(plain), '<end>']
  const pairs = words.slice(1).map((word, at) => `${words[at]} ${word}`)
  const before = previous === undefined ? [] : termsOf(previous).map(term => `before:${plain(term)}`)
  return [...new Set([
    ...words, ...pairs, ...formsOf(last), `<${Math.min(5, Math.ceil(own.length / 2))} long>`, ...before, ...(askedBack ? ['<asked back>', ...before.map(term => `back ${term}`)] : []),
    ...(quoted ? ['<quoted>', `<quoted> ${words[1]}`] : []), ...(/\?\s*$/.test(last) ? ['<question>'] : []), own.some(term => questionWords.has(term)) ? '<asks>' : '<no asking>', ...(isStatement(last) ? ['<statement>'] : [])
  ])]
}

export function packIntent({ classes, terms, weights, bias }: IntentWeights): IntentFile {
  return { classes, terms, weights: packNumbers(weights), bias: packNumbers(bias) }
}

export function unpackIntent({ classes, terms, weights, bias }: IntentFile): IntentWeights {
  return { classes, terms, weights: unpackNumbers(weights), bias: unpackNumbers(bias) }
}

