import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import type { Random } from '../../sync/random.fixtures.ts'
import { failsWith } from '../testing/throws.ts'
import type { DecoderConfig, LayerConfig } from './decoder-config.ts'
import { maxHeadDim, maxHeads, maxHidden, maxInner, maxLayers, maxVocab, readHubConfig } from './hub-config.ts'
import { llama2, llama32, llama3Scaling, mistral1, mistral3, qwen25, qwen25Resaved, qwen25Yarn, qwen3, smolLm2, smolLm3 } from './hub-configs.fixtures.ts'
import { maxPositionsBound } from './hub-rope.ts'
import { seededModelTest } from './seeded.fixtures.ts'

const layers = (count: number, layer: (index: number) => Partial<LayerConfig> = () => ({})): LayerConfig[] => Array.from({ length: count }, (_, index) => ({ rotary: true, window: null, ...layer(index) }))
const windows = (config: unknown) => readHubConfig(config).layers.map(({ window }) => window)
const rotaries = (config: unknown) => readHubConfig(config).layers.map(({ rotary }) => rotary)
const without = (config: Record<string, unknown>, ...keys: string[]) => Object.fromEntries(Object.entries(config).filter(([key]) => !keys.includes(key)))
/** Each must be refused with `code` and a text that matches. */
const refusals = async (code: string, cases: readonly (readonly [unknown, RegExp])[]) => {
  for (const [config, text] of cases) assert.match((await failsWith(code, () => readHubConfig(config))).message, text)
}

test('published models, each field', () => {
  const plain = { qkvBias: false, outputBias: false, innerBias: false, qkNorm: false, padId: null }
  const expected: [object, DecoderConfig][] = [
    [smolLm2, { ...plain, family: 'llama', vocabSize: 49152, hiddenSize: 576, innerSize: 1536, heads: 9, kvHeads: 3, headDim: 64, normEpsilon: 1e-5, maxPositions: 8192, rope: { theta: 100000, scaling: null }, layers: layers(30), tiedHead: true, bosId: 1, eosIds: [2], padId: 2 }],
    [llama32, { ...plain, family: 'llama', vocabSize: 128256, hiddenSize: 2048, innerSize: 8192, heads: 32, kvHeads: 8, headDim: 64, normEpsilon: 1e-5, maxPositions: 131072, rope: { theta: 500000, scaling: { kind: 'llama3', factor: 32, lowFreqFactor: 1, highFreqFactor: 4, originalMaxPositions: 8192 } }, layers: layers(16), tiedHead: true, bosId: 128000, eosIds: [128001, 128008, 128009] }],
    [llama2, { ...plain, family: 'llama', vocabSize: 32000, hiddenSize: 5120, innerSize: 13824, heads: 40, kvHeads: 40, headDim: 128, normEpsilon: 1e-5, maxPositions: 4096, rope: { theta: 10000, scaling: null }, layers: layers(40), tiedHead: false, bosId: 1, eosIds: [2] }],
    [qwen25, { ...plain, family: 'qwen2', vocabSize: 151936, hiddenSize: 896, innerSize: 4864, heads: 14, kvHeads: 2, headDim: 64, normEpsilon: 1e-6, maxPositions: 32768, rope: { theta: 1000000, scaling: null }, layers: layers(24), tiedHead: true, qkvBias: true, bosId: 151643, eosIds: [151643] }],
    [qwen25Resaved, { ...plain, family: 'qwen2', vocabSize: 151936, hiddenSize: 1536, innerSize: 8960, heads: 12, kvHeads: 2, headDim: 128, normEpsilon: 1e-6, maxPositions: 131072, rope: { theta: 1000000, scaling: null }, layers: layers(28), tiedHead: true, qkvBias: true, bosId: 151643, eosIds: [151643] }],
    [qwen3, { ...plain, family: 'qwen3', vocabSize: 151936, hiddenSize: 1024, innerSize: 3072, heads: 16, kvHeads: 8, headDim: 128, normEpsilon: 1e-6, maxPositions: 40960, rope: { theta: 1000000, scaling: null }, layers: layers(28), tiedHead: true, qkNorm: true, bosId: 151643, eosIds: [151645] }],
    [mistral1, { ...plain, family: 'mistral', vocabSize: 32000, hiddenSize: 4096, innerSize: 14336, heads: 32, kvHeads: 8, headDim: 128, normEpsilon: 1e-5, maxPositions: 32768, rope: { theta: 10000, scaling: null }, layers: layers(32, () => ({ window: 4096 })), tiedHead: false, bosId: 1, eosIds: [2] }],
    [mistral3, { ...plain, family: 'mistral', vocabSize: 32768, hiddenSize: 4096, innerSize: 14336, heads: 32, kvHeads: 8, headDim: 128, normEpsilon: 1e-5, maxPositions: 32768, rope: { theta: 1000000, scaling: null }, layers: layers(32), tiedHead: false, bosId: 1, eosIds: [2] }],
    [smolLm3, { ...plain, family: 'smollm3', vocabSize: 128256, hiddenSize: 2048, innerSize: 11008, heads: 16, kvHeads: 4, headDim: 128, normEpsilon: 1e-6, maxPositions: 65536, rope: { theta: 5000000, scaling: null }, layers: layers(36, index => ({ rotary: (index + 1) % 4 !== 0 })), tiedHead: true, bosId: null, eosIds: [128012], padId: 128004 }]
  ]
  for (const [config, decoder] of expected) assert.equal(readHubConfig(JSON.parse(JSON.stringify(config))), decoder, decoder.family)
  assert.equal(readHubConfig(qwen25Yarn).rope, { theta: 1000000, scaling: { kind: 'yarn', factor: 4, originalMaxPositions: 32768, betaFast: 32, betaSlow: 1, attentionFactor: 0.1 * Math.log(4) + 1, truncate: true } })
})

