import * as v from 'valibot'
import { badModelFile, quoted, unknownModel } from './model-errors.ts'

/**
 * Keys that change nothing in what the decoder computes: how it was trained, saved or is called, its labels, and the sampling settings
 * that belong to generation_config.json. `pretraining_tp` (2 in Llama-2-13b) says into how many slices training cut its matrices, the
 * sum of which is the same; transformers no longer reads it.
 */
const harmless: ReadonlySet<string> = new Set([
  'transformers_version', 'torch_dtype', 'dtype', '_name_or_path', 'name_or_path', 'model_name', '_commit_hash', '_from_model_config',
  'attn_implementation', '_attn_implementation', '_attn_implementation_autoset', '_flash_attn_2_enabled', 'use_flash_attn', 'unsloth_version', 'unsloth_fixed',
  'transformers.js_config', 'is_llama_config', 'is_decoder', 'pretraining_tp', 'initializer_range', 'use_cache', 'gradient_checkpointing', 'neftune_noise_alpha',
  'attention_dropout', 'hidden_dropout', 'embd_pdrop', 'resid_pdrop', 'dropout', 'classifier_dropout', 'chunk_size_feed_forward', 'keys_to_ignore_at_inference',
  'return_dict', 'output_attentions', 'output_hidden_states', 'torchscript', 'task_specific_params', 'finetuning_task', 'id2label', 'label2id', 'num_labels', 'problem_type',
  'tokenizer_class', 'model_max_length', 'max_sequence_length', 'bos_token', 'eos_token', 'pad_token', 'sep_token_id', 'decoder_start_token_id',
  'max_length', 'max_new_tokens', 'min_length', 'do_sample', 'early_stopping', 'num_beams', 'num_beam_groups', 'diversity_penalty', 'temperature', 'top_k', 'top_p', 'typical_p',
  'repetition_penalty', 'length_penalty', 'no_repeat_ngram_size', 'encoder_no_repeat_ngram_size', 'bad_words_ids', 'num_return_sequences', 'output_scores',
  'return_dict_in_generate', 'forced_bos_token_id', 'forced_eos_token_id', 'remove_invalid_values', 'exponential_decay_length_penalty', 'suppress_tokens',
  'begin_suppress_tokens',
  // Read for Qwen only, and saved by SmolLM3: without a sliding window it says nothing.
  'max_window_layers'
])

/** Keys that mean something to transformers whatever the family, with the one value that is done here. */
const neutral: ReadonlyMap<string, unknown> = new Map<string, unknown>([['is_causal', true], ['partial_rotary_factor', 1]])

const help: Readonly<Record<string, string>> = {
  auto_map: 'the model brings code of its own, which kinmesh never runs',
  quantization_config: 'choose the model with its original weights; kinmesh quantizes them itself',
  partial_rotary_factor: 'kinmesh turns whole heads'
}

/**
 * Refuses what is set and neither known nor harmless. A list of dangerous keys would never be complete (every new architecture brings one,
 * and a model that runs wrongly looks like one that is just bad), so what nobody looked at yet is refused by its name. An option that is
 * off (null, false, 0, empty) is taken as off: saved configs are full of those, and transformers ignores keys it does not know altogether.
 * @throws KinmeshError `UnknownModel`
 */
export function refuseUnknownKeys(file: string, values: Readonly<Record<string, unknown>>, known: ReadonlySet<string>): void {
  for (const [key, value] of Object.entries(values)) {
    const fits = neutral.has(key) ? value === null || value === neutral.get(key) : known.has(key) || harmless.has(key) || isOff(value)
    if (!fits) throw unknownModel(`${file} sets ${quoted(key)} to ${quoted(value)}, which this kinmesh cannot do: ${help[key] ?? 'choose another model, or update kinmesh'}`)
  }
}

export function isOff(value: unknown): boolean {
  return !value || (typeof value === 'object' && Object.keys(value).length === 0)
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * What `schema` makes of a value of `file`, or an error that names the first key that is wrong.
 * @throws KinmeshError `BadModelFile`
 */
export function checked<T>(file: string, schema: v.GenericSchema<unknown, T>, value: unknown): T {
  const result = v.safeParse(schema, value)
  if (result.success) return result.output
  const [issue] = result.issues
  const path = quoted(v.getDotPath(issue) ?? 'the whole')
  throw badModelFile(`${file}: ${path} ${issue.input === undefined ? 'is missing' : `cannot be ${quoted(issue.input)} (expected: ${issue.expected ?? issue.type})`}; get this file again`)
}
