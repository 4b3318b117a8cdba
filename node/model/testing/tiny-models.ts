import type { DecoderConfig } from '../decoder-config.ts'
import type { TensorRows } from '../write-weights.ts'
import type { Weights } from './decoder-oracle.ts'

/** For tests: numbers within −1…1 that follow from a seed (Marsaglia 2003, xorshift). */
export function seededNumbers(seed: number): () => number {
  let state = seed | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state / 2 ** 31
  }
}

const plain: DecoderConfig = {
  family: 'llama', vocabSize: 61, hiddenSize: 32, innerSize: 48, heads: 4, kvHeads: 2, headDim: 16, normEpsilon: 1e-5, maxPositions: 4096,
  rope: { theta: 10_000, scaling: null }, layers: Array.from({ length: 2 }, () => ({ rotary: true, window: null })),
  tiedHead: true, qkvBias: false, outputBias: false, innerBias: false, qkNorm: false, bosId: null, eosIds: [1], padId: 0
}
const yarn = { kind: 'yarn', factor: 4, originalMaxPositions: 16, betaFast: 4, betaSlow: 1, attentionFactor: 1.1, truncate: true } as const

/** For tests: a small decoder for each thing that families do differently. */
export const tinyConfigs: Readonly<Record<string, DecoderConfig>> = {
  'tied head': plain,
  'a head of its own': { ...plain, tiedHead: false },
  'as many key heads as query heads': { ...plain, kvHeads: 4 },
  'heads wider than the stream (head_dim)': { ...plain, headDim: 32 },
  'biases on q, k and v (qwen2)': { ...plain, family: 'qwen2', qkvBias: true },
  'biases everywhere': { ...plain, qkvBias: true, outputBias: true, innerBias: true },
  'normed heads (qwen3)': { ...plain, family: 'qwen3', qkNorm: true },
  'a sliding window (mistral)': { ...plain, family: 'mistral', layers: plain.layers.map(layer => ({ ...layer, window: 5 })) },
  'a window on one layer': { ...plain, layers: [{ rotary: true, window: 3 }, { rotary: true, window: null }] },
  'no positions on one layer (smollm3)': { ...plain, family: 'smollm3', layers: [{ rotary: true, window: null }, { rotary: false, window: null }] },
  'rope: linear': { ...plain, rope: { theta: 10_000, scaling: { kind: 'linear', factor: 4 } } },
  'rope: llama3': { ...plain, rope: { theta: 500_000, scaling: { kind: 'llama3', factor: 8, lowFreqFactor: 1, highFreqFactor: 4, originalMaxPositions: 64 } } },
  'rope: yarn': { ...plain, rope: { theta: 10_000, scaling: yarn } },
  'widths that are no multiple of a block': { ...plain, hiddenSize: 40, innerSize: 52 }
}

/** For tests: weights that follow from a seed, of a size that keeps every layer alive. */
export function tinyWeights(config: DecoderConfig, seed = 1): Weights {
  const number = seededNumbers(seed)
  const weights = new Map<string, { shape: readonly number[]; data: Float32Array }>()
  const add = (name: string, shape: readonly number[], around: number, size: number) =>
    weights.set(name, { shape, data: Float32Array.from({ length: shape.reduce((product, each) => product * each, 1) }, () => around + number() * size) })
  const { hiddenSize, innerSize, heads, kvHeads, headDim, vocabSize } = config
  const linear = (name: string, rows: number, columns: number, bias: boolean) => {
    add(`${name}.weight`, [rows, columns], 0, 2 / Math.sqrt(columns))
    if (bias) add(`${name}.bias`, [rows], 0, 0.5)
  }
  add('model.embed_tokens.weight', [vocabSize, hiddenSize], 0, 1)
  for (const index of config.layers.keys()) {
    const at = `model.layers.${index}`
    for (const norm of ['input_layernorm', 'post_attention_layernorm']) add(`${at}.${norm}.weight`, [hiddenSize], 1, 0.5)
    for (const [module, count] of [['q', heads], ['k', kvHeads], ['v', kvHeads]] as const) linear(`${at}.self_attn.${module}_proj`, count * headDim, hiddenSize, config.qkvBias)
    if (config.qkNorm) for (const module of ['q', 'k']) add(`${at}.self_attn.${module}_norm.weight`, [headDim], 1, 0.5)
    linear(`${at}.self_attn.o_proj`, hiddenSize, heads * headDim, config.outputBias)
    for (const module of ['gate', 'up']) linear(`${at}.mlp.${module}_proj`, innerSize, hiddenSize, config.innerBias)
    linear(`${at}.mlp.down_proj`, hiddenSize, innerSize, config.innerBias)
  }
  add('model.norm.weight', [hiddenSize], 1, 0.5)
  if (!config.tiedHead) linear('lm_head', vocabSize, hiddenSize, false)
  return weights
}

/** For tests: weights in memory, as conversion reads them. */
export function rowsOfWeights(weights: Weights): TensorRows {
  const tensor = (name: string) => weights.get(name) ?? { shape: [], data: new Float32Array() }
  return {
    has: name => weights.has(name),
    info: tensor,
    readRows: async (name, from, count) => {
      const { shape, data } = tensor(name)
      const width = shape.slice(1).reduce((product, each) => product * each, 1)
      return data.slice(from * width, (from + count) * width)
    }
  }
}
