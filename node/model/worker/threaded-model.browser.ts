import { KinmeshError } from '../../../mesh/errors.ts'
import type { AdapterSource, LoadProgress, ModelLoad } from '../load.ts'
import { type AdaptableModel, type LoadNews, type ModelCalls, type PageStart, threadedModel } from './model-calls.ts'
import { type FromThread, asking } from './thread-calls.ts'

/** A model in a page, which takes adapters by address or as files. */
export type PageModel = AdaptableModel<AdapterSource> & { readonly load: ModelLoad }

/**
 * Loads a model in a worker of the page. A signal that is aborted ends the loading; what was fetched is there for the next time.
 * @throws KinmeshError what opening it threw there; `InvalidOption` · the reason of the signal
 */
export async function openThreadedModel(start: PageStart, { onProgress, signal }: { readonly onProgress?: (progress: LoadProgress) => void; readonly signal?: AbortSignal } = {}): Promise<PageModel> {
  signal?.throwIfAborted()
  const url = folderAddress(start.source.url)
  const worker = new Worker(new URL('./worker.browser.ts', import.meta.url), { type: 'module', name: 'kinmesh model' })
  const model = asking<ModelCalls<AdapterSource>, ModelLoad, LoadNews>(message => worker.postMessage(message), news => 'progress' in news && onProgress?.(news.progress))
  const { heard, end, loaded } = model
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
    const opened = threadedModel<AdapterSource>(load.name, model, async () => stop())
    return { ...opened, load, loadAdapter: async (source, options) => opened.loadAdapter('url' in source ? { url: folderAddress(source.url) } : source, options) }
  } catch (cause) {
    stop()
    throw signal?.aborted ? signal.reason : cause
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

/** From the page on: the worker lies in another folder. @throws KinmeshError `InvalidOption` */
function folderAddress(url: string): string {
  const address = URL.parse(url.replace(/\/*$/, '/'), location.href)?.href
  if (address === undefined) throw new KinmeshError('InvalidOption', `models and adapters are opened by the address of their folder, and ${JSON.stringify(url)} is none: give one`)
  return address
}
