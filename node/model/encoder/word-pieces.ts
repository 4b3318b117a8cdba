import * as v from 'valibot'
import { checked } from '../hub-keys.ts'
import { badModelFile, quoted, unknownModel } from '../model-errors.ts'
import { createPlainTokenizer } from '../text/plain-tokenizer.ts'
import { addedSchema, maxAddedTokens, readAdded, readVocab } from '../text/tokenizer-file.ts'

/** Text as an encoder reads it. */
export interface WordPieces {
  /** Its tokens, between those that the model was trained to see around a text: at most `maxTokens` in all, which leaves out the end of a longer text. */
  encode(text: string, maxTokens: number): number[]
  /** Tokens that stand around every text. */
  readonly around: number
}

/** Longest word that is taken apart, in characters; longer ones are unknown. Published vocabularies say 100, and the work grows with the cube. */
const maxWordChars = 200
/** Characters of a text that are looked at: several times what 512 tokens hold. */
const maxTextChars = 65_536

const ids = v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(0))), v.maxLength(16))
const part = v.union([
  v.strictObject({ SpecialToken: v.looseObject({ id: v.string(), type_id: v.literal(0) }) }),
  v.strictObject({ Sequence: v.looseObject({ id: v.literal('A'), type_id: v.literal(0) }) })
])
const marked = v.tuple([v.string(), v.pipe(v.number(), v.integer(), v.minValue(0))])
const postProcessorSchema = v.variant('type', [
  v.looseObject({ type: v.literal('TemplateProcessing'), single: v.pipe(v.array(part), v.maxLength(16)), special_tokens: v.record(v.string(), v.looseObject({ ids })) }),
  v.looseObject({ type: v.literal('BertProcessing'), cls: marked, sep: marked }),
  v.looseObject({ type: v.literal('RobertaProcessing'), cls: marked, sep: marked })
])
const fileSchema = v.looseObject({
  added_tokens: v.optional(v.pipe(v.array(addedSchema), v.maxLength(maxAddedTokens)), []),
  model: v.looseObject({ type: v.literal('WordPiece'), unk_token: v.string(), continuing_subword_prefix: v.optional(v.string(), '##'), max_input_chars_per_word: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxWordChars)), 100) }),
  normalizer: v.strictObject({ type: v.literal('BertNormalizer'), clean_text: v.literal(true), handle_chinese_chars: v.boolean(), strip_accents: v.nullable(v.boolean()), lowercase: v.boolean() }),
  pre_tokenizer: v.strictObject({ type: v.literal('BertPreTokenizer') }),
  post_processor: postProcessorSchema
})
/** What transformers puts in the place of what tokenizer.json says. */
const configSchema = v.looseObject({ do_lower_case: v.optional(v.boolean()), strip_accents: v.nullish(v.boolean()), tokenize_chinese_chars: v.optional(v.boolean()) })

/** Han outside of the first plane, as the tokenizers of Hugging Face know it (one block of extension E is missing there): @huggingface/tokenizers looks at halves of characters. */
const rareHan = /[\u{20000}-\u{2A6DF}\u{2A700}-\u{2B81F}\u{2B920}-\u{2CEAF}\u{2F800}-\u{2FA1F}]/gu

/**
 * The tokenizer of the BERT family: words taken apart into the longest pieces of a vocabulary. `vocabSize`: rows of the model's embedding. What is spelled in a text as
 * a special token is text like any other.
 * @throws KinmeshError `BadModelFile` · `UnknownModel`
 */
