import { KinmeshError } from '../../../mesh/errors.ts'
import type { LoadProgress } from '../../model/load.ts'
import { folderAddress, openPageThread } from '../../model/worker/thread.browser.ts'
import type { TrainingProgress } from '../trainer/train.ts'
import type { PageFineTuneOptions, PageFineTuneSummary, PageFineTuned, PreparedPageFineTune } from './page-fine-tune.ts'

/** What the worker is asked. Pieces are progress, in JSON: of the loading, and then of the training. */
export type PageFineTuneCalls = {
  readonly prepare: { readonly question: null; readonly answer: PageFineTuneSummary }
  readonly run: { readonly question: null; readonly answer: PageFineTuned }
  readonly done: { readonly question: null; readonly answer: null }
  readonly close: { readonly question: null; readonly answer: null }
}

/**
 * As `prepareFineTune`, in a worker of the page: while it trains everything else there goes on. `signal` ends the preparing at once, that of `run` within a batch.
 * @throws as that; `DeviceStopped` once it is closed; the reason of the signal
 */
export async function openFineTune(options: PageFineTuneOptions, { signal, onLoad }: { readonly signal?: AbortSignal; readonly onLoad?: (progress: LoadProgress) => void } = {}): Promise<PreparedPageFineTune> {
  signal?.throwIfAborted()
  const url = folderAddress(options.model.url)
  const { ask, stop } = await openPageThread<PageFineTuneCalls, null>(new Worker(new URL('./worker.browser.ts', import.meta.url), { type: 'module', name: 'kinmesh training' }), { ...options, model: { ...options.model, url } }, 'the training')
  const closing = new AbortController()
  let running: Promise<unknown> | undefined
  signal?.addEventListener('abort', stop, { once: true })
  try {
    return {
      summary: await ask('prepare', null, { onPiece: piece => onLoad?.(JSON.parse(piece) as LoadProgress) }),
      run({ signal, onProgress } = {}) {
        const answer = ask('run', null, { signal: signal ? AbortSignal.any([signal, closing.signal]) : closing.signal, onPiece: piece => onProgress?.(JSON.parse(piece) as TrainingProgress) })
        running = answer.catch(() => {})
        return answer
      },
      done: async () => void (await ask('done', null)),
      async close() {
        closing.abort(new KinmeshError('DeviceStopped', 'the training is shutting down'))
        await running
        // A worker that is gone has closed what it had.
        await ask('close', null).catch(() => {})
        stop()
      }
    }
  } catch (error) {
    stop()
    throw signal?.aborted ? signal.reason : error
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}
