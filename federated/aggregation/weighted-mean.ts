import { commonLength, inOrder, totalWeight, type WeightedUpdate } from './contribution.ts'

/** Sums of so many values are taken at a time: they stay in the cache of a processor, and no second vector of the whole length is needed. */
const blockValues = 4096

/**
 * Σ weight·values / Σ weight, f32 like the values (FedAvg: McMahan et al. 2017, "Communication-Efficient Learning of Deep Networks from Decentralized Data", arXiv 1602.05629).
 * A product of an f32 and a weight below 2^29 is exact in float64, sums are taken there in one order, and the result is rounded once: the same bits whatever the order of `updates`, on every platform.
 * @throws KinmeshError `NoContributions`, `DuplicateContribution`, `BadWeight`, `WrongShape`
 */
export function weightedMean(updates: readonly WeightedUpdate[]): Float32Array {
  const ordered = inOrder(updates)
  const total = totalWeight(ordered)
  const mean = new Float32Array(commonLength(ordered))
  const sums = new Float64Array(Math.min(blockValues, mean.length))
  for (let from = 0; from < mean.length; from += blockValues) {
    const count = Math.min(blockValues, mean.length - from)
    sums.fill(0)
    for (const { weight, values } of ordered) for (let at = 0; at < count; at++) sums[at]! += weight * values[from + at]!
    for (let at = 0; at < count; at++) mean[from + at] = sums[at]! / total
  }
  return mean
}
