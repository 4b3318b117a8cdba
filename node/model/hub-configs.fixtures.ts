// What published models say in their config.json: facts that a reader must get right, keys that do not matter included.

const fullLayers = (count: number) => Array.from({ length: count }, () => 'full_attention')
export const llama3Scaling = { factor: 32, high_freq_factor: 4, low_freq_factor: 1, original_max_position_embeddings: 8192, rope_type: 'llama3' }

/** HuggingFaceTB/SmolLM2-135M-Instruct */
export const smolLm2 = {
  architectures: ['LlamaForCausalLM'], model_type: 'llama', torch_dtype: 'bfloat16', transformers_version: '4.42.3', use_cache: true, is_llama_config: true,
  'transformers.js_config': { kv_cache_dtype: { q4f16: 'float16', fp16: 'float16' } }, attention_bias: false, attention_dropout: 0, mlp_bias: false, pretraining_tp: 1,
  bos_token_id: 1, eos_token_id: 2, pad_token_id: 2, hidden_act: 'silu', hidden_size: 576, initializer_range: 0.041666666666666664, intermediate_size: 1536,
  max_position_embeddings: 8192, num_attention_heads: 9, num_hidden_layers: 30, num_key_value_heads: 3, rms_norm_eps: 1e-5, rope_interleaved: false, rope_scaling: null,
  rope_theta: 100000, tie_word_embeddings: true, vocab_size: 49152
}

/** meta-llama/Llama-3.2-1B-Instruct */
export const llama32 = {
  architectures: ['LlamaForCausalLM'], model_type: 'llama', torch_dtype: 'bfloat16', transformers_version: '4.45.0.dev0', use_cache: true, attention_bias: false, attention_dropout: 0,
  mlp_bias: false, pretraining_tp: 1, bos_token_id: 128000, eos_token_id: [128001, 128008, 128009], head_dim: 64, hidden_act: 'silu', hidden_size: 2048, initializer_range: 0.02,
  intermediate_size: 8192, max_position_embeddings: 131072, num_attention_heads: 32, num_hidden_layers: 16, num_key_value_heads: 8, rms_norm_eps: 1e-5,
  rope_scaling: llama3Scaling, rope_theta: 500000, tie_word_embeddings: true, vocab_size: 128256
}

/** meta-llama/Llama-2-13b-hf, saved before rope_theta was a key */
export const llama2 = {
  architectures: ['LlamaForCausalLM'], model_type: 'llama', torch_dtype: 'float16', transformers_version: '4.32.0.dev0', use_cache: true, _name_or_path: 'meta-llama/Llama-2-13b-hf',
  bos_token_id: 1, eos_token_id: 2, hidden_act: 'silu', hidden_size: 5120, initializer_range: 0.02, intermediate_size: 13824, max_position_embeddings: 4096, num_attention_heads: 40,
  num_hidden_layers: 40, num_key_value_heads: 40, pretraining_tp: 2, rms_norm_eps: 1e-5, rope_scaling: null, tie_word_embeddings: false, vocab_size: 32000
}

/** Qwen/Qwen2.5-0.5B */
export const qwen25 = {
  architectures: ['Qwen2ForCausalLM'], model_type: 'qwen2', torch_dtype: 'bfloat16', transformers_version: '4.40.1', use_cache: true, attention_dropout: 0, bos_token_id: 151643,
  eos_token_id: 151643, hidden_act: 'silu', hidden_size: 896, initializer_range: 0.02, intermediate_size: 4864, max_position_embeddings: 32768, max_window_layers: 24,
  num_attention_heads: 14, num_hidden_layers: 24, num_key_value_heads: 2, rms_norm_eps: 1e-6, rope_theta: 1000000, sliding_window: 32768, tie_word_embeddings: true, use_mrope: false,
  use_sliding_window: false, vocab_size: 151936
}