test('what a family does when nothing is said', () => {
  const optional = ['num_key_value_heads', 'head_dim', 'rms_norm_eps', 'hidden_act', 'tie_word_embeddings', 'rope_theta', 'rope_scaling', 'bos_token_id', 'eos_token_id', 'pad_token_id', 'attention_bias', 'mlp_bias', 'architectures', 'no_rope_layers', 'layer_types']
  const read = (config: Record<string, unknown>) => readHubConfig(without(config, ...optional))
  const llama = read(smolLm2)
  assert.equal([llama.kvHeads, llama.headDim, llama.normEpsilon, llama.tiedHead, llama.rope.theta, llama.bosId, llama.eosIds, llama.padId], [9, 64, 1e-6, false, 10000, null, [], null])
  assert.equal([read(qwen25).tiedHead, read(qwen25).rope.theta, read(mistral1).tiedHead, read(mistral1).rope.theta], [false, 10000, false, 10000])
  assert.is(read(qwen3).tiedHead, false)
  assert.is(read(qwen3).headDim, 128, 'not 1024 / 16')
  assert.is(read(smolLm3).tiedHead, true)
  assert.is(read(smolLm3).rope.theta, 2000000)
  assert.equal(rotaries(without(smolLm3, 'no_rope_layers', 'no_rope_layer_interval')), rotaries(smolLm3))
  const nulls = Object.fromEntries(optional.map(key => [key, null]))
  assert.equal(readHubConfig({ ...smolLm2, ...nulls }), llama, 'null says nothing')
})

test('biases, where a family has them', () => {
  const biases = (config: unknown) => {
    const { qkvBias, outputBias, innerBias } = readHubConfig(config)
    return [qkvBias, outputBias, innerBias]
  }
  for (const config of [smolLm2, smolLm3]) assert.equal([biases({ ...config, attention_bias: true }), biases({ ...config, mlp_bias: true })], [[true, true, false], [false, false, true]])
  assert.equal(biases({ ...qwen3, attention_bias: true }), [true, true, false])
  assert.equal(biases({ ...qwen25, attention_bias: false }), [true, false, false], 'transformers reads no such key')
})

