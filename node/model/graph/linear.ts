import type { Dim, Graph, Result, Value } from './graph.ts'
import type { Matrix, Section, WeightLayout } from './weight-layout.ts'

/** int8 sums of products of 4 or 8 bit weights with activations that are rounded to int8 block by block (onnxruntime, MatMulNBits). */
const int8Accuracy = 4

/** `x · Wᵀ`, for x f32 [..., columns]: f32 [..., rows]. `name` is for what the graph gives out. */
export function linear(graph: Graph, layout: WeightLayout, x: Value, matrix: Matrix, name?: string): Value {
  const { rows, columns, format } = matrix
  const result = { type: 'float32' as const, shape: [...x.shape.slice(0, -1), rows], ...(name ? { name } : {}) }
  if (format.bits === 32) {
    const weight = placed(graph, layout, matrix, 'values', 'float32', [rows, columns])
    return graph.op('FusedMatMul', [x, weight], result, { domain: 'com.microsoft', attributes: { transB: { int: 1 } } })
  }
  if (format.block === null) return rowLinear(graph, layout, x, matrix, result)
  const { bits, block } = format
  const blocks = Math.ceil(columns / block)
  const values = placed(graph, layout, matrix, 'values', 'uint8', [rows, blocks, (block * bits) / 8])
  const scales = placed(graph, layout, matrix, 'scales', 'float32', [rows * blocks])
  const zeroPoints = format.zeroPoints ? placed(graph, layout, matrix, 'zeroPoints', 'uint8', [rows * Math.ceil((blocks * bits) / 8)]) : null
  const attributes = { K: { int: columns }, N: { int: rows }, bits: { int: bits }, block_size: { int: block }, accuracy_level: { int: int8Accuracy } }
  return graph.op('MatMulNBits', [x, values, scales, zeroPoints], result, { domain: 'com.microsoft', attributes })
}

/** The middle of uint8: activations are signed, and the quick kernels want them unsigned. */
const activationZero = Uint8Array.of(128)

/**
 * As `linear`, with x rounded to 8 bits: each token by the greatest of its values, so that what is read along with it changes nothing. Products and sums of
 * integers are several times as quick as MatMulNBits where there are many tokens.
 */
function rowLinear(graph: Graph, layout: WeightLayout, x: Value, matrix: Matrix, result: Result): Value {
  const { rows, columns } = matrix
  const constant = (...numbers: number[]) => graph.constant(BigInt64Array.from(numbers, BigInt), [numbers.length])
  const scalar = (number: number) => graph.constant(Float32Array.of(number), [])
  const float = (...shape: Dim[]) => ({ type: 'float32' as const, shape })
  const flat = graph.op('Reshape', [x, constant(-1, columns)], float('all tokens', columns))
  const greatest = graph.op('ReduceMax', [graph.op('Abs', [flat], float('all tokens', columns)), constant(1)], float('all tokens'), { attributes: { keepdims: { int: 0 } } })
  const scale = graph.op('Mul', [greatest, scalar(1 / 127)], float('all tokens'))
  const zeros = graph.op('Expand', [graph.constant(activationZero, [1]), graph.op('Shape', [scale], { type: 'int64', shape: [1] })], { type: 'uint8', shape: ['all tokens'] })
  const rounded = graph.op('QuantizeLinear', [flat, scale, zeros], { type: 'uint8', shape: ['all tokens', columns] }, { attributes: { axis: { int: 0 } } })
  const values = placed(graph, layout, matrix, 'values', 'int8', [columns, rows])
  const scales = placed(graph, layout, matrix, 'scales', 'float32', [rows])
  const summed = graph.op('MatMulIntegerToFloat', [rounded, values, scalar(1), scales, graph.constant(activationZero, [])], float('all tokens', rows), { domain: 'com.microsoft' })
  const scaled = graph.op('Mul', [summed, graph.op('Unsqueeze', [scale, constant(1)], float('all tokens', 1))], float('all tokens', rows))
  const shape = x.shape.slice(0, -1)
  const leading = graph.op('Slice', [graph.op('Shape', [x], { type: 'int64', shape: [x.shape.length] }), constant(0), constant(shape.length)], { type: 'int64', shape: [shape.length] })
  return graph.op('Reshape', [scaled, graph.op('Concat', [leading, constant(rows)], { type: 'int64', shape: [x.shape.length] }, { attributes: { axis: { int: 0 } } })], result)
}

/** The rows of a matrix that `ids`, int32 [...], name: f32 [..., columns]. */
export function lookUp(graph: Graph, layout: WeightLayout, ids: Value, matrix: Matrix): Value {
  const { rows, columns, format } = matrix
  const shape: Dim[] = [...ids.shape, columns]
  if (format.bits === 32) return graph.op('Gather', [placed(graph, layout, matrix, 'values', 'float32', [rows, columns]), ids], { type: 'float32', shape })
  if (format.block === null) throw new Error(`${matrix.name}: single rows are not looked up in this format`)
  const { bits, block } = format
  const blocks = Math.ceil(columns / block)
  // The bytes of the head, declared as this operation wants them: one row after the other.
  const byRow = (part: Section['part'], type: 'uint8' | 'float32', inFile: readonly number[], rowLength: number) =>
    graph.weight(`${matrix.name}.${part} by row`, type, [rows, rowLength], layout.place(matrix, part, type, inFile))
  const values = byRow('values', 'uint8', [rows, blocks, (block * bits) / 8], (blocks * block * bits) / 8)
  const scales = byRow('scales', 'float32', [rows * blocks], blocks)
  const zeroBytes = Math.ceil((blocks * bits) / 8)
  const zeroPoints = format.zeroPoints ? byRow('zeroPoints', 'uint8', [rows * zeroBytes], zeroBytes) : null
  const attributes = { gather_axis: { int: 0 }, quantize_axis: { int: 1 }, block_size: { int: block }, bits: { int: bits } }
  const padded = graph.op('GatherBlockQuantized', [values, ids, scales, zeroPoints], { type: 'float32', shape: [...ids.shape, blocks * block] }, { domain: 'com.microsoft', attributes })
  return blocks * block === columns ? padded : firstColumns(graph, padded, columns)
}

function firstColumns(graph: Graph, x: Value, columns: number): Value {
  const at = (value: number) => graph.constant(BigInt64Array.of(BigInt(value)), [1])
  return graph.op('Slice', [x, at(0), at(columns), at(-1)], { type: 'float32', shape: [...x.shape.slice(0, -1), columns] })
}

/** A vector of f32 as it was published. */
export function vector(graph: Graph, layout: WeightLayout, name: string, sources: readonly string[], length: number): Value {
  return placed(graph, layout, { name, sources, rows: 1, columns: length, format: { bits: 32 } }, 'values', 'float32', [length])
}

function placed(graph: Graph, layout: WeightLayout, matrix: Matrix, part: Section['part'], type: 'uint8' | 'int8' | 'float32', shape: readonly number[]): Value {
  const section = layout.place(matrix, part, type, shape)
  return graph.weight(section.name, type, shape, section)
}
