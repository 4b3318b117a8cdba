import { KinmeshError } from '../../../mesh/errors.ts'

/** How the learning rate goes: it rises in a line over the first `warmUp` steps to `rate`; then it stays, or falls along half a cosine to `floor` · `rate` at the last step. */
export type Schedule = { readonly rate: number; readonly warmUp?: number; readonly shape?: 'constant' | 'cosine'; readonly floor?: number }

/** The rate of each step, from 0 on, of a training of `steps`. @throws KinmeshError `InvalidOption` */
export function learningRate({ rate, warmUp = 0, shape = 'constant', floor = 0 }: Schedule, steps: number): (step: number) => number {
  if (!(rate > 0 && rate < Infinity)) throw new KinmeshError('InvalidOption', 'rate: a number above 0')
  if (!(Number.isInteger(warmUp) && warmUp >= 0)) throw new KinmeshError('InvalidOption', 'warmUp: a whole number of steps')
  if (!(floor >= 0 && floor <= 1)) throw new KinmeshError('InvalidOption', 'floor: a share of the rate, from 0 to 1')
  return step => {
    if (step < warmUp) return (rate * (step + 1)) / (warmUp + 1)
    if (shape === 'constant') return rate
    const done = Math.min(1, (step - warmUp) / Math.max(1, steps - 1 - warmUp))
    return rate * (floor + ((1 - floor) * (1 + Math.cos(Math.PI * done))) / 2)
  }
}
