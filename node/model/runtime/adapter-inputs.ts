import type { Adapter, LowRank } from '../adapter.ts'
import type { DecoderConfig } from '../decoder-config.ts'
import { type Linear, adaptableLinears, lowRankInputs } from '../graph/low-rank.ts'
import type { Tensor } from './session.ts'

type Inputs = Readonly<Record<string, Tensor>>

/** Adapters as the inputs of a graph (low-rank.ts); the same tensors each time, as long as an adapter is in use. */
export class AdapterInputs {
  readonly #linears: readonly Linear[]
  readonly #base: Inputs
  readonly #known = new WeakMap<Adapter, Inputs>()
  /** Where nothing is added. */
  readonly #none: (linear: Linear) => LowRank

  /** `onDevice`: graphics cards take nothing that is empty, so there what adds nothing has rank 1, and is of zeros. */
  constructor(config: DecoderConfig, onDevice: boolean) {
    this.#linears = adaptableLinears(config)
    // Views, because memory of no length at all has no address.
    const zeros = new Float32Array(Math.max(...this.#linears.flatMap(({ rows, columns }) => [rows, columns])))
    const rank = onDevice ? 1 : 0
    this.#none = ({ rows, columns }) => ({ rank, a: zeros.subarray(0, columns * rank), b: zeros.subarray(0, rows * rank) })
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
      const { rank, a, b } = adapted.get(linear.name) ?? this.#none(linear)
      const names = lowRankInputs(linear)
      return [[names.a, float32(a, [linear.columns, rank])], [names.b, float32(b, [rank, linear.rows])]]
    }))
  }
}

function float32(data: Float32Array, shape: readonly number[]): Tensor {
  return { type: 'float32', shape, data }
}
