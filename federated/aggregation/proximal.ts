import { KinmeshError } from '../../mesh/errors.ts'

/**
 * FedProx (Li et al. 2020, "Federated Optimization in Heterogeneous Networks", arXiv 1812.06127): while it trains, a participant adds mu/2 · ‖w − start‖² to its loss, so that it does not go far from where the round began.
 * This is the gradient of that, mu · (w − start), added to `gradient` in place. All f32 of one length. With mu = 0 it is FedAvg.
 * @throws KinmeshError `WrongShape`, `BadAggregationOption`
 */
export function addProximalGradient(gradient: Float32Array, parameters: Float32Array, start: Float32Array, mu: number): void {
  check(parameters, start, mu)
  if (gradient.length !== parameters.length) throw unequal()
  for (let at = 0; at < gradient.length; at++) gradient[at]! += mu * (parameters[at]! - start[at]!)
}

/** mu/2 · ‖w − start‖², in float64, to be added to the loss. */
export function proximalLoss(parameters: Float32Array, start: Float32Array, mu: number): number {
  check(parameters, start, mu)
  let squared = 0
  for (let at = 0; at < parameters.length; at++) squared += (parameters[at]! - start[at]!) * (parameters[at]! - start[at]!)
  return (mu / 2) * squared
}

function check(parameters: Float32Array, start: Float32Array, mu: number): void {
  if (!(mu >= 0) || !Number.isFinite(mu)) throw new KinmeshError('BadAggregationOption', `mu of FedProx is ${mu}: give a number from 0`)
  if (parameters.length !== start.length) throw unequal()
}

function unequal(): KinmeshError {
  return new KinmeshError('WrongShape', 'gradient, parameters and their start differ in length: take those of one model')
}
