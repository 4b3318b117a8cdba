import type { LocalResult, LocalTask, LocalTerms, LocalWork, Assessment } from '../../federated/simulation/local-task.ts'
import { normal, seededRandom } from '../../federated/simulation/random.ts'
import type { RandomWords } from '../../federated/privacy/random-words.ts'
import type { Split } from '../../federated/simulation/splits.ts'
import type { BatchLoss, Objective, Parameter } from '../train/objective.ts'
import { descend } from './descent.ts'
import { Turns } from './turns.ts'

/**
 * Examples f32 [count, features], the class of each and who it is from. In the manner of "Synthetic" of Li et al. 2020 (FedProx, arXiv:1812.06127, §5.1): the examples of a source lie about a place of its own, and have the classes that
 * its model gives them. Here that model is what all have in common, and half as much of its own, so that there is something to learn together. Small enough to simulate ten thousand clients.
 */
export type SyntheticData = { readonly count: number; readonly examples: Float32Array; readonly labels: Int32Array; readonly speakers: Int32Array }

const features = 60
const classes = 10
const perSource = 20
const heldOutPerSource = 4
/** Of a source's model beside the common one, in standard deviations. */
const ownShare = 0.5
/** Sources of which examples are held out. */
const maxHeldOutSources = 500

/** `training`: 20 examples of each source; `heldOut`: others of the first 500. */
export function syntheticData(sources: number, seed: number): { readonly training: SyntheticData; readonly heldOut: SyntheticData } {
  const training = emptyData(sources * perSource)
  const heldOut = emptyData(Math.min(sources, maxHeldOutSources) * heldOutPerSource)
  const common = modelOf(seededRandom(seed, 'synthetic'))
  const deviations = Float64Array.from({ length: features }, (_, at) => (at + 1) ** -0.6)
  for (let source = 0; source < sources; source++) {
    const random = seededRandom(seed, 'synthetic', source)
    const model = common.map(value => value + ownShare * normal(random))
    const placeMean = normal(random)
    const place = Float64Array.from({ length: features }, () => placeMean + normal(random))
    const fill = (data: SyntheticData, from: number, count: number) => {
      for (let example = from; example < from + count; example++) {
        const x = data.examples.subarray(example * features, (example + 1) * features)
        for (let at = 0; at < features; at++) x[at] = place[at]! + deviations[at]! * normal(random)
        data.labels[example] = bestOf(scoresOf(model, x))
        data.speakers[example] = source
      }
    }
    fill(training, source * perSource, perSource)
    if (source < maxHeldOutSources) fill(heldOut, source * heldOutPerSource, heldOutPerSource)
  }
  return { training, heldOut }
}

function modelOf(random: RandomWords): Float64Array {
  return Float64Array.from({ length: classes * (features + 1) }, () => normal(random))
}

function emptyData(count: number): SyntheticData {
  return { count, examples: new Float32Array(count * features), labels: new Int32Array(count), speakers: new Int32Array(count) }
}

/** Softmax regression, in f64: weights [classes, features], then biases [classes]. A batch is some of the examples, by number. */
class SyntheticObjective implements Objective<Int32Array> {
  readonly parameters: readonly Parameter[] = [{ name: 'weights', shape: [classes, features], decays: true }, { name: 'biases', shape: [classes], decays: false }]
  readonly #data: SyntheticData
  readonly #turns = new Turns()

  constructor(data: SyntheticData) {
    this.#data = data
  }

  async gradient(parameters: Float32Array, batch: Int32Array, into: Float32Array): Promise<BatchLoss> {
    await this.#turns.due()
    return this.#pass(parameters, batch, into)
  }

  async loss(parameters: Float32Array, batch: Int32Array): Promise<BatchLoss> {
    return this.#pass(parameters, batch)
  }

  /** Of the batch, the share whose class is the most likely one. */
  accuracy(parameters: Float32Array, batch: Int32Array): number {
    return batch.reduce((right, example) => right + Number(bestOf(scoresOf(parameters, this.#inputs(example))) === this.#data.labels[example]), 0) / batch.length
  }

  #inputs(example: number): Float32Array {
    return this.#data.examples.subarray(example * features, (example + 1) * features)
  }

  #pass(parameters: Float32Array, batch: Int32Array, into?: Float32Array): BatchLoss {
    let loss = 0
    for (const example of batch) {
      const [x, label] = [this.#inputs(example), this.#data.labels[example]!]
      const scores = scoresOf(parameters, x)
      const most = scores.reduce((a, b) => Math.max(a, b))
      const total = scores.reduce((sum, score) => sum + Math.exp(score - most), 0)
      loss += most + Math.log(total) - scores[label]!
      if (!into) continue
      for (let each = 0; each < classes; each++) {
        const slope = Math.exp(scores[each]! - most) / total - Number(each === label)
        for (let at = 0; at < features; at++) into[each * features + at]! += slope * x[at]!
        into[classes * features + each]! += slope
      }
    }
    return { loss, labels: batch.length }
  }
}

function scoresOf(model: ArrayLike<number>, x: Float32Array): Float64Array {
  const scores = new Float64Array(classes)
  for (let each = 0; each < classes; each++) {
    let score = model[classes * features + each]!
    for (let at = 0; at < features; at++) score += model[each * features + at]! * x[at]!
    scores[each] = score
  }
  return scores
}

function bestOf(scores: Float64Array): number {
  let best = 0
  for (let each = 1; each < scores.length; each++) if (scores[each]! > scores[best]!) best = each
  return best
}

/** In this thread: a training takes less time than telling another one. */
export class SyntheticTask implements LocalTask {
  readonly shapes: LocalTask['shapes']
  readonly examples: readonly number[]
  readonly #split: Split
  readonly #local: LocalTerms
  readonly #training: SyntheticObjective
  readonly #heldOut: SyntheticObjective
  readonly #assessed: Int32Array

  constructor({ training, heldOut }: ReturnType<typeof syntheticData>, split: Split, local: LocalTerms) {
    this.#split = split
    this.#local = local
    this.#training = new SyntheticObjective(training)
    this.#heldOut = new SyntheticObjective(heldOut)
    this.#assessed = Int32Array.from({ length: heldOut.count }, (_, at) => at)
    this.shapes = this.#training.parameters.map(({ name, shape }) => ({ name, shape }))
    this.examples = split.map(({ length }) => length)
  }

  /** Zeros: the loss has one lowest place. */
  start(): Float32Array {
    return new Float32Array(classes * (features + 1))
  }

  train({ client, seed, parameters }: LocalWork): Promise<LocalResult> {
    return descend(this.#training, batch => [batch], this.#local, this.#split[client]!, seed, parameters)
  }

  async assess(parameters: Float32Array): Promise<Assessment> {
    const { loss, labels } = await this.#heldOut.loss(parameters, this.#assessed)
    return { loss: loss / labels, accuracy: this.#heldOut.accuracy(parameters, this.#assessed) }
  }

  async close(): Promise<void> {}
}