/** Qwen/Qwen2.5-7B-Instruct, with the scaling that its README says to add for long texts */
export const qwen25Yarn = {
  ...qwen25, eos_token_id: 151645, hidden_size: 3584, intermediate_size: 18944, max_window_layers: 28, num_attention_heads: 28, num_hidden_layers: 28, num_key_value_heads: 4,
  sliding_window: 131072, tie_word_embeddings: false, vocab_size: 152064, rope_scaling: { factor: 4, original_max_position_embeddings: 32768, type: 'yarn' }
}

/** Qwen/Qwen2.5-1.5B as transformers 5 saves it again */
export const qwen25Resaved = {
  architectures: ['Qwen2ForCausalLM'], model_type: 'qwen2', dtype: 'bfloat16', transformers_version: '5.17.0', use_cache: true, attention_dropout: 0, bos_token_id: 151643,
  eos_token_id: 151643, pad_token_id: null, hidden_act: 'silu', hidden_size: 1536, initializer_range: 0.02, intermediate_size: 8960, layer_types: fullLayers(28),
  max_position_embeddings: 131072, max_window_layers: 28, num_attention_heads: 12, num_hidden_layers: 28, num_key_value_heads: 2, rms_norm_eps: 1e-6,
  rope_parameters: { rope_theta: 1000000, rope_type: 'default' }, sliding_window: null, tie_word_embeddings: true, use_mrope: false, use_sliding_window: false, vocab_size: 151936
}

/** Qwen/Qwen3-0.6B */
export const qwen3 = {
  architectures: ['Qwen3ForCausalLM'], model_type: 'qwen3', torch_dtype: 'bfloat16', transformers_version: '4.51.0', use_cache: true, attention_bias: false, attention_dropout: 0,
  bos_token_id: 151643, eos_token_id: 151645, head_dim: 128, hidden_act: 'silu', hidden_size: 1024, initializer_range: 0.02, intermediate_size: 3072, max_position_embeddings: 40960,
  max_window_layers: 28, num_attention_heads: 16, num_hidden_layers: 28, num_key_value_heads: 8, rms_norm_eps: 1e-6, rope_scaling: null, rope_theta: 1000000, sliding_window: null,
  tie_word_embeddings: true, use_sliding_window: false, vocab_size: 151936
}

/** mistralai/Mistral-7B-v0.1; v0.3 has no window, another base and a larger vocabulary */
export const mistral1 = {
  architectures: ['MistralForCausalLM'], model_type: 'mistral', torch_dtype: 'bfloat16', transformers_version: '4.34.0.dev0', use_cache: true, bos_token_id: 1, eos_token_id: 2,
  hidden_act: 'silu', hidden_size: 4096, initializer_range: 0.02, intermediate_size: 14336, max_position_embeddings: 32768, num_attention_heads: 32, num_hidden_layers: 32,
  num_key_value_heads: 8, rms_norm_eps: 1e-5, rope_theta: 10000, sliding_window: 4096, tie_word_embeddings: false, vocab_size: 32000
}
export const mistral3 = { ...mistral1, attention_dropout: 0, rope_theta: 1000000, sliding_window: null, transformers_version: '4.42.0.dev0', vocab_size: 32768 }

/** HuggingFaceTB/SmolLM3-3B */
export const smolLm3 = {
  architectures: ['SmolLM3ForCausalLM'], model_type: 'smollm3', torch_dtype: 'bfloat16', transformers_version: '4.54.0.dev0', use_cache: false, attention_bias: false, attention_dropout: 0,
  mlp_bias: false, pretraining_tp: 2, bos_token_id: null, eos_token_id: 128012, pad_token_id: 128004, hidden_act: 'silu', hidden_size: 2048, initializer_range: 0.02,
  intermediate_size: 11008, layer_types: fullLayers(36), max_position_embeddings: 65536, max_window_layers: 28, no_rope_layer_interval: 4,
  no_rope_layers: Array.from({ length: 36 }, (_, index) => (index % 4 === 3 ? 0 : 1)), num_attention_heads: 16, num_hidden_layers: 36, num_key_value_heads: 4, rms_norm_eps: 1e-6,
  rope_scaling: null, rope_theta: 5000000, sliding_window: null, use_sliding_window: false, vocab_size: 128256
}
