import type { LocalResult, LocalTerms } from '../../federated/simulation/local-task.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import { badTrainingData } from '../train/training-errors.ts'
import { type BatchLoss, type Objective, type Parameter, sizeOf } from '../train/objective.ts'
import { descend } from './descent.ts'
import type { LayersModel } from './layers-model.ts'
import type { Counted, Learner } from './learner.ts'

/** Examples f32 [count, …shape] and the class of each, in memory that threads share. `speakers`: the number of who each is from. */
export type LayersSet = { readonly count: number; readonly shape: readonly number[]; readonly examples: Float32Array; readonly labels: Int32Array; readonly speakers?: Int32Array | undefined }

// What is used of TensorFlow.js, which is not a dependency.

type Tensor = { readonly shape: readonly number[]; dataSync(): Float32Array | Int32Array; mul(other: Tensor): Tensor; sum(axis?: number): Tensor; maximum(other: number): Tensor; log(): Tensor; neg(): Tensor; argMax(axis: number): Tensor }
type Variable = Tensor & { readonly name: string; assign(value: Tensor): void }
type Layers = {
  readonly inputs: readonly { readonly shape: readonly (number | null)[] }[]
  readonly outputs: readonly { readonly shape: readonly (number | null)[] }[]
  readonly trainableWeights: readonly { readonly originalName: string; readonly shape: readonly number[]; readonly val: Variable }[]
  apply(input: Tensor, options: { readonly training: boolean }): Tensor | readonly Tensor[]
  dispose(): unknown
}
export type TensorFlow = {
  enableProdMode(): void
  ready(): Promise<void>
  tidy<T>(work: () => T): T
  tensor(values: Float32Array, shape: readonly number[]): Tensor
  tensor1d(values: Int32Array, dtype: 'int32'): Tensor
  oneHot(indices: Tensor, depth: number): Tensor
  variableGrads(loss: () => Tensor, of: readonly Variable[]): { readonly value: Tensor; readonly grads: Readonly<Record<string, Tensor>> }
  loadLayersModel(handler: { load(): Promise<{ readonly modelTopology: unknown; readonly weightSpecs: readonly unknown[]; readonly weightData: ArrayBuffer }> }): Promise<Layers>
}

/** `library`: the file of TensorFlow.js. `weightData`: of the model, f32. */
export type LayersLearning = { readonly kind: 'layers'; readonly library: string; readonly model: LayersModel; readonly weightData: Uint8Array; readonly training: LayersSet; readonly heldOut: LayersSet; readonly local: LocalTerms }

const pieceRows = 100
const assessRows = 500
/** As Keras does, so that no logarithm is infinite. */
const leastProbability = 1e-7

/** A classifier of TensorFlow.js that gives probabilities. It is computed as when it is used: dropout does nothing, and norms keep the statistics that they were saved with. */
export class LayersLearner implements Learner {
  readonly parameters: readonly Parameter[]
  readonly assessParts: number
  /** What the model was saved with, f32. */
  readonly beginning: Float32Array
  readonly #learning: LayersLearning
  readonly #objective: LayersObjective

  /** @throws KinmeshError `BadModelFile` · `BadTrainingData` */
  static async open(learning: LayersLearning, tf: TensorFlow): Promise<LayersLearner> {
    const { model: { topology, weights }, weightData } = learning
    tf.enableProdMode()
    await tf.ready()
    let layers: Layers
    try {
      // Memory that is shared is none that it takes.
      layers = await tf.loadLayersModel({ load: () => Promise.resolve({ modelTopology: topology, weightSpecs: weights, weightData: weightData.slice().buffer as ArrayBuffer }) })
    } catch (cause) {
      throw new KinmeshError('BadModelFile', `TensorFlow.js does not load the model (${cause instanceof Error ? cause.message : String(cause)}): save it again`, { cause })
    }
    return new LayersLearner(learning, tf, layers)
  }

  private constructor(learning: LayersLearning, tf: TensorFlow, layers: Layers) {
    this.#learning = learning
    this.#objective = new LayersObjective(tf, layers, learning)
    this.parameters = this.#objective.parameters
    this.beginning = this.#objective.values()
    this.assessParts = Math.ceil(learning.heldOut.count / assessRows)
  }

  train(examples: Int32Array, seed: number, start: Float32Array): Promise<LocalResult> {
    const { local, training } = this.#learning
    return descend(this.#objective, function* pieces(batch) {
      for (let from = 0; from < batch.length; from += pieceRows) yield { set: training, chosen: batch.subarray(from, from + pieceRows) }
    }, local, examples, seed, start)
  }

  async assess(parameters: Float32Array, part: number): Promise<Counted> {
    const { heldOut } = this.#learning
    const from = part * assessRows
    return this.#objective.assess(parameters, { set: heldOut, chosen: Int32Array.from({ length: Math.min(assessRows, heldOut.count - from) }, (_, at) => from + at) })
  }

  close(): Promise<void> {
    return this.#objective.close()
  }
}

