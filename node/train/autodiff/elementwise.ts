import { type Graph, type Value, like } from '../../model/graph/graph.ts'
import { scalar, sizes, summed } from './shape.ts'
import type { Tape } from './tape.ts'

export function multiplied(graph: Graph, a: Value, b: Value): Value {
  return graph.op('Mul', [a, b], like(a))
}

/** a + b, of the same shape; or b [columns], added to each row of a. */
export function add(tape: Tape, a: Value, b: Value): Value {
  const rank = sizes(b).length
  const isBias = rank < sizes(a).length
  return tape.recorded(tape.graph.op('Add', [a, b], like(a)), [a, b], dy => [dy, isBias ? summed(tape.graph, dy, rank) : dy])
}

/** max(x, 0). */
export function relu(tape: Tape, x: Value): Value {
  const { graph } = tape
  const y = graph.op('Relu', [x], like(x))
  return tape.recorded(y, [x], dy => {
    const isOn = graph.op('Greater', [y, scalar(graph, 0)], { type: 'bool', shape: y.shape })
    return [graph.op('Where', [isOn, dy, scalar(graph, 0)], like(x))]
  })
}

/** gate · σ(gate) · up (Shazeer 2020, arXiv:2002.05202). */
export function swiGlu(tape: Tape, gate: Value, up: Value): Value {
  const { graph } = tape
  const silu = () => graph.op('QuickGelu', [gate], like(gate), { domain: 'com.microsoft', attributes: { alpha: 1 } })
  return tape.recorded(multiplied(graph, silu(), up), [gate, up], dy => {
    // Computed anew: less than to keep it. d silu = σ + silu · (1 − σ), for σ of the gate.
    const [sigma, activated] = [graph.op('Sigmoid', [gate], like(gate)), silu()]
    const rest = graph.op('Sub', [scalar(graph, 1), sigma], like(gate))
    const slope = graph.op('Add', [sigma, multiplied(graph, activated, rest)], like(gate))
    return [multiplied(graph, multiplied(graph, dy, up), slope), multiplied(graph, dy, activated)]
  })
}
