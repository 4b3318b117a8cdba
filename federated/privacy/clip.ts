import { KinmeshError } from '../../mesh/errors.ts'
import { checkCount, checkNumber, maxParameters } from './terms.ts'

/** An update of which it is known that its L2 norm is at most `clipNorm`: what noise may be added to. */
export type Clipped = {
  /** f32 [parameters]: a copy, `factor` times what was given. */
  readonly values: Float32Array
  readonly clipNorm: number
  /** L2 norm before. */
  readonly norm: number
  /** 1 where nothing was clipped, less otherwise. */
  readonly factor: number
}

/** Wide enough for any update there is, and within it f32 keeps its precision. */
export const clipNormBounds = { least: 1e-9, most: 1e9 }

// A norm that is added up in f64 is off by 2^−53 a value at most, and f32 rounds each value by up to 2^−24 of itself: this much lower, the true norm is under the limit in any case.
const margin = 1 - 2 ** -22

/**
 * Scales an update down to an L2 norm of at most `clipNorm`, computed in f64; a shorter one stays as it is. The bound holds for the f32 values that come back, rounding included.
 * Abadi et al. 2016, "Deep Learning with Differential Privacy", applied to a device's whole update as in McMahan et al. 2018.
 * @throws KinmeshError `NotFinite` naming the first value that is NaN or infinite; `BadPrivacyTerms`
 */
export function clip(update: Float32Array, clipNorm: number): Clipped {
  checkNumber('a clip norm', clipNorm, clipNormBounds.least, clipNormBounds.most)
  checkCount('the length of an update', update.length, maxParameters)
  const norm = l2Norm(update)
  const factor = Math.min(1, (clipNorm * margin) / norm)
  return { values: factor === 1 ? update.slice() : update.map(value => value * factor), clipNorm, norm, factor }
}

/** L2 norm in f64; squares of f32 values neither overflow nor vanish there. @throws KinmeshError `NotFinite` */
function l2Norm(update: Float32Array): number {
  let squares = 0
  for (let at = 0; at < update.length; at++) {
    const value = update[at]!
    if (!Number.isFinite(value)) throw new KinmeshError('NotFinite', `value ${at} of the update is ${value}: training diverged, and there is nothing to share; train again with a lower learning rate`)
    squares += value * value
  }
  return Math.sqrt(squares)
}
