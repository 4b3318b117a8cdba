import { Sfc32 } from '../../model/text/sfc32.ts'
import { Dice } from '../dice.ts'
import { generate } from '../generate.ts'
import type { Split } from '../split.ts'
import { builtInTools } from '../tools.ts'
import { type Asked, type IntentWeights, askedIn, intentTerms, otherClass, sayClass, softmax } from './intent.ts'
import { looseCall } from './tool-words.ts'

export type IntentExample = { readonly asked: Asked; readonly wanted: string }
/** `least`: of the examples in which a term must stand to be known. `decay`: of a weight, with each step that its term is in. `hidden`: of the terms of a message, those that are passed over each time, so that none is known by one alone. */
export type IntentRecipe = { readonly seed: number; readonly epochs: number; readonly rate: number; readonly least: number; readonly decay: number; readonly hidden: number }

const looseShare = 0.5

/** What the user says in generated conversations, and which tool answers it. To learn from, one in loose words follows now and then. */
export function* intentExamples(split: Split, task?: Parameters<typeof generate>[2]): Generator<IntentExample> {
  const known = new Set(builtInTools.map(({ name }) => name))
  for (let seed = 0; ; seed++) {
    const { messages, targets, learns } = generate(seed, split, task)
    for (const { index, check } of learns ? [] : targets) {
      if (messages[index - 1]?.role !== 'user') continue
      const [first] = check.kind === 'calls' ? check.calls : []
      yield { asked: askedIn(messages.slice(0, index)), wanted: first ? (known.has(first.name) ? first.name : otherClass) : sayClass }
      const dice = new Dice(seed)
      const loose = first && split === 'train' && dice.chance(looseShare) ? looseCall(first.name, Object.values(first.arguments).flat().map(String), dice) : undefined
      if (loose !== undefined) yield { asked: { said: [loose], askedBack: false }, wanted: first!.name }
    }
  }
}

/** Multinomial logistic regression by AdaGrad (Duchi et al. 2011); the same numbers each time. */
export function learnIntent(examples: readonly IntentExample[], { seed, epochs, rate, least, decay, hidden }: IntentRecipe): IntentWeights {
  const random = new Sfc32(seed)
  const all = examples.map(({ asked, wanted }) => ({ terms: intentTerms(asked), wanted }))
  const counts = new Map<string, number>()
  for (const { terms } of all) for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1)
  const terms = [...counts].filter(([, count]) => count >= least).map(([term]) => term).sort()
  const rows = new Map(terms.map((term, row) => [term, row]))
  const classes = [...new Set(all.map(({ wanted }) => wanted))].sort()
  const count = classes.length
  const [weights, squares] = [new Float32Array(terms.length * count), new Float32Array(terms.length * count).fill(1e-6)]
  const [bias, biasSquares] = [new Float32Array(count), new Float32Array(count).fill(1e-6)]
  const order = all.map(({ terms: its, wanted }) => ({ its: its.flatMap(term => rows.get(term) ?? []), right: classes.indexOf(wanted) }))
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let last = order.length - 1; last > 0; last--) {
      const other = random.next() % (last + 1)
      ;[order[last], order[other]] = [order[other]!, order[last]!]
    }
    for (const { its: all, right } of order) {
      const share = hidden * 2 * random.uniform()
      const its = all.filter(() => random.uniform() >= share)
      const sums = Float64Array.from(bias)
      for (const row of its) for (let at = 0; at < count; at++) sums[at]! += weights[row * count + at]!
      const slopes = softmax(sums)
      slopes[right]! -= 1
      for (let at = 0; at < count; at++) {
        const slope = slopes[at]!
        biasSquares[at]! += slope * slope
        bias[at]! -= (rate * slope) / Math.sqrt(biasSquares[at]!)
        for (const row of its) {
          const place = row * count + at
          const own = slope + decay * weights[place]!
          squares[place]! += own * own
          weights[place]! -= (rate * own) / Math.sqrt(squares[place]!)
        }
      }
    }
  }
  return { classes, terms, weights, bias }
}
