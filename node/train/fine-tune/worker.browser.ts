import { servePageThread } from '../../model/worker/thread.browser.ts'
import { prepareFineTune } from './fine-tune.browser.ts'
import type { PageFineTuneOptions, PreparedPageFineTune } from './page-fine-tune.ts'
import type { PageFineTuneCalls } from './threaded-fine-tune.browser.ts'

// A training in a worker of its own: while its kernels run, the page goes on.

servePageThread<PageFineTuneOptions, PageFineTuneCalls, null>(async options => {
  let prepared: PreparedPageFineTune | undefined
  return {
    about: null,
    answers: {
      async prepare(_, { onPiece }) {
        prepared ??= await prepareFineTune(options, progress => onPiece(JSON.stringify(progress)))
        return prepared.summary
      },
      run: async (_, { signal, onPiece }) => prepared!.run({ signal, onProgress: progress => onPiece(JSON.stringify(progress)) }),
      async done() {
        await prepared?.done()
        return null
      },
      async close() {
        await prepared?.close()
        return null
      }
    },
    close: async () => prepared?.close()
  }
})
