// What the bench uses of the runtimes it measures beside kinmesh. They are installed on first use, so that checking these sources cannot need them.

declare module 'node-llama-cpp' {
  export type Token = number & { readonly __token: never }
  export type LlamaContextSequence = {
    clearHistory(): Promise<void>
    evaluate(tokens: Token[], options: { temperature: number; yieldEogToken: boolean }): AsyncGenerator<Token, void>
    evaluateWithoutGeneratingNewTokens(tokens: Token[]): Promise<void>
  }
  export type LlamaContext = { getSequence(): LlamaContextSequence; dispose(): Promise<void> }
  export type LlamaModel = { createContext(options: { sequences: number; contextSize: number; threads: number }): Promise<LlamaContext> }
  export type Llama = { loadModel(options: { modelPath: string; gpuLayers: number }): Promise<LlamaModel> }
  export function getLlama(options: { build: 'never'; gpu: false; skipDownload: boolean; maxThreads: number; logLevel: 'error' }): Promise<Llama>
}

declare module '@huggingface/transformers' {
  export class Tensor {
    constructor(type: 'int64', data: BigInt64Array, dims: readonly number[])
  }
  export abstract class BaseStreamer {
    abstract put(texts: bigint[][]): void
    abstract end(): void
  }
  export type PreTrainedModel = {
    generate(options: {
      inputs: Tensor; attention_mask: Tensor; max_new_tokens: number; do_sample: boolean; return_dict_in_generate: boolean; streamer: BaseStreamer
    }): Promise<{ past_key_values: unknown }>
  }
  export const AutoModelForCausalLM: {
    from_pretrained(name: string, options: { dtype: 'fp32'; device: 'cpu'; session_options: { intraOpNumThreads: number; interOpNumThreads: number; logSeverityLevel: number } }): Promise<PreTrainedModel>
  }
  export const env: { allowRemoteModels: boolean; localModelPath: string }
}
