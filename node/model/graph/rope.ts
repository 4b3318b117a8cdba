import type { Rope } from '../decoder-config.ts'

/** `cos` and `sin`: f32 [positions, headDim / 2]. */
export type RopeTables = { readonly positions: number; readonly cos: Float32Array; readonly sin: Float32Array }

/**
 * Cosines and sines of the rotation of each position (Su et al. 2021, arXiv:2104.09864), in the order in which dimension i turns with
 * i + headDim/2. Angles are rounded to f32 on the way, as they were when the models were trained.
 */
export function ropeTables(rope: Rope, headDim: number, positions: number): RopeTables {
  const half = headDim / 2
  const frequencies = ropeFrequencies(rope, headDim)
  const scale = rope.scaling?.kind === 'yarn' ? rope.scaling.attentionFactor : 1
  const cos = new Float32Array(positions * half)
  const sin = new Float32Array(positions * half)
  for (let position = 0; position < positions; position++) {
    for (let i = 0; i < half; i++) {
      const angle = Math.fround(position * (frequencies[i] as number))
      cos[position * half + i] = Math.cos(angle) * scale
      sin[position * half + i] = Math.sin(angle) * scale
    }
  }
  return { positions, cos, sin }
}

/** Angle per position of each pair of dimensions, f32 [headDim / 2]. Scalings as in huggingface/transformers:modeling_rope_utils.py. */
export function ropeFrequencies({ theta, scaling }: Rope, headDim: number): Float32Array {
  const plain = Float32Array.from({ length: headDim / 2 }, (_, i) => theta ** ((-2 * i) / headDim))
  switch (scaling?.kind) {
    case undefined:
      return plain
    case 'linear':
      return plain.map(frequency => frequency / scaling.factor)
    case 'llama3': {
      const { factor, lowFreqFactor, highFreqFactor, originalMaxPositions } = scaling
      return plain.map(frequency => {
        const turns = (originalMaxPositions * frequency) / (2 * Math.PI)
        const kept = Math.min(1, Math.max(0, (turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor)))
        return (1 - kept) * (frequency / factor) + kept * frequency
      })
    }
    case 'yarn': {
      const { factor, originalMaxPositions, betaFast, betaSlow, truncate } = scaling
      // The dimension that turns this often over the original length.
      const dimensionOf = (turns: number) => (headDim * Math.log(originalMaxPositions / (turns * 2 * Math.PI))) / (2 * Math.log(theta))
      const [fast, slow] = [dimensionOf(betaFast), dimensionOf(betaSlow)]
      const low = Math.max(0, truncate ? Math.floor(fast) : fast)
      const high = Math.min(headDim - 1, truncate ? Math.ceil(slow) : slow)
      const width = low === high ? 0.001 : high - low
      return plain.map((frequency, i) => {
        const kept = 1 - Math.min(1, Math.max(0, (i - low) / width))
        return (1 - kept) * (frequency / factor) + kept * frequency
      })
    }
  }
}
