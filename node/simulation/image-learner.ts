import type { LocalResult, LocalTerms } from '../../federated/simulation/local-task.ts'
import type { GraphSession } from '../model/runtime/session.ts'
import type { ImageModel } from '../train/graphs/image-loss.ts'
import { type ImageBatch, ImageObjective } from '../train/image-objective.ts'
import { MlpDescent } from '../train/mlp-descent.ts'
import type { Objective, Parameter } from '../train/objective.ts'
import { shuffle } from '../train/trainer/training-data.ts'
import { descend, differenceOf } from './descent.ts'
import { digitClasses, imageBatch, type ImageSet } from './image-set.ts'
import type { Counted, Learner } from './learner.ts'

/** `shades`: of the training set, f32 [256]. */
export type ImageLearning = { readonly kind: 'images'; readonly model: ImageModel; readonly training: ImageSet; readonly heldOut: ImageSet; readonly shades: Float32Array; readonly local: LocalTerms }

/** Images of a batch that are in a graph at a time. Larger batches come in pieces of this many. */
const pieceRows = 100
const assessRows = 500

/** A classifier of images, trained by graphs of onnxruntime. */
export class ImageLearner implements Learner {
  readonly parameters: readonly Parameter[]
  readonly assessParts: number
  readonly #learning: ImageLearning
  readonly #objective: ImageObjective
  /** Several steps in a graph, for the usual case: plain gradient descent, in small batches, of the classifier that there are such graphs for. */
  readonly #descent: MlpDescent | undefined
  readonly #assessRows: number

  constructor(learning: ImageLearning, open: (model: Uint8Array) => Promise<GraphSession>) {
    const { model, local, training, heldOut } = learning
    const shape = { height: training.height, width: training.width, classes: digitClasses }
    this.#learning = learning
    this.#objective = new ImageObjective(model, shape, open)
    this.#descent = isPlain(model, local) ? new MlpDescent(shape, local.batch!, open) : undefined
    this.#assessRows = Math.min(assessRows, heldOut.count)
    this.assessParts = Math.ceil(heldOut.count / this.#assessRows)
    this.parameters = this.#objective.parameters
  }

  train(examples: Int32Array, seed: number, start: Float32Array): Promise<LocalResult> {
    const { local, training, shades } = this.#learning
    if (this.#descent) return this.#inGraphs(this.#descent, examples, seed, start)
    const rows = Math.min(pieceRows, local.batch ?? pieceRows)
    return descend(countingOwn(this.#objective), function* pieces(batch) {
      for (let from = 0; from < batch.length; from += rows) yield imageBatch(training, shades, batch.subarray(from, from + rows), rows)
    }, local, examples, seed, start)
  }

  async assess(parameters: Float32Array, part: number): Promise<Counted> {
    const { heldOut, shades } = this.#learning
    const from = part * this.#assessRows
    const images = Int32Array.from({ length: Math.min(this.#assessRows, heldOut.count - from) }, (_, at) => from + at)
    return { ...(await this.#objective.assess(parameters, imageBatch(heldOut, shades, images, this.#assessRows))), labels: images.length }
  }

  async close(): Promise<void> {
    await this.#descent?.close()
    await this.#objective.close()
  }

  /** The same steps as `descend` makes, but for rounding. */
  async #inGraphs(descent: MlpDescent, examples: Int32Array, seed: number, start: Float32Array): Promise<LocalResult> {
    const { local: { epochs, rate }, training, shades } = this.#learning
    const parameters = start.slice()
    let loss = 0
    for (let epoch = 0; epoch < epochs; epoch++) loss += await descent.descend(parameters, imageBatch(training, shades, shuffle(examples.slice(), seed, epoch)), rate)
    return { delta: differenceOf(parameters, start), loss: loss / (epochs * examples.length) }
  }
}

function isPlain(model: ImageModel, { optimizer, proximal, batch }: LocalTerms): boolean {
  return model === 'mlp' && optimizer.name === 'sgd' && optimizer.momentum === 0 && proximal === 0 && batch !== null && batch <= MlpDescent.maxRows
}

/** Images that fill a batch up are no labels. */
function countingOwn(objective: ImageObjective): Objective<ImageBatch> {
  const counted = ({ labels }: ImageBatch) => labels.reduce((sum, label) => sum + Number(label >= 0), 0)
  return {
    parameters: objective.parameters,
    gradient: async (parameters, batch, into) => ({ ...(await objective.gradient(parameters, batch, into)), labels: counted(batch) }),
    loss: async (parameters, batch) => ({ ...(await objective.loss(parameters, batch)), labels: counted(batch) })
  }
}
