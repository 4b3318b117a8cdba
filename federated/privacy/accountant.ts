import { KinmeshError } from '../../mesh/errors.ts'
import { orders, rdpOfRound } from './rdp.ts'
import { type Budget, checkBudget, checkCount, checkDelta, maxRounds, noiseMultiplierBounds, type RoundNoise } from './terms.ts'

/** Rounds of the same noise. */
export type Rounds = RoundNoise & { readonly rounds: number }

/** Rényi divergence of all of them together at each of `orders`, f64 [orders]. @throws KinmeshError `BadPrivacyTerms` */
export function composedRdp(all: readonly Rounds[]): Float64Array {
  const total = new Float64Array(orders.length)
  for (const each of all) {
    checkCount('a number of rounds', each.rounds, maxRounds)
    const rdp = rdpOfRound(each)
    for (let at = 0; at < total.length; at++) total[at]! += each.rounds * rdp[at]!
  }
  return total
}

/**
 * The least ε that some order proves for this δ, and the order: rdp + ln((α−1)/α) − (ln δ + ln α)/(α−1), Balle et al. 2020 ("Hypothesis Testing Interpretations and Rényi Differential Privacy", theorem 21).
 * @throws KinmeshError `BadPrivacyTerms`
 */
export function epsilonOf(rdp: Float64Array, delta: number): { epsilon: number; order: number } {
  checkDelta(delta)
  let best = { epsilon: Infinity, order: 0 }
  for (const [at, order] of orders.entries()) {
    const epsilon = Math.max(0, rdp[at]! + conversion(order, delta))
    if (epsilon < best.epsilon) best = { epsilon, order }
  }
  return best
}

/** What is added to the divergence at an order. */
function conversion(order: number, delta: number): number {
  return Math.log((order - 1) / order) - (Math.log(delta) + Math.log(order)) / (order - 1)
}

/** ε of these rounds. @throws KinmeshError `BadPrivacyTerms` */
export function epsilonOfRounds(all: readonly Rounds[], delta: number): number {
  return all.length === 0 ? 0 : epsilonOf(composedRdp(all), delta).epsilon
}

/** Of the noise found by bisection: it is never too little, and too much by this share at most. */
const precision = 1e-4

/**
 * The least noise multiplier with which so many rounds stay within the budget; at least the least that is accounted.
 * @throws KinmeshError `PrivacyUnreachable`: no noise does, as orders up to 63 prove no ε below about −ln δ / 62 · `BadPrivacyTerms`
 */
export function noiseMultiplierFor({ epsilon, delta }: Budget, { sampleRate, rounds }: Omit<Rounds, 'noiseMultiplier'>): number {
  checkBudget({ epsilon, delta })
  const enough = (noiseMultiplier: number) => epsilonOfRounds([{ noiseMultiplier, sampleRate, rounds }], delta) <= epsilon
  let { least: tooLittle, most: fine } = noiseMultiplierBounds
  if (enough(tooLittle)) return tooLittle
  if (!enough(fine)) throw new KinmeshError('PrivacyUnreachable', `no noise keeps ${rounds} rounds within ε = ${epsilon} at δ = ${delta}: allow a larger ε or δ`)
  while (fine > tooLittle * (1 + precision)) {
    const between = Math.sqrt(tooLittle * fine)
    if (enough(between)) fine = between
    else tooLittle = between
  }
  return fine
}

/** How many more rounds of this noise a budget allows, when `spent` (f64 [orders], all 0 if not given) is already gone. At most `maxRounds`. @throws KinmeshError `BadPrivacyTerms` */
export function roundsWithin(budget: Budget, round: RoundNoise, spent: Float64Array = new Float64Array(orders.length)): number {
  checkBudget(budget)
  const rdp = rdpOfRound(round)
  const fits = (rounds: number) => epsilonOf(rdp.map((each, at) => spent[at]! + rounds * each), budget.delta).epsilon <= budget.epsilon
  // The largest number that fits, in as many halvings as it has bits.
  if (!fits(1)) return 0
  let within = 1
  let beyond = maxRounds + 1
  while (beyond > within + 1) {
    const between = Math.floor((within + beyond) / 2)
    if (fits(between)) within = between
    else beyond = between
  }
  return within
}
