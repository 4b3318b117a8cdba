import type { AdapterSource, ModelLoad } from '../load.ts'
import { openModel } from '../open-model.browser.ts'
import { type LoadNews, type ModelCalls, type PageStart, servedModel } from './model-calls.ts'
import { type ToThread, answering } from './thread-calls.ts'

// A model in a worker of its own: while its kernels run, the page goes on.

globalThis.addEventListener('message', ({ data: { source, ...options } }: MessageEvent<PageStart>) => {
  void answering<ModelCalls<AdapterSource>, ModelLoad, LoadNews>({
    say: message => globalThis.postMessage(message),
    listen: heard => globalThis.addEventListener('message', ({ data }: MessageEvent<ToThread>) => heard(data)),
    close: () => globalThis.close()
  }, async tell => {
    const { load, ...opened } = await openModel(source, { ...options, onProgress: progress => tell({ progress }) })
    return servedModel(opened, load)
  })
}, { once: true })