test('windows', () => {
  assert.equal(new Set(windows(without(mistral1, 'sliding_window'))), new Set([4096]), "the class's default")
  for (const config of [qwen25, qwen3]) {
    const small = { ...config, num_hidden_layers: 4, max_window_layers: 2, sliding_window: 64 }
    assert.equal(windows(small), [null, null, null, null])
    assert.equal(windows({ ...small, use_sliding_window: true }), [null, null, 64, 64])
    assert.equal(windows({ ...without(small, 'sliding_window'), use_sliding_window: true }), [null, null, 4096, 4096])
    assert.equal(windows({ ...small, use_sliding_window: true, sliding_window: null }), [null, null, null, null])
    assert.equal(windows({ ...small, use_sliding_window: true, layer_types: ['sliding_attention', 'full_attention', 'sliding_attention', 'full_attention'] }), [64, null, 64, null])
    assert.equal(windows({ ...without(small, 'max_window_layers'), num_hidden_layers: 30, use_sliding_window: true }).filter(window => window === 64).length, 2, 'from layer 28 on')
  }
  const smol = { ...without(smolLm3, 'layer_types', 'no_rope_layers'), num_hidden_layers: 4, no_rope_layer_interval: 2, use_sliding_window: true, sliding_window: 32 }
  assert.equal([windows(smol), rotaries(smol)], [[null, 32, null, 32], [true, false, true, false]], 'the layers without positions slide')
  assert.equal(rotaries({ ...smol, no_rope_layers: [0, 1, 1, 0, 1] }), [false, true, true, false], 'more than layers')
  assert.equal(windows({ ...smolLm2, layer_types: layers(30).map(() => 'full_attention'), max_window_layers: 28 }).length, 30)
  assert.equal(windows({ ...mistral1, layer_types: layers(32).map(() => 'sliding_attention') }), windows(mistral1))
})

test('rope in both spellings, and its defaults', () => {
  const scaling = (config: unknown) => readHubConfig(config).rope.scaling
  const moved = { ...without(llama32, 'rope_theta', 'rope_scaling'), rope_parameters: { ...llama3Scaling, rope_theta: 500000 } }
  assert.equal(readHubConfig(moved), readHubConfig(llama32))
  assert.equal(readHubConfig({ ...llama32, rope_parameters: { ...llama3Scaling, rope_theta: 500000 } }), readHubConfig(llama32), 'both, and the same')
  assert.equal(readHubConfig({ ...llama32, rope_scaling: { ...without(llama3Scaling, 'rope_type'), type: 'llama3' } }), readHubConfig(llama32))
  assert.equal(scaling({ ...smolLm2, rope_scaling: { type: 'linear', factor: 2 } }), { kind: 'linear', factor: 2 })
  for (const none of [{}, { type: 'default' }, { rope_type: 'default', rope_theta: 100000, original_max_position_embeddings: 8192, partial_rotary_factor: 1, truncate: false }]) assert.is(scaling({ ...smolLm2, rope_scaling: none }), null)
  const original = (config: unknown) => {
    const found = scaling(config)
    return found && 'originalMaxPositions' in found ? found.originalMaxPositions : undefined
  }
  const bare = { ...llama32, rope_scaling: without(llama3Scaling, 'original_max_position_embeddings') }
  assert.equal([original(bare), original({ ...bare, original_max_position_embeddings: 5000 }), original({ ...llama32, original_max_position_embeddings: 5000 })], [131072, 5000, 5000])
})

test("yarn's numbers, as transformers computes them", () => {
  const yarn = (options: object, config: object = qwen25) => {
    const { scaling } = readHubConfig({ ...config, rope_scaling: { rope_type: 'yarn', factor: 40, original_max_position_embeddings: 4096, ...options } }).rope
    assert.is(scaling?.kind, 'yarn')
    return scaling as Extract<typeof scaling, { kind: 'yarn' }>
  }
  const near = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-12, `${actual}, not ${expected}`)
  near(yarn({}).attentionFactor, 1.3688879454113936)
  near(yarn({ mscale: 1 }).attentionFactor, 1.3688879454113936)
  near(yarn({ mscale: 0, mscale_all_dim: 1 }).attentionFactor, 1.3688879454113936)
  near(yarn({ mscale: 1, mscale_all_dim: 1 }).attentionFactor, 1)
  near(yarn({ mscale: 1, mscale_all_dim: 0.707 }).attentionFactor, 1.3688879454113936 / 1.2608037774058554)
  near(yarn({ attention_factor: 0.5, mscale: 1, mscale_all_dim: 0.707 }).attentionFactor, 0.5)
  near(yarn({ factor: 1 }).attentionFactor, 1)
  const { betaFast, betaSlow, truncate } = yarn({ beta_fast: 0, beta_slow: null, truncate: false })
  assert.equal([betaFast, betaSlow, truncate], [32, 1, false])
  assert.equal([yarn({ beta_fast: 16, beta_slow: 2 }).betaFast, yarn({ beta_fast: 16, beta_slow: 2 }).betaSlow], [16, 2])
  assert.is(yarn({ factor: null }).factor, 8, '32768 over 4096')
})

