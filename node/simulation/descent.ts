import { addProximalGradient } from '../../federated/aggregation/proximal.ts'
import type { LocalResult, LocalTerms } from '../../federated/simulation/local-task.ts'
import type { Objective, Parameter } from '../train/objective.ts'
import { adamW, type Optimizer, sgd } from '../train/trainer/optimizer.ts'
import { shuffle } from '../train/trainer/training-data.ts'

/** Batches of some examples, few enough for one graph each; what is padded counts nothing. */
export type Pieces<Batch> = (examples: Int32Array) => Iterable<Batch>

/**
 * How a participant trains: so many times through its examples, in another order each time, a step for each batch. A training that diverges ends like any other: what it gives is not finite, and no round takes it.
 * @throws KinmeshError `ModelFailed` · `InvalidOption`
 */
export async function descend<Batch>(objective: Objective<Batch>, pieces: Pieces<Batch>, terms: LocalTerms, examples: Int32Array, seed: number, start: Float32Array): Promise<LocalResult> {
  const parameters = start.slice()
  const gradient = new Float32Array(parameters.length)
  const optimizer = optimizerOf(objective.parameters, terms)
  let [loss, labels] = [0, 0]
  for (const batch of batches(terms, examples, seed)) {
    gradient.fill(0)
    let own = 0
    for (const piece of pieces(batch)) {
      const found = await objective.gradient(parameters, piece, gradient)
      loss += found.loss
      own += found.labels
    }
    // The gradient is a sum over labels, and is divided by them in the step.
    if (terms.proximal > 0) addProximalGradient(gradient, parameters, start, terms.proximal * own)
    optimizer.update(parameters, gradient, terms.rate, 1 / own)
    labels += own
  }
  return { delta: differenceOf(parameters, start), loss: loss / labels }
}

/** The examples of each step. */
export function* batches({ epochs, batch }: LocalTerms, examples: Int32Array, seed: number): Generator<Int32Array> {
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffle(examples.slice(), seed, epoch)
    const size = batch ?? order.length
    for (let from = 0; from < order.length; from += size) yield order.subarray(from, from + size)
  }
}

/** after − before, in place of `after`. */
export function differenceOf(after: Float32Array, before: Float32Array): Float32Array {
  for (let at = 0; at < after.length; at++) after[at]! -= before[at]!
  return after
}

function optimizerOf(parameters: readonly Parameter[], { optimizer }: LocalTerms): Optimizer {
  return optimizer.name === 'sgd' ? sgd(parameters, { momentum: optimizer.momentum }) : adamW(parameters, { decay: optimizer.decay })
}
