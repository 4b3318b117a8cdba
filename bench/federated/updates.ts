import { random } from '../random.ts'

/** What the devices of a bench give to a round: seeded, so that each knows what the others gave. */
export type Giver = { readonly seed: number; readonly examples: number }

/** Most values are far below this; the few that are not are cut. */
export const maxAbs = 0.1
const deviation = 0.01

/** N(0, 0.01²), as what a fine-tuning learns in a round has about that size; f32, another one in each round. Loops, so that nothing of it is collected while a round is timed. */
export function updateOf({ seed }: Giver, round: number, values: number): Float32Array {
  const next = random(seed * 65_537 + round)
  const update = new Float32Array(values)
  for (let at = 0; at < values; at++) update[at] = Math.max(-maxAbs, Math.min(maxAbs, deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())))
  return update
}

/** Their weighted mean as a plain loop in float64. */
export function meanOf(givers: readonly Giver[], round: number, values: number): Float64Array {
  const sums = new Float64Array(values)
  for (const giver of givers) {
    const update = updateOf(giver, round, values)
    for (let at = 0; at < values; at++) sums[at]! += giver.examples * update[at]!
  }
  const total = givers.reduce((sum, { examples }) => sum + examples, 0)
  return sums.map(value => value / total)
}

export function furthest(mean: Float32Array, right: Float64Array): number {
  let most = 0
  for (let at = 0; at < mean.length; at++) most = Math.max(most, Math.abs(mean[at]! - right[at]!))
  return most
}

/** ‖mean − right‖ / ‖right‖ in L2. */
export function relativeError(mean: ArrayLike<number>, right: Float64Array): number {
  let [off, all] = [0, 0]
  for (let at = 0; at < right.length; at++) {
    off += (mean[at]! - right[at]!) ** 2
    all += right[at]! ** 2
  }
  return Math.sqrt(off / all)
}
