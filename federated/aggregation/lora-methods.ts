import { KinmeshError } from '../../mesh/errors.ts'
import { inOrder } from './contribution.ts'
import { normOf, sharesOf, stacked, toLayer, truncated, type Factors } from './factors.ts'
import { checkAlike, type Linear, type LoraUpdate, type LowRank } from './low-rank.ts'
import { byName } from './options.ts'
import { weightedMean } from './weighted-mean.ts'

// The mean of LoRA adapters. What is wanted is the mean of their products, Σ pᵢ·Bᵢ·Aᵢ with p by examples; the product of the means is another matrix.

export type LoraAggregate = {
  /** What takes the place of the adapters. */
  readonly layers: readonly LowRank[]
  /** What is to be added to the frozen weights besides, layer by layer; empty for methods that need nothing. */
  readonly residual: readonly LowRank[]
  /** ‖result − mean of the products‖ / ‖mean of the products‖ over all layers, Frobenius: 0 for methods that are exact but for the rounding of f32. */
  readonly relativeError: number
  /** For the person who chose the method. */
  readonly warnings: readonly string[]
}

export type LoraMethod = {
  readonly name: string
  readonly source: string
  /** That the result changes the weights by the mean of the products. */
  readonly exact: boolean
  /** That the sum of the participants' values is enough, so that secure aggregation can hide each. */
  readonly maskable: boolean
  /** f32 values on their way for one layer, from a participant and to one, with so many participants of this rank. */
  values(linear: Linear, rank: number, participants: number): { up: number; down: number }
  /**
   * `rank`: of the result of svd; by default the largest that a participant has.
   * @throws KinmeshError `NoContributions`, `DuplicateContribution`, `BadWeight`, `WrongShape`; ffa: `FrozenFactorChanged`; svd: `RankTooLarge`, `NotFinite`
   */
  aggregate(updates: readonly LoraUpdate[], options?: { rank?: number }): LoraAggregate
}

export const defaultLoraMethod = 'ffa'

/** Ranks of all participants together that svd takes: a few seconds for each layer. */
export const maxStackedRank = 512

const both = ({ inputs, outputs }: Linear, rank: number) => rank * (inputs + outputs)

const methods: Readonly<Record<string, LoraMethod>> = {
  /**
   * A is the same for all and nobody trains it (frozen-factor.ts), so Σ pᵢ·Bᵢ·A = (Σ pᵢ·Bᵢ)·A: the mean of the B is all there is to do, and a mask over B hides it.
   * Half of the parameters learn.
   */
  ffa: {
    name: 'ffa',
    source: 'Sun et al. 2024, "Improving LoRA in Privacy-preserving Federated Learning" (FFA-LoRA), arXiv 2403.12313',
    exact: true,
    maskable: true,
    values: ({ outputs }, rank) => ({ up: rank * outputs, down: rank * outputs }),
    aggregate: given => {
      const updates = checked(given, true)
      for (const { participant, layers } of updates) {
        const changed = layers.find(({ a }, at) => a.some((value, place) => value !== updates[0]!.layers[at]!.a[place]))
        if (changed) throw new KinmeshError('FrozenFactorChanged', `${participant} and ${updates[0]!.participant} have different A for ${changed.name}, which ffa does not train: leave one out, or choose stack or residual`)
      }
      return exactly(perLayer(updates, layers => ({ ...layers[0]!.layer, b: meanOf(layers, 'b') })))
    }
  },
  /** All adapters side by side: rank Σ rᵢ, exact, and ranks may differ. Everybody adds the result to its weights and starts a new adapter. */
  stack: {
    name: 'stack',
    source: 'Wang et al. 2024, "FLoRA: Federated Fine-Tuning Large Language Models with Heterogeneous Low-Rank Adaptations", arXiv 2409.05976',
    exact: true,
    maskable: false,
    values: (linear, rank, participants) => ({ up: both(linear, rank), down: participants * both(linear, rank) }),
    aggregate: given => exactly(perLayer(checked(given, false), layers => toLayer(layers[0]!.layer, meanOfProducts(layers))))
  },
  /** A and B averaged apart, and what that misses added to the frozen weights, which differ from round to round for that: exact. */
  residual: {
    name: 'residual',
    source: 'Singhal et al. 2024, "FedEx-LoRA: Exact Aggregation for Federated and Efficient Fine-Tuning of Foundation Models", arXiv 2410.09432',
    exact: true,
    maskable: false,
    values: (linear, rank, participants) => ({ up: both(linear, rank), down: participants * both(linear, rank) }),
    aggregate: given => {
      const updates = checked(given, true)
      return { ...exactly(perLayer(updates, averagedApart)), residual: perLayer(updates, layers => toLayer(layers[0]!.layer, missedBy(averagedApart(layers), layers))) }
    }
  },
  /** The mean of the products, cut to a rank by singular values: the nearest adapter of that rank. */
  svd: {
    name: 'svd',
    source: 'Bai et al. 2024, "Federated Fine-tuning of Large Language Models under Heterogeneous Tasks and Client Resources" (FlexLoRA), arXiv 2402.11505',
    exact: false,
    maskable: false,
    values: (linear, rank) => ({ up: both(linear, rank), down: both(linear, rank) }),
    aggregate: (given, { rank } = {}) => {
      const updates = checked(given, false)
      if (rank !== undefined && !(Number.isSafeInteger(rank) && rank > 0)) throw new KinmeshError('BadAggregationOption', `svd cannot cut to rank ${rank}: give a whole number from 1`)
      const parts = updates[0]!.layers.map((_, at) => cut(layersAt(updates, at), rank))
      return { layers: parts.map(({ layer }) => layer), residual: [], relativeError: ratio(parts.map(({ lost }) => lost), parts.map(({ norm }) => norm)), warnings: [] }
    }
  },
  /** A and B averaged apart: what most code does, and not the mean of what the participants learned. To compare with. */
  fedit: {
    name: 'fedit',
    source: 'Zhang et al. 2024, "Towards Building the Federated GPT: Federated Instruction Tuning" (FedIT), arXiv 2305.05644',
    exact: false,
    maskable: true,
    values: (linear, rank) => ({ up: both(linear, rank), down: both(linear, rank) }),
    aggregate: given => {
      const updates = checked(given, true)
      const layers = perLayer(updates, averagedApart)
      const relativeError = ratio(
        layers.map((layer, at) => normOf(missedBy(layer, layersAt(updates, at)))),
        layers.map((_, at) => normOf(meanOfProducts(layersAt(updates, at))))
      )
      return { layers, residual: [], relativeError, warnings: [`fedit averages A and B apart, which is ${(100 * relativeError).toFixed(1)} % of its size away from the mean of what was learned: ffa, stack and residual are exact`] }
    }
  }
}

