import type { Dim, Graph, Value } from '../../model/graph/graph.ts'
import type { Tape } from './tape.ts'

/** int64 [n]: shapes, axes and places, as operations of ONNX want them. */
export function numbers(graph: Graph, ...all: readonly number[]): Value {
  return graph.constant(BigInt64Array.from(all, BigInt), [all.length])
}

export function scalar(graph: Graph, value: number): Value {
  return graph.constant(Float32Array.of(value), [])
}

export function float(...shape: readonly Dim[]): { readonly type: 'float32'; readonly shape: readonly Dim[] } {
  return { type: 'float32', shape }
}

/** Sizes that are known; training graphs are made for one shape of batch. */
export function sizes({ name, shape }: Value): number[] {
  return shape.map(size => {
    if (typeof size !== 'number') throw new Error(`${name}: the size ${size} is not known`)
    return size
  })
}

export function reshape(tape: Tape, x: Value, shape: readonly number[]): Value {
  const back = sizes(x)
  return tape.recorded(reshaped(tape.graph, x, shape), [x], dy => [reshaped(tape.graph, dy, back)])
}

export function reshaped(graph: Graph, x: Value, shape: readonly number[]): Value {
  return graph.op('Reshape', [x, numbers(graph, ...shape)], { type: x.type, shape })
}

/** Dimension `order[i]` of x is dimension i of what comes out. */
export function transpose(tape: Tape, x: Value, order: readonly number[]): Value {
  const back = order.map((_, dimension) => order.indexOf(dimension))
  return tape.recorded(transposed(tape.graph, x, order), [x], dy => [transposed(tape.graph, dy, back)])
}

export function transposed(graph: Graph, x: Value, order: readonly number[]): Value {
  const from = sizes(x)
  return graph.op('Transpose', [x], { type: x.type, shape: order.map(dimension => from[dimension] as number) }, { attributes: { perm: order } })
}

/** Rows `from` to `to` of the first dimension. */
export function rowsOf(graph: Graph, x: Value, from: number, to: number): Value {
  const [, ...rest] = sizes(x)
  return graph.op('Slice', [x, numbers(graph, from), numbers(graph, to), numbers(graph, 0)], { type: x.type, shape: [to - from, ...rest] })
}

/** The rows of x [rows, columns] that `picked`, int32 [n], names. `back`, int32 [rows]: which of them each row is; n where it is none. */
export function pick(tape: Tape, x: Value, picked: Value, back: Value): Value {
  const { graph } = tape
  const [, columns] = sizes(x) as [number, number]
  const rows = (from: Value, which: Value) => graph.op('Gather', [from, which], float(...sizes(which), columns))
  // Each row is asked for once on the way back: adding up what was picked twice would be a race between threads.
  return tape.recorded(rows(x, picked), [x], dy => [rows(stacked(graph, [dy, graph.op('Expand', [scalar(graph, 0), numbers(graph, 1, columns)], float(1, columns))]), back)])
}

/** Values under each other. */
export function stacked(graph: Graph, parts: readonly Value[]): Value {
  const [first] = parts
  if (!first) throw new Error('there is nothing to put under each other')
  if (parts.length === 1) return first
  const [, ...rest] = sizes(first)
  return graph.op('Concat', parts, { type: first.type, shape: [parts.reduce((sum, part) => sum + (sizes(part)[0] as number), 0), ...rest] }, { attributes: { axis: { int: 0 } } })
}

/** Sum over the first dimensions, so that `kept` last ones stay. */
export function summed(graph: Graph, x: Value, kept: number): Value {
  const all = sizes(x)
  const axes = Array.from({ length: all.length - kept }, (_, axis) => axis)
  return graph.op('ReduceSum', [x, numbers(graph, ...axes)], float(...all.slice(all.length - kept)), { attributes: { keepdims: { int: 0 } } })
}
