import { KinmeshError } from '../../mesh/errors.ts'
import { epsilonOfRounds } from './accountant.ts'
import { checkCount, checkNumber, maxEpsilon, maxParameters, maxParticipants, noiseMultiplierBounds } from './terms.ts'

/** A round as its noise sees it. */
export type RoundSize = {
  readonly participants: number
  readonly parameters: number
  /** z: standard deviation of the noise over the clip norm. */
  readonly noiseMultiplier: number
  /** `sum`: once in the sum of all, each device adding its share of it, which takes secure aggregation. `each`: in what each device sends, so that it needs to trust nobody. */
  readonly noiseIn: 'sum' | 'each'
}

/** From here on the averaged update points more by chance than by what was learned: at 1, its cosine with the true one is 0.7. */
export const maxNoiseToSignal = 1
/** Rounding of a square root and a division does not decide. */
const limit = maxNoiseToSignal * (1 + 1e-9)
/** δ at which a noise is described in words. */
const describedDelta = 1e-5

/**
 * Norm of the noise in the mean over the norm of the mean update, when all updates are as long as clipping lets them be and point the same way: z·√d/n for noise in the sum, z·√d/√n for noise in each. Real updates are shorter and
 * disagree, so that it is worse than that.
 * @throws KinmeshError `BadPrivacyTerms`
 */
export function noiseToSignal({ participants, parameters, noiseMultiplier, noiseIn }: RoundSize): number {
  checkCount('a number of participants', participants, maxParticipants)
  checkCount('a number of parameters', parameters, maxParameters)
  checkNumber('a noise multiplier', noiseMultiplier, Number.MIN_VALUE, noiseMultiplierBounds.most)
  return (noiseMultiplier * Math.sqrt(parameters)) / reach(participants, noiseIn)
}

/** By how much a mean of `participants` lowers the noise. */
function reach(participants: number, noiseIn: RoundSize['noiseIn']): number {
  return noiseIn === 'sum' ? participants : Math.sqrt(participants)
}

export function isDrowned(round: RoundSize): boolean {
  return noiseToSignal(round) > limit
}

/** What would have to change, one of it being enough: at least so many participants; at most so many parameters (0: none are few enough); at most so much noise. */
export function remedies({ participants, parameters, noiseMultiplier, noiseIn }: RoundSize): Pick<RoundSize, 'participants' | 'parameters' | 'noiseMultiplier'> {
  const reachNeeded = (noiseMultiplier * Math.sqrt(parameters)) / limit
  const reached = reach(participants, noiseIn) * limit
  return {
    participants: Math.ceil(noiseIn === 'sum' ? reachNeeded : reachNeeded ** 2),
    parameters: Math.floor((reached / noiseMultiplier) ** 2),
    noiseMultiplier: (reach(participants, noiseIn) * maxNoiseToSignal) / Math.sqrt(parameters)
  }
}

/** For a person: what the noise does to this round, and what would have to change where it is too much. */
export function explainNoise(round: RoundSize): string {
  const ratio = noiseToSignal(round)
  const size = `${count(round.participants)} ${round.participants === 1 ? 'device' : 'devices'} and ${count(round.parameters)} parameters`
  if (!isDrowned(round)) return `With ${size}, the noise that hides each device is ${figure(ratio)} times as large as what was learned, at best: the round can teach something.`
  const needed = remedies(round)
  const smaller = needed.parameters === 0 ? 'no adapter is small enough' : `an adapter of at most ${count(needed.parameters)} parameters`
  const together = round.noiseIn === 'each' ? ' Noise in the sum alone, by secure aggregation, needs far fewer devices.' : ''
  return `With ${size}, the noise that hides each device is ${figure(ratio)} times as large as what was learned: the round would be noise. ` +
    `It takes at least ${count(needed.participants)} devices, or ${smaller}, or noise of at most ${figure(needed.noiseMultiplier)} times the clip norm, ${worth(needed.noiseMultiplier)}.${together}`
}

/** @throws KinmeshError `NoiseDrowns` with the explanation · `BadPrivacyTerms` */
export function refuseDrowned(round: RoundSize): void {
  if (isDrowned(round)) throw new KinmeshError('NoiseDrowns', explainNoise(round))
}

function worth(noiseMultiplier: number): string {
  const epsilon = noiseMultiplier < noiseMultiplierBounds.least ? Infinity : epsilonOfRounds([{ noiseMultiplier, sampleRate: 1, rounds: 1 }], describedDelta)
  return epsilon > maxEpsilon ? 'which hides nobody' : `which is ε = ${figure(epsilon)} a round at δ = ${describedDelta}`
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}

function figure(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en-US', { maximumSignificantDigits: 2 })
}
