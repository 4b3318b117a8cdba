import { extname } from 'node:path'
import { openThread } from '../worker/thread.node.ts'
import type { TextKind } from './encoder-config.ts'
import { type Encoder, checkTexts } from './encoder.ts'

export type EncoderStart = { readonly dir: string; readonly threads?: number | undefined }
export type About = Pick<Encoder, 'dimensions' | 'normalized' | 'isAssumed'>
/** The answer: one vector behind the other. */
export type EncoderCalls = { readonly embed: { readonly question: { readonly texts: readonly string[]; readonly kind: TextKind | undefined }; readonly answer: Float32Array<ArrayBuffer> } }

/** Beside this file, in the sources as in what is published. */
const workerFile = new URL(`./worker.node${extname(import.meta.url)}`, import.meta.url)

/** Loads an encoder in a thread of its own. @throws KinmeshError what opening it threw there */
export async function openThreadedEncoder(start: EncoderStart): Promise<Encoder> {
  const { about, ask, close } = await openThread<EncoderCalls, About>(workerFile, start, 'the encoder')
  const { dimensions } = about
  return {
    ...about,
    async embed(texts, { kind, signal } = {}) {
      checkTexts(texts)
      const all = await ask('embed', { texts, kind }, { signal })
      return texts.map((_, index) => all.slice(index * dimensions, (index + 1) * dimensions))
    },
    close
  }
}
