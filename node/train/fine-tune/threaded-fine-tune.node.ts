import { extname } from 'node:path'
import { openThread } from '../../model/worker/thread.node.ts'
import type { PreparedFineTune } from './fine-tune.node.ts'
import type { FineTuneOptions, FineTuneProgress, FineTuneReport, FineTuneSummary } from './fine-tune-report.ts'

/** What the thread is asked. Pieces are progress, in JSON. */
export type FineTuneCalls = {
  readonly prepare: { readonly question: null; readonly answer: FineTuneSummary }
  readonly run: { readonly question: null; readonly answer: FineTuneReport }
}

/** Beside this file, in the sources as in what is published. */
const workerFile = new URL(`./worker.node${extname(import.meta.url)}`, import.meta.url)

/**
 * As `prepareFineTune`, in a thread of its own: while it trains everything else here goes on. A signal is heard within a batch.
 * @throws as that; `DeviceStopped` once it is closed
 */
export async function openFineTune(options: FineTuneOptions, signal?: AbortSignal): Promise<PreparedFineTune> {
  const { ask, close } = await openThread<FineTuneCalls, null>(workerFile, options, 'the training')
  try {
    return {
      summary: await ask('prepare', null, { signal }),
      run: ({ signal, onProgress } = {}) => ask('run', null, { signal, onPiece: piece => onProgress?.(JSON.parse(piece) as FineTuneProgress) }),
      close
    }
  } catch (error) {
    await close()
    throw error
  }
}
