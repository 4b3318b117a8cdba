import type { DecoderConfig } from '../../model/decoder-config.ts'
import { maxPositions } from '../tokenizer-files.ts'

/** More of them learned less in the same time. */
const layerCount = 4

/**
 * A Llama of four million parameters over `vocabSize` tokens, with the biases and the slow rotation of Qwen2, without which no starting weights could copy. `endId`: of the token that ends a turn.
 */
export function starterConfig(vocabSize: number, endId: number, padId: number): DecoderConfig {
  return {
    family: 'qwen2', vocabSize, hiddenSize: 256, innerSize: 704, heads: 4, kvHeads: 2, headDim: 64, normEpsilon: 1e-5, maxPositions, rope: { theta: 1e9, scaling: null },
    layers: Array.from({ length: layerCount }, () => ({ rotary: true, window: null })), tiedHead: true, qkvBias: true, outputBias: false, innerBias: false, qkNorm: false, bosId: null, eosIds: [endId], padId
  }
}

/** As config.json of a published model says it. */
export function hubConfig({ vocabSize, hiddenSize, innerSize, heads, kvHeads, headDim, normEpsilon, maxPositions, rope, layers, eosIds, padId }: DecoderConfig): Record<string, unknown> {
  return {
    architectures: ['Qwen2ForCausalLM'], model_type: 'qwen2', vocab_size: vocabSize, hidden_size: hiddenSize, intermediate_size: innerSize, num_hidden_layers: layers.length, num_attention_heads: heads,
    num_key_value_heads: kvHeads, head_dim: headDim, rms_norm_eps: normEpsilon, max_position_embeddings: maxPositions, rope_theta: rope.theta, hidden_act: 'silu',
    tie_word_embeddings: true, bos_token_id: null, eos_token_id: eosIds[0], pad_token_id: padId, dtype: 'float32'
  }
}

/** How it is trained; all of it is part of what a checkpoint belongs to. */
export const recipe = {
  seed: 1,
  /** Rows of one batch, and batches whose gradients make one step: 2,048 tokens. */
  rows: 4,
  batchesPerStep: 1,
  /** One after the other, each from where the one before ended, over examples that none had. The rate rises again for the second (warm restarts, Loshchilov & Hutter 2017, arXiv:1608.03983): at the end of the first the loss was still falling. */
  cycles: [
    { steps: 9000, schedule: { rate: 1.2e-3, warmUp: 100, shape: 'cosine', floor: 0.05 } },
    { steps: 6000, schedule: { rate: 6e-4, warmUp: 100, shape: 'cosine', floor: 0.05 } }
  ],
  /** Gradients of small models with large rates are seldom useful where they are long. */
  clipNorm: 1,
  adam: { beta1: 0.9, beta2: 0.95, decay: 0.1 },
  /** Every so many batches the whole text is learned, not only answers: names and words have to be known to be copied. */
  readEvery: 10,
  /** Every so many batches is a drill in copying. */
  drillEvery: 24,
  holdoutBatches: 24,
  holdoutEverySteps: 500
} as const
