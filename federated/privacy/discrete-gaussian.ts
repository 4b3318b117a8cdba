import { RandomWords } from './random-words.ts'
import { checkCount } from './terms.ts'

// Everything here is decided by comparing whole numbers: no logarithm, no rounding, so that probabilities are exactly what they are said to be.

/** Largest standard deviation in steps: a sum in 32 bits has no room for a larger one. */
export const maxStdDevSteps = 2 ** 27

/**
 * A whole number k with probability proportional to exp(−k² / (2·stdDev²)), exactly: the discrete Gaussian of Canonne, Kamath & Steinke 2020 ("The Discrete Gaussian for Differential Privacy"), which gives the same
 * privacy as the continuous one. `stdDev`: a whole number, 1 … 2^27; the variance is a hair below its square.
 *
 * Drawn as in Karney 2016 ("Sampling Exactly from the Normal Distribution", algorithm D) rather than from the discrete Laplace of that paper: with a whole stdDev it needs no fractions and no numbers beyond 32 bits.
 * |k| = stdDev · (whole + x), x = part / stdDev, has the weight exp(−(whole + x)²/2) = exp(−whole/2) · exp(−whole·(whole−1)/2) · exp(−whole·x) · exp(−x²/2):
 * the first factor proposes `whole`, the others accept or begin again.
 * @throws KinmeshError `BadPrivacyTerms`
 */
export function sampleDiscreteGaussian(stdDev: number, random: RandomWords): number {
  checkCount('the standard deviation in steps', stdDev, maxStdDevSteps)
  for (;;) {
    let whole = 0
    while (expOfMinus(half, random, 0, 0)) whole++
    if (!allOf((whole * (whole - 1)) / 2, always, random, 0, 0)) continue
    const part = random.below(stdDev)
    if (!allOf(whole, share, random, part, stdDev) || !expOfMinus(halfSquare, random, part, stdDev)) continue
    const size = whole * stdDev + part
    const negative = random.bit()
    // There is one zero, not two.
    if (negative && size === 0) continue
    return negative ? -size : size
  }
}

/** Something that happens with a known probability, a fresh one at each call. Functions of their own rather than closures: a million values are drawn, and each takes some thirty of these. */
type Chance = (random: RandomWords, part: number, total: number) => boolean

const always: Chance = () => true
const half: Chance = random => random.bit()
/** part/total, 0 ≤ part ≤ total. */
export const share: Chance = (random, part, total) => random.below(total) < part
/** (part/total)²/2: three independent things happen. */
const halfSquare: Chance = (random, part, total) => random.bit() && random.below(total) < part && random.below(total) < part

/**
 * True with probability exp(−p) for a chance of probability p. Von Neumann's: trials of probability p/1, p/2, p/3 … go on until one fails, and the number of those that succeeded is even with probability
 * 1 − p + p²/2! − p³/3! …; p/n is the chance and one of n.
 */
export function expOfMinus(chance: Chance, random: RandomWords, part: number, total: number): boolean {
  let succeeded = 0
  while (chance(random, part, total) && (succeeded === 0 || random.below(succeeded + 1) === 0)) succeeded++
  return succeeded % 2 === 0
}

/** True with probability exp(−count · p). */
function allOf(count: number, chance: Chance, random: RandomWords, part: number, total: number): boolean {
  for (let done = 0; done < count; done++) if (!expOfMinus(chance, random, part, total)) return false
  return true
}
