import * as v from 'valibot'
import { badModelFile, quoted, unknownModel } from '../model-errors.ts'
import { type ControlToken, guard } from './control-tokens.ts'
import { type Spelling, readSpelling } from './token-bytes.ts'

/** Longest token, in characters: published vocabularies stay below 300, runs of spaces included. */
export const maxTokenChars = 2048
/** Merges of a vocabulary: Llama 3 has 280,000, more than it has tokens. */
export const maxMerges = 2 ** 21
/** Added tokens: Mistral has 1,000, most of them reserved; they are searched for in every prompt. */
export const maxAddedTokens = 16_384
/** Rows of an embedding: four times what the largest published vocabulary has. */
export const maxVocab = 2 ** 20
/** … and all characters of the added tokens together. */
export const maxAddedChars = 512 * 1024

/** A checked tokenizer.json, with its control tokens taken out of what the library may find in a text. */
export type TokenizerFile = {
  /** For the library: can write no control token, whatever the text says. */
  readonly plain: { readonly [part: string]: unknown }
  readonly controls: readonly ControlToken[]
  /** Added tokens by text, control or not; they are spelled as they stand. */
  readonly added: ReadonlyMap<string, number>
  /** By id; undefined where no token has the id. */
  readonly tokens: readonly (string | undefined)[]
  readonly spelling: Spelling
  /** `bos_token`, `eos_token` … as templates name them. */
  readonly named: Readonly<Record<string, string>>
}

export const addedSchema = v.object({
  id: v.pipe(v.number(), v.integer(), v.minValue(0)),
  content: v.pipe(v.string(), v.nonEmpty(), v.maxLength(maxTokenChars)),
  special: v.optional(v.boolean(), false),
  lstrip: v.optional(v.boolean(), false),
  rstrip: v.optional(v.boolean(), false),
  single_word: v.optional(v.boolean(), false),
  normalized: v.optional(v.boolean())
})
const fileSchema = v.looseObject({
  added_tokens: v.optional(v.nullable(v.pipe(v.array(addedSchema), v.maxLength(maxAddedTokens)))),
  model: v.looseObject({
    type: v.optional(v.nullable(v.string())),
    unk_token: v.optional(v.nullable(v.string())),
    byte_fallback: v.optional(v.nullable(v.boolean())),
    continuing_subword_prefix: v.optional(v.nullable(v.string())),
    end_of_word_suffix: v.optional(v.nullable(v.string()))
  })
})
const nameSchema = v.union([v.pipe(v.string(), v.maxLength(maxTokenChars)), v.pipe(v.object({ content: v.pipe(v.string(), v.maxLength(maxTokenChars)) }), v.transform(({ content }) => content))])
const configSchema = v.looseObject({ additional_special_tokens: v.optional(v.nullable(v.pipe(v.array(nameSchema), v.maxLength(maxAddedTokens)))) })

type Added = v.InferOutput<typeof addedSchema>

/** @throws KinmeshError `BadModelFile` · `UnknownModel` */
export function readTokenizerFile(tokenizerJson: unknown, tokenizerConfigJson: unknown, vocabSize: number): TokenizerFile {
  const file = checked(fileSchema, tokenizerJson, 'tokenizer.json')
  const config = checked(configSchema, tokenizerConfigJson ?? {}, 'tokenizer_config.json')
  const { model } = file
  if (model.type != null && model.type !== 'BPE') throw unknownModel(`the tokenizer is a ${quoted(model.type)}; this version reads byte-pair encodings (BPE)`)
  if (model.continuing_subword_prefix || model.end_of_word_suffix) throw unknownModel('the tokenizer marks the parts of words, which no model of the Llama family does')

  if (!Number.isInteger(vocabSize) || vocabSize < 1 || vocabSize > maxVocab) throw badModelFile(`the model has ${vocabSize} tokens; between 1 and ${maxVocab} are possible`)
  const tokens = Array.from<string | undefined>({ length: vocabSize })
  const vocab = readVocab(model['vocab'], tokens)
  const added = readAdded(file.added_tokens ?? [], tokens)
  if (vocab.size + added.size === 0) throw badModelFile('tokenizer.json has no tokens')
  const named = readNamed(config)
  addNamed([...Object.values(named), ...(config.additional_special_tokens ?? [])], vocab, added)

  const controls = [...added.values()].filter(isControl)
  const contents = new Set(controls.map(({ content }) => content))
  if (controls.some(({ content }) => content.includes(guard) || /^.$/su.test(content))) throw unknownModel('the tokenizer has a control token of one character, which could not be told from text')
  const spelling = readSpelling(file['decoder'])
  // Text that has no token: byte-level vocabularies drop it, as an "unknown" that is a control token must not come out of a text.
  const unknown = spelling.kind === 'pieces' && model.unk_token != null && (vocab.has(model.unk_token) || added.has(model.unk_token)) ? model.unk_token : null
  if (unknown !== null) contents.delete(unknown)
  const plain = {
    ...file,
    added_tokens: [
      ...[...added.values()].filter(({ content }) => !contents.has(content) && content !== unknown),
      // Stands before a text that does not begin the prompt: some tokenizers treat the beginning otherwise.
      { id: vocabSize, content: guard, special: true, lstrip: false, rstrip: false, single_word: false, normalized: false }
    ],
    normalizer: file['normalizer'] ?? null,
    pre_tokenizer: file['pre_tokenizer'] ?? null,
    post_processor: null,
    decoder: null,
    model: {
      ...model,
      type: 'BPE',
      unk_token: unknown,
      vocab: Object.fromEntries([...vocab].filter(([token]) => !contents.has(token))),
      merges: readMerges(model['merges'], vocab).filter(([left, right]) => !contents.has(left + right))
    }
  }
  return { plain, controls, added: new Map([...added.values()].map(({ content, id }) => [content, id])), tokens, spelling, named }
}

