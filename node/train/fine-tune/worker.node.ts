import { serveThread } from '../../model/worker/thread.node.ts'
import { prepareFineTune } from './fine-tune.node.ts'
import type { FineTuneOptions } from './fine-tune-report.ts'
import type { FineTuneCalls } from './threaded-fine-tune.node.ts'

await serveThread<FineTuneOptions, FineTuneCalls, null>(async options => {
  let prepared: Awaited<ReturnType<typeof prepareFineTune>> | undefined
  return {
    about: null,
    answers: {
      async prepare(_, { signal }) {
        prepared ??= await prepareFineTune(options, signal)
        return prepared.summary
      },
      run: async (_, { signal, onPiece }) => prepared!.run({ signal, onProgress: progress => onPiece(JSON.stringify(progress)) })
    },
    close: async () => prepared?.close()
  }
})
