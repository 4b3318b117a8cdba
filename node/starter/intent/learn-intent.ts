import { Sfc32 } from '../../model/text/sfc32.ts'
import { Dice } from '../dice.ts'
import { unknownTerm } from '../fitting/terms.ts'
import { type TaskName, generate, taskNames } from '../generate.ts'
import { KnownWords } from '../known-words.ts'
import type { PhraseShare } from '../maker.ts'
import type { Split } from '../split.ts'
import { softmax } from '../softmax.ts'
import { builtInTools } from '../tools.ts'
import { answerKindOf } from './answer-kinds.ts'
import { type Asked, type IntentWeights, askedIn, intentTerms, otherClass, sayMark } from './intent.ts'
import { looseCall, looseSaying } from './loose-words.ts'

export type IntentExample = { readonly asked: Asked; readonly wanted: string }
/** `least`: of the examples in which a term must stand to be known. `decay`: of a weight, with each step that its term is in. `hidden`: of the terms of a message, those that are passed over each time, so that none is known by one alone. */
export type IntentRecipe = { readonly seed: number; readonly epochs: number; readonly rate: number; readonly least: number; readonly decay: number; readonly hidden: number }

const looseShare = 0.5
/** To learn from, what begins a conversation comes later in one as often as this, behind words of another: most tasks have one question, and people ask more. */
const laterShare = 0.35
const answered = taskNames.filter(name => !name.startsWith('learn_'))

/** What the user says in generated conversations, and which tool or which kind of answer it wants. To learn from, half of them are of each task as often as of another, and one in loose words follows now and then. */
export function* intentExamples(split: Split, task?: TaskName, share?: PhraseShare): Generator<IntentExample> {
  const known = new Set(builtInTools.map(({ name }) => name))
  let before = ''
  for (let seed = 0; ; seed++) {
    const { task: name, messages, targets, learns } = generate(seed, split, task ?? (seed % 2 === 1 ? answered[(seed >> 1) % answered.length] : undefined), share)
    for (const { index, check } of learns ? [] : targets) {
      if (messages[index - 1]?.role !== 'user') continue
      const [first] = check.kind === 'calls' ? check.calls : []
      const kind = first ? undefined : answerKindOf(name, messages[index]?.text ?? '')
      const wanted = kind === undefined ? (first && known.has(first.name) ? first.name : otherClass) : `${sayMark}${kind}`
      const [asked, dice] = [askedIn(messages.slice(0, index)), new Dice(seed)]
      const [own = ''] = asked.said
      yield { asked: split === 'train' && asked.said.length === 1 && dice.chance(laterShare) ? { ...asked, said: [before, own], quoted: dice.chance(0.5) } : asked, wanted }
      before = own
      if (split !== 'train' || !dice.chance(looseShare)) continue
      const loose = kind === undefined ? first && looseCall(first.name, Object.values(first.arguments).flat().map(String), dice) : looseSaying(kind, dice)
      if (loose !== undefined) yield { asked: { said: [loose], askedBack: false, quoted: false }, wanted }
    }
  }
}

/** Multinomial logistic regression by AdaGrad (Duchi et al. 2011); the same numbers each time. */
export function learnIntent(examples: readonly IntentExample[], { seed, epochs, rate, least, decay, hidden }: IntentRecipe): IntentWeights {
  const random = new Sfc32(seed)
  const frequent = (all: Iterable<readonly string[]>) => {
    const counts = new Map<string, number>()
    for (const its of all) for (const term of its) counts.set(term, (counts.get(term) ?? 0) + 1)
    return [...counts].filter(([, count]) => count >= least).map(([term]) => term).sort()
  }
  const words = new KnownWords(frequent(examples.map(({ asked }) => intentTerms(asked))))
  const all = examples.map(({ asked, wanted }) => ({ terms: intentTerms(asked, term => words.meant(term) ?? unknownTerm), wanted }))
  const terms = frequent(all.map(({ terms: its }) => its))
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
