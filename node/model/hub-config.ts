import * as v from 'valibot'
import type { DecoderConfig, LayerConfig } from './decoder-config.ts'
import { checked, isRecord, refuseUnknownKeys } from './hub-keys.ts'
import { maxPositionsBound, readRope, ropeKeys } from './hub-rope.ts'
import { badModelFile, quoted, unknownModel } from './model-errors.ts'

// Bounds: a few times what the largest published model of these families has (Llama 3.1 405B: 126 layers, 16,384 wide, 53,248 inside, 128 heads),
// so that a damaged or hostile file costs nothing before its weights are looked at.
export const maxVocab = 2 ** 20
export const maxHidden = 65_536
export const maxInner = 2 ** 18
export const maxLayers = 1024
export const maxHeads = 1024
export const maxHeadDim = 1024
/** Below it (BERT's, the smallest published) it no longer keeps a row of zeros from overflowing in f32; above the other it would change every row. */
const [minNormEpsilon, maxNormEpsilon] = [1e-12, 0.1]
/** A dozen is the most a published model has. */
const maxEosIds = 64

const file = 'config.json'
const upTo = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(max))
const tokenId = v.pipe(v.number(), v.integer(), v.minValue(0))
const flag = v.nullish(v.boolean())

const configSchema = v.looseObject({
  model_type: v.string(),
  architectures: v.nullish(v.array(v.string())),
  vocab_size: upTo(maxVocab),
  hidden_size: upTo(maxHidden),
  intermediate_size: upTo(maxInner),
  num_hidden_layers: upTo(maxLayers),
  num_attention_heads: upTo(maxHeads),
  num_key_value_heads: v.nullish(upTo(maxHeads)),
  head_dim: v.nullish(upTo(maxHeadDim)),
  max_position_embeddings: upTo(maxPositionsBound),
  hidden_act: v.nullish(v.string()),
  rms_norm_eps: v.nullish(v.pipe(v.number(), v.minValue(minNormEpsilon), v.maxValue(maxNormEpsilon)), 1e-6),
  tie_word_embeddings: flag,
  bos_token_id: v.nullish(tokenId),
  eos_token_id: v.nullish(v.union([tokenId, v.pipe(v.array(tokenId), v.maxLength(maxEosIds))]), []),
  pad_token_id: v.nullish(v.pipe(v.number(), v.integer())),
  layer_types: v.nullish(v.array(v.string())),
  attention_bias: flag,
  mlp_bias: flag,
  use_sliding_window: flag,
  sliding_window: v.nullish(upTo(maxPositionsBound)),
  max_window_layers: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0)), 28),
  no_rope_layers: v.nullish(v.array(v.picklist([0, 1]))),
  no_rope_layer_interval: v.nullish(upTo(maxLayers), 4)
})

type HubConfig = v.InferOutput<typeof configSchema>
type Family = DecoderConfig['family']

const common = ['model_type', 'architectures', 'vocab_size', 'hidden_size', 'intermediate_size', 'num_hidden_layers', 'num_attention_heads', 'num_key_value_heads', 'head_dim', 'max_position_embeddings', 'hidden_act', 'rms_norm_eps', 'tie_word_embeddings', 'bos_token_id', 'eos_token_id', 'pad_token_id', 'layer_types', ...ropeKeys]

/**
 * How the families differ, from the configuration and modeling files of transformers 5.18. `own`: keys that only some of them read; in any
 * other family such a key is an unknown one.
 */
const families: Record<Family, { readonly theta: number; readonly tied: boolean; readonly own: readonly string[] }> = {
  llama: { theta: 10_000, tied: false, own: ['attention_bias', 'mlp_bias'] },
  qwen2: { theta: 10_000, tied: false, own: ['use_sliding_window', 'sliding_window', 'max_window_layers'] },
  qwen3: { theta: 10_000, tied: false, own: ['attention_bias', 'use_sliding_window', 'sliding_window', 'max_window_layers'] },
  mistral: { theta: 10_000, tied: false, own: ['sliding_window'] },
  smollm3: { theta: 2_000_000, tied: true, own: ['attention_bias', 'mlp_bias', 'use_sliding_window', 'sliding_window', 'no_rope_layers', 'no_rope_layer_interval'] }
}

/** Some Mistrals are saved as Llamas and the other way round; the weights are the same. Without the head (`LlamaModel`) or with another one it is not a language model. */
const architectures = new Set(['llamaforcausallm', 'qwen2forcausallm', 'qwen3forcausallm', 'mistralforcausallm', 'smollm3forcausallm'])

/**
 * Reads the config.json of a model on the hub. What this version cannot do is refused by name before any work; it never runs a model in
 * another way than it was trained. What generation_config.json and the tokenizer say about tokens is for their own readers.
 * @throws KinmeshError `UnknownModel`: an architecture or option that is not supported; `BadModelFile`: missing or impossible values
 */
