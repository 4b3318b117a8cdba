import type { Tensor } from '../model/runtime/session.ts'
import { type Parameter, sizeOf } from './objective.ts'

/** Tensors within flat vectors, by the names of the parameters; the same ones each time, which sessions want. */
export class FlatViews {
  readonly #parameters: readonly Parameter[]
  readonly #known = new WeakMap<Float32Array, Readonly<Record<string, Tensor>>>()

  constructor(parameters: readonly Parameter[]) {
    this.#parameters = parameters
  }

  /** Of a vector of all parameters. */
  of(flat: Float32Array): Readonly<Record<string, Tensor>> {
    const known = this.#known.get(flat)
    if (known) return known
    let at = 0
    const views: Record<string, Tensor> = {}
    for (const { name, shape } of this.#parameters) {
      const next = at + sizeOf(shape)
      views[name] = { type: 'float32', shape, data: flat.subarray(at, next) }
      at = next
    }
    this.#known.set(flat, views)
    return views
  }
}
