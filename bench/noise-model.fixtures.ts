import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeModel } from '../node/model/published-model.fixtures.ts'
import { f32Tensor, writeSafetensors } from '../node/model/safetensors.fixtures.ts'
import { tinyConfigs, tinyWeights } from '../node/model/testing/tiny-models.ts'
import { vocabSize } from '../node/starter/tokenizer-files.ts'

const trained = (name: string) => readFileSync(join(import.meta.dirname, '..', 'node', 'starter', 'model', name), 'utf8')

/** A published model of noise with the tokenizer and the chat template of the starter model. Returns its folder. */
export function noiseModel(dir: string): string {
  const config = { ...tinyConfigs['tied head']!, vocabSize, maxPositions: 512, eosIds: [2] }
  const weights = Object.fromEntries([...tinyWeights(config, 1)].map(([name, { shape, data }]) => [name, f32Tensor(shape, data)]))
  return writeModel(dir, {
    'config.json': JSON.stringify({
      model_type: 'llama', architectures: ['LlamaForCausalLM'], vocab_size: vocabSize, hidden_size: config.hiddenSize, intermediate_size: config.innerSize, num_hidden_layers: config.layers.length, num_attention_heads: config.heads,
      num_key_value_heads: config.kvHeads, head_dim: config.headDim, rms_norm_eps: config.normEpsilon, max_position_embeddings: 512, rope_theta: 10_000, hidden_act: 'silu', tie_word_embeddings: true, eos_token_id: 2
    }),
    'tokenizer.json': trained('tokenizer.json'), 'tokenizer_config.json': trained('tokenizer_config.json'), 'model.safetensors': writeSafetensors(weights), LICENSE: 'MIT'
  })
}
