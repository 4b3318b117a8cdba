import type { Split } from '../../federated/simulation/splits.ts'
import type { LocalResult, LocalWork } from '../../federated/simulation/local-task.ts'
import type { Counted, Learner } from './learner.ts'
import type { Learning } from './learning.ts'

/** What a thread begins with. Images are in memory that all threads share. */
export type LearnerStart = { readonly learning: Learning; readonly split: Split }
export type LearnerAbout = Pick<Learner, 'parameters' | 'assessParts' | 'beginning'>

/** `parameters`: in memory that is shared; the thread reads it and does not write. */
export type LearnerCalls = {
  readonly train: { readonly question: LocalWork; readonly answer: LocalResult }
  readonly assess: { readonly question: { readonly part: number; readonly parameters: Float32Array; readonly own?: Float32Array | undefined }; readonly answer: Counted }
}
