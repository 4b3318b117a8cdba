import { extname } from 'node:path'
import { openThread } from '../worker/thread.node.ts'
import type { TextKind } from './encoder-config.ts'
import { type Encoder, checkTexts } from './encoder.ts'

export type EncoderStart = { readonly dir: string; readonly threads?: number | undefined }
export type About = Pick<Encoder, 'dimensions' | 'normalized' | 'isAssumed'>
/** `vectors`: one behind the other. */
export type Embedded = { readonly vectors: Float32Array<ArrayBuffer>; readonly tokens: number }
export type EncoderCalls = { readonly embed: { readonly question: { readonly texts: readonly string[]; readonly kind: TextKind | undefined }; readonly answer: Embedded } }

/** Beside this file, in the sources as in what is published. */
const workerFile = new URL(`./worker.node${extname(import.meta.url)}`, import.meta.url)

/** Loads an encoder in a thread of its own. @throws KinmeshError what opening it threw there */
export async function openThreadedEncoder(start: EncoderStart): Promise<Encoder> {
  const { about, ask, close } = await openThread<EncoderCalls, About>(workerFile, start, 'the encoder')
  const { dimensions } = about
  return {
    ...about,
    async embed(texts, { kind, signal, onTokens } = {}) {
      checkTexts(texts)
      const { vectors, tokens } = await ask('embed', { texts, kind }, { signal })
      onTokens?.(tokens)
      return texts.map((_, index) => vectors.slice(index * dimensions, (index + 1) * dimensions))
    },
    close
  }
}
