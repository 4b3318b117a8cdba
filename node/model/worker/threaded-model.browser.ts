import type { AdapterSource, LoadProgress, ModelLoad } from '../load.ts'
import { type AdaptableModel, type LoadNews, type ModelCalls, type PageStart, threadedModel } from './model-calls.ts'
import { folderAddress, openPageThread } from './thread.browser.ts'

/** A model in a page, which takes adapters by address or as files. */
export type PageModel = AdaptableModel<AdapterSource> & { readonly load: ModelLoad }

/**
 * Loads a model in a worker of the page. A signal that is aborted ends the loading; what was fetched is there for the next time.
 * @throws KinmeshError what opening it threw there; `InvalidOption` · the reason of the signal
 */
export async function openThreadedModel(start: PageStart, { onProgress, signal }: { readonly onProgress?: (progress: LoadProgress) => void; readonly signal?: AbortSignal } = {}): Promise<PageModel> {
  signal?.throwIfAborted()
  const placed = { ...start, source: { ...start.source, url: folderAddress(start.source.url) } }
  const worker = new Worker(new URL('./worker.browser.ts', import.meta.url), { type: 'module', name: 'kinmesh model' })
  const thread = await openPageThread<ModelCalls<AdapterSource>, ModelLoad, LoadNews>(worker, placed, 'the model', { signal, onNews: news => 'progress' in news && onProgress?.(news.progress) })
  const { about: load, stop } = thread
  const opened = threadedModel<AdapterSource>({ name: load.name }, thread, async () => stop())
  return { ...opened, load, loadAdapter: async (source, options) => opened.loadAdapter('url' in source ? { url: folderAddress(source.url) } : source, options) }
}
