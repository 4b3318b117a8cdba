import { termsOf } from '../../context/text/terms.ts'
import { Sfc32 } from '../../model/text/sfc32.ts'
import { type Compared, type Encoded, Fit, type FitWeights, areSame } from './fit.ts'
import { type Told, classOf, classes, memoryTerms, questionTerms } from './terms.ts'

/** A question, the memories that are shown, and those that answer it; none where nothing does. `phrases`: what both are made of, but for names and values. */
export type FitExample = { readonly asked: readonly string[]; readonly memories: readonly Told[]; readonly answering: ReadonlySet<number>; readonly phrases: readonly string[] }

export type FitRecipe = {
  readonly seed: number
  readonly width: number
  /** Times through the examples, examples of one step, and how far the first step goes; the last one goes nowhere. */
  readonly epochs: number
  readonly batch: number
  readonly rate: number
  /** Of examples in which a term must stand to have a row of its own. */
  readonly knownShare: number
  /** How often a name is taken for one that nobody knows. */
  readonly unknown: number
}

/** AdamW (Loshchilov & Hutter 2019). */
const [beta1, beta2, epsilon, decay] = [0.9, 0.999, 1e-8, 0.1]
/** Names in more examples than this share are always known: "my", "sister". */
const commonShare = 0.02

type Texts = { readonly question: readonly string[]; readonly memories: readonly (readonly string[])[]; readonly answering: ReadonlySet<number> }
/** `classes`: rows for the terms where nobody knows them. */
type Row = Encoded & { readonly texts: readonly string[]; readonly classes: readonly number[] }
type Prepared = Pick<Texts, 'answering'> & { readonly question: Row; readonly memories: readonly Row[] }

/** Learns which terms go together: the likeliest memory, or none, by softmax and cross-entropy; where several answer, any of them will do. */
export function learnFit(examples: readonly FitExample[], recipe: FitRecipe, hear: (progress: { readonly step: number; readonly of: number; readonly loss: number }) => void = () => {}): FitWeights {
  const random = new Sfc32(recipe.seed)
  const all = examples.map(textsOf)
  const counts = new Map<string, number>()
  for (const { question, memories } of all) for (const term of new Set([...question, ...memories.flat()])) counts.set(term, (counts.get(term) ?? 0) + 1)
  const inPhrases = new Set(examples.flatMap(({ phrases }) => phrases).flatMap(phrase => termsOf(phrase.replaceAll(/<[^>]*>/g, ' '))))
  const isName = (term: string) => !term.startsWith('<') && !inPhrases.has(term.replace(/^(?:before|their):/, ''))
  const isRare = (term: string) => isName(term) && (counts.get(term) ?? 0) < examples.length * commonShare
  const known = [...counts].filter(([, count]) => count >= examples.length * recipe.knownShare).map(([term]) => term).sort()
  const names = [...classes, ...known.filter(isName)]
  const terms = [...new Set([...names, ...known])]
  const learner = new Learner(terms, { ...recipe, names: new Set(names).size }, random)
  const prepared = all.map(example => learner.prepare(example))
  const steps = recipe.epochs * Math.ceil(prepared.length / recipe.batch)
  for (let step = 0, epoch = 0; epoch < recipe.epochs; epoch++) {
    shuffle(prepared, random)
    for (let from = 0; from < prepared.length; from += recipe.batch) {
      const batch = prepared.slice(from, from + recipe.batch)
      const loss = batch.reduce((sum, example) => sum + learner.learn(example, term => isRare(term) && random.uniform() < recipe.unknown), 0) / batch.length
      learner.step(recipe.rate * (1 - step / steps), batch.length)
      hear({ step: ++step, of: steps, loss })
    }
  }
  return learner.weights
}

function textsOf({ asked, memories, answering }: FitExample): Texts {
  return { question: questionTerms(asked), memories: memories.map(memoryTerms), answering }
}

/** Weights, their gradient and what Adam keeps of it, all in one order: asked, told, same, askedAlone, toldAlone, least. */
export class Learner {
  readonly weights: FitWeights
  readonly gradient: Float32Array
  readonly all: Float32Array
  readonly #fit: Fit
  readonly #at: { readonly told: number; readonly same: number; readonly askedAlone: number; readonly toldAlone: number; readonly least: number }
  readonly #mean: Float32Array
  readonly #square: Float32Array
  #steps = 0

  constructor(terms: readonly string[], { width, names }: { readonly width: number; readonly names: number }, random: Sfc32) {
    const count = terms.length
    const [told, same] = [count * width, 2 * count * width]
    this.#at = { told, same, askedAlone: same + count, toldAlone: same + 2 * count, least: same + 3 * count }
    const all = (this.all = new Float32Array(same + 3 * count + 1))
    for (let at = 0; at < same; at++) all[at] = (random.uniform() - 0.5) * 0.3
    // The same term is the best of all reasons, until something else was learned.
    all.fill(2, same, same + count)
    this.gradient = new Float32Array(all.length)
    this.#mean = new Float32Array(all.length)
    this.#square = new Float32Array(all.length)
    const { askedAlone, toldAlone, least } = this.#at
    this.weights = {
      terms, width, names, asked: all.subarray(0, told), told: all.subarray(told, same), same: all.subarray(same, askedAlone), askedAlone: all.subarray(askedAlone, toldAlone), toldAlone: all.subarray(toldAlone, least),
      get least() {
        return all[least]!
      }
    }
    this.#fit = new Fit(this.weights)
  }

