import { KinmeshError } from '../../mesh/errors.ts'
import { byName, withDefaults, type Bound, type Options } from './options.ts'

// What becomes of a mean delta: a step of the shared model. The delta is a direction to go, so that signs are those of the papers with −gradient = delta.
// Only + − × / and square roots, which IEEE 754 rounds the same everywhere: all participants get the same bits and can check a commit.

/** What an optimiser remembers between rounds, f64 [values] each; an optimiser that does not use one has it empty. */
export type ServerState = { readonly momentum: Float64Array; readonly variance: Float64Array }

export type ServerOptimizer = {
  readonly name: string
  readonly source: string
  readonly defaults: Options
  /** Before the first round, for this many values. */
  start(values: number): ServerState
  /**
   * Pure: `state` and `delta` stay as they are. `delta`: f32, the mean of the round; `step`: f32, to be added to the shared model.
   * @throws KinmeshError `WrongShape`, `NotFinite`
   */
  step(state: ServerState, delta: Float32Array): { state: ServerState; step: Float32Array }
}

const rate: Bound = { above: 0 }
const share: Bound = { from: 0, below: 1 }
const none = new Float64Array(0)

const reddi = 'Reddi et al. 2021, "Adaptive Federated Optimization", arXiv 2003.00295, algorithm 2'
/** `beta1`, `beta2` and `tau` as in the paper. It tunes `rate` for each task: these are Flower's, which follows it. */
const adaptive = { beta1: 0.9, beta2: 0.99, tau: 1e-3 }
const adaptiveBounds = { rate, beta1: share, beta2: share, tau: { above: 0 } }

/** By name. Options: `rate`, the server's learning rate; `momentum`; `beta1`, `beta2`, decay of the two moments; `tau`, how adaptive (smaller is more). */
const optimizers: Readonly<Record<string, Kind>> = {
  'fedavg': kind('fedavg', 'McMahan et al. 2017, arXiv 1602.05629; rates other than 1: Reddi et al. 2021', { rate: 1 }, { rate }, options => ({
    start: () => ({ momentum: none, variance: none }),
    step: (state, delta) => ({ state, step: finite(delta.map(value => options.rate * value)) })
  })),
  /** m ← momentum · m + delta; step = rate · m */
  'fedavgm': kind('fedavgm', 'Hsu et al. 2019, "Measuring the Effects of Non-Identical Data Distribution", arXiv 1909.06335', { rate: 1, momentum: 0.9 }, { rate, momentum: share }, options => withMomentum(options.momentum, m => options.rate * m)),
  /** m ← momentum · m + delta; step = rate · (delta + momentum · m): Nesterov's, the paper's outer loop */
  'diloco': kind('diloco', 'Douillard et al. 2023, "DiLoCo: Distributed Low-Communication Training of Language Models", arXiv 2311.08105', { rate: 0.7, momentum: 0.9 }, { rate, momentum: share }, options =>
    withMomentum(options.momentum, (m, value) => options.rate * (value + options.momentum * m))),
  /** v ← beta2 · v + (1 − beta2) · delta² */
  'fedadam': kind('fedadam', reddi, { rate: 0.1, ...adaptive }, adaptiveBounds, options => withMoments(options, (v, squared) => options.beta2 * v + (1 - options.beta2) * squared)),
  /** v ← v − (1 − beta2) · delta² · sign(v − delta²) */
  'fedyogi': kind('fedyogi', reddi, { rate: 0.01, ...adaptive }, adaptiveBounds, options => withMoments(options, (v, squared) => v - (1 - options.beta2) * squared * Math.sign(v - squared)))
}

export const serverOptimizerNames = Object.keys(optimizers)

/** @throws KinmeshError `UnknownAggregation`, `BadAggregationOption` */
export function serverOptimizer(name: string, options: Options = {}): ServerOptimizer {
  const { source, defaults, make } = byName('server optimiser', optimizers, name)
  return { name, source, defaults, ...make(options) }
}

type Steps = Pick<ServerOptimizer, 'start' | 'step'>
type Kind = { readonly source: string; readonly defaults: Options; make(given: Options): Steps }

function kind<T extends Options>(name: string, source: string, defaults: T, bounds: Readonly<Record<keyof T, Bound>>, make: (options: T) => Steps): Kind {
  return { source, defaults, make: given => make(withDefaults(name, defaults, bounds, given)) }
}

function withMomentum(decay: number, stepOf: (m: number, delta: number) => number): Steps {
  return {
    start: values => ({ momentum: new Float64Array(values), variance: none }),
    step: (state, delta) => {
      checkLength(state.momentum, delta)
      const [momentum, step] = [state.momentum.slice(), new Float32Array(delta.length)]
      for (let at = 0; at < step.length; at++) {
        const m = (momentum[at] = decay * momentum[at]! + delta[at]!)
        step[at] = stepOf(m, delta[at]!)
      }
      return { state: { momentum, variance: none }, step: finite(step) }
    }
  }
}

/** m ← beta1 · m + (1 − beta1) · delta; step = rate · m / (√v + tau). v starts at tau², the least that the paper allows, and nothing is corrected for the start. */
function withMoments({ rate, beta1, tau }: { rate: number; beta1: number; tau: number }, nextVariance: (v: number, squared: number) => number): Steps {
  return {
    start: values => ({ momentum: new Float64Array(values), variance: new Float64Array(values).fill(tau * tau) }),
    step: (state, delta) => {
      checkLength(state.momentum, delta)
      const [momentum, variance, step] = [state.momentum.slice(), state.variance.slice(), new Float32Array(delta.length)]
      for (let at = 0; at < step.length; at++) {
        const m = (momentum[at] = beta1 * momentum[at]! + (1 - beta1) * delta[at]!)
        const v = (variance[at] = nextVariance(variance[at]!, delta[at]! * delta[at]!))
        step[at] = (rate * m) / (Math.sqrt(v) + tau)
      }
      return { state: { momentum, variance }, step: finite(step) }
    }
  }
}

function checkLength({ length }: Float64Array, delta: Float32Array): void {
  if (length !== delta.length) throw new KinmeshError('WrongShape', `the optimiser's state is for ${length} values and the mean has ${delta.length}: start it anew for this model`)
}

function finite(step: Float32Array): Float32Array {
  // A sum of squares instead of each: it is finite where all are, since f32 squared fits f64 a billion times and more.
  let squares = 0
  for (let at = 0; at < step.length; at++) squares += step[at]! * step[at]!
  if (Number.isFinite(squares)) return step
  throw new KinmeshError('NotFinite', 'the step of the shared model is beyond what f32 holds: choose a smaller rate, or clip the deltas')
}
