import { KinmeshError } from '../../../mesh/errors.ts'
import type { LoadProgress, ModelLoad } from '../load.ts'
import { type LoadNews, type ModelCalls, type PageStart, type ThreadedModel, generating } from './model-calls.ts'
import { type FromThread, asking } from './thread-calls.ts'

export type PageModel = ThreadedModel & { readonly load: ModelLoad }

/**
 * Loads a model in a worker of the page. A signal that is aborted ends the loading; what was fetched is there for the next time.
 * @throws KinmeshError what opening it threw there; `InvalidOption` · the reason of the signal
 */
export async function openThreadedModel(start: PageStart, { onProgress, signal }: { readonly onProgress?: (progress: LoadProgress) => void; readonly signal?: AbortSignal } = {}): Promise<PageModel> {
  signal?.throwIfAborted()
  const url = URL.parse(start.source.url.replace(/\/*$/, '/'), location.href)?.href
  if (url === undefined) throw new KinmeshError('InvalidOption', 'a model is opened by the address of its folder: give one')
  const worker = new Worker(new URL('./worker.browser.ts', import.meta.url), { type: 'module', name: 'kinmesh model' })
  const model = asking<ModelCalls, ModelLoad, LoadNews>(message => worker.postMessage(message), news => 'progress' in news && onProgress?.(news.progress))
  const { heard, end, loaded, idle } = model
  worker.addEventListener('message', ({ data }: MessageEvent<FromThread<ModelLoad, LoadNews>>) => heard(data))
  worker.addEventListener('error', ({ message }) => end(new KinmeshError('ModelFailed', `the model stopped: ${message}`)))
  const stop = () => {
    worker.terminate() // and with it the threads that it began
    end(new KinmeshError('DeviceStopped', 'the model is shutting down'))
  }
  signal?.addEventListener('abort', stop, { once: true })
  worker.postMessage({ ...start, source: { ...start.source, url } })
  try {
    const load = await loaded
    return { name: load.name, load, generate: generating(model), idle, close: async () => stop() }
  } catch (cause) {
    stop()
    throw signal?.aborted ? signal.reason : cause
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}