type LayersBatch = { readonly set: LayersSet; readonly chosen: Int32Array }

class LayersObjective implements Objective<LayersBatch> {
  readonly parameters: readonly Parameter[]
  readonly #tf: TensorFlow
  readonly #layers: Layers
  readonly #classes: number

  constructor(tf: TensorFlow, layers: Layers, { training, heldOut }: LayersLearning) {
    this.#tf = tf
    this.#layers = layers
    const { inputs, outputs, trainableWeights } = layers
    const [input, output] = [inputs[0]?.shape.slice(1) ?? [], outputs[0]?.shape.slice(1) ?? []]
    if (inputs.length !== 1 || outputs.length !== 1 || output.length !== 1 || output[0] === null) throw new KinmeshError('BadModelFile', 'a model with one input, and with the probabilities of classes as its one output, is what can be trained: choose another one')
    if (input.length !== training.shape.length || input.some((size, at) => size !== null && size !== training.shape[at])) throw badTrainingData(`the model takes examples of ${input.map(size => size ?? 'any').join(' × ')}, and those of the data are ${training.shape.join(' × ')}`)
    this.#classes = output[0]!
    const strange = [training, heldOut].flatMap(({ labels }) => labels.find(label => label >= this.#classes) ?? [])[0]
    if (strange !== undefined) throw badTrainingData(`the model knows the classes 0 to ${this.#classes - 1}, and a label of the data is ${strange}`)
    if (trainableWeights.length === 0) throw new KinmeshError('BadModelFile', 'no weight of the model can be trained: choose one whose layers are not frozen')
    this.parameters = trainableWeights.map(({ originalName, shape }) => ({ name: originalName, shape, decays: shape.length > 1 }))
  }

  values(): Float32Array {
    return joined(this.#layers.trainableWeights.map(({ val }) => val.dataSync()))
  }

  async gradient(parameters: Float32Array, batch: LayersBatch, into: Float32Array): Promise<BatchLoss> {
    this.#assign(parameters)
    return this.#tf.tidy(() => {
      const variables = this.#layers.trainableWeights.map(({ val }) => val)
      const { value, grads } = this.#tf.variableGrads(() => this.#lossOf(this.#probabilities(batch), batch), variables)
      const found = joined(variables.map(({ name }) => grads[name]!.dataSync()))
      for (let at = 0; at < into.length; at++) into[at]! += found[at]!
      return { loss: value.dataSync()[0]!, labels: batch.chosen.length }
    })
  }

  async loss(parameters: Float32Array, batch: LayersBatch): Promise<BatchLoss> {
    const { loss, labels } = this.assess(parameters, batch)
    return { loss, labels }
  }

  assess(parameters: Float32Array, batch: LayersBatch): Counted {
    this.#assign(parameters)
    return this.#tf.tidy(() => {
      const probabilities = this.#probabilities(batch)
      const best = probabilities.argMax(1).dataSync()
      const right = batch.chosen.reduce((sum, example, at) => sum + Number(best[at] === batch.set.labels[example]), 0)
      return { loss: this.#lossOf(probabilities, batch).dataSync()[0]!, labels: batch.chosen.length, right }
    })
  }

  async close(): Promise<void> {
    this.#layers.dispose()
  }

  #assign(parameters: Float32Array): void {
    let at = 0
    this.#tf.tidy(() => {
      for (const { val, shape } of this.#layers.trainableWeights) val.assign(this.#tf.tensor(parameters.slice(at, (at += sizeOf(shape))), shape))
    })
  }

  #probabilities({ set, chosen }: LayersBatch): Tensor {
    const size = sizeOf(set.shape)
    const inputs = new Float32Array(chosen.length * size)
    for (const [row, example] of chosen.entries()) inputs.set(set.examples.subarray(example * size, (example + 1) * size), row * size)
    return this.#layers.apply(this.#tf.tensor(inputs, [chosen.length, ...set.shape]), { training: false }) as Tensor
  }

  /** Cross-entropy, summed over the batch. */
  #lossOf(probabilities: Tensor, { set, chosen }: LayersBatch): Tensor {
    const wanted = this.#tf.oneHot(this.#tf.tensor1d(chosen.map(example => set.labels[example]!), 'int32'), this.#classes)
    return probabilities.mul(wanted).sum(1).maximum(leastProbability).log().sum().neg()
  }
}

function joined(parts: readonly ArrayLike<number>[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
