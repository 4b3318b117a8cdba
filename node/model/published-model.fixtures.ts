import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DecoderConfig } from './decoder-config.ts'
import { f32Tensor, writeSafetensors } from './safetensors.fixtures.ts'
import { tinyConfigs, tinyWeights } from './testing/tiny-models.ts'
import { byteLevelJson, tokensOf } from './text/tokenizer.fixtures.ts'

export type ModelFiles = Record<string, string | Uint8Array>

const tokenizer = byteLevelJson()
/** What `publishedModel` says in config.json, read. */
export const publishedConfig: DecoderConfig = { ...tinyConfigs['tied head']!, vocabSize: tokensOf(tokenizer), maxPositions: 512, eosIds: [0] }

/** For tests: the files of a small model as a hub has them. `seed` makes another one; `shape`: one of another size. */
export function publishedModel(seed = 1, shape: DecoderConfig = publishedConfig): ModelFiles {
  const { vocabSize, hiddenSize, innerSize, heads, kvHeads, headDim, normEpsilon, maxPositions, layers } = shape
  const config = {
    model_type: 'llama', architectures: ['LlamaForCausalLM'], vocab_size: vocabSize, hidden_size: hiddenSize, intermediate_size: innerSize, num_hidden_layers: layers.length,
    num_attention_heads: heads, num_key_value_heads: kvHeads, head_dim: headDim, rms_norm_eps: normEpsilon, max_position_embeddings: maxPositions, rope_theta: 10_000,
    hidden_act: 'silu', tie_word_embeddings: true, eos_token_id: 0
  }
  const weights = Object.fromEntries([...tinyWeights(shape, seed)].map(([name, { shape, data }]) => [name, f32Tensor(shape, data)]))
  return {
    'config.json': JSON.stringify(config),
    'tokenizer.json': JSON.stringify(tokenizer),
    'tokenizer_config.json': JSON.stringify({ eos_token: '<|end|>', chat_template: '{% for message in messages %}<|user|>{{ message.content }}<|end|>{% endfor %}' }),
    'model.safetensors': writeSafetensors(weights),
    LICENSE: 'MIT'
  }
}

/** For tests: writes files into a folder of their own. */
export function writeModel(dir: string, files: ModelFiles): string {
  mkdirSync(dir, { recursive: true })
  for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content)
  return dir
}