test('what is not supported is refused by name', async () => {
  const option = (key: string, value: unknown, config: object = smolLm2) => [{ ...config, [key]: value }, new RegExp(`sets ${key} to`)] as const
  await refusals('UnknownModel', [
    ...['gemma3_text', 'qwen2_moe', 'qwen3_moe', 'mixtral', 'phi3', 'llama4', 'toString', ''].map(type => [{ ...smolLm2, model_type: type }, /names the architecture .* knows llama, qwen2, qwen3, mistral, smollm3/] as const),
    ...['LlamaForSequenceClassification', 'Qwen3Model', 'DFlashDraftModel'].map(name => [{ ...qwen3, architectures: [name] }, new RegExp(`names the architecture ${name}`)] as const),
    ...[0.5, 0, '1'].map(share => option('partial_rotary_factor', share)),
    option('attn_logit_softcapping', 50), option('final_logit_softcapping', 30), option('num_experts', 8), option('num_local_experts', 8), option('use_qk_norm', true), option('rope_interleaved', true),
    option('per_layer_config', { 3: { head_dim: 4 } }), option('embedding_multiplier', 12), option('text_config', { hidden_size: 8 }), option('is_encoder_decoder', true),
    option('sliding_window', 4096), option('use_sliding_window', true), option('no_rope_layers', [1, 0]), option('no_rope_layer_interval', 4, qwen3),
    option('attention_bias', true, qwen25), option('attention_bias', true, mistral1), option('mlp_bias', true, qwen3), option('use_sliding_window', true, mistral1),
    [{ ...smolLm2, is_causal: false }, /sets is_causal to false/],
    [{ ...smolLm2, quantization_config: { quant_method: 'gptq', bits: 4 } }, /quantization_config .*original weights/],
    [{ ...smolLm2, auto_map: { AutoModel: 'modeling_own.OwnModel' } }, /auto_map .*code of its own/],
    ...['gelu', 'gelu_pytorch_tanh', 'relu2', 'swish'].map(act => [{ ...smolLm2, hidden_act: act }, new RegExp(`hidden_act to ${act}`)] as const),
    ...['dynamic', 'longrope', 'su', 'mrope', 'proportional', 'constructor'].map(type => [{ ...smolLm2, rope_scaling: { type, factor: 2 } }, new RegExp(`rope type ${type}`)] as const),
    [{ ...smolLm2, rope_scaling: { factor: 2 } }, /sets factor to 2/], [{ ...smolLm2, rope_scaling: { type: 'linear', factor: 2, mscale: 1 } }, /sets mscale to 1/],
    [{ ...smolLm2, rope_parameters: { rope_type: 'default', mrope_section: [16, 24, 24] } }, /sets mrope_section/], [{ ...smolLm2, rope_parameters: { rope_type: 'default', partial_rotary_factor: 0.5 } }, /partial_rotary_factor/],
    [{ ...qwen3, rope_parameters: { full_attention: { rope_type: 'default' }, sliding_attention: { rope_type: 'default' } } }, /each kind of layer a rope/],
    [{ ...qwen3, layer_types: layers(28).map(() => 'linear_attention') }, /a layer of linear_attention/], [{ ...smolLm2, layer_types: layers(30).map(() => 'sliding_attention') }, /no llama model can/],
    [{ ...mistral1, layer_types: layers(32).map(() => 'full_attention') }, /no mistral model can/], [{ ...mistral3, layer_types: layers(32).map(() => 'sliding_attention') }, /no mistral model can/],
    [JSON.parse(JSON.stringify(smolLm2).replace('{', '{"__proto__":{"head_dim":4},')), /__proto__/],
    [{ ...smolLm2, [`a\n${'b'.repeat(500)}`]: 'c\n'.repeat(500) }, /^.{1,300}$/]
  ])
})

test('what is not set does not matter, and neither do keys of training and sampling', () => {
  const off = { attn_logit_softcapping: null, num_experts: 0, mlp_only_layers: [], pruned_heads: {}, use_mrope: false, prefix: '', quantization_config: null, auto_map: null, sliding_window: null, use_sliding_window: false }
  const other = { unsloth_version: '2024.9', _attn_implementation_autoset: true, id2label: { 0: 'LABEL_0' }, temperature: 0.6, max_length: 4096, do_sample: true, max_window_layers: 28, pretraining_tp: 4, is_causal: true, partial_rotary_factor: 1 }
  assert.equal(readHubConfig({ ...smolLm2, ...off, ...other }), readHubConfig(smolLm2))
  for (const architectures of [undefined, null, [], ['LLaMAForCausalLM'], ['MistralForCausalLM']]) assert.equal(readHubConfig({ ...smolLm2, architectures }), readHubConfig(smolLm2))
})

