import * as v from 'valibot'
import { checked } from '../hub-keys.ts'
import { badModelFile, quoted, unknownModel } from '../model-errors.ts'

/** What is asked of a text: some models were trained with other words before a question than before what is to be found. */
export type TextKind = 'query' | 'document'

/** How an encoder turns a text into a vector, apart from its weights. */
export type EncoderConfig = {
  readonly vocabSize: number
  /** Numbers of a token's vector. */
  readonly hiddenSize: number
  /** Of a text, those around it included; the rest of a longer one is not read. */
  readonly maxTokens: number
  /** Fills up the shorter texts of a batch. */
  readonly padId: number
  /** How the vectors of tokens become one of the text. */
  readonly pooling: 'mean' | 'cls'
  /** Whether the vector is brought to length 1. */
  readonly normalize: boolean
  /** Nothing in its folder says how vectors become one: mean, and length 1, as most do. */
  readonly isAssumed: boolean
  /** What stands before a text. */
  readonly prompts: Readonly<Record<TextKind | 'other', string>>
}

/** The files that say it, by their name in the folder; all but config.json may be missing. */
export const encoderTexts = ['config.json', 'tokenizer_config.json', 'modules.json', 'sentence_bert_config.json', 'config_sentence_transformers.json', '1_Pooling/config.json'] as const
export type EncoderJson = { readonly [File in (typeof encoderTexts)[number]]?: unknown }

/** Of a text. Attention takes memory with the square of it, and what is remembered is shorter. */
export const maxTextTokens = 512
const maxHidden = 8192
const maxPromptChars = 2000

/** Families that are read, and whether the positions of their texts begin after that of the padding token (as in fairseq). */
const families: Readonly<Record<string, { readonly isShifted: boolean }>> = { bert: { isShifted: false }, distilbert: { isShifted: false }, mpnet: { isShifted: true } }

const size = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most))
const configSchema = v.looseObject({
  model_type: v.string(), vocab_size: size(2 ** 20), hidden_size: v.optional(size(maxHidden)), dim: v.optional(size(maxHidden)), max_position_embeddings: size(2 ** 20),
  pad_token_id: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0)), 0)
})
/** Written as 1e30 where there is no bound. */
const tokenizerSchema = v.looseObject({ model_max_length: v.nullish(v.pipe(v.number(), v.minValue(1))) })
const modulesSchema = v.pipe(v.array(v.looseObject({ path: v.string(), type: v.string() })), v.maxLength(16))
const transformerSchema = v.looseObject({ max_seq_length: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1))), do_lower_case: v.nullish(v.boolean()) })
const poolingSchema = v.looseObject({ pooling_mode: v.nullish(v.string()), include_prompt: v.nullish(v.boolean()) })
const prompt = v.pipe(v.string(), v.maxLength(maxPromptChars))
const promptsSchema = v.looseObject({ prompts: v.nullish(v.pipe(v.record(v.string(), prompt), v.check(prompts => Object.keys(prompts).length <= 256, 'at most 256 prompts')), {}), default_prompt_name: v.nullish(v.string()) })

