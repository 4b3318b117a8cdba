import type { Clipped } from './clip.ts'
import { csprng, type RandomSource, RandomWords } from './random-words.ts'
import { checkNumber, noiseMultiplierBounds } from './terms.ts'

/**
 * The update plus Gaussian noise of standard deviation `noiseMultiplier` · clipNorm in each value, f32 [parameters]: for sums of real numbers. Where the sum is one of whole numbers, take discrete-gaussian.ts.
 *
 * Textbook noise in floating point leaks: which doubles a sampler can reach at all depends on the value that the noise is added to, so that the low bits of a sum tell which value it was (Mironov 2012, "On Significance of the
 * Least Significant Bits for Differential Privacy"). So the sum is rounded to a fixed grid, 2^−20 of the standard deviation or finer, on which every update has the same outcomes, each of which gathers about 2^32 draws of 53 bits.
 * That closes the known attack; it is no proof, as the logarithm and cosine of a platform are not exact. The discrete noise is.
 * The f32 that comes back rounds values beyond 16 standard deviations once more, which takes away and tells nothing.
 * @throws KinmeshError `BadPrivacyTerms`
 */
export function addGaussianNoise({ values, clipNorm }: Clipped, noiseMultiplier: number, source: RandomSource = csprng): Float32Array {
  checkNumber('a noise multiplier', noiseMultiplier, Number.MIN_VALUE, noiseMultiplierBounds.most)
  const noiseStdDev = noiseMultiplier * clipNorm
  const step = 2 ** (Math.floor(Math.log2(noiseStdDev)) - 20)
  const random = new RandomWords(source)
  const noised = new Float32Array(values.length)
  for (let at = 0; at < noised.length; at += 2) {
    const [first, second] = normalPair(random)
    noised[at] = Math.round((values[at]! + noiseStdDev * first) / step) * step
    if (at + 1 < noised.length) noised[at + 1] = Math.round((values[at + 1]! + noiseStdDev * second) / step) * step
  }
  return noised
}

/** Two independent values of N(0, 1), by Box and Muller (1958). With 53 bits none is beyond 8.6, where one in 10^17 would be. */
function normalPair(random: RandomWords): [number, number] {
  const radius = Math.sqrt(-2 * Math.log(random.uniform()))
  const angle = 2 * Math.PI * random.uniform()
  return [radius * Math.cos(angle), radius * Math.sin(angle)]
}
