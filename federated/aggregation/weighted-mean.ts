import { commonLength, inOrder, totalWeight, type WeightedUpdate } from './contribution.ts'

/**
 * Σ weight·values / Σ weight, f32 like the values (FedAvg: McMahan et al. 2017, "Communication-Efficient Learning of Deep Networks from Decentralized Data", arXiv 1602.05629).
 * A product of an f32 and a weight below 2^29 is exact in float64, sums are taken there in one order, and the result is rounded once: the same bits whatever the order of `updates`, on every platform.
 * @throws KinmeshError `NoContributions`, `DuplicateContribution`, `BadWeight`, `WrongShape`
 */
export function weightedMean(updates: readonly WeightedUpdate[]): Float32Array {
  const ordered = inOrder(updates)
  const sums = new Float64Array(commonLength(ordered))
  for (const { weight, values } of ordered) for (let at = 0; at < sums.length; at++) sums[at]! += weight * values[at]!
  const total = totalWeight(ordered)
  const mean = new Float32Array(sums.length)
  for (let at = 0; at < mean.length; at++) mean[at] = sums[at]! / total
  return mean
}
