import type { ModelSource } from '../../model/load.ts'
import type { TrainingProgress } from '../trainer/train.ts'
import type { FineTuneSummary, TrainedReport, TuningOptions } from './fine-tune-report.ts'

/** A file with a conversation in JSON on each line; or each as JSON that is read already: `{"messages": […], "tools": […]}`, or the messages alone. */
export type PageConversations = Blob | readonly unknown[]

/** Plain values, since they go to a worker. */
export type PageFineTuneOptions = TuningOptions & {
  readonly model: ModelSource
  readonly conversations: PageConversations
  /** Under which the page keeps the training until it is over. */
  readonly name: string
}

/** `keptIn`: where the training lies meanwhile. `notes`: what this browser or page lacks and what that means, a sentence each. */
export type PageFineTuneSummary = FineTuneSummary & { readonly threads: number; readonly keptIn: 'opfs' | 'nowhere'; readonly notes: readonly string[] }

/** In the layout of PEFT: adapter_config.json and adapter_model.safetensors. */
export type PageAdapter = { readonly config: Blob; readonly weights: Blob }
/** `libraryBytes`: the most memory that onnxruntime-web took; vectors of the training and the page itself come on top. */
export type PageFineTuneReport = TrainedReport & { readonly libraryBytes: number }
export type PageFineTuned = { readonly report: PageFineTuneReport; readonly adapter: PageAdapter }

export type PageRunOptions = { readonly signal?: AbortSignal | undefined; readonly onProgress?: ((progress: TrainingProgress) => void) | undefined }

/** A training that is ready to begin. To be closed. */
export type PreparedPageFineTune = {
  readonly summary: PageFineTuneSummary
  /**
   * Trains. Cancelled, or ended with its page, the next one with the same options goes on; and one that came to its end gives the same adapter again, until `done`.
   * @throws KinmeshError `NoBetter`: held-out answers were nowhere likelier than before. `TrainingDiverged` · `CheckpointMismatch` · `CheckpointDamaged` · `DiskFull` · `StoreFailed` · `ModelFailed`; the reason of the signal
   */
  run(options?: PageRunOptions): Promise<PageFineTuned>
  /** The adapter is safe: removes what is kept of the training. @throws KinmeshError `StoreFailed` */
  done(): Promise<void>
  close(): Promise<void>
}
