import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { convertFolder } from '../node/model/convert.node.ts'
import { writeModel } from '../node/model/published-model.fixtures.ts'
import { f32Tensor, writeSafetensors } from '../node/model/safetensors.fixtures.ts'
import { tinyConfigs, tinyWeights } from '../node/model/testing/tiny-models.ts'
import { vocabSize } from '../node/starter/tokenizer-files.ts'
import { withTempDir } from '../node/testing/temp.node.ts'
import { bench, documentOf } from './run.fixtures.ts'

const trained = (name: string) => readFileSync(join(import.meta.dirname, '..', 'node', 'starter', 'model', name), 'utf8')

test('starter: a model of noise is loaded, asked and scored, and knows nothing', () => withTempDir(async dir => {
  const config = { ...tinyConfigs['tied head']!, vocabSize, maxPositions: 512, eosIds: [2] }
  const weights = Object.fromEntries([...tinyWeights(config, 1)].map(([name, { shape, data }]) => [name, f32Tensor(shape, data)]))
  const published = writeModel(join(dir, 'published'), {
    'config.json': JSON.stringify({
      model_type: 'llama', architectures: ['LlamaForCausalLM'], vocab_size: vocabSize, hidden_size: config.hiddenSize, intermediate_size: config.innerSize, num_hidden_layers: config.layers.length, num_attention_heads: config.heads,
      num_key_value_heads: config.kvHeads, head_dim: config.headDim, rms_norm_eps: config.normEpsilon, max_position_embeddings: 512, rope_theta: 10_000, hidden_act: 'silu', tie_word_embeddings: true, eos_token_id: 2
    }),
    'tokenizer.json': trained('tokenizer.json'), 'tokenizer_config.json': trained('tokenizer_config.json'), 'model.safetensors': writeSafetensors(weights), LICENSE: 'MIT'
  })
  await convertFolder(published, join(dir, 'converted'), { bits: 8, block: 32, zeroPoints: false, small: true })
  const report = await documentOf('starter', '--model', join(dir, 'converted'), '--count', '1')
  for (const metric of ['grounded', 'contradiction', 'abstention', 'tool_choice', 'extraction_f1', 'dialogues']) {
    const value = report.rows.find(row => row.metric === metric)?.value ?? NaN
    assert.ok(value >= 0 && value < 0.5, `${metric}: ${value}`)
  }
  for (const metric of ['load', 'first_token', 'rss']) assert.ok((report.rows.find(row => row.metric === metric)?.value ?? 0) > 0, metric)
  assert.is(report.rows.find(row => row.metric === 'asked' && row.case === 'dialogues')?.value, 50)
}))

test('starter: without a model it says where one is missing', async () => {
  const { code, stderr } = await bench('starter', '--model', '/nowhere')
  assert.is(code, 2)
  assert.match(stderr, /no converted model in \/nowhere/)
})

test.run()