export function readHubConfig(json: unknown): DecoderConfig {
  if (!isRecord(json)) throw badModelFile(`${file} is not a JSON object: get this file again`)
  const family = readFamily(json['model_type'])
  refuseUnknownKeys(file, json, new Set([...common, ...families[family].own]))
  const config = checked(file, configSchema, json)
  const stranger = config.architectures?.find(name => !architectures.has(name.toLowerCase()))
  if (stranger !== undefined) throw unknownModel(`${file} names the architecture ${quoted(stranger)}, which this kinmesh does not know: choose another model, or update kinmesh`)
  if ((config.hidden_act ?? 'silu') !== 'silu') throw unknownModel(`${file} sets hidden_act to ${quoted(config.hidden_act)}, and this kinmesh knows silu: choose another model, or update kinmesh`)

  const { heads, kvHeads, headDim } = readHeads(family, config)
  // Where a family has none, a true one was refused above.
  const [attentionBias, innerBias] = [config.attention_bias ?? false, config.mlp_bias ?? false]
  return {
    family,
    vocabSize: config.vocab_size,
    hiddenSize: config.hidden_size,
    innerSize: config.intermediate_size,
    heads,
    kvHeads,
    headDim,
    normEpsilon: config.rms_norm_eps,
    maxPositions: config.max_position_embeddings,
    rope: readRope(json, { defaultTheta: families[family].theta, maxPositions: config.max_position_embeddings }),
    layers: readLayers(family, config),
    tiedHead: config.tie_word_embeddings ?? families[family].tied,
    // Qwen2 has them always and says so nowhere.
    qkvBias: family === 'qwen2' || attentionBias,
    outputBias: attentionBias,
    innerBias,
    qkNorm: family === 'qwen3',
    ...readIds(config)
  }
}

function readFamily(type: unknown): Family {
  if (typeof type !== 'string') throw badModelFile(`${file} has no model_type: get this file again`)
  if (!isFamily(type)) throw unknownModel(`${file} names the architecture ${quoted(type)}, and this kinmesh knows ${Object.keys(families).join(', ')}: choose another model, or update kinmesh`)
  return type
}

function isFamily(type: string): type is Family {
  return Object.hasOwn(families, type)
}

function readHeads(family: Family, config: HubConfig): { heads: number; kvHeads: number; headDim: number } {
  const { num_attention_heads: heads, num_key_value_heads: kvHeads, hidden_size: hidden } = config
  // Qwen3's class has a width of its own, whatever the hidden one.
  const headDim = config.head_dim ?? (family === 'qwen3' ? 128 : hidden / heads)
  if (!Number.isInteger(headDim)) throw badModelFile(`${file} shares ${hidden} values out among ${heads} attention heads, and they do not go: get this file again`)
  // A rotation turns pairs.
  if (headDim % 2 !== 0 || headDim > maxHeadDim) throw badModelFile(`${file} makes attention heads ${headDim} wide, which must be even and at most ${maxHeadDim}: get this file again`)
  if (heads % (kvHeads ?? heads) !== 0) throw badModelFile(`${file} shares ${kvHeads} num_key_value_heads among ${heads} attention heads, and they do not go: get this file again`)
  return { heads, kvHeads: kvHeads ?? heads, headDim }
}

function readLayers(family: Family, config: HubConfig): LayerConfig[] {
  const count = config.num_hidden_layers
  const rotary = readRotary(family, config)
  const window = readWindow(family, config)
  const slides = (index: number) => {
    if (window === null || family === 'llama') return false
    if (family === 'mistral') return true
    return family === 'smollm3' ? !rotary[index] : index >= config.max_window_layers
  }
  const implied = Array.from({ length: count }, (_, index) => (slides(index) ? 'sliding_attention' : 'full_attention'))
  const types = config.layer_types ?? implied
  if (types.length !== count) throw badModelFile(`${file} has ${types.length} layer_types for ${count} layers: get this file again`)
  return types.map((type, index) => {
    if (type !== 'full_attention' && type !== 'sliding_attention') throw unknownModel(`${file} has a layer of ${quoted(type)}, which this kinmesh cannot do: choose another model, or update kinmesh`)
    // The classes of these two have no such list: transformers would run them the other way.
    if ((family === 'llama' || family === 'mistral') && type !== implied[index]) throw unknownModel(`${file} makes layer ${index} ${type} in layer_types, which no ${family} model can: choose another model, or update kinmesh`)
    if (type === 'sliding_attention' && window === null) throw badModelFile(`${file} makes layer ${index} ${type} without a sliding_window: get this file again`)
    return { rotary: rotary[index] ?? true, window: type === 'sliding_attention' ? window : null }
  })
}

/** Which layers rotate; as SmolLM3Config, all but every fourth when it is not said. */
function readRotary(family: Family, config: HubConfig): boolean[] {
  const count = config.num_hidden_layers
  if (family !== 'smollm3') return Array.from({ length: count }, () => true)
  const { no_rope_layers: list, no_rope_layer_interval: interval } = config
  // "At least the same length as the number of layers", its documentation says.
  if (list && list.length < count) throw badModelFile(`${file} has ${list.length} no_rope_layers for ${count} layers: get this file again`)
  return Array.from({ length: count }, (_, index) => (list ? list[index] === 1 : (index + 1) % interval !== 0))
}

/** The window of those layers that slide. Where the key is missing the class has a default; null is none. */
function readWindow(family: Family, { sliding_window: window, use_sliding_window: used }: HubConfig): number | null {
  const classDefault = 4096
  switch (family) {
    case 'llama':
      return null
    case 'mistral':
      return window === undefined ? classDefault : window
    case 'qwen2':
    case 'qwen3':
      return !used ? null : window === undefined ? classDefault : window
    case 'smollm3':
      return used ? (window ?? null) : null
  }
}

function readIds({ vocab_size: vocab, bos_token_id: bos, eos_token_id: eos, pad_token_id: pad }: HubConfig): Pick<DecoderConfig, 'bosId' | 'eosIds' | 'padId'> {
  const eosIds = typeof eos === 'number' ? [eos] : [...new Set(eos)]
  const beyond = [bos ?? 0, ...eosIds].find(id => id >= vocab)
  if (beyond !== undefined) throw badModelFile(`${file} names the token ${beyond}, and the vocabulary has ${vocab}: get this file again`)
  // Published configs have −1, or the id of a token that was never added, for "none": padding is never read.
  return { bosId: bos ?? null, eosIds, padId: pad == null || pad < 0 || pad >= vocab ? null : pad }
}
