import { serveThread } from '../worker/serve-thread.node.ts'
import type { About, EncoderStart, Question } from './threaded-encoder.node.ts'
import { openEncoder } from './open-encoder.node.ts'

await serveThread<EncoderStart, About, Question, Float32Array<ArrayBuffer>>(async ({ dir, threads }) => {
  const { dimensions, normalized, isAssumed, embed, close } = await openEncoder(dir, { threads })
  return {
    about: { dimensions, normalized, isAssumed },
    async answer({ texts, kind }, { signal }) {
      const all = new Float32Array(texts.length * dimensions)
      for (const [index, vector] of (await embed(texts, { kind, signal })).entries()) all.set(vector, index * dimensions)
      return all
    },
    moved: all => [all.buffer],
    close
  }
})
