import type { MemoryPlan } from '../memory-plan.ts'
import type { TrainingProgress } from '../trainer/train.ts'
import type { Probe } from './probe.ts'

/** What is learned from. `database`: the conversations of a device. */
export type FineTuneSource = { readonly kind: 'file'; readonly path: string } | { readonly kind: 'conversations'; readonly database: string }

/** What may be said of a training wherever it happens. */
export type TuningOptions = {
  /** Away with what is kept of an interrupted one. */
  readonly restart?: boolean | undefined
  readonly rank?: number | undefined
  readonly rate?: number | undefined
  /** Times through the data; without it, as many as a few examples need. */
  readonly epochs?: number | undefined
  /** What the training may take beyond the process, or the page, as it is. Default: half of what there is. */
  readonly maxMemoryBytes?: number | undefined
  readonly threads?: number | undefined
}

/** Plain values, since they go to a thread. */
export type FineTuneOptions = TuningOptions & {
  /** Folder of a converted model. */
  readonly model: string
  readonly source: FineTuneSource
  /** Where the training is kept until it is over. */
  readonly work: string
  /** Where the adapter is to lie: a folder that is not there yet. */
  readonly out: string
}

/** What was read of the data. Of examples, those of the training. */
export type DataCounts = { readonly conversations: number; readonly examples: number; readonly heldOut: number; readonly cut: number; readonly leftOut: number; readonly unlearned: number; readonly labels: number }

/** Known before the first step. `estimateMs`: of the training, by the time of one batch. `continues`: an interrupted one, begun at this time (Unix ms). */
export type FineTuneSummary = { readonly model: { readonly id: string; readonly name: string }; readonly data: DataCounts; readonly parameters: number; readonly rank: number; readonly rate: number; readonly steps: number; readonly plan: MemoryPlan; readonly estimateMs: number; readonly continues: number | null }

export type FineTuneProgress = ({ readonly phase: 'train' } & TrainingProgress) | { readonly phase: 'ask'; readonly done: number; readonly of: number }

/** Nothing in it repeats what was said. `holdoutLoss`: per label, of the model as it was and with the adapter; null where nothing was held back. */
export type TrainedReport = Omit<FineTuneSummary, 'estimateMs' | 'continues'> & {
  readonly alpha: number
  readonly end: 'done' | 'early'
  /** Steps that were made, and those after which the holdout was best. */
  readonly made: number
  readonly best: number | null
  readonly holdoutLoss: { readonly before: number; readonly after: number } | null
  readonly seconds: number
  readonly notes: readonly string[]
}

/** Without `samples` nothing in it repeats what was said. */
export type FineTuneReport = TrainedReport & Probe & { readonly peakRssBytes: number }
