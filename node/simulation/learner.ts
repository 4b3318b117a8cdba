import type { LocalResult } from '../../federated/simulation/local-task.ts'
import type { Parameter } from '../train/objective.ts'

/** `loss`: sum over `labels`. `right`: of them, those that the model found most likely; null where it does not tell. */
export type Counted = { readonly loss: number; readonly labels: number; readonly right: number | null }

/** Trains one client after the other, in one thread. One question at a time; to be closed. */
export interface Learner {
  readonly parameters: readonly Parameter[]
  /** What the shared parameters begin with, f32; undefined: as a training of them begins. */
  readonly beginning?: Float32Array | undefined
  /** Parts that the assessment consists of, each of which can be asked for by itself. */
  readonly assessParts: number
  /** `examples`: the client's, by number. `seed`: below 2^32. `start`: f32, stays as it is. `own`: what the client has for itself alone. */
  train(examples: Int32Array, seed: number, start: Float32Array, own?: Float32Array): Promise<LocalResult>
  /** `own`: of the client whose part it is. */
  assess(parameters: Float32Array, part: number, own?: Float32Array): Promise<Counted>
  close(): Promise<void>
}
