/** How positions are turned into angles. `theta` is the base; scaling stretches a model beyond the length it was trained on. */
export type Rope = { readonly theta: number; readonly scaling: RopeScaling | null }

export type RopeScaling =
  | { readonly kind: 'linear'; readonly factor: number }
  /** Llama 3.1: low frequencies are divided by `factor`, high ones kept, those between blended. */
  | { readonly kind: 'llama3'; readonly factor: number; readonly lowFreqFactor: number; readonly highFreqFactor: number; readonly originalMaxPositions: number }
  /** Peng et al. 2023, arXiv:2309.00071. `attentionFactor` multiplies cosines and sines. `truncate`: the correction range is rounded to whole dimensions. */
  | {
      readonly kind: 'yarn'; readonly factor: number; readonly originalMaxPositions: number; readonly betaFast: number; readonly betaSlow: number
      readonly attentionFactor: number; readonly truncate: boolean
    }

/** What one decoder layer does that its neighbours may not. */
export type LayerConfig = {
  /** False: attention without positions (NoPE, SmolLM3). */
  readonly rotary: boolean
  /** How many of the last positions are seen, itself included; null: all. */
  readonly window: number | null
}

/** A decoder of the Llama family, in one spelling for all of them. Every field was checked when it was read. */
export type DecoderConfig = {
  readonly family: 'llama' | 'qwen2' | 'qwen3' | 'mistral' | 'smollm3'
  readonly vocabSize: number
  readonly hiddenSize: number
  /** Width of the gated feed-forward. */
  readonly innerSize: number
  readonly heads: number
  readonly kvHeads: number
  readonly headDim: number
  readonly normEpsilon: number
  readonly maxPositions: number
  readonly rope: Rope
  readonly layers: readonly LayerConfig[]
  /** The head is the embedding matrix. */
  readonly tiedHead: boolean
  /** Biases of q, k and v; of the output projection; of the feed-forward. */
  readonly qkvBias: boolean
  readonly outputBias: boolean
  readonly innerBias: boolean
  /** RMSNorm of each head of q and k before the rotation (Qwen3). */
  readonly qkNorm: boolean
  readonly bosId: number | null
  /** Any of these ends a text. */
  readonly eosIds: readonly number[]
  readonly padId: number | null
}
