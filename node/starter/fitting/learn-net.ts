import type { Sfc32 } from '../../model/text/sfc32.ts'
import { softmax } from '../softmax.ts'
import { shuffled } from '../tagging/learn-tagger.ts'
import { type NetWeights, hiddenOf, netOf } from './net.ts'

/** What is seen of each memory, and which of them answer; none where nothing does. */
export type NetExample = { readonly seen: readonly Float64Array[]; readonly answering: ReadonlySet<number> }
/** `rate`: how far the first step goes; the last one goes nowhere. */
export type NetRecipe = { readonly hidden: number; readonly epochs: number; readonly batch: number; readonly rate: number }

/** AdamW (Loshchilov & Hutter 2019). */
const [beta1, beta2, epsilon, decay] = [0.9, 0.999, 1e-8, 1e-3]

/** The likeliest memory, or none, by softmax and cross-entropy; where several answer, any of them will do. */
export function learnNet(examples: readonly NetExample[], recipe: NetRecipe, random: Sfc32): NetWeights {
  const learner = new NetLearner(examples.find(({ seen }) => seen.length > 0)?.seen[0]?.length ?? 0, recipe.hidden, random)
  const order = [...examples]
  const steps = recipe.epochs * Math.ceil(order.length / recipe.batch)
  for (let epoch = 0, step = 0; epoch < recipe.epochs; epoch++) {
    shuffled(order, random)
    for (let from = 0; from < order.length; from += recipe.batch) {
      const batch = order.slice(from, from + recipe.batch)
      for (const example of batch) learner.learn(example)
      learner.step(recipe.rate * (1 - step++ / steps), batch.length)
    }
  }
  return { ...learner.weights, least: learner.weights.least }
}

/** Weights, their gradient and what Adam keeps of it, all in one order: first, second, least. */
export class NetLearner {
  readonly weights: NetWeights
  readonly all: Float32Array
  readonly gradient: Float32Array
  readonly #inputs: number
  readonly #mean: Float32Array
  readonly #square: Float32Array
  #steps = 0

  constructor(inputs: number, hidden: number, random: Sfc32) {
    this.#inputs = inputs
    const [second, least] = [hidden * (inputs + 1), hidden * (inputs + 2)]
    const all = (this.all = Float32Array.from({ length: least + 1 }, (_, at) => (at < least ? (random.uniform() - 0.5) * (at < second ? 0.5 : 1) : 0)))
    this.weights = {
      hidden, first: all.subarray(0, second), second: all.subarray(second, least),
      get least() {
        return all[least]!
      }
    }
    this.gradient = new Float32Array(all.length)
    this.#mean = new Float32Array(all.length)
    this.#square = new Float32Array(all.length)
  }

  /** The loss of one example, whose gradient is added up. */
  learn({ seen, answering }: NetExample): number {
    const shares = softmax(Float64Array.from([...seen.map(each => netOf(each, this.weights)), this.weights.least]))
    const right = shares.map((_, at) => Number(answering.size === 0 ? at === seen.length : answering.has(at)))
    const likely = Math.max(1e-9, shares.reduce((sum, share, at) => sum + share * right[at]!, 0))
    for (const [at, share] of shares.entries()) {
      const slope = share - (right[at]! * share) / likely
      const own = seen[at]
      if (own) this.#back(own, slope)
      else this.gradient[this.gradient.length - 1]! += slope
    }
    return -Math.log(likely)
  }

  #back(seen: Float64Array, slope: number): void {
    const { hidden, first, second } = this.weights
    for (let at = 0; at < hidden; at++) {
      const value = hiddenOf(seen, first, at)
      this.gradient[first.length + at]! += slope * value
      const inner = slope * second[at]! * (1 - value * value)
      const start = at * (this.#inputs + 1)
      for (let place = 0; place < this.#inputs; place++) this.gradient[start + place]! += inner * seen[place]!
      this.gradient[start + this.#inputs]! += inner
    }
  }

  step(rate: number, examples: number): void {
    this.#steps++
    const [one, other] = [1 - beta1 ** this.#steps, 1 - beta2 ** this.#steps]
    for (let at = 0; at < this.all.length; at++) {
      const slope = this.gradient[at]! / examples
      this.gradient[at] = 0
      this.#mean[at] = beta1 * this.#mean[at]! + (1 - beta1) * slope
      this.#square[at] = beta2 * this.#square[at]! + (1 - beta2) * slope * slope
      this.all[at]! -= rate * (this.#mean[at]! / one / (Math.sqrt(this.#square[at]! / other) + epsilon) + decay * this.all[at]!)
    }
  }
}
