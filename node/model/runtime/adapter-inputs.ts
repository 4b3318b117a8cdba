import type { Adapter, LowRank } from '../adapter.ts'
import type { DecoderConfig } from '../decoder-config.ts'
import { type Linear, adaptableLinears, lowRankInputs } from '../graph/low-rank.ts'
import type { Tensor } from './session.ts'

type Inputs = Readonly<Record<string, Tensor>>

/** Of rank 0: it adds nothing. A view, because memory of no length at all has no address. */
const none: LowRank = { rank: 0, a: new Float32Array(1).subarray(0, 0), b: new Float32Array(1).subarray(0, 0) }

/** Adapters as the inputs of a graph (low-rank.ts); the same tensors each time, as long as an adapter is in use. */
export class AdapterInputs {
  readonly #linears: readonly Linear[]
  readonly #base: Inputs
  readonly #known = new WeakMap<Adapter, Inputs>()

  constructor(config: DecoderConfig) {
    this.#linears = adaptableLinears(config)
    this.#base = this.#inputs(new Map())
  }

  of(adapter: Adapter | undefined): Inputs {
    if (!adapter) return this.#base
    const inputs = this.#known.get(adapter) ?? this.#inputs(adapter.linears)
    this.#known.set(adapter, inputs)
    return inputs
  }

  #inputs(adapted: Adapter['linears']): Inputs {
    return Object.fromEntries(this.#linears.flatMap(linear => {
      const { rank, a, b } = adapted.get(linear.name) ?? none
      const names = lowRankInputs(linear)
      return [[names.a, float32(a, [linear.columns, rank])], [names.b, float32(b, [rank, linear.rows])]]
    }))
  }
}

function float32(data: Float32Array, shape: readonly number[]): Tensor {
  return { type: 'float32', shape, data }
}
