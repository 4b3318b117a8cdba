import { basename, dirname } from 'node:path'
import { AutoModelForCausalLM, BaseStreamer, type PreTrainedModel, Tensor, env } from '@huggingface/transformers'
import type { ModelFiles, OnToken, Runtime } from './runtime.ts'

/** transformers.js on onnxruntime-node, over the graph of transformers-graph.ts. Texts that are written at once are one batch, of prompts of one length. */
export class TransformersRuntime implements Runtime {
  #model: PreTrainedModel | undefined
  /** Keys and values of what was read. */
  #kept: unknown[] = []

  async load({ transformers }: ModelFiles, threads: number): Promise<void> {
    env.allowRemoteModels = false
    env.localModelPath = dirname(transformers)
    this.#model = await AutoModelForCausalLM.from_pretrained(basename(transformers), { dtype: 'fp32', device: 'cpu', session_options: { intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 4 } })
  }

  /** Its caches grow as they are needed. */
  async make(): Promise<void> {
    this.#kept = []
  }

  async write(prompts: readonly (readonly number[])[], tokens: number, onToken: OnToken): Promise<void> {
    this.#kept = []
    await this.#generate(prompts, tokens, onToken)
  }

  async keep(prompts: readonly (readonly number[])[]): Promise<void> {
    this.#kept = []
    for (const prompt of prompts) this.#kept.push((await this.#generate([prompt], 1, () => undefined)).past_key_values)
  }

  #generate(prompts: readonly (readonly number[])[], tokens: number, onToken: OnToken): Promise<{ past_key_values: unknown }> {
    if (!this.#model) throw new Error('no model is loaded')
    const dims = [prompts.length, prompts[0]?.length ?? 0]
    const ids = prompts.flat()
    return this.#model.generate({
      inputs: new Tensor('int64', BigInt64Array.from(ids, BigInt), dims), attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), dims),
      max_new_tokens: tokens, do_sample: false, return_dict_in_generate: true, streamer: new TokenCounter(onToken)
    })
  }
}

class TokenCounter extends BaseStreamer {
  readonly #onToken: OnToken
  #isPrompt = true

  constructor(onToken: OnToken) {
    super()
    this.#onToken = onToken
  }

  /** It is given the prompts first, then a token of each text. */
  override put(texts: bigint[][]): void {
    if (!this.#isPrompt) for (const [text, [id = -1n]] of texts.entries()) this.#onToken(text, Number(id))
    this.#isPrompt = false
  }

  override end(): void {}
}
