import type { GraphSession, Tensor } from '../model/runtime/session.ts'
import { FlatViews } from './flat-views.ts'
import type { ImageShape } from './graphs/image-loss.ts'
import { type MlpStepsGraph, mlpSteps, stepInputs } from './graphs/mlp-steps.ts'
import type { ImageBatch } from './image-objective.ts'
import { parameterCount } from './objective.ts'

/** Rows of all steps of a graph together: with more, the products of images with each other cost what they save. */
const rowsAtOnce = 60
const maxSteps = 6

type Loaded = {
  readonly graph: MlpStepsGraph
  readonly session: GraphSession
  readonly images: Float32Array
  readonly targets: Float32Array
  readonly weights: Float32Array
  readonly inputs: Readonly<Record<string, Tensor>>
}

/** Plain gradient descent of the classifier `mlp` by batches of few images, several steps in one run. One question at a time; to be closed. */
export class MlpDescent {
  /** As many images as a batch may have here. */
  static readonly maxRows = rowsAtOnce
  readonly #shape: ImageShape
  readonly #rows: number
  readonly #open: (model: Uint8Array) => Promise<GraphSession>
  readonly #graphs = new Map<number, Promise<Loaded>>()
  readonly #lost: Tensor & { readonly data: Float32Array } = { type: 'float32', shape: [], data: new Float32Array(1) }
  /** Before and after a run, in turn. */
  #vectors: [Float32Array, Float32Array] | undefined
  #views: FlatViews | undefined

  /** `rows`: images of a batch, up to `maxRows`. `open` loads a graph to be run as it is written. */
  constructor(shape: ImageShape, rows: number, open: (model: Uint8Array) => Promise<GraphSession>) {
    if (!(Number.isInteger(rows) && rows > 0 && rows <= MlpDescent.maxRows)) throw new RangeError(`batches of ${rows} images`)
    this.#shape = shape
    this.#rows = rows
    this.#open = open
  }

  /** Goes through the images once, in their order, a step for each batch; the last batch has what is left. Changes `parameters` in place. The sum of the losses, of each image when its turn came. @throws KinmeshError `ModelFailed` */
  async descend(parameters: Float32Array, { count, images, labels }: ImageBatch, rate: number): Promise<number> {
    const most = Math.min(maxSteps, Math.floor(rowsAtOnce / this.#rows))
    let loss = 0
    let isFirst = true
    for (let from = 0; from < count; from += most * this.#rows) {
      const to = Math.min(count, from + most * this.#rows)
      const loaded = await this.#graph(Math.ceil((to - from) / this.#rows))
      const [before, after] = this.#vectorsOf(loaded)
      if (isFirst) before.set(parameters)
      isFirst = false
      this.#fill(loaded, images.subarray((from * images.length) / count, (to * images.length) / count), labels.subarray(from, to), rate)
      await this.#run(loaded, before, after)
      this.#vectors = [after, before]
      loss += this.#lost.data[0]!
    }
    if (this.#vectors && count > 0) parameters.set(this.#vectors[0])
    return loss
  }

  async close(): Promise<void> {
    for (const loading of this.#graphs.values()) await loading.then(({ session }) => session.close(), () => {})
    this.#graphs.clear()
  }

  #fill({ images, targets, weights }: Loaded, given: Float32Array, labels: Int32Array, rate: number): void {
    const { classes } = this.#shape
    images.set(given)
    targets.fill(0)
    weights.fill(0)
    for (let at = 0; at < labels.length; at++) {
      targets[at * classes + labels[at]!] = 1
      const batch = at - (at % this.#rows)
      weights[at] = rate / Math.min(this.#rows, labels.length - batch)
    }
  }

  async #run({ graph, session, inputs }: Loaded, before: Float32Array, after: Float32Array): Promise<void> {
    const [given, wanted] = [this.#views!.of(before), this.#views!.of(after)]
    const outputs = Object.fromEntries(graph.parameters.map(({ name, after }) => [after, wanted[name]!]))
    await session.run({ ...given, ...inputs }, { ...outputs, [graph.loss]: this.#lost })
  }

  #vectorsOf({ graph: { parameters } }: Loaded): [Float32Array, Float32Array] {
    const all = parameters.map(each => ({ ...each, decays: false }))
    this.#views ??= new FlatViews(all)
    return (this.#vectors ??= [new Float32Array(parameterCount(all)), new Float32Array(parameterCount(all))])
  }

  #graph(steps: number): Promise<Loaded> {
    const known = this.#graphs.get(steps)
    if (known) return known
    const loading = this.#load(steps)
    loading.catch(() => this.#graphs.delete(steps))
    this.#graphs.set(steps, loading)
    return loading
  }

  async #load(steps: number): Promise<Loaded> {
    const { height, width, classes } = this.#shape
    const count = steps * this.#rows
    const graph = mlpSteps(this.#shape, this.#rows, steps)
    const session = await this.#open(graph.model)
    const made = (columns: number): Tensor & { data: Float32Array } => ({ type: 'float32', shape: [count, columns], data: new Float32Array(count * columns) })
    const [images, targets, weights] = [made(height * width), made(classes), made(1)]
    return { graph, session, images: images.data, targets: targets.data, weights: weights.data, inputs: { [stepInputs.images]: images, [stepInputs.targets]: targets, [stepInputs.weights]: weights } }
  }
}
