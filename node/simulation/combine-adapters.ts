import type { WeightedUpdate } from '../../federated/aggregation/contribution.ts'
import { type LoraMethod, loraMethod } from '../../federated/aggregation/lora-methods.ts'
import { flatten, type Linear, type LowRank, unflatten } from '../../federated/aggregation/low-rank.ts'
import type { Combining } from '../../federated/simulation/local-task.ts'
import type { DecoderConfig } from '../model/decoder-config.ts'
import { adaptableLinears } from '../model/graph/low-rank.ts'

/** What clients share of an adapter by each method, one behind the other, f32: `factors`, A and B of each layer; `weights`, what was added to the frozen ones, [outputs, inputs] of each layer. Under `ffa` it is B, and neither. */
export type SharedParts = { readonly factors: boolean; readonly weights: boolean }

export function sharedParts(method: string | undefined): SharedParts {
  return { factors: method === 'fedit' || method === 'svd' || method === 'residual', weights: method === 'stack' || method === 'residual' }
}

/** The linear layers of a model that adapters change, as federated/ names them. */
export function linearsOf(config: DecoderConfig): Linear[] {
  return adaptableLinears(config).map(({ name, rows: outputs, columns: inputs }) => ({ name, inputs, outputs }))
}

/** Undefined under `ffa`, whose contributions are B, and whose result is their mean. */
export function combiningOf(method: string, config: DecoderConfig, rank: number): Combining | undefined {
  return method === 'ffa' ? undefined : new AdapterCombining(loraMethod(method), linearsOf(config), rank)
}

/** Adapters of a round into what is shared after it. A contribution is A and B of each layer: under `stack` those of an adapter that began anew, else what has to be added to the shared ones. */
class AdapterCombining implements Combining {
  readonly #method: LoraMethod
  readonly #empty: readonly LowRank[]
  readonly #rank: number
  readonly #parts: SharedParts

  constructor(method: LoraMethod, linears: readonly Linear[], rank: number) {
    this.#method = method
    this.#rank = rank
    this.#empty = linears.map(linear => ({ ...linear, rank, a: new Float32Array(rank * linear.inputs), b: new Float32Array(linear.outputs * rank) }))
    this.#parts = sharedParts(method.name)
  }

  combine(parameters: Float32Array, updates: readonly WeightedUpdate[]): { step: Float32Array; relativeError: number } {
    const length = flatten(this.#empty, 'both').length
    const before = this.#parts.factors ? parameters.subarray(0, length) : new Float32Array(length)
    const { layers, residual, relativeError } = this.#method.aggregate(updates.map(({ values, ...update }) => ({ ...update, layers: unflatten(this.#empty, values.map((value, at) => value + before[at]!), 'both') })), { rank: this.#rank })
    const step = new Float32Array(parameters.length)
    if (this.#parts.factors) step.set(flatten(layers, 'both').map((value, at) => value - before[at]!))
    if (this.#parts.weights) addProducts(this.#parts.factors ? residual : layers, step.subarray(this.#parts.factors ? length : 0))
    return { step, relativeError }
  }

  valuesDown(contributors: number): number {
    return this.#empty.reduce((sum, linear) => sum + this.#method.values(linear, this.#rank, contributors).down, 0)
  }
}

/** b · a of each layer, one behind the other. */
function addProducts(layers: readonly LowRank[], into: Float32Array): void {
  let from = 0
  for (const { inputs, outputs, rank, a, b } of layers) {
    for (let row = 0; row < outputs; row++) {
      const sums = new Float64Array(inputs)
      for (let between = 0; between < rank; between++) {
        const factor = b[row * rank + between]!
        for (let column = 0; column < inputs; column++) sums[column]! += factor * a[between * inputs + column]!
      }
      into.set(sums, from + row * inputs)
    }
    from += outputs * inputs
  }
}