  prepare({ question, memories, answering }: Texts): Prepared {
    const row = (texts: readonly string[]): Row => ({ ...this.#fit.encode(texts), texts, classes: texts.map(text => this.#fit.rowOf(classOf(text))) })
    return { question: row(question), memories: memories.map(row), answering }
  }

  /** The loss of one example, whose gradient is added up. `isUnknown`: whether a term is to be one that nobody knows, in all of the example. */
  learn({ question, memories, answering }: Prepared, isUnknown: (term: string) => boolean): number {
    const hidden = new Set([...new Set([...question.texts, ...memories.flatMap(({ texts }) => texts)])].filter(isUnknown))
    const shown = ({ rows, terms, texts, classes: unknown }: Row): Encoded => ({ terms, rows: rows.map((row, at) => (hidden.has(texts[at]!) ? unknown[at]! : row)) })
    const asked = shown(question)
    const told = memories.map(shown)
    const compared = told.map(each => this.#fit.compare(asked, each))
    const scores = [...compared.map(({ score }) => score), this.weights.least]
    const shares = softmax(scores)
    const right = shares.map((_, index) => (answering.size === 0 ? index === memories.length : answering.has(index)))
    const likely = Math.max(1e-9, shares.reduce((sum, share, index) => sum + (right[index] ? share : 0), 0))
    for (const [index, share] of shares.entries()) {
      const slope = share - (right[index] ? share / likely : 0)
      const pair = told[index]
      if (!pair) this.gradient[this.#at.least]! += slope
      else this.#back(asked, pair, compared[index]!, slope)
    }
    return -Math.log(likely)
  }

  #back(question: Encoded, memory: Encoded, { names, phrase, partners: { ofAsked, ofTold } }: Compared, slope: number): void {
    const { gradient } = this
    // The slope of log σ(x) is σ(−x).
    const [ofNames, ofPhrase] = [names, phrase].map(value => slope / (1 + Math.exp(value))) as [number, number]
    const slopeOf = (row: number) => (row < this.weights.names ? ofNames : ofPhrase)
    for (const [q, m] of ofAsked.entries()) {
      const row = question.rows[q]!
      if (m < 0) gradient[this.#at.askedAlone + row]! += slopeOf(row)
      else this.#pair(question, q, memory, m, slopeOf(row))
    }
    for (const [m, q] of ofTold.entries()) {
      const row = memory.rows[m]!
      if (q < 0) gradient[this.#at.toldAlone + row]! += slopeOf(row)
      else this.#pair(question, q, memory, m, slopeOf(row))
    }
  }

  #pair(question: Encoded, q: number, memory: Encoded, m: number, slope: number): void {
    const { width, asked, told } = this.weights
    const [row, other] = [question.rows[q]!, memory.rows[m]!]
    for (let at = 0; at < width; at++) {
      this.gradient[row * width + at]! += slope * told[other * width + at]!
      this.gradient[this.#at.told + other * width + at]! += slope * asked[row * width + at]!
    }
    if (areSame(question.terms[q]!, memory.terms[m]!)) this.gradient[this.#at.same + row]! += slope
  }

  step(rate: number, examples: number): void {
    this.#steps++
    const [first, second] = [1 - beta1 ** this.#steps, 1 - beta2 ** this.#steps]
    for (let at = 0; at < this.all.length; at++) {
      const slope = this.gradient[at]! / examples
      this.gradient[at] = 0
      if (slope === 0 && this.#mean[at] === 0) continue
      this.#mean[at] = beta1 * this.#mean[at]! + (1 - beta1) * slope
      this.#square[at] = beta2 * this.#square[at]! + (1 - beta2) * slope * slope
      this.all[at]! -= rate * (this.#mean[at]! / first / (Math.sqrt(this.#square[at]! / second) + epsilon) + decay * this.all[at]!)
    }
  }
}

function softmax(scores: readonly number[]): number[] {
  const most = Math.max(...scores)
  const powers = scores.map(score => Math.exp(score - most))
  const all = powers.reduce((sum, power) => sum + power, 0)
  return powers.map(power => power / all)
}

/** By Fisher and Yates. */
function shuffle<T>(items: T[], random: Sfc32): void {
  for (let left = items.length - 1; left > 0; left--) {
    const other = random.next() % (left + 1)
    ;[items[left], items[other]] = [items[other]!, items[left]!]
  }
}
