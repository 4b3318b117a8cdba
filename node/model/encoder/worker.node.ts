import { serveThread } from '../worker/thread.node.ts'
import { openEncoder } from './open-encoder.node.ts'
import type { About, Embedded, EncoderCalls, EncoderStart } from './threaded-encoder.node.ts'

await serveThread<EncoderStart, EncoderCalls, About>(async ({ dir, threads }) => {
  const { dimensions, normalized, isAssumed, embed, close } = await openEncoder(dir, { threads })
  return {
    about: { dimensions, normalized, isAssumed },
    answers: {
      async embed({ texts, kind }, { signal }) {
        const vectors = new Float32Array(texts.length * dimensions)
        let tokens = 0
        for (const [index, vector] of (await embed(texts, { kind, signal, onTokens: read => (tokens = read) })).entries()) vectors.set(vector, index * dimensions)
        return { vectors, tokens }
      }
    },
    moved: answer => [(answer as Embedded).vectors.buffer],
    close
  }
})
