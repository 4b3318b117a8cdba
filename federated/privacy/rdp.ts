import { logErfc } from './erfc.ts'
import { checkRoundNoise, type RoundNoise } from './terms.ts'

// Rényi differential privacy of the subsampled Gaussian mechanism: Mironov, Talwar & Zhang 2019, "Rényi Differential Privacy of the Sampled Gaussian Mechanism". All sums are of logarithms: the terms reach e^(α²/z²).

/** Orders α at which privacy is accounted: 1.1 … 10.9 in tenths, 12 … 63. Written as a division, so that whole orders are whole. */
export const orders: readonly number[] = [...Array.from({ length: 99 }, (_, index) => (11 + index) / 10), ...Array.from({ length: 52 }, (_, index) => 12 + index)]

/**
 * Rényi divergence of one round at each of `orders`, f64 [orders]; that of several rounds is their sum, whatever their noise.
 * @throws KinmeshError `BadPrivacyTerms`
 */
export function rdpOfRound(round: RoundNoise): Float64Array {
  checkRoundNoise(round)
  return Float64Array.from(orders, order => rdpAt(order, round))
}

/** At one order α > 1. */
export function rdpAt(order: number, { noiseMultiplier, sampleRate }: RoundNoise): number {
  const unsampled = order / (2 * noiseMultiplier ** 2)
  return sampleRate === 1 ? unsampled : Math.min(unsampled, logMoment(order, noiseMultiplier, sampleRate) / (order - 1))
}

/** Below it a moment is so near to 1 that the series for α between whole numbers is about rounding. What the chord makes of it is more by at most this, so that ε is more by at most this times the rounds over α − 1. */
const tinyLogMoment = 1e-9

/** ln E[(1 − q + q·e^((2x−1)/2z²))^α], x ~ N(0, z²). */
function logMoment(order: number, noiseMultiplier: number, sampleRate: number): number {
  const below = Math.floor(order)
  const atBelow = logMomentWhole(below, noiseMultiplier, sampleRate)
  if (below === order) return atBelow
  // It grows with α and is convex, so that it is between the whole number below and the chord: whatever rounding does, what is accounted is not too little.
  const atAbove = logMomentWhole(below + 1, noiseMultiplier, sampleRate)
  const chord = atBelow + (order - below) * (atAbove - atBelow)
  return atAbove < tinyLogMoment ? chord : Math.max(atBelow, Math.min(chord, logMomentBetween(order, noiseMultiplier, sampleRate)))
}

/**
 * For a whole α ≥ 1 the moment is 1 + Σ C(α,k) (1−q)^(α−k) q^k (e^((k²−k)/2z²) − 1) over k = 2 … α. As the binomial terms add up to 1, the 1 can be taken out of each, and what is left of a tiny loss
 * is not lost in rounding.
 */
function logMomentWhole(order: number, noiseMultiplier: number, sampleRate: number): number {
  let logBinomial = 0
  let logSum = -Infinity
  for (let k = 1; k <= order; k++) {
    logBinomial += Math.log((order - k + 1) / k)
    if (k === 1) continue
    const exponent = (k * k - k) / (2 * noiseMultiplier ** 2)
    logSum = logAdd(logSum, logBinomial + (order - k) * Math.log1p(-sampleRate) + k * Math.log(sampleRate) + exponent + Math.log(-Math.expm1(-exponent)))
  }
  return logAdd(0, logSum)
}

/** Terms of the series below this share of the sum are left out, the last one by half: signs alternate, so that the error is far smaller. */
const logNegligible = Math.log(1e-11)
/** Where q is near a half the terms fall off as slowly as i^−3; this many are enough for any that are allowed. */
const maxTerms = 20_000

/**
 * The same for α between whole numbers: the real line is cut at z0, where q·e^(…) = 1 − q, and the binomial series goes by the larger of the two on either side.
 * Binomials of an α that is not whole change signs from i > α on; positive and negative terms are added up apart.
 */
function logMomentBetween(order: number, noiseMultiplier: number, sampleRate: number): number {
  const variance = noiseMultiplier ** 2
  const logTaken = Math.log(sampleRate)
  const logLeft = Math.log1p(-sampleRate)
  const cut = variance * (logLeft - logTaken) + 0.5
  const scale = Math.SQRT2 * noiseMultiplier
  const logHalf = -Math.LN2
  const side = (taken: number, upTo: number) => (order - taken) * logLeft + taken * logTaken + (taken * taken - taken) / (2 * variance) + logHalf + logErfc(upTo)
  let logBinomial = 0
  let positive = true
  let logPositive = -Infinity
  let logNegative = -Infinity
  for (let i = 0; i < maxTerms; i++) {
    let logTerm = logBinomial + logAdd(side(i, (i - cut) / scale), side(order - i, (cut - (order - i)) / scale))
    const last = i > order && logTerm < logPositive + logNegligible
    if (last) logTerm += logHalf
    if (positive) logPositive = logAdd(logPositive, logTerm)
    else logNegative = logAdd(logNegative, logTerm)
    if (last) break
    if (order < i) positive = !positive
    logBinomial += Math.log(Math.abs(order - i) / (i + 1))
  }
  return logPositive + Math.log1p(-Math.exp(logNegative - logPositive))
}

/** ln(e^a + e^b). */
function logAdd(a: number, b: number): number {
  const larger = Math.max(a, b)
  return larger === -Infinity ? larger : larger + Math.log1p(Math.exp(-Math.abs(a - b)))
}
