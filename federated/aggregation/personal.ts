import { KinmeshError } from '../../mesh/errors.ts'
import { flatten, type LowRank, unflatten } from './low-rank.ts'

/**
 * An adapter one of whose matrices goes round, and is averaged, while the other stays with each device. Flat vectors are f32, as flatten (low-rank.ts) writes them.
 *
 * `a` goes round: A holds what is common to tasks and B what differs, it was found; the choice for people whose data differ. The mean of the A is exact for nobody's product, and no product is meant (FedSA-LoRA: Guo et al. 2025,
 * "Selective Aggregation for Low-Rank Adaptation in Federated Learning", arXiv 2410.01463).
 * `b` goes round: with A of each device's own, what B means differs from device to device; the other half of the comparison there. With one A that is frozen it would be ffa, where nothing is a device's own.
 */
export class DividedAdapter {
  readonly shared: 'a' | 'b'
  readonly own: 'a' | 'b'
  readonly #beginning: readonly LowRank[]

  /** `beginning`: what every device has before it learned. */
  constructor(beginning: readonly LowRank[], shared: 'a' | 'b') {
    this.#beginning = beginning
    this.shared = shared
    this.own = shared === 'a' ? 'b' : 'a'
  }

  /** Both matrices of each layer, which a device uses. `own`: undefined of a device that has not learned yet. @throws KinmeshError `WrongShape` */
  whole(shared: Float32Array, own: Float32Array | undefined): Float32Array {
    const layers = unflatten(this.#beginning, shared, this.shared)
    return flatten(own ? unflatten(layers, own, this.own) : layers, 'both')
  }

  /** One of the parts, out of both matrices of each layer. @throws KinmeshError `WrongShape` */
  partOf(whole: Float32Array, part: 'a' | 'b'): Float32Array {
    return flatten(unflatten(this.#beginning, whole, 'both'), part)
  }
}

/**
 * local + share · (shared − local), f32 of one length: what a device uses when neither its own nor everybody's is best (APFL: Deng et al. 2020, "Adaptive Personalized Federated Learning", arXiv 2003.13461, with α = 1 − share).
 * Of flat parameters, or of one matrix of adapters whose other is the same, as under ffa: of whole adapters it would mix the matrices, and not their products.
 * @throws KinmeshError `WrongShape`, `BadAggregationOption`
 */
export function interpolated(local: Float32Array, shared: Float32Array, share: number): Float32Array {
  if (!(share >= 0 && share <= 1)) throw new KinmeshError('BadAggregationOption', `the share of what all devices learned is ${share}: give a number from 0 to 1`)
  if (local.length !== shared.length) throw new KinmeshError('WrongShape', `${local.length} values cannot be mixed with ${shared.length}: take those of one model`)
  return local.map((value, at) => (1 - share) * value + share * shared[at]!)
}
