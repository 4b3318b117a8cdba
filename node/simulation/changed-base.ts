import { KinmeshError } from '../../mesh/errors.ts'
import type { Linear } from '../../federated/aggregation/low-rank.ts'
import type { Tensor } from '../model/runtime/session.ts'
import type { Base } from '../train/decoder-objective.ts'
import type { BaseInput } from '../train/graphs/base-weights.ts'

type Changed = { readonly published: Float32Array; readonly data: Float32Array; readonly from: number }

/** The weights of a model, f32, with what rounds added to those of its linear layers. Graphs see every change, as they read the same memory each time. */
export class ChangedBase implements Base {
  readonly format = { bits: 32 } as const
  readonly #base: Base
  /** Where what is added to a matrix begins. */
  readonly #places = new Map<string, number>()
  readonly #tensors = new Map<string, Promise<Tensor>>()
  readonly #changed: Changed[] = []
  #added: Float32Array
  /** Numbers that can be added to. */
  readonly values: number

  /** @throws KinmeshError `InvalidOption`: `base` is in few bits */
  constructor(base: Base, linears: readonly Linear[]) {
    if (base.format.bits !== 32) throw new KinmeshError('InvalidOption', 'stack and residual change the weights of a model, which are unpacked for it where there are at most 32 million of them: choose ffa, fedit or svd, or a smaller model')
    this.#base = base
    let values = 0
    for (const { name, inputs, outputs } of linears) {
      this.#places.set(`${name}.weight`, values)
      values += inputs * outputs
    }
    this.values = values
    this.#added = new Float32Array(values)
  }

  /** @throws KinmeshError those of the base */
  tensor(input: BaseInput): Promise<Tensor> {
    const known = this.#tensors.get(input.name) ?? this.#load(input)
    this.#tensors.set(input.name, known)
    return known
  }

  /** In the place of what was added before: f32 [outputs, inputs] of each layer, one behind the other. */
  add(added: Float32Array): void {
    this.#added = added
    for (const changed of this.#changed) this.#write(changed)
  }

  async #load(input: BaseInput): Promise<Tensor> {
    const given = await this.#base.tensor(input)
    const from = this.#places.get(input.source)
    if (from === undefined) return given
    const published = given.data as Float32Array
    const changed = { published, data: new Float32Array(published.length), from }
    this.#write(changed)
    this.#changed.push(changed)
    return { ...given, data: changed.data }
  }

  #write({ published, data, from }: Changed): void {
    for (let at = 0; at < data.length; at++) data[at] = published[at]! + this.#added[from + at]!
  }
}
