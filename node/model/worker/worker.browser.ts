import { openModel } from '../open-model.browser.ts'
import type { FromWorker, PageStart, ToWorker } from './messages.ts'
import { serveModel } from './serve-model.ts'

// A model in a worker of its own: while its kernels run, the page goes on.

const say = (message: FromWorker): void => globalThis.postMessage(message)

globalThis.addEventListener('message', ({ data: { source, ...options } }: MessageEvent<PageStart>) => {
  void serveModel({
    say,
    listen: heard => globalThis.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => heard(data)),
    close: () => globalThis.close()
  }, () => openModel(source, { ...options, onProgress: progress => say({ type: 'progress', progress }) }))
}, { once: true })