/** Special, or markup that a template writes and a person must not: `<tool_call>` and `[INST]` are not always declared special. Runs of spaces are text. */
function isControl({ special, content }: Added): boolean {
  return special || /^(<.+>|\[.+\])$/su.test(content)
}

export function readVocab(vocab: unknown, tokens: (string | undefined)[]): Map<string, number> {
  if (typeof vocab !== 'object' || vocab === null || Array.isArray(vocab)) throw badModelFile('tokenizer.json has no vocabulary')
  // By hand: valibot's records leave out keys such as "constructor", which are tokens like others.
  const ids = new Map<string, number>()
  for (const [token, id] of Object.entries(vocab as Record<string, unknown>)) {
    if (token.length > maxTokenChars) throw badModelFile(`tokenizer.json has a token of ${token.length} characters; the longest allowed has ${maxTokenChars}`)
    checkId(id, token, tokens.length)
    if (tokens[id] !== undefined) throw badModelFile(`tokenizer.json gives the id ${id} to ${quoted(tokens[id])} and to ${quoted(token)}`)
    tokens[id] = token
    ids.set(token, id)
  }
  return ids
}

function checkId(id: unknown, token: string, vocabSize: number): asserts id is number {
  if (!Number.isInteger(id) || (id as number) < 0) throw badModelFile(`tokenizer.json gives ${quoted(token)} the id ${quoted(id)}`)
  if ((id as number) >= vocabSize) throw badModelFile(`tokenizer.json gives ${quoted(token)} the id ${String(id)}, and the model has ${vocabSize} tokens: the files belong to different models`)
}

export function readAdded(list: readonly Added[], tokens: (string | undefined)[]): Map<string, Added> {
  const added = new Map<string, Added>()
  let chars = 0
  for (const token of list) {
    checkId(token.id, token.content, tokens.length)
    if (added.has(token.content)) throw badModelFile(`tokenizer.json adds ${quoted(token.content)} twice`)
    chars += token.content.length
    if (chars > maxAddedChars) throw badModelFile(`the added tokens of tokenizer.json have more than ${maxAddedChars} characters`)
    added.set(token.content, token)
    // Published files rename reserved tokens of the vocabulary so.
    tokens[token.id] = token.content
  }
  return added
}

/** Tokens that only tokenizer_config.json calls special are in the vocabulary, and special all the same. */
function addNamed(contents: readonly string[], vocab: ReadonlyMap<string, number>, added: Map<string, Added>): void {
  for (const content of contents) {
    const [known, id] = [added.get(content), vocab.get(content)]
    if (known) added.set(content, { ...known, special: true })
    else if (id !== undefined) added.set(content, { id, content, special: true, lstrip: false, rstrip: false, single_word: false })
  }
}

export function readNamed(config: Readonly<Record<string, unknown>>): Record<string, string> {
  const named: Record<string, string> = {}
  for (const name of ['bos_token', 'eos_token', 'pad_token', 'unk_token']) {
    const value = v.safeParse(nameSchema, config[name])
    if (value.success) named[name] = value.output
    else if (config[name] != null) throw badModelFile(`${name} in tokenizer_config.json is ${quoted(config[name])}`)
  }
  return named
}

/** What a merge makes must be a token too: text that it would write is dropped otherwise. */
function readMerges(merges: unknown, vocab: ReadonlyMap<string, number>): [string, string][] {
  if (!Array.isArray(merges)) throw badModelFile('tokenizer.json has no merges')
  if (merges.length > maxMerges) throw badModelFile(`tokenizer.json has ${merges.length} merges; at most ${maxMerges} are read`)
  return (merges as unknown[]).map(merge => {
    const parts: unknown[] = typeof merge === 'string' ? merge.split(' ') : Array.isArray(merge) ? merge : []
    const [left, right] = parts
    if (parts.length !== 2 || typeof left !== 'string' || typeof right !== 'string') throw badModelFile(`tokenizer.json has the merge ${quoted(merge)}, where two tokens are expected`)
    const missing = [left, right, left + right].find(token => !vocab.has(token))
    if (missing !== undefined) throw badModelFile(`tokenizer.json has the merge ${quoted(merge)}, and its vocabulary lacks ${quoted(missing)}`)
    return [left, right]
  })
}

function checked<T extends v.GenericSchema>(schema: T, value: unknown, file: string): v.InferOutput<T> {
  const result = v.safeParse(schema, value, { abortEarly: true })
  if (result.success) return result.output
  const [issue] = result.issues
  throw badModelFile(`${file}: ${v.getDotPath(issue) ?? 'it'}: ${issue.message.slice(0, 200)}`)
}
