import type { TensorShape } from '../aggregation/admission.ts'
import type { WeightedUpdate } from '../aggregation/contribution.ts'

/** How a participant trains on what it has. */
export type LocalTerms = {
  readonly epochs: number
  /** Examples of a step; null: all that the participant has. */
  readonly batch: number | null
  readonly optimizer: { readonly name: 'sgd'; readonly momentum: number } | { readonly name: 'adamw'; readonly decay: number }
  readonly rate: number
  /** mu of FedProx; 0: none. */
  readonly proximal: number
}

/** `parameters`: f32, the shared ones that it starts from; they stay as they are. `own`: what its last training left to it alone; undefined before the first, and of tasks without. `seed`: below 2^32, of everything that is drawn while it trains. */
export type LocalWork = { readonly client: number; readonly seed: number; readonly parameters: Float32Array; readonly own?: Float32Array | undefined }

/** `delta`: f32, what is contributed: parameters after minus before, unless the task combines contributions in its own way. `loss`: mean over what it learned from, each example when its turn came. `own`: f32, what stays with the client. */
export type LocalResult = { readonly delta: Float32Array; readonly loss: number; readonly own?: Float32Array | undefined }

/** Over the examples that no client has. `accuracy`: the share that is right; null for a task that does not tell. */
export type Assessment = { readonly loss: number; readonly accuracy: number | null }

/** How contributions become a step of the shared parameters, where their mean is none. */
export type Combining = {
  /**
   * Pure. `parameters`: f32, that the contributions started from. `step`: f32, to be added to them. `relativeError`: how far the result is from what was wanted, over that.
   * @throws KinmeshError those of the method
   */
  combine(parameters: Float32Array, updates: readonly WeightedUpdate[]): { readonly step: Float32Array; readonly relativeError: number }
  /** Values, of 4 bytes, that a participant gets of the result of so many. */
  valuesDown(contributors: number): number
}

/** What is learned in a simulation: data that are divided among clients, and how one of them trains. The same work gives the same bits, whatever ran before or runs beside it. */
export interface LocalTask {
  /** Of a contribution. */
  readonly shapes: readonly TensorShape[]
  /** Undefined: a contribution is a step of the shared parameters, and so is their mean. */
  readonly combining?: Combining | undefined
  /** How many each client has. */
  readonly examples: readonly number[]
  /** What the shared parameters begin with, f32. */
  start(): Float32Array
  /** Several may be asked for at a time. @throws KinmeshError `TrainingDiverged` */
  train(work: LocalWork): Promise<LocalResult>
  /** `own`: of the clients that have something, by their numbers; each is assessed with its own. */
  assess(parameters: Float32Array, own: ReadonlyMap<number, Float32Array>): Promise<Assessment>
  close(): Promise<void>
}
