/** A shape to measure: config.json of a published model of it, as its makers wrote it where that matters for speed. */
export type Shape = { readonly name: string; readonly config: HubConfig }

export type HubConfig = {
  readonly model_type: 'llama' | 'qwen2'
  readonly vocab_size: number
  readonly hidden_size: number
  readonly intermediate_size: number
  readonly num_hidden_layers: number
  readonly num_attention_heads: number
  readonly num_key_value_heads: number
  readonly rms_norm_eps: number
  readonly max_position_embeddings: number
  readonly rope_theta: number
  readonly hidden_act: 'silu'
  readonly tie_word_embeddings: true
}

const common = { hidden_act: 'silu', tie_word_embeddings: true } as const

/** Those that are measured unless it is said otherwise, and one that shows in seconds that everything works. */
export const shapes: readonly Shape[] = [
  {
    name: 'smollm2-135m',
    config: {
      ...common, model_type: 'llama', vocab_size: 49_152, hidden_size: 576, intermediate_size: 1536, num_hidden_layers: 30, num_attention_heads: 9, num_key_value_heads: 3,
      rms_norm_eps: 1e-5, max_position_embeddings: 8192, rope_theta: 100_000
    }
  },
  {
    name: 'qwen2.5-0.5b',
    config: {
      ...common, model_type: 'qwen2', vocab_size: 151_936, hidden_size: 896, intermediate_size: 4864, num_hidden_layers: 24, num_attention_heads: 14, num_key_value_heads: 2,
      rms_norm_eps: 1e-6, max_position_embeddings: 32_768, rope_theta: 1_000_000
    }
  },
  {
    name: 'tiny',
    config: {
      ...common, model_type: 'qwen2', vocab_size: 512, hidden_size: 64, intermediate_size: 128, num_hidden_layers: 2, num_attention_heads: 4, num_key_value_heads: 2,
      rms_norm_eps: 1e-6, max_position_embeddings: 2048, rope_theta: 10_000
    }
  }
]
