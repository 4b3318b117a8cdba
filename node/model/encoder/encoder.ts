import { KinmeshError } from '../../../mesh/errors.ts'
import { badModelFile } from '../model-errors.ts'
import { batchesOf } from './batches.ts'
import type { EncoderConfig, TextKind } from './encoder-config.ts'
import type { EncoderGraph } from './encoder-graph.ts'
import type { WordPieces } from './word-pieces.ts'

export type EmbedOptions = {
  /** What the texts are; matters to models that were trained with words before them. */
  readonly kind?: TextKind | undefined
  /** Stops the work, between two batches. */
  readonly signal?: AbortSignal | undefined
  /** Hears how many tokens the texts have, as far as they are read. */
  readonly onTokens?: ((tokens: number) => void) | undefined
}

/** Texts in, vectors out. */
export type Encoder = {
  /** Numbers of a vector. */
  readonly dimensions: number
  /** Whether vectors have length 1, so that their product is the cosine. */
  readonly normalized: boolean
  /** Nothing in the model says how the vectors of tokens become one of the text: their mean is taken. */
  readonly isAssumed: boolean
  /**
   * A vector for each text, f32 [dimensions], the same whatever other texts are there. Of a long text the end is not read.
   * @throws KinmeshError `TooManyTexts` · `ModelFailed` · `DeviceStopped`; the reason of the signal
   */
  embed(texts: readonly string[], options?: EmbedOptions): Promise<Float32Array[]>
  /** Ends what is being read, after the batch that is under way, and gives the memory back. */
  close(): Promise<void>
}

/** Texts of one call, and their characters together. */
export const maxTexts = 4096
export const maxChars = 32 * 1024 * 1024
/**
 * Tokens that are read at once: one text of the greatest length, or forty short ones. Short texts are read twice as quickly together as one by one; more tokens than these
 * are no quicker, take more memory, and let others wait longer.
 */
const batchTokens = 512
/** Texts that are taken apart before somebody else's turn. */
const textsPerTurn = 64

/** `turn` lets messages in, and other texts. @throws KinmeshError `ModelFailed` · `BadModelFile` */
export async function createEncoder(graph: Pick<EncoderGraph, 'dimensions' | 'run' | 'readsApart' | 'close'>, tokenizer: WordPieces, config: EncoderConfig, turn: () => Promise<void>): Promise<Encoder> {
  if (config.maxTokens <= tokenizer.around) throw badModelFile(`this encoder reads ${config.maxTokens} tokens of a text at most, and puts ${tokenizer.around} around it: get its files again`)
  const encode = (text: string) => tokenizer.encode(text, config.maxTokens)
  const readsApart = await graph.readsApart(encode('tea at five'), encode('The quick brown fox: it jumps over 13 lazy dogs, and nobody minds.'))
  let isClosed = false
  let closed: Promise<void> | undefined
  let running = Promise.resolve()

  /** One run at a time: whoever asks for few texts waits for one batch of those who ask for many. */
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    const before = running
    const { promise, resolve } = Promise.withResolvers<void>()
    running = promise
    try {
      await before
      await turn()
      return await work()
    } finally {
      resolve()
    }
  }
  return {
    dimensions: graph.dimensions,
    normalized: config.normalize,
    isAssumed: config.isAssumed,
    async embed(texts, { kind, signal, onTokens } = {}) {
      checkTexts(texts)
      const goOn = () => {
        signal?.throwIfAborted()
        if (isClosed) throw new KinmeshError('DeviceStopped', 'the encoder is shutting down')
      }
      const prompt = config.prompts[kind ?? 'other']
      const ids: number[][] = []
      for (const text of texts) {
        if (ids.length % textsPerTurn === 0) await turn()
        goOn()
        ids.push(encode(prompt + text))
      }
      onTokens?.(ids.reduce((sum, each) => sum + each.length, 0))
      const vectors = Array.from<Float32Array>({ length: texts.length })
      for (const batch of batchesOf(ids.map(each => each.length), readsApart ? batchTokens : 0)) {
        const found = await inTurn(() => {
          goOn()
          return graph.run(batch.map(index => ids[index] ?? []))
        })
        for (const [at, vector] of found.entries()) vectors[batch[at] ?? 0] = vector
      }
      return vectors
    },
    close() {
      isClosed = true
      // Given back once, however often it is asked for.
      return (closed ??= running.then(() => graph.close()))
    }
  }
}

/** @throws KinmeshError `TooManyTexts` */
export function checkTexts(texts: readonly string[]): void {
  if (texts.length > maxTexts) throw new KinmeshError('TooManyTexts', `these are ${texts.length} texts, and at most ${maxTexts} are read at once: give fewer of them at a time`)
  const chars = texts.reduce((sum, text) => sum + text.length, 0)
  if (chars > maxChars) throw new KinmeshError('TooManyTexts', `these texts have ${chars} characters, and at most ${maxChars} are read at once: give fewer of them at a time`)
}
