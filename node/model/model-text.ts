import * as v from 'valibot'
import type { DecoderConfig } from './decoder-config.ts'
import { checked, isRecord } from './hub-keys.ts'
import { readHubConfig } from './hub-config.ts'
import { badModelFile } from './model-errors.ts'
import { type ChatTemplate, readChatTemplate } from './text/chat-template.ts'
import type { SamplerOptions } from './text/sampling.ts'
import { type Tokenizer, readTokenizer } from './text/tokenizer.ts'

/** Everything of a model but its weights. */
export type ModelText = {
  readonly config: DecoderConfig
  readonly tokenizer: Tokenizer
  readonly template: ChatTemplate
  /** How its makers say that tokens are to be chosen; a seed is drawn for each text. */
  readonly sampling: Omit<SamplerOptions, 'seed'>
  /** Tokens that end a turn: all that any of its files names. */
  readonly endIds: ReadonlySet<number>
}

/** The files that `readModelText` looks at, those that a model may lack included. */
export const textFiles = ['config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja'] as const

/** The largest tokenizer.json published has some 35 MB. */
const maxTextBytes = 128 * 1024 * 1024

const tokenId = v.pipe(v.number(), v.integer(), v.minValue(0))
const generationSchema = v.looseObject({
  do_sample: v.nullish(v.boolean()),
  temperature: v.nullish(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
  top_k: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0))),
  top_p: v.nullish(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  min_p: v.nullish(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  repetition_penalty: v.nullish(v.pipe(v.number(), v.minValue(0.1), v.maxValue(10))),
  eos_token_id: v.nullish(v.union([tokenId, v.pipe(v.array(tokenId), v.maxLength(64))]), [])
})

/** `files` gives the bytes of a file by its name, undefined where there is none. @throws KinmeshError `BadModelFile` · `UnknownModel` */
export async function readModelText(files: (name: (typeof textFiles)[number], maxBytes: number) => Promise<Uint8Array | undefined>): Promise<ModelText> {
  const text = async (name: (typeof textFiles)[number]) => {
    const bytes = await files(name, maxTextBytes)
    try {
      return bytes && new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    } catch (cause) {
      throw badModelFile(`${name} is not UTF-8: get this file again`, cause)
    }
  }
  const json = async (name: (typeof textFiles)[number]): Promise<unknown> => {
    const content = await text(name)
    try {
      return content === undefined ? undefined : (JSON.parse(content) as unknown)
    } catch (cause) {
      throw badModelFile(`${name} is not JSON: get this file again`, cause)
    }
  }
  const configJson = await json('config.json')
  if (configJson === undefined) throw badModelFile('there is no config.json: choose the folder of a model')
  const config = readHubConfig(configJson)
  const [tokenizerJson, tokenizerConfig] = [await json('tokenizer.json'), await json('tokenizer_config.json')]
  if (tokenizerJson === undefined) throw badModelFile('there is no tokenizer.json: choose a model that has one (kinmesh reads no tokenizer.model)')
  const tokenizer = readTokenizer(tokenizerJson, tokenizerConfig, config.vocabSize)
  const template = readChatTemplate((await text('chat_template.jinja')) ?? (isRecord(tokenizerConfig) ? tokenizerConfig['chat_template'] : undefined))
  const generation = checked('generation_config.json', generationSchema, (await json('generation_config.json')) ?? {})
  return { config, tokenizer, template, sampling: samplingOf(generation), endIds: endIdsOf(config, tokenizer, generation) }
}

function samplingOf({ do_sample, temperature, top_k, top_p, min_p, repetition_penalty }: v.InferOutput<typeof generationSchema>): Omit<SamplerOptions, 'seed'> {
  return {
    temperature: do_sample === true ? (temperature ?? 1) : 0,
    topK: top_k ?? 0,
    topP: top_p ?? 1,
    minP: min_p ?? 0,
    repetitionPenalty: repetition_penalty ?? 1
  }
}

function endIdsOf({ eosIds, vocabSize }: DecoderConfig, tokenizer: Tokenizer, { eos_token_id }: v.InferOutput<typeof generationSchema>): ReadonlySet<number> {
  const named = tokenizer.idOf(tokenizer.named['eos_token'] ?? '')
  return new Set([...eosIds, ...(typeof eos_token_id === 'number' ? [eos_token_id] : (eos_token_id ?? [])), ...(named === undefined ? [] : [named])].filter(id => id < vocabSize))
}
