import { Sfc32 } from '../../model/text/sfc32.ts'
import { softmax } from '../intent/intent.ts'
import { fit } from '../prompt-order.ts'
import { type Looked, lookedAt, plainest } from './features.ts'
import { type KeptWeights, subjectOf } from './kept.ts'
import { pairFeatures, pairsOf, spokenFor } from './replaced.ts'
import { candidatesOf, sumOf } from './subjects.ts'
import { type TagExample, compounded, isSame } from './tag-examples.ts'
import { tagRows, tagged, tags, tagsOf } from './tagger.ts'
import { wordsOf } from './words.ts'

/** `least`: messages in which a word must stand to be told apart. `tagRows`, `subjectRows`: of the tables of features. `rate`: of AdaGrad. `unknown`: of a hundred times that a known word is met, those in which it is taken for one that is not, unless it is one of the `common` most frequent: others will say things of which no list knows. `pairs`: messages with memories beside them, from which is learned what replaces them. */
export type TagRecipe = { readonly seed: number; readonly epochs: number; readonly least: number; readonly tagRows: number; readonly subjectRows: number; readonly rate: number; readonly unknown: number; readonly common: number; readonly pairs: number }

const pairRate = 0.3

type Seen = { readonly example: TagExample; readonly looked: Looked }

/** The same numbers each time. */
export function learnKept(examples: readonly TagExample[], recipe: TagRecipe): KeptWeights {
  const words = knownWords(examples, recipe.least)
  const [known, common] = [new Set(words), new Set(words.slice(0, recipe.common))]
  const random = new Sfc32(recipe.seed)
  const seen = [...examples, ...examples.slice(0, examples.length / 4).flatMap(example => compounded(example) ?? [])].map((example): Seen => ({ example, looked: lookedAt(example.text, wordsOf(example.text), { has: word => known.has(word) && (common.has(word) || random.next() % 100 >= recipe.unknown) }) }))
  return { known: [...known].sort(), ...learnTags(seen, recipe), subjects: learnSubjects(seen, recipe), replaced: learnReplaced(examples, recipe) }
}

function knownWords(examples: readonly TagExample[], least: number): string[] {
  const counts = new Map<string, number>()
  for (const { text } of examples) for (const word of new Set(wordsOf(text).map(({ from, to }) => plainest(text.slice(from, to))))) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].filter(([word, count]) => count >= least && !/\d/.test(word)).sort(([, a], [, b]) => b - a).map(([word]) => word)
}

/** Averaged structured perceptron (Collins 2002, "Discriminative Training Methods for Hidden Markov Models"); wrong tags have one ahead, so that right ones come to stand out by a margin. */
function learnTags(seen: readonly Seen[], { seed, epochs, tagRows: rows }: TagRecipe): { features: Float32Array; follows: Float32Array } {
  const weights = { features: new Float64Array(rows * tags), follows: new Float64Array(tags * tags) }
  // What is added at step s is in all averages from there on: s times it is taken off their sum.
  const late = { features: new Float64Array(rows * tags), follows: new Float64Array(tags * tags) }
  const order = seen.map(({ example, looked }) => ({ words: tagRows(looked, rows), right: tagsOf(example.kept.map(({ span }) => span), looked.places.length) }))
  const random = new Sfc32(seed)
  let step = 0
  const add = (part: 'features' | 'follows', place: number, by: number) => {
    weights[part][place]! += by
    late[part][place]! += by * step
  }
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffled(order, random)
    for (const { words, right } of order) {
      step++
      const found = tagged(words, weights, Float64Array.from({ length: words.length * tags }, (_, at) => (at % tags === right[Math.floor(at / tags)] ? 0 : 1)))
      for (const [at, rowsOfWord] of words.entries()) {
        for (const [list, by] of [[right, 1], [found, -1]] as const) {
          if (found[at] !== right[at]) for (const row of rowsOfWord) add('features', row * tags + list[at]!, by)
          if (at > 0 && (found[at] !== right[at] || found[at - 1] !== right[at - 1])) add('follows', list[at - 1]! * tags + list[at]!, by)
        }
      }
    }
  }
  const average = (part: 'features' | 'follows') => Float32Array.from(weights[part], (value, at) => value - late[part][at]! / (step + 1))
  return { features: average('features'), follows: average('follows') }
}

/** Softmax over the candidates of each statement, by AdaGrad (Duchi et al. 2011). */
function learnSubjects(seen: readonly Seen[], { seed, epochs, subjectRows: rows, rate }: TagRecipe): Float32Array {
  const [weights, squares] = [new Float32Array(rows), new Float32Array(rows).fill(1e-6)]
  const order = seen.filter(({ example }) => example.kept.length > 0)
  const random = new Sfc32(seed)
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffled(order, random)
    for (const { example, looked } of order) {
      let last = 'user'
      for (const { span, subject } of example.kept) {
        const found = candidatesOf(looked, span, last === 'user', rows)
        // Words of its own rather than those of the statement before.
        const right = found.findLastIndex(({ candidate }) => isSame(subjectOf(looked, candidate, last), subject))
        last = subject
        if (right < 0) continue
        const slopes = softmax(Float64Array.from(found, ({ rows: its }) => sumOf(its, weights)))
        slopes[right]! -= 1
        for (const [at, { rows: its }] of found.entries()) {
          const slope = slopes[at]!
          if (Math.abs(slope) < 1e-4) continue
          for (const row of its) {
            squares[row]! += slope * slope
            weights[row]! -= (rate * slope) / Math.sqrt(squares[row]!)
          }
        }
      }
    }
  }
  return weights
}

/** Softmax over the memories that are shown and none of them, by AdaGrad. */
function learnReplaced(examples: readonly TagExample[], { epochs, pairs }: TagRecipe): Float32Array {
  const [weights, squares] = [new Float32Array(pairFeatures), new Float32Array(pairFeatures).fill(1e-6)]
  const order = examples.filter(({ memories, kept }) => memories.length > 0 && kept.length > 0).slice(0, pairs).flatMap(({ text, memories, kept }) => {
    const places = wordsOf(text)
    return kept.map(({ span: { from, to }, subject, replaces }) => ({ features: pairsOf(fit, { text: text.slice(places[from]!.from, places[to - 1]!.to), subject }, memories), right: replaces === undefined ? -1 : memories.indexOf(replaces) }))
  })
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const { features, right } of order) {
      const [, ...slopes] = softmax(Float64Array.from([0, ...features.map(each => spokenFor(each, weights))]))
      for (const [at, own] of features.entries()) {
        for (let place = 0; place < pairFeatures; place++) {
          const slope = (slopes[at]! - Number(at === right)) * own[place]!
          if (slope === 0) continue
          squares[place]! += slope * slope
          weights[place]! -= (pairRate * slope) / Math.sqrt(squares[place]!)
        }
      }
    }
  }
  return weights
}

function shuffled<T>(order: T[], random: Sfc32): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.next() % (last + 1)
    ;[order[last], order[other]] = [order[other]!, order[last]!]
  }
}