export function readWordPieces(tokenizerJson: unknown, tokenizerConfigJson: unknown, vocabSize: number): WordPieces {
  refuseOthers(tokenizerJson)
  const { added_tokens, model, normalizer, pre_tokenizer, post_processor } = checked('tokenizer.json', fileSchema, tokenizerJson)
  const config = checked('tokenizer_config.json', configSchema, tokenizerConfigJson ?? {})
  const disagreement = ([['do_lower_case', 'lowercase'], ['strip_accents', 'strip_accents'], ['tokenize_chinese_chars', 'handle_chinese_chars']] as const).find(([its, other]) => (config[its] ?? normalizer[other]) !== normalizer[other])
  if (disagreement) throw unknownModel(`tokenizer_config.json says ${disagreement[0]} ${String(config[disagreement[0]])}, and tokenizer.json another thing: get another copy of the model`)

  const tokens = Array.from<string | undefined>({ length: vocabSize })
  const vocab = readVocab(model['vocab'], tokens)
  const added = [...readAdded(added_tokens, tokens).values()]
  if (!vocab.has(model.unk_token)) throw badModelFile(`the vocabulary lacks ${quoted(model.unk_token)}, which stands for unknown words`)
  const [before, after] = surroundings(post_processor)
  const around = before.length + after.length
  if (around === 0) throw unknownModel('the tokenizer puts nothing around a text, which the BERT family needs')
  const stray = [...before, ...after].find(id => tokens[id] === undefined)
  if (stray !== undefined) throw badModelFile(`tokenizer.json puts the token ${stray} around a text, which is none of its own`)
  const plain = failing(() => createPlainTokenizer({ added_tokens: added.filter(({ special }) => !special), model, normalizer, pre_tokenizer, post_processor: null, decoder: null }))

  const prepared = (text: string) => {
    const spaced = normalizer.handle_chinese_chars ? text.replace(rareHan, ' $& ') : text
    // At the end of a word JavaScript makes another letter of it, which no vocabulary of Hugging Face's tokenizers has seen.
    return normalizer.lowercase ? spaced.replaceAll('Σ', 'σ') : spaced
  }
  return {
    around,
    encode(text, maxTokens) {
      const found = failing(() => plain.encode(prepared(text.slice(0, maxTextChars).toWellFormed()), { add_special_tokens: false }).ids).slice(0, maxTokens - around)
      const strange = found.find(id => !Number.isInteger(id) || id < 0 || id >= vocabSize)
      if (strange !== undefined) throw badModelFile('the tokenizer gives text an id that is none of its own')
      return [...before, ...found, ...after]
    }
  }
}

/** By name, where the schema would only say what it expected. */
function refuseOthers(json: unknown): void {
  const type = v.safeParse(v.looseObject({ model: v.looseObject({ type: v.string() }) }), json)
  if (type.success && type.output.model.type !== 'WordPiece') throw unknownModel(`the tokenizer is a ${quoted(type.output.model.type)}; encoders are read with WordPiece, as BERT has it: choose another model`)
  const steps = v.safeParse(v.looseObject({ normalizer: v.looseObject({ type: v.string() }), pre_tokenizer: v.looseObject({ type: v.string() }), post_processor: v.looseObject({ type: v.string() }) }), json)
  if (!steps.success) return
  const { normalizer, pre_tokenizer, post_processor } = steps.output
  const known = ['BertNormalizer', 'BertPreTokenizer', 'TemplateProcessing', 'BertProcessing', 'RobertaProcessing']
  const strange = [normalizer.type, pre_tokenizer.type, post_processor.type].find(each => !known.includes(each))
  if (strange !== undefined) throw unknownModel(`the tokenizer has the step ${quoted(strange)}, which this version does not do: choose another model`)
}

/** Ids before and after a text. */
function surroundings(processor: v.InferOutput<typeof postProcessorSchema>): [number[], number[]] {
  if (processor.type !== 'TemplateProcessing') return [[processor.cls[1]], [processor.sep[1]]]
  const { single, special_tokens } = processor
  const at = single.findIndex(each => 'Sequence' in each)
  if (at < 0 || single.filter(each => 'Sequence' in each).length > 1) throw badModelFile('the template of tokenizer.json has no place for the text, or several')
  const idsOf = (parts: typeof single) => parts.flatMap(each => {
    if (!('SpecialToken' in each)) return []
    const special = special_tokens[each.SpecialToken.id]
    if (!special) throw badModelFile(`the template of tokenizer.json names ${quoted(each.SpecialToken.id)}, and does not say what it is`)
    return special.ids
  })
  return [idsOf(single.slice(0, at)), idsOf(single.slice(at + 1))]
}

function failing<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw badModelFile(`tokenizer.json cannot be used: ${error instanceof Error ? error.message.slice(0, 200) : String(error)}`, error)
  }
}
