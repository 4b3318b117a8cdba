/** Below this, e^x is under 2e-22 and counts for nothing beside 1. */
export const negligible = -50

/** e^x is split into 2^(−k/64) · e^r. ln 2 / 64 is in two parts, the first so short that k times it is exact. */
const steps = 64
const stepHigh = 0.693147180369123816490 / steps
const stepLow = 1.90821492927058770002e-10 / steps
/** 2^(−k/64) by k, so far as `negligible` reaches. */
const powers = powersOfSteps()

/**
 * e^x for −50 ≤ x ≤ 0, to about one unit in the last place. Math.exp may differ in the last bit from engine to engine, and a token that is drawn must not:
 * only additions and multiplications are used, which IEEE 754 fixes. The table is Tang's (ACM TOMS 15(2), 1989), the rest the Taylor series.
 */
export function portableExp(x: number): number {
  const k = (0.5 - x * (steps * Math.LOG2E)) | 0
  const r = x + k * stepHigh + k * stepLow
  return (1 + r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120)))))) * (powers[k] ?? 0)
}

/** The same series, with as many terms as the steps below 1 need; the other powers are halves of those. */
function powersOfSteps(): Float64Array {
  const table = new Float64Array(Math.ceil(-negligible * steps * Math.LOG2E) + 2)
  for (let k = 0; k < table.length; k++) {
    const r = -k * (stepHigh + stepLow)
    const terms = [1]
    for (let n = 1; k < steps && n < 25; n++) terms.push(((terms[n - 1] ?? 0) * r) / n)
    // From the smallest term, for the last bit.
    table[k] = k < steps ? terms.reduceRight((sum, term) => sum + term, 0) : (table[k - steps] ?? 0) / 2
  }
  return table
}