test('impossible values are refused', async () => {
  const required = ['vocab_size', 'hidden_size', 'intermediate_size', 'num_hidden_layers', 'num_attention_heads', 'max_position_embeddings']
  const bounds: Record<string, number> = { vocab_size: maxVocab, hidden_size: maxHidden, intermediate_size: maxInner, num_hidden_layers: maxLayers, num_attention_heads: maxHeads, num_key_value_heads: maxHeads, head_dim: maxHeadDim, max_position_embeddings: maxPositionsBound, sliding_window: maxPositionsBound }
  for (const [key, max] of Object.entries(bounds)) {
    for (const value of [0, -1, 1.5, max + 1, 1e9, 1e300, '8', true, [8], {}, ...(required.includes(key) ? [null] : [])]) await refusals('BadModelFile', [[{ ...mistral1, [key]: value }, new RegExp(`${key} cannot be`)]])
  }
  await refusals('BadModelFile', [
    ...[null, undefined, 5, 'config', [smolLm2]].map(json => [json, /not a JSON object/] as const),
    ...required.map(key => [without(smolLm2, key), new RegExp(`${key} is missing`)] as const),
    ...[undefined, null, 5, ['llama']].map(type => [{ ...smolLm2, model_type: type }, /no model_type/] as const),
    ...[0, -1, 1, Infinity, NaN, '1e-5', 1e-40].map(eps => [{ ...smolLm2, rms_norm_eps: eps }, /rms_norm_eps/] as const),
    ...['tie_word_embeddings', 'attention_bias', 'mlp_bias'].map(key => [{ ...smolLm2, [key]: 1 }, new RegExp(key)] as const),
    [{ ...smolLm2, hidden_act: 5 }, /hidden_act/], [{ ...smolLm2, architectures: 'LlamaForCausalLM' }, /architectures/],
    [{ ...llama32, head_dim: 63 }, /63 wide, which must be even/], [{ ...smolLm2, num_attention_heads: 10, num_key_value_heads: 5 }, /shares 576 values out among 10/], [{ ...smolLm2, hidden_size: maxHidden, num_attention_heads: 1, num_key_value_heads: 1 }, /heads 65536 wide/],
    [{ ...smolLm2, num_key_value_heads: 4 }, /shares 4 num_key_value_heads among 9/], [{ ...smolLm2, num_key_value_heads: 18 }, /shares 18/],
    ...[-1, 1.5, '2', [[1]], [-1], Array.from({ length: 65 }, () => 1)].map(eos => [{ ...smolLm2, eos_token_id: eos }, /eos_token_id/] as const),
    [{ ...smolLm2, eos_token_id: [1, 49152] }, /token 49152/], [{ ...smolLm2, bos_token_id: 49152 }, /token 49152/], [{ ...smolLm2, bos_token_id: -1 }, /bos_token_id/], [{ ...smolLm2, pad_token_id: 0.5 }, /pad_token_id/],
    [{ ...qwen3, layer_types: ['full_attention'] }, /1 layer_types for 28/], [{ ...qwen3, layer_types: 'full_attention' }, /layer_types/], [{ ...qwen3, layer_types: layers(28).map(() => 'sliding_attention') }, /without a sliding_window/],
    [{ ...smolLm3, no_rope_layers: [1] }, /1 no_rope_layers for 36/], [{ ...smolLm3, no_rope_layers: layers(36).map(() => 2) }, /no_rope_layers/], [{ ...smolLm3, no_rope_layer_interval: 0 }, /no_rope_layer_interval/],
    [{ ...qwen3, max_window_layers: -1 }, /max_window_layers/],
    ...[0, 1, -5, 1e13, '10000', Infinity].flatMap(theta => [[{ ...smolLm2, rope_theta: theta }, /rope_theta/] as const, [{ ...without(smolLm2, 'rope_theta'), rope_parameters: { rope_theta: theta } }, /rope_theta/] as const]),
    [{ ...smolLm2, rope_scaling: 'linear' }, /rope_scaling is linear, and must be an object/], [{ ...smolLm2, rope_parameters: [] }, /rope_parameters/],
    [{ ...smolLm2, rope_parameters: { rope_theta: 10000 } }, /rope_theta twice, as 10000 and as 100000/], [{ ...smolLm2, rope_scaling: { type: 'linear', rope_type: 'yarn', factor: 2 } }, /rope_type twice/], [{ ...llama32, rope_parameters: { ...llama3Scaling, factor: 8 } }, /factor twice/],
    ...[0, 0.5, -1, 1e9, '2', null].flatMap(factor => [{ type: 'linear', factor }, { ...llama3Scaling, factor }].map(scaling => [{ ...smolLm2, rope_scaling: scaling }, /factor/] as const)),
    [{ ...llama32, rope_scaling: { ...llama3Scaling, high_freq_factor: 1 } }, /high_freq_factor of 1/], [{ ...llama32, rope_scaling: { ...llama3Scaling, low_freq_factor: 0 } }, /low_freq_factor/], [{ ...llama32, rope_scaling: { ...llama3Scaling, original_max_position_embeddings: 0 } }, /original_max/],
    [{ ...qwen25, rope_scaling: { type: 'yarn', factor: 4, beta_fast: 1 } }, /beta_fast of 1/], [{ ...qwen25, rope_scaling: { type: 'yarn', factor: 4, attention_factor: 0 } }, /attention_factor/], [{ ...qwen25, rope_scaling: { type: 'yarn', factor: 4, truncate: 1 } }, /truncate/],
    [{ ...qwen25, rope_scaling: { type: 'yarn', factor: null, original_max_position_embeddings: 65536 } }, /which are fewer/], [{ ...qwen25, rope_scaling: { type: 'yarn', factor: 4, mscale: -1, mscale_all_dim: 1 } }, /mscale/]
  ])
})

