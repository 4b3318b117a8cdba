import { termsOf } from '../../context/text/terms.ts'
import { type PackedNumbers, packNumbers, unpackNumbers } from '../packed-numbers.ts'

/** What was learned of which words ask for which tool. `classes`: names of tools, `say` for an answer without one, and `other` for tools of other programs. */
export type IntentWeights = {
  readonly classes: readonly string[]
  readonly terms: readonly string[]
  /** f32 [terms, classes]: what a term speaks for a class. */
  readonly weights: Float32Array
  /** f32 [classes]. */
  readonly bias: Float32Array
}

/** As weights.ts has them: a module, because pages and packages load those alike. */
export type IntentFile = { readonly classes: readonly string[]; readonly terms: readonly string[]; readonly weights: PackedNumbers; readonly bias: PackedNumbers }

/** An answer without a tool, and a tool that does not come with kinmesh. */
export const [sayClass, otherClass] = ['say', 'other'] as const

/** A tool that is less likely is not offered. */
export const leastShare = 0.05

/** What the user said, the last one last; and whether the assistant asked something back right before. */
export type Asked = { readonly said: readonly string[]; readonly askedBack: boolean }

/** How likely it is that the user wants each tool, by the words of the last message and of the one before: softmax of a sum over terms and pairs of neighbours. */
export class Intent {
  readonly #weights: IntentWeights
  readonly #rows: ReadonlyMap<string, number>

  constructor(weights: IntentWeights) {
    this.#weights = weights
    this.#rows = new Map(weights.terms.map((term, row) => [term, row]))
  }

  /** A share for each class; together 1. */
  shares(asked: Asked): ReadonlyMap<string, number> {
    const { classes, weights, bias } = this.#weights
    const sums = Float64Array.from(bias)
    for (const term of intentTerms(asked)) {
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
  return { said: messages.flatMap(({ role, text }) => (role === 'user' ? [text] : [])), askedBack: before?.role === 'assistant' && before.text.trimEnd().endsWith('?') }
}

/** Terms and pairs of neighbours of what was said last, and terms of what was said before; each once. Words that are in no list say nothing. */
export function intentTerms({ said, askedBack }: Asked): string[] {
  const [last = '', previous] = said.toReversed()
  const words = ['<begin>', ...termsOf(last).map(plain), '<end>']
  const pairs = words.slice(1).map((word, at) => `${words[at]} ${word}`)
  const before = previous === undefined ? [] : termsOf(previous).map(term => `before:${plain(term)}`)
  return [...new Set([...words, ...pairs, ...before, ...(askedBack ? ['<asked back>', ...before.map(term => `back ${term}`)] : []), ...(/\?\s*$/.test(last) ? ['<question>'] : [])])]
}

export function softmax(sums: Float64Array): Float64Array {
  const most = Math.max(...sums)
  const powers = sums.map(sum => Math.exp(sum - most))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map(power => power / total)
}

export function packIntent({ classes, terms, weights, bias }: IntentWeights): IntentFile {
  return { classes, terms, weights: packNumbers(weights), bias: packNumbers(bias) }
}

export function unpackIntent({ classes, terms, weights, bias }: IntentFile): IntentWeights {
  return { classes, terms, weights: unpackNumbers(weights), bias: unpackNumbers(bias) }
}

/** Which number it is changes nothing. */
function plain(term: string): string {
  return /\d/.test(term) ? '<number>' : term
}
