import { KinmeshError } from '../../mesh/errors.ts'
import { stacked, toLayer } from './factors.ts'
import { checkAlike, type LowRank, type Part } from './low-rank.ts'

// What is everybody's and what is one device's own: flatten (low-rank.ts) writes the shared part of an adapter and nothing else, which is what is sent and averaged; unflatten puts the result into the device's own adapter.

/** By name: which matrices of an adapter go round. The others stay where they are, and a device uses both together. */
export const personalisations: Readonly<Record<Part, { readonly source: string; readonly local: string }>> = {
  /** A holds what is common to tasks and B what differs, it was found: the choice for people whose data differ. The mean of the A is exact for nobody's product, and no product is meant. */
  a: { source: 'Guo et al. 2025, "Selective Aggregation for Low-Rank Adaptation in Federated Learning" (FedSA-LoRA), arXiv 2410.01463', local: 'B' },
  /** With A frozen from a public seed it is ffa; with A of each device's own, what B means differs from device to device. */
  b: { source: 'Sun et al. 2024 (FFA-LoRA), arXiv 2403.12313', local: 'A' },
  both: { source: 'Zhang et al. 2024 (FedIT), arXiv 2305.05644', local: 'nothing' }
}

/**
 * local + share · (shared − local), f32 of one length: what a device uses when neither its own nor everybody's is best (APFL: Deng et al. 2020, "Adaptive Personalized Federated Learning", arXiv 2003.13461, with α = 1 − share).
 * Of flat parameters, or of one matrix of adapters whose other is the same; for whole adapters see interpolatedAdapters.
 * @throws KinmeshError `WrongShape`, `BadAggregationOption`
 */
export function interpolated(local: Float32Array, shared: Float32Array, share: number): Float32Array {
  checkShare(share)
  if (local.length !== shared.length) throw new KinmeshError('WrongShape', `${local.length} values cannot be mixed with ${shared.length}: take those of one model`)
  return local.map((value, at) => (1 - share) * value + share * shared[at]!)
}

/**
 * (1 − share) · Bₗ·Aₗ + share · Bₛ·Aₛ, exact, of the ranks of both together: mixing the matrices apart would give another product.
 * @throws KinmeshError `WrongShape`, `BadAggregationOption`
 */
export function interpolatedAdapters(local: readonly LowRank[], shared: readonly LowRank[], share: number): LowRank[] {
  checkShare(share)
  checkAlike([{ participant: 'this device', weight: 1, layers: local }, { participant: 'all devices', weight: 1, layers: shared }], false)
  return local.map((layer, at) => toLayer(layer, stacked(layer, [{ factor: 1 - share, layer }, { factor: share, layer: shared[at]! }])))
}

function checkShare(share: number): void {
  if (!(share >= 0 && share <= 1)) throw new KinmeshError('BadAggregationOption', `the share of what all devices learned is ${share}: give a number from 0 to 1`)
}
