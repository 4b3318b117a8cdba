import { Sfc32 } from '../../model/text/sfc32.ts'
import { KnownWords } from '../known-words.ts'
import { type Looked, lookedAt, plainest } from './features.ts'
import { type LabelledSpan, type TaggerWeights, againstOf, tagRows, tagged, tagsOf, tagsOfSpans } from './tagger.ts'
import { wordsOf } from './words.ts'

/**
 * `least`: messages in which a word must stand to be told apart. `unknown`: of a hundred times that such a word is met, those in which it is taken for one that is not, unless it is one of the `common` most frequent: others will say
 * things of which no list knows. `tagRows`: of the table of features.
 */
export type TaggerRecipe = { readonly seed: number; readonly epochs: number; readonly least: number; readonly unknown: number; readonly common: number; readonly tagRows: number }

/** `known`: words that are told apart, in order; those of the first `counted` texts, the others being made of these. */
export function lookedAtAll(texts: readonly string[], { seed, least, unknown, common }: TaggerRecipe, counted = texts.length): { readonly known: readonly string[]; readonly looked: readonly Looked[] } {
  const words = knownWords(texts.slice(0, counted), least)
  const [all, frequent] = [new KnownWords(words), new Set(words.slice(0, common))]
  const random = new Sfc32(seed)
  const seen = (word: string | undefined) => (word === undefined || frequent.has(word) || random.next() % 100 >= unknown ? word : undefined)
  return { known: [...words].sort(), looked: texts.map(text => lookedAt(text, wordsOf(text), { meant: word => seen(all.meant(word)) })) }
}

/** The most frequent first. */
function knownWords(texts: readonly string[], least: number): string[] {
  const counts = new Map<string, number>()
  for (const text of texts) for (const word of new Set(wordsOf(text).map(({ from, to }) => plainest(text.slice(from, to))))) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].filter(([word, count]) => count >= least && !/\d/.test(word)).sort(([, a], [, b]) => b - a).map(([word]) => word)
}

/** Averaged structured perceptron (Collins 2002, "Discriminative Training Methods for Hidden Markov Models"); wrong tags have one ahead, so that right ones come to stand out by a margin. `may`: of each text, the labels that it may have; all where they are not given. The same numbers each time. */
export function learnTags(looked: readonly Looked[], spans: readonly (readonly LabelledSpan[])[], labels: number, { seed, epochs, tagRows: rows }: TaggerRecipe, may?: readonly ReadonlySet<number>[]): TaggerWeights & { readonly features: Float32Array; readonly follows: Float32Array } {
  const tags = tagsOf(labels)
  const weights = { labels, features: new Float64Array(rows * tags), follows: new Float64Array(tags * tags) }
  // What is added at step s is in all averages from there on: s times it is taken off their sum.
  const late = { features: new Float64Array(rows * tags), follows: new Float64Array(tags * tags) }
  const order = looked.map((each, at) => ({ words: tagRows(each, rows), right: tagsOfSpans(spans[at]!, each.places.length), against: againstOf(labels, may?.[at]) }))
  const random = new Sfc32(seed)
  let step = 0
  const add = (part: 'features' | 'follows', place: number, by: number) => {
    weights[part][place]! += by
    late[part][place]! += by * step
  }
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffled(order, random)
    for (const { words, right, against } of order) {
      step++
      const found = tagged(words, weights, Float64Array.from({ length: words.length * tags }, (_, at) => (at % tags === right[Math.floor(at / tags)] ? 0 : 1 + against[at % tags]!)))
      for (const [at, rowsOfWord] of words.entries()) {
        for (const [list, by] of [[right, 1], [found, -1]] as const) {
          if (found[at] !== right[at]) for (const row of rowsOfWord) add('features', row * tags + list[at]!, by)
          if (at > 0 && (found[at] !== right[at] || found[at - 1] !== right[at - 1])) add('follows', list[at - 1]! * tags + list[at]!, by)
        }
      }
    }
  }
  const average = (part: 'features' | 'follows') => Float32Array.from(weights[part], (value, at) => value - late[part][at]! / (step + 1))
  return { labels, features: average('features'), follows: average('follows') }
}

export function shuffled<T>(order: T[], random: Sfc32): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.next() % (last + 1)
    ;[order[last], order[other]] = [order[other]!, order[last]!]
  }
}
