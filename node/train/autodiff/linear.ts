import type { Graph, Value } from '../../model/graph/graph.ts'
import { float, sizes } from './shape.ts'
import type { Tape } from './tape.ts'

/** Which of the two factors is turned, what the product is multiplied with, and what is added to it. */
type GemmOptions = { readonly turnA?: boolean; readonly turnB?: boolean; readonly scale?: number; readonly plus?: Value | null }

/** The product of two matrices. */
export function gemm(graph: Graph, a: Value, b: Value, { turnA = false, turnB = false, scale = 1, plus = null }: GemmOptions = {}): Value {
  const [rows, columns] = [sizes(a)[turnA ? 1 : 0] as number, sizes(b)[turnB ? 0 : 1] as number]
  const attributes = { alpha: scale, transA: { int: Number(turnA) }, transB: { int: Number(turnB) } }
  return graph.op('Gemm', plus ? [a, b, plus] : [a, b], float(rows, columns), { attributes })
}

/** scale · x · Wᵀ, for x [tokens, columns] and W [rows, columns] as it is published: [tokens, rows]. */
export function linear(tape: Tape, x: Value, weight: Value, scale = 1): Value {
  const { graph } = tape
  return tape.recorded(gemm(graph, x, weight, { turnB: true, scale }), [x, weight], dy => [gemm(graph, dy, weight, { scale }), gemm(graph, dy, x, { turnA: true, scale })])
}

/**
 * As `linear` through a matrix that stays as it is. `weight` adds it to the graph, f32 [rows, columns]: once on the way forward, once more on the way back, so that what is unpacked for it is
 * not kept in between.
 */
export function frozenLinear(tape: Tape, x: Value, weight: (waitsFor: Value) => Value): Value {
  const { graph } = tape
  return tape.recorded(gemm(graph, x, weight(x), { turnB: true }), [x], dy => [gemm(graph, dy, weight(dy))])
}
