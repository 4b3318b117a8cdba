import { KinmeshError } from '../../mesh/errors.ts'

/** Who gives how much. `weight`: examples it learned from, capped; a whole number from 1. */
export type Weighted = { readonly participant: string; readonly weight: number }

/** One participant's part of a mean. `values`: f32, its delta, flat. */
export type WeightedUpdate = Weighted & { readonly values: Float32Array }

/** Weights of one mean together. Sums of them are exact in float64 and fit one word of the ring. */
export const maxTotalWeight = 0xffff_ffff

/**
 * The one order in which contributions are summed, so that whoever repeats a sum gets the same bits: by participant, in UTF-16 units.
 * @throws KinmeshError `NoContributions`, `DuplicateContribution`, `BadWeight`
 */
export function inOrder<T extends Weighted>(updates: readonly T[]): T[] {
  if (updates.length === 0) throw new KinmeshError('NoContributions', 'there is nothing to average: wait for a contribution, or end the round without a result')
  const ordered = updates.toSorted((one, other) => (one.participant < other.participant ? -1 : 1))
  ordered.forEach(({ participant, weight }, at) => {
    if (ordered[at - 1]?.participant === participant) throw new KinmeshError('DuplicateContribution', `${participant} is there twice: keep one contribution of each participant`)
    if (!Number.isInteger(weight) || weight < 1) throw new KinmeshError('BadWeight', `${participant} has the weight ${weight}: a weight is a whole number from 1`)
  })
  if (totalWeight(ordered) > maxTotalWeight) throw new KinmeshError('BadWeight', `the weights add up to ${totalWeight(ordered)}, and ${maxTotalWeight} is the most: cap the examples of a participant`)
  return ordered
}

export function totalWeight(updates: readonly Weighted[]): number {
  return updates.reduce((sum, { weight }) => sum + weight, 0)
}

/**
 * How many values each has.
 * @throws KinmeshError `WrongShape`
 */
export function commonLength(updates: readonly WeightedUpdate[]): number {
  const length = updates[0]?.values.length ?? 0
  for (const { participant, values } of updates) {
    if (values.length !== length) throw new KinmeshError('WrongShape', `${participant} gave ${values.length} values and ${updates[0]?.participant} ${length}: average deltas of one model`)
  }
  return length
}
