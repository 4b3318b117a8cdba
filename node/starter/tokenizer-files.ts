import { charsOfBytes } from '../model/text/token-bytes.ts'
import { type Merge, trainMerges } from './bpe.ts'
import { callMarks, chatTemplate, specialTokens } from './chat-template.ts'

export const vocabSize = 4096
/** Positions that the model is trained on. */
export const maxPositions = 512

/**
 * What no token reaches over: words with what joins them ("set_timer", "don't"), single digits, single spaces before a word, punctuation with the space after it. A word is the same token
 * whether it stands first, after a space or after a quotation mark: copying a name from a memory into an answer or into JSON is then the same few tokens.
 */
export const pieces = "[\\p{L}\\p{M}_]+(?:'[\\p{L}\\p{M}]+)?|\\p{N}|[^\\s\\p{L}\\p{M}\\p{N}_]+ ?|\\s+"

/** Pieces of texts, with how often each comes. */
export function countPieces(texts: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>()
  const pattern = new RegExp(pieces, 'gu')
  for (const text of texts) for (const [piece] of text.matchAll(pattern)) counts.set(piece, (counts.get(piece) ?? 0) + 1)
  return counts
}

/** tokenizer.json and tokenizer_config.json of a vocabulary that is trained on pieces. */
export function tokenizerFiles(counts: ReadonlyMap<string, number>): { readonly tokenizer: object; readonly config: object; readonly merges: readonly Merge[] } {
  const added = [...specialTokens, ...callMarks]
  const merges = trainMerges(counts, vocabSize - added.length - charsOfBytes.length)
  const tokens = [...added, ...charsOfBytes, ...new Set(merges.map(pair => pair.join('')))]
  return {
    merges,
    tokenizer: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: added.map((content, id) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: id < specialTokens.length })),
      normalizer: null,
      pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Split', pattern: { Regex: pieces }, behavior: 'Isolated', invert: false }, { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false }] },
      post_processor: null,
      decoder: { type: 'ByteLevel' },
      model: { type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: false, byte_fallback: false, ignore_merges: false, vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges }
    },
    config: {
      tokenizer_class: 'PreTrainedTokenizerFast', bos_token: null, eos_token: '<|im_end|>', pad_token: '<|endoftext|>', unk_token: null, clean_up_tokenization_spaces: false, model_max_length: maxPositions,
      chat_template: chatTemplate
    }
  }
}
