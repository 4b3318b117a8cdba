import type { GraphSession, Tensor } from '../model/runtime/session.ts'
import { FlatViews } from './flat-views.ts'
import { type ImageLossGraph, type ImageModel, type ImageShape, imageInputs, imageLoss } from './graphs/image-loss.ts'
import { type BatchLoss, type Objective, type Parameter, parameterCount } from './objective.ts'

/** Grey images, f32 [count, height · width], and the class of each, int32 [count]. */
export type ImageBatch = { readonly count: number; readonly images: Float32Array; readonly labels: Int32Array }

type Loaded = ImageLossGraph & { readonly session: GraphSession }

/** The loss of a small classifier of images. One question at a time; to be closed. */
export class ImageObjective implements Objective<ImageBatch> {
  readonly parameters: readonly Parameter[]
  readonly #graphOf: (images: number, gradients: boolean) => ImageLossGraph
  readonly #open: (model: Uint8Array) => Promise<GraphSession>
  readonly #classes: number
  readonly #graphs = new Map<string, Promise<Loaded>>()
  readonly #gradient: Float32Array
  readonly #views: FlatViews

  /** `open` loads a graph to be run as it is written. */
  constructor(model: ImageModel, shape: ImageShape, open: (model: Uint8Array) => Promise<GraphSession>) {
    this.#graphOf = (images, gradients) => imageLoss(model, shape, images, gradients)
    this.#open = open
    this.#classes = shape.classes
    this.parameters = this.#graphOf(1, false).parameters
    this.#gradient = new Float32Array(parameterCount(this.parameters))
    this.#views = new FlatViews(this.parameters)
  }

  /** @throws KinmeshError `ModelFailed` */
  async gradient(parameters: Float32Array, batch: ImageBatch, into: Float32Array): Promise<BatchLoss> {
    const graph = await this.#graph(batch.count, true)
    const views = this.#views.of(this.#gradient)
    const { loss } = await this.#run(graph, parameters, batch, Object.fromEntries(graph.parameters.flatMap(({ name, gradient }) => (gradient === undefined ? [] : [[gradient, views[name] as Tensor]]))))
    for (let at = 0; at < into.length; at++) into[at]! += this.#gradient[at]!
    return { loss, labels: batch.count }
  }

  /** @throws KinmeshError `ModelFailed` */
  async loss(parameters: Float32Array, batch: ImageBatch): Promise<BatchLoss> {
    const { loss } = await this.#run(await this.#graph(batch.count, false), parameters, batch, {})
    return { loss, labels: batch.count }
  }

  /** As `loss`, and how many images get the highest score at their class. @throws KinmeshError `ModelFailed` */
  async assess(parameters: Float32Array, batch: ImageBatch): Promise<BatchLoss & { readonly right: number }> {
    const { loss, scores } = await this.#run(await this.#graph(batch.count, false), parameters, batch, {})
    const right = batch.labels.reduce((right, label, image) => {
      const own = scores.subarray(image * this.#classes, (image + 1) * this.#classes)
      return right + Number(own.indexOf(Math.max(...own)) === label)
    }, 0)
    return { loss, labels: batch.count, right }
  }

  async close(): Promise<void> {
    for (const loading of this.#graphs.values()) await loading.then(({ session }) => session.close(), () => {})
    this.#graphs.clear()
  }

  async #run(graph: Loaded, parameters: Float32Array, { count, images, labels }: ImageBatch, gradients: Readonly<Record<string, Tensor>>): Promise<{ loss: number; scores: Float32Array }> {
    const [lost, scores] = [new Float32Array(1), new Float32Array(count * this.#classes)]
    await graph.session.run(
      { ...this.#views.of(parameters), [imageInputs.images]: { type: 'float32', shape: [count, images.length / count], data: images }, [imageInputs.labels]: { type: 'int32', shape: [count], data: labels } },
      { [graph.loss]: { type: 'float32', shape: [], data: lost }, [graph.scores]: { type: 'float32', shape: [count, this.#classes], data: scores }, ...gradients }
    )
    return { loss: lost[0]!, scores }
  }

  #graph(images: number, gradients: boolean): Promise<Loaded> {
    const key = `${images} ${gradients}`
    const known = this.#graphs.get(key)
    if (known) return known
    const graph = this.#graphOf(images, gradients)
    const loading = this.#open(graph.model).then(session => ({ ...graph, session }))
    loading.catch(() => this.#graphs.delete(key))
    this.#graphs.set(key, loading)
    return loading
  }
}
