import type { Clipped } from '../../federated/privacy/clip.ts'
import type { Refusal } from './eligibility.ts'
import type { Task } from './task.ts'
import type { TaskState } from './task-states.ts'

/** A task in which this device takes part, while the device runs. */
export type OwnTask = {
  readonly task: Task
  state: TaskState
  /** Changes of the state are made one after the other. */
  changing: Promise<void>
  /** What was learned for the round of this number: asked for in every attempt, and made once. */
  learned: { readonly number: number; readonly base: string; readonly delta: Clipped; readonly examples: number } | undefined
  /** Why it takes no part now, as of the last look. */
  refusals: readonly Refusal[]
  /** What it found of the last candidate, for its person. */
  judgement: string | undefined
  /** Number of the last round that failed; -1: none did. */
  failed: number
  /** Rounds that failed one after the other; before `retryAt` (Unix ms) it proposes no other. */
  failures: number
  retryAt: number
  /** Unix ms since when a round could be held: who comes later in the order waits longer. */
  readySince: number | undefined
  /** Unix ms of the last look at whether the adapter in use got worse. */
  checkedAt: number
}

/** A task as it begins: the adapter changes nothing. */
export function freshState(task: Task): TaskState {
  return { number: 0, height: 0, flat: new Float32Array(task.parameters), residual: null, candidate: null, said: null }
}

export function ownTask(task: Task, state: TaskState): OwnTask {
  return { task, state, changing: Promise.resolve(), learned: undefined, refusals: [], judgement: undefined, failed: -1, failures: 0, retryAt: 0, readySince: undefined, checkedAt: 0 }
}
