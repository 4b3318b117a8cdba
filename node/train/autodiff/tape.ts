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
   * A part of a computation, as a layer. Gradients of the variables in it are computed before the gradient goes on to what came before: onnxruntime would leave them for the end, and keep all that they are
   * computed from till then. `isAgain`: it is computed once more for that, instead of being kept (Chen et al. 2016, arXiv:1604.06174); `compute` is called twice then, and does the same each time.
   */
  block(inputs: readonly Value[], isAgain: boolean, compute: (tape: Tape, inputs: readonly Value[]) => Value): Value {
    const once = new Tape(this.graph)
    const result = compute(once, isAgain ? inputs : inputs.map(input => once.variable(input)))
    const variables = [...once.#variables].filter(value => !inputs.includes(value))
    for (const value of variables) this.variable(value)
    return this.recorded(result, [...inputs, ...variables], gradient => {
      const [tape, own] = isAgain ? this.#again(inputs, gradient) : [once, inputs]
      const gradients = tape.backward(isAgain ? compute(tape, own) : result, gradient)
      const learned = variables.map(value => gradients.get(value) ?? null)
      const found = learned.filter(each => each !== null)
      return [...own.map(value => gradients.get(value)).map(each => (each ? after(this.graph, each, ...found) : null)), ...learned]
    })
  }

  /** The inputs of a block once more. They wait for its gradient: without that it would be computed right away, and kept. */
  #again(inputs: readonly Value[], gradient: Value): [Tape, Value[]] {
    const tape = new Tape(this.graph)
    return [tape, inputs.map(input => tape.variable(after(this.graph, input, gradient)))]
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

/** `value`, f32, once others, f32 of any shapes, are there as well. */
export function after(graph: Graph, value: Value, ...others: readonly Value[]): Value {
  const numbers = (...all: number[]) => graph.constant(BigInt64Array.from(all, BigInt), [all.length])
  const firsts = others.map(other => {
    const flat = graph.op('Reshape', [other, numbers(-1)], { type: 'float32', shape: ['all'] })
    return graph.op('Slice', [flat, numbers(0), numbers(1)], { type: 'float32', shape: [1] })
  })
  const [first] = firsts
  if (!first) return value
  const all = firsts.length === 1 ? first : graph.op('Sum', firsts, { type: 'float32', shape: [1] })
  const zero = graph.op('Mul', [all, graph.constant(Float32Array.of(0), [1])], { type: 'float32', shape: [1] })
  return graph.op('Add', [value, zero], like(value))
}