export const loraMethodNames = Object.keys(methods)

/** @throws KinmeshError `UnknownAggregation` */
export function loraMethod(name: string): LoraMethod {
  return byName('aggregation of adapters', methods, name)
}

/** One layer of one participant, with its share of the mean. */
type Share = { readonly participant: string; readonly weight: number; readonly factor: number; readonly layer: LowRank }

function checked(given: readonly LoraUpdate[], sameRank: boolean): LoraUpdate[] {
  const updates = inOrder(given)
  checkAlike(updates, sameRank)
  return updates
}

function layersAt(updates: readonly LoraUpdate[], at: number): Share[] {
  const shares = sharesOf(updates)
  return updates.map(({ participant, weight, layers }, of) => ({ participant, weight, factor: shares[of]!, layer: layers[at]! }))
}

function perLayer(updates: readonly LoraUpdate[], of: (layers: readonly Share[]) => LowRank): LowRank[] {
  return updates[0]!.layers.map((_, at) => of(layersAt(updates, at)))
}

function exactly(layers: readonly LowRank[]): LoraAggregate {
  return { layers, residual: [], relativeError: 0, warnings: [] }
}

function meanOf(layers: readonly Share[], part: 'a' | 'b'): Float32Array {
  return weightedMean(layers.map(({ participant, weight, layer }) => ({ participant, weight, values: layer[part] })))
}

function averagedApart(layers: readonly Share[]): LowRank {
  return { ...layers[0]!.layer, a: meanOf(layers, 'a'), b: meanOf(layers, 'b') }
}

function meanOfProducts(layers: readonly Share[]): Factors {
  return stacked(layers[0]!.layer, layers)
}

/**
 * Mean of the products less the product of the means, without taking one large matrix from another: Σ pᵢ·(Bᵢ − B̄)·(Aᵢ − Aₙ), which is the same since the Bᵢ − B̄ weighted so add up to nothing.
 * The term of the last participant n is zero, and so the rank is that of all others together.
 */
function missedBy(mean: LowRank, layers: readonly Share[]): Factors {
  const last = layers.at(-1)!.layer
  return stacked(mean, layers.slice(0, -1).map(({ factor, layer }) => ({
    factor,
    layer: { rank: layer.rank, a: Float64Array.from(layer.a, (value, at) => value - last.a[at]!), b: Float64Array.from(layer.b, (value, at) => value - mean.b[at]!) }
  })))
}

function cut(layers: readonly Share[], wanted?: number): { layer: LowRank; norm: number; lost: number } {
  const linear = layers[0]!.layer
  const stackedRank = layers.reduce((sum, { layer }) => sum + layer.rank, 0)
  if (stackedRank > maxStackedRank) throw new KinmeshError('RankTooLarge', `the adapters of ${linear.name} have rank ${stackedRank} together, and svd takes ${maxStackedRank}: choose ffa or stack, fewer participants or a smaller rank`)
  const { factors, norm, lost } = truncated(meanOfProducts(layers), wanted ?? Math.max(...layers.map(({ layer }) => layer.rank)))
  return { layer: toLayer(linear, factors), norm, lost }
}

/** Of norms over several layers; 0 of nothing. */
function ratio(parts: readonly number[], wholes: readonly number[]): number {
  const squares = (values: readonly number[]) => values.reduce((sum, value) => sum + value * value, 0)
  return squares(wholes) === 0 ? 0 : Math.sqrt(squares(parts) / squares(wholes))
}
