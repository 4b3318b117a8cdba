import { KinmeshError } from '../../mesh/errors.ts'
import { clipNormBounds, type Clipped } from './clip.ts'
import { maxStdDevSteps, sampleDiscreteGaussian } from './discrete-gaussian.ts'
import { csprng, type RandomSource, RandomWords } from './random-words.ts'
import { badPrivacyTerms, checkCount, checkNumber, maxParameters, maxParticipants, noiseMultiplierBounds } from './terms.ts'

/** What all devices of a round agree on before any of them adds discrete noise. */
export type GridTerms = {
  readonly clipNorm: number
  /** Standard deviation of what this device adds, over the clip norm: see `noiseShare` where several add up. */
  readonly noiseMultiplier: number
  readonly parameters: number
  /** Distance of neighbouring values of the grid: one unit of the ring. Take a power of two, as values are divided by it. */
  readonly step: number
}

export type Grid = GridTerms & {
  /** Of the noise, in steps: a whole number, rounded up. */
  readonly stdDevSteps: number
  /** Largest magnitude of a noised value. */
  readonly maxAbs: number
}

/** Rounding up a smaller standard deviation would add more than a sixteenth; and a sum of discrete Gaussians from 16 steps on differs from one by e^−2000 (Kairouz, Liu & Steinke 2021). */
const minStdDevSteps = 16
/** Rounding to the grid may lengthen an update by so much, which is paid for with noise. */
const maxLengthening = 1 / 8
/** Noise beyond is cut off: one value in 10^15, and cutting tells nothing. */
const maxDeviations = 8

/**
 * The noise that each of `summands` devices adds, so that their sum has `noiseMultiplier`. `summands`: those who certainly are in the sum and do not tell others their part of the noise.
 * @throws KinmeshError `BadPrivacyTerms`
 */
export function noiseShare(noiseMultiplier: number, summands: number): number {
  checkCount('a number of devices', summands, maxParticipants)
  return noiseMultiplier / Math.sqrt(summands)
}

/** A power of two so fine that rounding to it lengthens no update by more than 1/128 of the clip norm. */
export function fineStep(clipNorm: number, parameters: number): number {
  return 2 ** Math.floor(Math.log2(clipNorm / (64 * Math.sqrt(parameters))))
}

/**
 * Standard deviation and range of discrete noise. Rounding each of d values to the nearest step makes an update longer by √d/2 steps at most, so the noise is `noiseMultiplier` times that longer norm: the multiplier that
 * the accountant is told holds for what is sent.
 * @throws KinmeshError `GridTooCoarse` · `GridTooFine` · `BadPrivacyTerms`
 */
export function planGrid(terms: GridTerms): Grid {
  const { clipNorm, noiseMultiplier, parameters, step } = terms
  checkNumber('a clip norm', clipNorm, clipNormBounds.least, clipNormBounds.most)
  checkNumber('a noise multiplier', noiseMultiplier, Number.MIN_VALUE, noiseMultiplierBounds.most)
  checkCount('the length of an update', parameters, maxParameters)
  checkNumber('a step', step, Number.MIN_VALUE, clipNormBounds.most)
  const lengthening = (step * Math.sqrt(parameters)) / 2
  const stdDevSteps = Math.ceil((noiseMultiplier * (clipNorm + lengthening)) / step)
  if (lengthening > maxLengthening * clipNorm || stdDevSteps < minStdDevSteps) {
    throw new KinmeshError('GridTooCoarse', `steps of ${step} are too coarse for ${parameters} parameters clipped to ${clipNorm} with ${noiseMultiplier} times the noise: take a step of ${fineStep(clipNorm, parameters)} or finer`)
  }
  const maxAbs = step * (Math.ceil((clipNorm + lengthening) / step) + maxDeviations * stdDevSteps)
  if (stdDevSteps > maxStdDevSteps || maxAbs / step > 2 ** 31 - 1) throw new KinmeshError('GridTooFine', `noise of ${stdDevSteps} steps has no room in 32 bits: take a step of ${fineStep(clipNorm, parameters)} or so`)
  return { ...terms, stdDevSteps, maxAbs }
}

/**
 * The update rounded to the grid plus discrete Gaussian noise: i32 [parameters], in steps, |steps| ≤ maxAbs/step. Exact, so that no low bit tells anything, and a sum of such is exact in a ring.
 * @throws KinmeshError `BadPrivacyTerms`: the update was clipped to another norm or has another length than the grid is for
 */
export function addGridNoise({ values, clipNorm }: Clipped, { stdDevSteps, maxAbs, step, ...grid }: Grid, source: RandomSource = csprng): Int32Array {
  if (clipNorm !== grid.clipNorm || values.length !== grid.parameters) {
    throw badPrivacyTerms(`an update of ${values.length} parameters clipped to ${clipNorm} has no place on a grid for ${grid.parameters} clipped to ${grid.clipNorm}: plan the grid for this update`)
  }
  const random = new RandomWords(source)
  const most = Math.floor(maxAbs / step)
  const noised = new Int32Array(values.length)
  for (let at = 0; at < noised.length; at++) {
    const steps = Math.round(values[at]! / step) + sampleDiscreteGaussian(stdDevSteps, random)
    noised[at] = Math.min(most, Math.max(-most, steps))
  }
  return noised
}
