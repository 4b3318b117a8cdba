import { encodeAdapter } from '../train/adapter-files/adapter-file.ts'
import type { DecoderConfig } from './decoder-config.ts'
import { adaptableLinears } from './graph/low-rank.ts'
import type { ModelFiles } from './published-model.fixtures.ts'
import { type StoredTensor, f32Tensor } from './safetensors.fixtures.ts'
import { seededNumbers } from './testing/tiny-models.ts'

/** What PEFT 0.17 saves for an adapter of the query and value projections, in its order. */
export const savedConfig = {
  alpha_pattern: {}, auto_mapping: null, base_model_name_or_path: 'somebody/tiny', bias: 'none', corda_config: null, eva_config: null, exclude_modules: null, fan_in_fan_out: false,
  inference_mode: true, init_lora_weights: true, layer_replication: null, layers_pattern: null, layers_to_transform: null, loftq_config: {}, lora_alpha: 8, lora_bias: false, lora_dropout: 0.05,
  megatron_config: null, megatron_core: 'megatron.core', modules_to_save: null, peft_type: 'LORA', qalora_group_size: 16, r: 4, rank_pattern: {}, revision: null, target_modules: ['v_proj', 'q_proj'],
  target_parameters: null, task_type: 'CAUSAL_LM', trainable_token_indices: null, use_dora: false, use_qalora: false, use_rslora: false
}
export const allTargets = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj']

/** For tests: tensors of an adapter for the modules whose names end with one of `targets`, large enough to change what the model says. `rankOf`: of each module. */
export function peftTensors(config: DecoderConfig, { seed = 1, targets = savedConfig.target_modules, rankOf = () => savedConfig.r }: { seed?: number; targets?: readonly string[]; rankOf?: (name: string) => number } = {}): Record<string, StoredTensor> {
  const number = seededNumbers(seed * 104_729)
  const tensors: Record<string, StoredTensor> = {}
  for (const { name, rows, columns } of adaptableLinears(config).filter(({ name }) => targets.some(target => name.endsWith(target)))) {
    const random = (shape: readonly [number, number], size: number) => f32Tensor(shape, Array.from({ length: shape[0] * shape[1] }, () => number() * size))
    tensors[`base_model.model.${name}.lora_A.weight`] = random([rankOf(name), columns], 1 / Math.sqrt(columns))
    tensors[`base_model.model.${name}.lora_B.weight`] = random([rows, rankOf(name)], 0.5)
  }
  return tensors
}

/** For tests: the files of an adapter as kinmesh saves them. `seed` makes another one. */
export function peftAdapter(config: DecoderConfig, seed = 1, targets: readonly string[] = allTargets): ModelFiles {
  const tensors = peftTensors(config, { seed, targets })
  const numbers = (name: string) => new Float32Array(tensors[`base_model.model.${name}`]!.bytes.slice().buffer)
  const adapted = adaptableLinears(config).filter(({ name }) => targets.some(target => name.endsWith(target)))
  const linears = new Map(adapted.map(({ name }) => [name, { a: numbers(`${name}.lora_A.weight`), b: numbers(`${name}.lora_B.weight`) }]))
  return encodeAdapter(config, { rank: savedConfig.r, alpha: savedConfig.lora_alpha, linears })
}
