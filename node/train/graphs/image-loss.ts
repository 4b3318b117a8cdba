import { Graph, type Value } from '../../model/graph/graph.ts'
import { convolve, maxPool } from '../autodiff/convolution.ts'
import { crossEntropy } from '../autodiff/cross-entropy.ts'
import { add, relu } from '../autodiff/elementwise.ts'
import { linear } from '../autodiff/linear.ts'
import { reshape, sizes } from '../autodiff/shape.ts'
import { Tape } from '../autodiff/tape.ts'
import type { Parameter } from './parameter.ts'

/** `mlp`: two hidden layers of 200; `cnn`: two convolutions of 5 × 5 with 32 and 64 filters, each pooled, and a hidden layer of 512 (McMahan et al. 2017, arXiv:1602.05629, "2NN" and "CNN"). */
export type ImageModel = 'mlp' | 'cnn'
export type ImageShape = { readonly height: number; readonly width: number; readonly classes: number }

/** images f32 [images, height · width], labels int32 [images]. */
export const imageInputs = { images: 'images', labels: 'labels' } as const

/** `loss`: name of the sum over all images, f32 []; `scores`: name of f32 [images, classes]. */
export type ImageLossGraph = { readonly model: Uint8Array; readonly parameters: readonly Parameter[]; readonly loss: string; readonly scores: string }

/** The loss of a classifier of grey images, its gradient and its scores, as one graph for so many images. */
export function imageLoss(kind: ImageModel, { height, width, classes }: ImageShape, images: number, gradients: boolean): ImageLossGraph {
  const graph = new Graph(`${kind} loss`)
  const tape = new Tape(graph)
  const parameters = new Map<string, Value>()
  const parameter = (name: string, ...shape: number[]) => {
    const value = tape.variable(graph.input(name, 'float32', shape))
    parameters.set(name, value)
    return value
  }
  const dense = (x: Value, name: string, rows: number) => add(tape, linear(tape, x, parameter(`${name}.weight`, rows, sizes(x)[1] as number)), parameter(`${name}.bias`, rows))
  const filtered = (x: Value, name: string, filters: number) =>
    maxPool(tape, relu(tape, convolve(tape, x, parameter(`${name}.weight`, filters, sizes(x)[1] as number, 5, 5), parameter(`${name}.bias`, filters))))
  const given = graph.input(imageInputs.images, 'float32', [images, height * width])
  const hidden = {
    mlp: () => relu(tape, dense(relu(tape, dense(given, 'hidden1', 200)), 'hidden2', 200)),
    cnn() {
      const features = filtered(filtered(reshape(tape, given, [images, 1, height, width]), 'filters1', 32), 'filters2', 64)
      return relu(tape, dense(reshape(tape, features, [images, 64 * (height / 4) * (width / 4)]), 'hidden', 512))
    }
  }[kind]()
  const scores = dense(hidden, 'output', classes)
  const loss = crossEntropy(tape, scores, graph.input(imageInputs.labels, 'int32', [images]))
  graph.output(loss)
  graph.output(scores)
  const found = gradients ? tape.backward(loss, loss) : new Map<Value, Value>()
  const described = [...parameters].map(([name, value]) => {
    const gradient = found.get(value)
    if (gradient) graph.output(gradient)
    const shape = sizes(value)
    return { name, shape, decays: shape.length > 1, gradient: gradient?.name }
  })
  return { model: graph.encode(), parameters: described, loss: loss.name, scores: scores.name }
}
