import { Sfc32 } from '../../model/text/sfc32.ts'
import { softmax } from '../softmax.ts'
import { finder } from '../prompt-order.ts'
import type { Looked } from './features.ts'
import { type TaggerRecipe, learnTags, lookedAtAll, shuffled } from './learn-tagger.ts'
import { type KeptWeights, subjectOf } from './kept.ts'
import { pairFeatures, pairsOf, spokenFor } from './replaced.ts'
import { candidatesOf, sumOf } from './subjects.ts'
import { type TagExample, compounded, isSame } from './tag-examples.ts'
import { wordsOf } from './words.ts'

/** `subjectRows`: of the table of features. `rate`: of AdaGrad. `pairs`: messages with memories beside them, from which is learned what replaces them. */
export type KeptRecipe = TaggerRecipe & { readonly subjectRows: number; readonly rate: number; readonly pairs: number }

const pairRate = 0.3

type Seen = { readonly example: TagExample; readonly looked: Looked }

/** The same numbers each time. */
export function learnKept(examples: readonly TagExample[], recipe: KeptRecipe): KeptWeights {
  const all = [...examples, ...examples.slice(0, examples.length / 4).flatMap(example => compounded(example) ?? [])]
  const { known, looked } = lookedAtAll(all.map(({ text }) => text), recipe, examples.length)
  const seen = all.map((example, at): Seen => ({ example, looked: looked[at]! }))
  const spans = all.map(({ kept }) => kept.map(({ span }) => ({ ...span, label: 0 })))
  return { known, ...learnTags(looked, spans, 1, recipe), subjects: learnSubjects(seen, recipe), replaced: learnReplaced(examples, recipe) }
}

/** Softmax over the candidates of each statement, by AdaGrad (Duchi et al. 2011), averaged over all steps (Polyak and Juditsky 1992): the last ones alone change with the order of the examples. */
function learnSubjects(seen: readonly Seen[], { seed, epochs, subjectRows: rows, rate }: KeptRecipe): Float32Array {
  const [weights, squares, late] = [new Float32Array(rows), new Float32Array(rows).fill(1e-6), new Float64Array(rows)]
  let step = 0
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
            const by = (rate * slope) / Math.sqrt(squares[row]!)
            weights[row]! -= by
            late[row]! -= by * step
          }
        }
        step++
      }
    }
  }
  // What was added at a step is in all averages from there on.
  return weights.map((weight, row) => weight - late[row]! / step)
}

/** Softmax over the memories that are shown and none of them, by AdaGrad. */
function learnReplaced(examples: readonly TagExample[], { epochs, pairs }: KeptRecipe): Float32Array {
  const [weights, squares] = [new Float32Array(pairFeatures), new Float32Array(pairFeatures).fill(1e-6)]
  const order = examples.filter(({ memories, kept }) => memories.length > 0 && kept.length > 0).slice(0, pairs).flatMap(({ text, memories, kept }) => {
    const places = wordsOf(text)
    return kept.map(({ span: { from, to }, subject, replaces }) => ({ features: pairsOf(finder.seeing, { text: text.slice(places[from]!.from, places[to - 1]!.to), subject }, memories), right: replaces === undefined ? -1 : memories.indexOf(replaces) }))
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
