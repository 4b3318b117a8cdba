import { type Value, like } from '../../model/graph/graph.ts'
import { float, numbers, sizes, transposed } from './shape.ts'
import type { Tape } from './tape.ts'

/** Convolution with padding that keeps the size: x [images, channels, height, width], weight [filters, channels, k, k] with odd k, bias [filters]. */
export function convolve(tape: Tape, x: Value, weight: Value, bias: Value): Value {
  const { graph } = tape
  const [images, channels, height, width] = sizes(x) as [number, number, number, number]
  const [filters, , kernel] = sizes(weight) as [number, number, number]
  const side = (kernel - 1) / 2
  const padded = { attributes: { pads: [side, side, side, side] } }
  const y = graph.op('Conv', [x, weight, bias], float(images, filters, height, width), padded)
  return tape.recorded(y, [x, weight, bias], dy => {
    // By the weight: a convolution in which images are the channels.
    const dWeight = graph.op('Conv', [transposed(graph, x, [1, 0, 2, 3]), transposed(graph, dy, [1, 0, 2, 3])], float(channels, filters, kernel, kernel), padded)
    const dBias = graph.op('ReduceSum', [dy, numbers(graph, 0, 2, 3)], float(filters), { attributes: { keepdims: { int: 0 } } })
    return [graph.op('ConvTranspose', [dy, weight], like(x), padded), transposed(graph, dWeight, [1, 0, 2, 3]), dBias]
  })
}

/** The greatest of each 2 × 2: half the height and half the width, both even before. */
export function maxPool(tape: Tape, x: Value): Value {
  const { graph } = tape
  const [images, channels, height, width] = sizes(x) as [number, number, number, number]
  const half = [images, channels, height / 2, width / 2]
  const window = { attributes: { kernel_shape: [2, 2], strides: [2, 2] } }
  const [y, places] = graph.node('MaxPool', [x], [float(...half), { type: 'int64', shape: half }], window) as [Value, Value]
  return tape.recorded(y, [x], dy => [graph.op('MaxUnpool', [dy, places, numbers(graph, images, channels, height, width)], like(x), window)])
}
