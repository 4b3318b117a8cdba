import { KinmeshError } from '../../../mesh/errors.ts'
import type { LoadProgress, ModelLoad } from '../load.ts'
import type { FromWorker, PageStart } from './messages.ts'
import { type ThreadedModel, modelClient } from './model-client.ts'

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
  const { heard, end, loaded, generate, idle } = modelClient(message => worker.postMessage(message), { onProgress })
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => heard(data))
  worker.addEventListener('error', ({ message }) => end(new KinmeshError('ModelFailed', `the model stopped: ${message}`)))
  const stop = () => {
    worker.terminate() // and with it the threads that it began
    end(new KinmeshError('DeviceStopped', 'the model is shutting down'))
  }
  signal?.addEventListener('abort', stop, { once: true })
  worker.postMessage({ ...start, source: { ...start.source, url } })
  try {
    const load = await loaded
    if (!load) throw new KinmeshError('ModelFailed', 'the worker of the model is not the one of this page: reload the page')
    return { name: load.name, load, generate, idle, close: async () => stop() }
  } catch (cause) {
    stop()
    throw signal?.aborted ? signal.reason : cause
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}
