import { type Graph, type Value, like } from '../../model/graph/graph.ts'
import { multiplied } from './elementwise.ts'
import { float, numbers, reshape, scalar, sizes, transpose } from './shape.ts'
import type { Tape } from './tape.ts'

/** Tokens of a batch: rows · length of them, each row padded or packed to one length. */
export type BatchShape = { readonly rows: number; readonly length: number }
export type Heads = { readonly heads: number; readonly kvHeads: number; readonly headDim: number }

/** Cosines and sines, f32 [positions, headDim / 2], and the position of each token, int64 [rows, length]. `back`: the sines with the other sign, which turn back. */
export type Rotation = { readonly cos: Value; readonly sin: Value; readonly back: Value; readonly positions: Value }

const microsoft = { domain: 'com.microsoft' } as const

/** Rotates each head by its position (Su et al. 2021, arXiv:2104.09864). x [rows, length, heads · headDim]. */
export function rotate(tape: Tape, x: Value, { cos, sin, back, positions }: Rotation): Value {
  const turned = (by: Value, value: Value) => tape.graph.op('RotaryEmbedding', [value, positions, cos, by], like(x), { ...microsoft, attributes: { interleaved: { int: 0 } } })
  return tape.recorded(turned(sin, x), [x], dy => [turned(back, dy)])
}

/**
 * What is added to scores: 0 where a token may look, −∞ elsewhere: backwards only, within its example, and at most `window` tokens back, itself included.
 * `segments`, int32 [rows, length], tells examples of a row apart. Gives f32 [rows, 1, groups · length, length].
 */
export function attentionMask(graph: Graph, segments: Value, { rows, length }: BatchShape, groups: number, window: number | null): Value {
  const order = graph.constant(Int32Array.from({ length }, (_, place) => place), [length])
  const bool = (op: string, a: Value, b: Value, ...shape: number[]) => graph.op(op, [a, b], { type: 'bool', shape })
  const across = (x: Value, ...shape: number[]) => graph.op('Reshape', [x, numbers(graph, ...shape)], { type: 'int32', shape })
  const [asking, asked] = [across(order, length, 1), across(order, 1, length)]
  const isBefore = bool('LessOrEqual', asked, asking, length, length)
  const near = window === null ? isBefore : bool('And', isBefore, bool('Less', graph.op('Sub', [asking, asked], { type: 'int32', shape: [length, length] }), graph.constant(Int32Array.of(window), [1]), length, length), length, length)
  const same = bool('Equal', across(segments, rows, 1, length, 1), across(segments, rows, 1, 1, length), rows, 1, length, length)
  const mask = graph.op('Where', [bool('And', same, near, rows, 1, length, length), scalar(graph, 0), scalar(graph, -Infinity)], float(rows, 1, length, length))
  return groups === 1 ? mask : graph.op('Tile', [mask, numbers(graph, 1, 1, groups, 1)], float(rows, 1, groups * length, length))
}

/**
 * Grouped-query attention (Ainslie et al. 2023, arXiv:2305.13245) of whole examples. q [rows, length, heads · headDim], k and v [rows, length, kvHeads · headDim]; heads that share a key are
 * put under each other, so that each product is one matrix per key head.
 */
export function attention(tape: Tape, q: Value, k: Value, v: Value, mask: Value, { rows, length }: BatchShape, { heads, kvHeads, headDim }: Heads): Value {
  const groups = heads / kvHeads
  const byHead = (x: Value, count: number) => transpose(tape, reshape(tape, x, [rows, length, count, headDim]), [0, 2, 1, 3])
  const asked = reshape(tape, byHead(q, heads), [rows, kvHeads, groups * length, headDim])
  const attended = attend(tape, asked, byHead(k, kvHeads), byHead(v, kvHeads), mask, 1 / Math.sqrt(headDim))
  return reshape(tape, transpose(tape, reshape(tape, attended, [rows, heads, length, headDim]), [0, 2, 1, 3]), [rows, length, heads * headDim])
}

/** softmax(scale · q · kᵀ + mask) · v, for q [..., asking, d], k and v [..., asked, d]. */
function attend(tape: Tape, q: Value, k: Value, v: Value, mask: Value, scale: number): Value {
  const { graph } = tape
  const [asking, asked, leading] = [sizes(q).at(-2) as number, sizes(k).at(-2) as number, sizes(q).slice(0, -2)]
  const product = (a: Value, b: Value, shape: readonly number[], { turnA = 0, turnB = 0, by = 1 } = {}) =>
    graph.op('FusedMatMul', [a, b], float(...shape), { ...microsoft, attributes: { transA: { int: turnA }, transB: { int: turnB }, alpha: by } })
  const square = [...leading, asking, asked]
  const scores = graph.op('Add', [product(q, k, square, { turnB: 1, by: scale }), mask], float(...square))
  const shares = graph.op('Softmax', [scores], float(...square), { attributes: { axis: { int: -1 } } })
  const attended = product(shares, v, sizes(q))
  return tape.recorded(attended, [q, k, v], dy => {
    // dS = P · (dP − rowsum(dO · O)).
    const rowSum = graph.op('ReduceSum', [multiplied(graph, dy, attended), numbers(graph, -1)], float(...leading, asking, 1), { attributes: { keepdims: { int: 1 } } })
    const dShares = product(dy, v, square, { turnB: 1 })
    const dScores = multiplied(graph, shares, graph.op('Sub', [dShares, rowSum], float(...square)))
    return [product(dScores, k, sizes(q), { by: scale }), product(dScores, q, sizes(k), { turnA: 1, by: scale }), product(shares, dy, sizes(v), { turnA: 1 })]
  })
}
