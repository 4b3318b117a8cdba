import { type FolderOptions, defaultThreads, nextTurn, openDecoder } from './open-model.node.ts'
import { type Pace, paceOf } from './pace.ts'
import { Engine } from './runtime/engine.ts'
import { createSampler } from './text/sampling.ts'

/** `tokens`: of the prompt. Tokens per second. */
export type ContextPace = Pace & { readonly tokens: number }
/** `rssBytes`: resident memory of this process once everything was read. */
export type ModelPace = { readonly threads: number; readonly loadMs: number; readonly contexts: readonly ContextPace[]; readonly rssBytes: number }

export type MeasureOptions = Pick<FolderOptions, 'threads'> & {
  readonly signal?: AbortSignal | undefined
  /** Hears what is measured next. */
  readonly onProgress?: ((step: 'load' | 'warm' | number) => void) | undefined
}

const [shortContext, longContext] = [64, 1024]
/** What reading the longer prompt may take, s: a slow model is measured with fewer tokens. */
const longReading = 3
/** Tokens that are written after each prompt at most, and how long that may take, ms. */
const [writtenTokens, writtenMs] = [32, 2000]
/** Two of the gaps between tokens at least. */
const leastTokens = 3

/**
 * How quickly a model runs on this machine, in a few seconds: by the engine that answers, for one text, without guesses. The ids are any: no kernel looks at what they mean.
 * @throws KinmeshError as `openModel`; the reason of the signal
 */
export async function measureModel(dir: string, name: string, { threads = defaultThreads(), signal, onProgress = () => undefined }: MeasureOptions = {}): Promise<ModelPace> {
  onProgress('load')
  const startedAt = performance.now()
  const { decoder } = await openDecoder(dir, name, { threads, slots: 1 })
  const loadMs = performance.now() - startedAt
  const engine = new Engine(decoder, { turn: nextTurn })
  const sampler = createSampler({ temperature: 0, seed: 0 })
  let prompts = 0
  const write = async (tokens: number, maxTokens: number): Promise<ContextPace> => {
    // Each begins with another id, so that nothing of an earlier one is reused.
    prompts++
    const prompt = Array.from({ length: tokens }, (_, index) => (prompts + index * 7919) % decoder.config.vocabSize)
    const tokensAt: number[] = []
    const writing = { startedAt: performance.now(), tokensAt }
    await engine.generate({
      prompt, maxTokens, signal, endIds: new Set(), pick: logits => sampler.sample(logits, []),
      onToken() {
        tokensAt.push(performance.now())
        return tokensAt.length < leastTokens || performance.now() - (tokensAt[0] ?? 0) < writtenMs
      }
    })
    return { tokens, ...paceOf(tokens, writing) }
  }
  try {
    const { positions } = decoder.size
    const context = Math.min(shortContext, Math.floor(positions / 4))
    onProgress('warm')
    await write(Math.ceil(context / 8), leastTokens)
    onProgress(context)
    const short = await write(context, Math.min(writtenTokens, positions - context))
    const longer = Math.min(longContext, Math.floor(positions * 0.75), Math.floor(short.prefill * longReading))
    const contexts = [short]
    if (longer >= 2 * context) {
      onProgress(longer)
      contexts.push(await write(longer, Math.min(writtenTokens, positions - longer)))
    }
    return { threads, loadMs, contexts, rssBytes: process.memoryUsage().rss }
  } finally {
    await engine.stop()
    decoder.close()
  }
}
