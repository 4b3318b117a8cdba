import type { Clipped } from '../../federated/privacy/clip.ts'
import type { HoldoutLoss } from './holdout.ts'
import type { Task } from './task.ts'

/** What a device computes with its conversations for a task. Nothing of what was said is in any answer. */
export type LocalWork = {
  /** Conversations, in pieces as they are learned, and those held back to measure with. */
  count(): Promise<{ readonly training: number; readonly heldOut: number }>
  /** Numbers that an adapter of a task has on this model; to be compared with its terms. */
  parameters(shape: Task['adapter']): Promise<number>
  /** An update from where the shared adapter is. @throws KinmeshError as `localUpdate` does */
  update(task: Task, flat: Float32Array, signal: AbortSignal): Promise<{ readonly delta: Clipped; readonly examples: number }>
  /** The adapter of these numbers, in HOME/adapters; its name. @throws KinmeshError `DiskFull` · `StoreFailed` */
  keep(task: Task, flat: Float32Array): Promise<string>
  /** Losses of what is held back, through each of these adapters (null: the model as it is), of what was said since a time. @throws KinmeshError as `holdoutLosses` does */
  losses(adapters: readonly (string | null)[], since: number, signal: AbortSignal): Promise<readonly HoldoutLoss[]>
}

/** The model in use on this device. */
export type ModelInUse = { readonly id: string; readonly name: string; readonly dir: string }
