import { KinmeshError } from '../../mesh/errors.ts'

/** (ε, δ): with probability 1 − δ nobody who sees what left a device learns more than a factor of e^ε about whether it took part. */
export type Budget = { readonly epsilon: number; readonly delta: number }

/** What one round costs a device. */
export type RoundNoise = {
  /** z: standard deviation of the noise over the clip norm. */
  readonly noiseMultiplier: number
  /** q: chance with which a device is drawn, independently of others, by a draw that who sees the result does not know. 1 where that does not hold. */
  readonly sampleRate: number
}

/** Below it ε of one round is in the hundreds and means nothing; above it nothing of any update is left. */
export const noiseMultiplierBounds = { least: 0.05, most: 1e6 }
/** e^20: more than that is no promise any more. */
export const maxEpsilon = 20
/** δ is the chance of having promised too much: it has to be small beside one over the number of people, and 1e-3 is none any more. */
export const deltaBounds = { least: 1e-15, most: 1e-3 }
export const maxRounds = 1e7
/** Parameters of one update. */
export const maxParameters = 2 ** 28
export const maxParticipants = 1e9

/** @throws KinmeshError `BadPrivacyTerms` */
export function checkRoundNoise({ noiseMultiplier, sampleRate }: RoundNoise): void {
  checkNumber('a noise multiplier', noiseMultiplier, noiseMultiplierBounds.least, noiseMultiplierBounds.most)
  checkNumber('a sampling rate', sampleRate, Number.MIN_VALUE, 1)
}

/** @throws KinmeshError `BadPrivacyTerms` */
export function checkBudget({ epsilon, delta }: Budget): void {
  checkNumber('an ε', epsilon, Number.MIN_VALUE, maxEpsilon)
  checkDelta(delta)
}

/** @throws KinmeshError `BadPrivacyTerms` */
export function checkDelta(delta: number): void {
  checkNumber('a δ', delta, deltaBounds.least, deltaBounds.most)
}

/** @throws KinmeshError `BadPrivacyTerms` */
export function checkCount(what: string, value: number, most: number): void {
  checkNumber(what, value, 1, most)
  if (!Number.isInteger(value)) throw badPrivacyTerms(`${what} is a whole number, not ${value}`)
}

/** @throws KinmeshError `BadPrivacyTerms`; for NaN as well */
export function checkNumber(what: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most)) throw badPrivacyTerms(`${what} is within ${least === Number.MIN_VALUE ? 'more than 0' : least} and ${most}, not ${value}`)
}

export function badPrivacyTerms(problem: string): KinmeshError {
  return new KinmeshError('BadPrivacyTerms', problem)
}