/** Reads what config.json and the files of sentence-transformers say. @throws KinmeshError `BadModelFile` · `UnknownModel` */
export function readEncoderConfig(files: EncoderJson): EncoderConfig {
  const config = checked('config.json', configSchema, files['config.json'])
  const family = Object.hasOwn(families, config.model_type) ? families[config.model_type] : undefined
  if (!family) throw unknownModel(`the model is a ${quoted(config.model_type)}; encoders are read of the families ${Object.keys(families).join(', ')}: choose another model`)
  const hiddenSize = config.hidden_size ?? config.dim
  if (hiddenSize === undefined) throw badModelFile('config.json does not say how many numbers the vector of a token has (hidden_size): get this file again')
  const padId = config.pad_token_id ?? 0
  if (padId >= config.vocab_size) throw badModelFile(`config.json fills texts up with the token ${padId}, and the model has ${config.vocab_size}`)
  const transformer = checked('sentence_bert_config.json', transformerSchema, files['sentence_bert_config.json'] ?? {})
  if (transformer.do_lower_case === true) throw unknownModel('sentence_bert_config.json has texts put into lower case by something else than the tokenizer: choose another model')
  const stated = transformer.max_seq_length ?? checked('tokenizer_config.json', tokenizerSchema, files['tokenizer_config.json'] ?? {}).model_max_length ?? maxTextTokens
  const positions = config.max_position_embeddings - (family.isShifted ? padId + 1 : 0)
  const modules = files['modules.json'] === undefined ? undefined : readModules(files['modules.json'])
  const pooling = files['1_Pooling/config.json'] === undefined ? undefined : readPooling(files['1_Pooling/config.json'])
  const prompts = readPrompts(files['config_sentence_transformers.json'])
  if (pooling?.leavesPromptOut === true && Object.values(prompts).some(prompt => prompt !== '')) throw unknownModel('1_Pooling/config.json leaves the tokens of the prompt out, which this version does not do: choose another model')
  if (modules?.pools === true && !pooling) throw badModelFile('modules.json tells of 1_Pooling/config.json, and it is not there: get the model again')
  return {
    vocabSize: config.vocab_size, hiddenSize, padId, prompts,
    maxTokens: Math.floor(Math.min(stated, positions, maxTextTokens)),
    pooling: pooling?.mode ?? 'mean',
    normalize: modules?.normalizes ?? true,
    isAssumed: pooling === undefined
  }
}

/** The steps of sentence-transformers, by the last word of their class. Those that were left out would be missing. */
function readModules(json: unknown): { readonly pools: boolean; readonly normalizes: boolean } {
  const steps = checked('modules.json', modulesSchema, json).map(({ type, path }) => ({ name: type.split('.').at(-1), path }))
  const [first, ...others] = steps
  const names = others.map(({ name }) => name).join()
  if (first?.name !== 'Transformer' || !['Pooling', 'Pooling,Normalize'].includes(names)) {
    throw unknownModel(`modules.json makes a vector by ${quoted(steps.map(({ name }) => name).join(', '))}; this version does Transformer, Pooling and perhaps Normalize: choose another model`)
  }
  if (others[0]?.path !== '1_Pooling') throw unknownModel(`modules.json keeps its pooling in ${quoted(others[0]?.path)}, where 1_Pooling is expected: choose another model`)
  return { pools: true, normalizes: names === 'Pooling,Normalize' }
}

const poolingModes = new Map([['mean_tokens', 'mean'], ['mean', 'mean'], ['cls_token', 'cls'], ['cls', 'cls']] as const) as ReadonlyMap<string, EncoderConfig['pooling']>

/** `pooling_mode`, or the older flags `pooling_mode_…`. */
function readPooling(json: unknown): { readonly mode: 'mean' | 'cls'; readonly leavesPromptOut: boolean } {
  const pooling = checked('1_Pooling/config.json', poolingSchema, json)
  const flags = Object.entries(pooling).filter(([key, value]) => key.startsWith('pooling_mode_') && value === true).map(([key]) => key.slice('pooling_mode_'.length))
  const modes = pooling.pooling_mode == null ? flags : [pooling.pooling_mode]
  const mode = poolingModes.get(modes.join())
  if (mode === undefined) throw unknownModel(`1_Pooling/config.json makes one vector of many by ${quoted(modes.join(', '))}; this version takes their mean or the first: choose another model`)
  return { mode, leavesPromptOut: pooling.include_prompt === false }
}

function readPrompts(json: unknown): EncoderConfig['prompts'] {
  const { prompts, default_prompt_name } = checked('config_sentence_transformers.json', promptsSchema, json ?? {})
  const named = (...names: readonly string[]) => names.map(name => (prompts && Object.hasOwn(prompts, name) ? prompts[name] : undefined)).find(prompt => prompt !== undefined)
  if (default_prompt_name != null && named(default_prompt_name) === undefined) throw badModelFile(`config_sentence_transformers.json lacks its prompt ${quoted(default_prompt_name)}: get this file again`)
  const other = default_prompt_name == null ? '' : (named(default_prompt_name) ?? '')
  return { query: named('query') ?? other, document: named('document', 'passage') ?? other, other }
}
