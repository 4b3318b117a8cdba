import { KinmeshError } from '../../../mesh/errors.ts'
import { type Parameter, parameterCount, sizeOf } from '../objective.ts'

export interface Optimizer {
  /** What it was made with. A checkpoint is taken up by the same one only. */
  readonly recipe: Readonly<Record<string, number | string | boolean>>
  /** Vectors as long as the parameters. With `updates` they are all that it remembers: who writes the same numbers into them has the same optimizer. */
  readonly state: readonly Float32Array[]
  /** That it has made. */
  updates: number
  /** Changes `parameters` in place along `scale` · `gradient` (one over the number of labels, times what clipping leaves), with the learning rate `rate`. */
  update(parameters: Float32Array, gradient: Float32Array, rate: number, scale: number): void
}

export type AdamWOptions = { readonly beta1?: number; readonly beta2?: number; readonly epsilon?: number; readonly decay?: number }
export type SgdOptions = { readonly momentum?: number; readonly nesterov?: boolean; readonly decay?: number }

/** A stretch of the flat vectors with the same decay. */
type Stretch = { readonly from: number; readonly to: number; readonly decay: number }

/**
 * AdamW (Loshchilov & Hutter 2019, arXiv:1711.05101): the decay is taken off the parameters themselves, in proportion to the rate, and never enters the moments,
 * which are corrected for having begun at zero. Arithmetic in f64, moments in f32.
 * @throws KinmeshError `InvalidOption`
 */
export function adamW(parameters: readonly Parameter[], { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0.01 }: AdamWOptions = {}): Optimizer {
  inRange({ beta1, beta2 }, 0, 1)
  inRange({ epsilon }, Number.MIN_VALUE, Infinity)
  inRange({ decay }, 0, Infinity)
  const [size, stretches] = [parameterCount(parameters), stretchesOf(parameters, decay)]
  const [first, second] = [new Float32Array(size), new Float32Array(size)]
  return {
    recipe: { optimizer: 'adamw', beta1, beta2, epsilon, decay },
    state: [first, second],
    updates: 0,
    update(values, gradient, rate, scale) {
      checkLengths(size, values, gradient)
      this.updates++
      const stepSize = rate / (1 - beta1 ** this.updates)
      const rootScale = 1 / Math.sqrt(1 - beta2 ** this.updates)
      for (const stretch of stretches) adamWStretch(values, gradient, first, second, stretch.from, stretch.to, scale, beta1, beta2, epsilon, 1 - rate * stretch.decay, stepSize, rootScale)
    }
  }
}

/** Everything as a number of its own: this runs over all parameters at every step. */
function adamWStretch(
  values: Float32Array, gradient: Float32Array, first: Float32Array, second: Float32Array, from: number, to: number,
  scale: number, beta1: number, beta2: number, epsilon: number, kept: number, stepSize: number, rootScale: number
): void {
  const [share1, share2] = [1 - beta1, 1 - beta2]
  for (let at = from; at < to; at++) {
    const slope = gradient[at]! * scale
    const mean = beta1 * first[at]! + share1 * slope
    const square = beta2 * second[at]! + share2 * slope * slope
    first[at] = mean
    second[at] = square
    values[at] = values[at]! * kept - (stepSize * mean) / (Math.sqrt(square) * rootScale + epsilon)
  }
}

/**
 * Gradient descent with momentum: v ← momentum · v + g, p ← p − rate · v, or with Nesterov's look ahead p ← p − rate · (g + momentum · v), where g has the
 * decay in it (Sutskever et al. 2013, in the form that PyTorch uses). Without momentum there is no state.
 * @throws KinmeshError `InvalidOption`
 */
export function sgd(parameters: readonly Parameter[], { momentum = 0, nesterov = false, decay = 0 }: SgdOptions = {}): Optimizer {
  inRange({ momentum }, 0, 1)
  inRange({ decay }, 0, Infinity)
  const [size, stretches] = [parameterCount(parameters), stretchesOf(parameters, decay)]
  const velocity = momentum === 0 ? undefined : new Float32Array(size)
  return {
    recipe: { optimizer: 'sgd', momentum, nesterov, decay },
    state: velocity ? [velocity] : [],
    updates: 0,
    update(values, gradient, rate, scale) {
      checkLengths(size, values, gradient)
      this.updates++
      for (const stretch of stretches) {
        if (velocity) momentumStretch(values, gradient, velocity, stretch.from, stretch.to, scale, momentum, nesterov, stretch.decay, rate)
        else for (let at = stretch.from; at < stretch.to; at++) values[at]! -= rate * (gradient[at]! * scale + stretch.decay * values[at]!)
      }
    }
  }
}

function momentumStretch(
  values: Float32Array, gradient: Float32Array, velocity: Float32Array, from: number, to: number, scale: number, momentum: number, nesterov: boolean, decay: number, rate: number
): void {
  // (g + momentum · v) where it looks ahead, v where it does not.
  const [ahead, share] = nesterov ? [1, momentum] : [0, 1]
  for (let at = from; at < to; at++) {
    const slope = gradient[at]! * scale + decay * values[at]!
    const speed = momentum * velocity[at]! + slope
    velocity[at] = speed
    values[at]! -= rate * (ahead * slope + share * speed)
  }
}

/** Euclidean norm of a whole vector, in f64. It is not finite when one of its numbers is not. */
export function norm(vector: Float32Array): number {
  // Four sums at once, which the processor adds up side by side.
  let [a, b, c, d] = [0, 0, 0, 0]
  const whole = vector.length - (vector.length % 4)
  for (let at = 0; at < whole; at += 4) {
    a += vector[at]! ** 2
    b += vector[at + 1]! ** 2
    c += vector[at + 2]! ** 2
    d += vector[at + 3]! ** 2
  }
  for (let at = whole; at < vector.length; at++) a += vector[at]! ** 2
  return Math.sqrt(a + b + c + d)
}

/** What a gradient of this norm is multiplied by, so that its norm is at most `most` (Pascanu et al. 2013, arXiv:1211.5063). */
export function clipScale(norm: number, most: number): number {
  return norm > most ? most / norm : 1
}

function stretchesOf(parameters: readonly Parameter[], decay: number): Stretch[] {
  const stretches: Stretch[] = []
  let from = 0
  for (const { shape, decays } of parameters) {
    const to = from + sizeOf(shape)
    const before = stretches.at(-1)
    const its = decays ? decay : 0
    // Few long loops rather than many short ones.
    if (before?.decay === its) stretches[stretches.length - 1] = { ...before, to }
    else stretches.push({ from, to, decay: its })
    from = to
  }
  return stretches
}

function checkLengths(size: number, ...vectors: Float32Array[]): void {
  for (const { length } of vectors) if (length !== size) throw new RangeError(`${length} numbers for ${size} parameters`)
}

/** From `low` on and below `high`. */
function inRange(options: Readonly<Record<string, number>>, low: number, high: number): void {
  for (const [name, value] of Object.entries(options)) if (!(value >= low && value < high)) throw new KinmeshError('InvalidOption', `${name}: a number from ${low} to below ${high}`)
}