test('the id of padding may be nobody’s', () => {
  for (const pad of [-1, 49152, null]) assert.is(readHubConfig({ ...smolLm2, pad_token_id: pad }).padId, null)
  assert.equal(readHubConfig({ ...smolLm2, eos_token_id: [2, 2, 0] }).eosIds, [2, 0])
})

seededModelTest('2,000 changed configs are read within all bounds, or refused', 'hub-config', 1, random => {
  let [read, refused] = [0, 0]
  for (let count = 0; count < 2000; count++) {
    const config = changed(random)
    try {
      assertPossible(readHubConfig(config))
      read++
    } catch (error) {
      assert.ok(isKinmeshError(error, 'UnknownModel', 'BadModelFile'), `${String(error)} for ${JSON.stringify(config)}`)
      refused++
    }
  }
  assert.ok(read > 100 && refused > 100, `${read} read, ${refused} refused: the changes say little`)
})

function changed(random: Random): unknown {
  const odd = [0, -1, 1, 2, 0.5, 7, 64, 1e9, null, true, false, '', 'silu', 'yarn', [], [1, 0], {}, { type: 'yarn', factor: 2 }, { rope_type: 'linear', factor: 4, rope_theta: 50 }, 1e-6, 2 ** 53]
  const config: Record<string, unknown> = { ...random.pick([smolLm2, llama32, qwen25, qwen25Yarn, qwen25Resaved, qwen3, mistral1, smolLm3]) }
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const key = random.pick([...Object.keys(config), 'rope_parameters', 'head_dim', 'mlp_bias', 'sliding_window', 'surprise'])
    if (random.chance(0.3)) delete config[key]
    else config[key] = random.pick(odd)
  }
  return config
}

function assertPossible(config: DecoderConfig): void {
  const { heads, kvHeads, headDim, vocabSize, layers: each, rope, bosId, eosIds, padId, normEpsilon } = config
  const numbers = [heads, kvHeads, headDim, vocabSize, config.hiddenSize, config.innerSize, config.maxPositions, each.length, ...each.flatMap(({ window }) => window ?? [])]
  assert.ok(numbers.every(value => Number.isInteger(value) && value > 0 && value <= maxPositionsBound), JSON.stringify(config))
  assert.ok(heads % kvHeads === 0 && headDim % 2 === 0 && rope.theta > 1 && normEpsilon > 0)
  assert.ok([bosId, padId, ...eosIds].every(id => id === null || (Number.isInteger(id) && id >= 0 && id < vocabSize)))
  assert.ok(Object.values(rope.scaling ?? {}).every(value => typeof value !== 'number' || (Number.isFinite(value) && value > 0)))
}

test.run()
