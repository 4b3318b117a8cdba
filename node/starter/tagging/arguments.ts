import { builtInTools } from '../tools.ts'
import { KnownWords } from '../known-words.ts'
import { lookedAt, shortestTyped } from './features.ts'
import { type TaggerWeights, spansIn } from './tagger.ts'
import { wordsOf } from './words.ts'

/** Arguments of the built-in tools that are words of the user's, by the names that tools.ts has for them. A label of the tagger is the place in this list. */
export const argumentNames = ['text', 'query', 'list', 'items', 'when', 'duration', 'label', 'date', 'add', 'from', 'to'] as const
export type ArgumentName = (typeof argumentNames)[number]

export type ArgumentWeights = TaggerWeights & { readonly known: readonly string[] }

/** The labels that words may have for a tool: those of its arguments. */
export function labelsOf(tool: string): ReadonlySet<number> {
  const { properties } = builtInTools.find(({ name }) => name === tool)?.parameters ?? {}
  return new Set(Object.keys(properties ?? {}).map(name => argumentNames.indexOf(name as ArgumentName)).filter(label => label >= 0))
}

/** Which words of a message each argument of a built-in tool is. */
export class Arguments {
  readonly #weights: ArgumentWeights
  readonly #known: KnownWords

  constructor(weights: ArgumentWeights) {
    this.#weights = weights
    this.#known = new KnownWords(weights.known, shortestTyped)
  }

  /** To the letter, in their order; several of an argument that is a list. */
  of(tool: string, text: string): ReadonlyMap<ArgumentName, readonly string[]> {
    const looked = lookedAt(text, wordsOf(text), this.#known)
    const found = spansIn(looked, this.#weights, labelsOf(tool)).map(({ from, to, label }) => ({ name: argumentNames[label]!, words: text.slice(looked.places[from]!.from, looked.places[to - 1]!.to) }))
    return new Map([...Map.groupBy(found, ({ name }) => name)].map(([name, spans]) => [name, spans.map(({ words }) => words)]))
  }
}

/** Which words of a message may be values of a tool of another program, of which nobody knows more than its name. */
export class Values {
  readonly #weights: ArgumentWeights
  readonly #known: KnownWords

  constructor(weights: ArgumentWeights) {
    this.#weights = weights
    this.#known = new KnownWords(weights.known, shortestTyped)
  }

  /** To the letter, in their order. */
  in(text: string): string[] {
    const looked = lookedAt(text, wordsOf(text), this.#known)
    return spansIn(looked, this.#weights).map(({ from, to }) => text.slice(looked.places[from]!.from, looked.places[to - 1]!.to))
  }
}
