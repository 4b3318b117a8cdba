import { serveThread } from '../worker/thread.node.ts'
import { openEncoder } from './open-encoder.node.ts'
import type { About, EncoderCalls, EncoderStart } from './threaded-encoder.node.ts'

await serveThread<EncoderStart, EncoderCalls, About>(async ({ dir, threads }) => {
  const { dimensions, normalized, isAssumed, embed, close } = await openEncoder(dir, { threads })
  return {
    about: { dimensions, normalized, isAssumed },
    answers: {
      async embed({ texts, kind }, { signal }) {
        const all = new Float32Array(texts.length * dimensions)
        for (const [index, vector] of (await embed(texts, { kind, signal })).entries()) all.set(vector, index * dimensions)
        return all
      }
    },
    moved: answer => (answer instanceof Float32Array && answer.buffer instanceof ArrayBuffer ? [answer.buffer] : []),
    close
  }
})
