import type { ConvertRecipe } from '../../node/model/convert-recipe.ts'
import { type HubConfig, shapes } from '../model/shapes.ts'

/** `rank`: of an adapter; null: all weights are learned. `page`: in a page of Chromium, over onnxruntime-web. */
export type TrainingCase = { readonly name: string; readonly config: HubConfig; readonly rows: number; readonly length: number; readonly rank: number | null; readonly bits: ConvertRecipe['bits']; readonly checkpoint: boolean; readonly page?: boolean }

export type Task = { readonly name: string; readonly steps: number; readonly threads: number }
/** `stepMs`: loss, gradient and update; `optimizerMs`: the last of these. */
export type Steps = { readonly stepMs: number[]; readonly optimizerMs: number[] }
/** RSS in bytes, of the process that trains: before the first step with everything loaded, and at most; undefined where the system does not tell. */
export type Measured = Steps & { readonly tokens: number; readonly parameters: number; readonly rssBefore: number | undefined; readonly rssPeak: number | undefined }

const shape = (name: string): HubConfig => {
  const found = shapes.find(each => each.name === name)
  if (!found) throw new Error(`there is no shape ${name}`)
  return found.config
}
const small: HubConfig = { ...shape('tiny'), model_type: 'llama', vocab_size: 4096, hidden_size: 256, intermediate_size: 704, num_hidden_layers: 6, num_attention_heads: 4, num_key_value_heads: 2, max_position_embeddings: 512 }
const adapter = { rows: 1, length: 256, rank: 8 }

export const trainingCases: readonly TrainingCase[] = [
  { name: '5.5M from nothing 4 × 256', config: small, rows: 4, length: 256, rank: null, bits: 32, checkpoint: false },
  { name: 'smollm2-135m adapter int4 1 × 256', config: shape('smollm2-135m'), ...adapter, bits: 4, checkpoint: false },
  { name: 'smollm2-135m adapter int4 recomputed 1 × 256', config: shape('smollm2-135m'), ...adapter, bits: 4, checkpoint: true },
  { name: 'smollm2-135m adapter f32 1 × 256', config: shape('smollm2-135m'), ...adapter, bits: 32, checkpoint: false },
  { name: 'smollm2-135m adapter int4 1 × 256 in a page', config: shape('smollm2-135m'), ...adapter, bits: 4, checkpoint: false, page: true },
  { name: 'smollm2-135m adapter int4 recomputed 1 × 256 in a page', config: shape('smollm2-135m'), ...adapter, bits: 4, checkpoint: true, page: true },
  { name: 'smollm2-135m adapter f32 1 × 256 in a page', config: shape('smollm2-135m'), ...adapter, bits: 32, checkpoint: false, page: true },
  { name: 'tiny', config: shape('tiny'), rows: 2, length: 32, rank: 2, bits: 4, checkpoint: true },
  { name: 'tiny in a page', config: shape('tiny'), rows: 2, length: 32, rank: 2, bits: 4, checkpoint: true, page: true }
]
