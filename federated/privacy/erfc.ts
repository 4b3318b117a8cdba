const sqrtPi = Math.sqrt(Math.PI)

/** ln erfc(x) for x of any size, where erfc itself is 0 from 27 on. Within 10^−13 of erfc, relatively. */
export function logErfc(x: number): number {
  if (x < 2) return Math.log(1 - erfSmall(x))
  // erfc(x) = e^(−x²)/(x√π) · 1/(1 + 1u/(1 + 2u/(1 + 3u/…))), u = 1/(2x²): Abramowitz & Stegun 7.1.14. The further out, the fewer terms it takes.
  const u = 1 / (2 * x * x)
  let fraction = 1
  for (let term = Math.ceil(12 + 240 * u); term >= 1; term--) fraction = 1 + (term * u) / fraction
  return -x * x - Math.log(x * sqrtPi * fraction)
}

/** erf(x) = 2/√π · e^(−x²) · Σ 2^n x^(2n+1) / (2n+1)!!: all terms have one sign, so that nothing cancels. Abramowitz & Stegun 7.1.6. `x` ≤ 2. */
function erfSmall(x: number): number {
  if (x < -6) return -1
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / sqrtPi) * Math.exp(-x * x) * sum
}
