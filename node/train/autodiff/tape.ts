import { type Graph, type Value, like } from '../../model/graph/graph.ts'

/** Gradients of the inputs of an operation by those of its results, each in their order; null where there is none. Both have the shape of what they are the gradient of. */
export type Vjp = (gradients: readonly (Value | null)[]) => readonly (Value | null)[]

type Step = { readonly results: readonly Value[]; readonly inputs: readonly Value[]; readonly vjp: Vjp }

/**
 * Reverse-mode differentiation (Griewank and Walther 2008, Evaluating Derivatives) over a graph in the making. What is computed from a variable is written down with its
 * vector-Jacobian product; going through that backwards adds the gradients to the same graph. Whatever nobody needs in the end is not in the encoded graph.
 */
export class Tape {
  readonly graph: Graph
  readonly #steps: Step[] = []
  readonly #variables = new Set<Value>()
  /** What depends on a variable, variables included. */
  readonly #active = new Set<Value>()

  constructor(graph: Graph) {
    this.graph = graph
  }

  /** Says that the gradient of a value is wanted. */
  variable(value: Value): Value {
    this.#variables.add(value)
    this.#active.add(value)
    return value
  }

  /** Writes down how an operation passes gradients on. Without a variable among what it was computed from, it passes none. */
  record(results: readonly Value[], inputs: readonly Value[], vjp: Vjp): void {
    if (!inputs.some(input => this.#active.has(input))) return
    for (const result of results) this.#active.add(result)
    this.#steps.push({ results, inputs, vjp })
  }

  /** As `record`, for the usual case of one result, which it gives back. */
  recorded(result: Value, inputs: readonly Value[], vjp: (gradient: Value) => readonly (Value | null)[]): Value {
    this.record([result], inputs, ([gradient]) => (gradient ? vjp(gradient) : []))
    return result
  }

  /**
   * A block that is computed once more when its gradient is due, instead of being kept till then (Chen et al. 2016, arXiv:1604.06174). `compute` is called twice,
   * and does the same each time; what it calls variables are variables here as well.
   */
  checkpoint(inputs: readonly Value[], compute: (tape: Tape, inputs: readonly Value[]) => Value): Value {
    const once = new Tape(this.graph)
    const result = compute(once, inputs)
    const variables = [...once.#variables]
    for (const value of variables) this.variable(value)
    return this.recorded(result, [...inputs, ...variables], gradient => {
      const again = new Tape(this.graph)
      // The block waits for its gradient: without that it would be computed right away, and kept.
      const late = inputs.map(input => again.variable(after(this.graph, input, gradient)))
      const gradients = again.backward(compute(again, late), gradient)
      return [...late, ...variables].map(value => gradients.get(value) ?? null)
    })
  }

  /** Gradients of all that `result` was computed from, given that of `result` itself. Once. */
  backward(result: Value, gradient: Value): ReadonlyMap<Value, Value> {
    const gradients = new Map([[result, gradient]])
    for (const { results, inputs, vjp } of this.#steps.toReversed()) {
      const known = results.map(each => gradients.get(each) ?? null)
      if (known.every(each => each === null)) continue
      for (const [place, found] of vjp(known).entries()) {
        const input = inputs[place]
        if (!found || !input || !this.#active.has(input)) continue
        const before = gradients.get(input)
        gradients.set(input, before ? this.graph.op('Add', [before, found], like(found)) : found)
      }
    }
    return gradients
  }
}

/** `value`, f32, once `other`, f32 of any shape, is there as well. */
export function after(graph: Graph, value: Value, other: Value): Value {
  const numbers = (...all: number[]) => graph.constant(BigInt64Array.from(all, BigInt), [all.length])
  const flat = graph.op('Reshape', [other, numbers(-1)], { type: 'float32', shape: ['all'] })
  const first = graph.op('Slice', [flat, numbers(0), numbers(1)], { type: 'float32', shape: [1] })
  const zero = graph.op('Mul', [first, graph.constant(Float32Array.of(0), [1])], { type: 'float32', shape: [1] })
  return graph.op('Add', [value, zero], like(value))
}
