import { Graph, type Value, like } from '../../model/graph/graph.ts'
import { multiplied } from '../autodiff/elementwise.ts'
import { gemm } from '../autodiff/linear.ts'
import { float, numbers, rowsOf, scalar, sizes, stacked, summed } from '../autodiff/shape.ts'
import { type ImageShape, imageLoss } from './image-loss.ts'

/**
 * images f32 [steps · rows, height · width], the batches one behind the other; targets f32 [steps · rows, classes], 1 at the class and 0 elsewhere; weights f32 [steps · rows, 1], the learning rate
 * over the images of the batch. A row without an image has 0 in both.
 */
export const stepInputs = { images: 'images', targets: 'targets', weights: 'weights' } as const

/** `after`: what the graph calls a parameter when all steps are made. `loss`: name of the sum over all images, each when its turn came, f32 []. */
export type MlpStepsGraph = { readonly model: Uint8Array; readonly parameters: readonly { readonly name: string; readonly shape: readonly number[]; readonly after: string }[]; readonly loss: string }

type Layer = { weight: Value; bias: Value }

/**
 * Steps of gradient descent of the classifier `mlp` as one graph: what `imageLoss` differentiates, with the gradients taken off the parameters where they arise.
 *
 * The first layer has four fifths of the parameters, and its weights are written once for all steps instead of at each: after steps with the gradients d₁ … dₜ by its results they are
 * W − Σ dₛᵀ·xₛ, so that for the images x of the next step x·Wᵀ becomes x·Wᵀ − Σ (x·xₛᵀ)·dₛ. The products of all images with the weights, and with each other, are two large products of matrices,
 * which take less time than many small ones: 0.18 ms a step of 10 images of 28 × 28 at five or six steps in a graph, 0.26 in which each step writes all weights (one core, AVX2). The numbers differ in
 * their rounding alone.
 */
export function mlpSteps(shape: ImageShape, rows: number, steps: number): MlpStepsGraph {
  const graph = new Graph(`${steps} steps`)
  const count = rows * steps
  const inputs = imageLoss('mlp', shape, 1, false).parameters.map(({ name, shape }) => graph.input(name, 'float32', shape))
  const [first, second, last] = [0, 2, 4].map(at => ({ weight: inputs[at]!, bias: inputs[at + 1]! })) as [Layer, Layer, Layer]
  const images = graph.input(stepInputs.images, 'float32', [count, shape.height * shape.width])
  const targets = graph.input(stepInputs.targets, 'float32', [count, shape.classes])
  const weights = graph.input(stepInputs.weights, 'float32', [count, 1])

  const before = gemm(graph, images, first.weight, { turnB: true, plus: first.bias })
  // One more than the product of two images: that is what the bias does.
  const alike = gemm(graph, images, images, { turnB: true, plus: scalar(graph, 1) })
  const logs: Value[] = []
  let descents: Value | undefined
  for (let from = 0; from < count; from += rows) {
    const of = (all: Value) => rowsOf(graph, all, from, from + rows)
    const x1 = relu(graph, descents ? gemm(graph, partOf(graph, alike, from, rows), descents, { scale: -1, plus: of(before) }) : of(before))
    const x2 = relu(graph, gemm(graph, x1, second.weight, { turnB: true, plus: second.bias }))
    const log = graph.op('LogSoftmax', [gemm(graph, x2, last.weight, { turnB: true, plus: last.bias })], float(rows, shape.classes), { attributes: { axis: { int: -1 } } })
    logs.push(log)
    const d3 = multiplied(graph, minus(graph, graph.op('Exp', [log], like(log)), of(targets)), of(weights))
    const d2 = whereOn(graph, gemm(graph, d3, last.weight), x2)
    const d1 = whereOn(graph, gemm(graph, d2, second.weight), x1)
    descend(graph, last, d3, x2)
    descend(graph, second, d2, x1)
    descents = stacked(graph, descents ? [descents, d1] : [d1])
  }
  descend(graph, first, descents!, images)
  const loss = graph.op('Neg', [graph.op('ReduceSum', [multiplied(graph, stacked(graph, logs), targets), numbers(graph, 0, 1)], float(), { attributes: { keepdims: { int: 0 } } })], float())
  const after = [first, second, last].flatMap(({ weight, bias }) => [weight, bias])
  for (const value of [loss, ...after]) graph.output(value)
  return { model: graph.encode(), parameters: inputs.map(({ name }, at) => ({ name, shape: sizes(inputs[at]!), after: after[at]!.name })), loss: loss.name }
}

/** Takes dᵀ·x off the weights, and d off the bias. */
function descend(graph: Graph, layer: Layer, d: Value, x: Value): void {
  layer.weight = gemm(graph, d, x, { turnA: true, scale: -1, plus: layer.weight })
  layer.bias = minus(graph, layer.bias, summed(graph, d, 1))
}

function relu(graph: Graph, x: Value): Value {
  return graph.op('Relu', [x], like(x))
}

/** The gradient where the result of `relu` is above zero. */
function whereOn(graph: Graph, d: Value, result: Value): Value {
  const isOn = graph.op('Greater', [result, scalar(graph, 0)], { type: 'bool', shape: result.shape })
  return graph.op('Where', [isOn, d, scalar(graph, 0)], like(d))
}

function minus(graph: Graph, a: Value, b: Value): Value {
  return graph.op('Sub', [a, b], like(a))
}

/** Of `alike`, how much the images of one step are like all before them: [rows, from]. */
function partOf(graph: Graph, alike: Value, from: number, rows: number): Value {
  return graph.op('Slice', [alike, numbers(graph, from, 0), numbers(graph, from + rows, from), numbers(graph, 0, 1)], float(rows, from))
}
