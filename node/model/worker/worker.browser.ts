import type { AdapterSource, ModelLoad } from '../load.ts'
import { openModel } from '../open-model.browser.ts'
import { type LoadNews, type ModelCalls, type PageStart, servedModel } from './model-calls.ts'
import { servePageThread } from './thread.browser.ts'

// A model in a worker of its own: while its kernels run, the page goes on.

servePageThread<PageStart, ModelCalls<AdapterSource>, ModelLoad, LoadNews>(async ({ source, ...options }, tell) => {
  const { load, ...opened } = await openModel(source, { ...options, onProgress: progress => tell({ progress }) })
  return servedModel(opened, load)
})
