import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type GraphOptions, encoderGraph, encoderWeights, tinySizes } from '../testing/tiny-encoder.ts'

export type EncoderFiles = Record<string, string | Uint8Array>

const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
const pieces = ['tea', 'at', 'five', 'the', 'he', '##llo', 'play', '##ing', '##s', 'wo', '##rk', '.', ',', '?', '!', '13', ':', '[', ']', 'sep', 'query', 'passage', ...'abcdefghijklmnopqrstuvwxyz手机你好σ'.split(''), ...'abcdefghijklmnopqrstuvwxyzσ'.split('').map(letter => `##${letter}`)]

/** What changes of the files of a tiny encoder: undefined takes a file away. */
export type Changes = Readonly<Record<string, unknown>>

/** For tests: tokenizer.json as BERT's are published, with what transformers leaves in it. */
export function wordPiecesJson() {
  const vocab: Record<string, number> = {}
  for (const token of [...special, ...pieces]) vocab[token] ??= Object.keys(vocab).length
  const mark = (id: string) => ({ SpecialToken: { id, type_id: 0 } })
  const around = (id: string) => ({ id, ids: [vocab[id] ?? 0], tokens: [id] })
  return {
    version: '1.0', truncation: { direction: 'Right', max_length: 4, strategy: 'LongestFirst', stride: 0 }, padding: { strategy: { Fixed: 8 }, direction: 'Right', pad_id: 0, pad_type_id: 0, pad_token: '[PAD]' },
    added_tokens: special.map((content, id) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true })),
    normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null as boolean | null, lowercase: true },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: { type: 'TemplateProcessing', single: [mark('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, mark('[SEP]')], pair: [], special_tokens: { '[CLS]': around('[CLS]'), '[SEP]': around('[SEP]') } },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab }
  }
}

export const configJson = { model_type: 'bert', architectures: ['BertModel'], vocab_size: tinySizes.vocabSize, hidden_size: tinySizes.hidden, max_position_embeddings: tinySizes.positions, pad_token_id: 0 }
export const modulesJson = ['Transformer', 'Pooling', 'Normalize'].map((name, idx) => ({ idx, name: String(idx), path: idx === 0 ? '' : `${idx}_${name}`, type: `sentence_transformers.models.${name}` }))
export const poolingJson = (mode: string) => ({ word_embedding_dimension: tinySizes.hidden, ...Object.fromEntries(['cls_token', 'mean_tokens', 'max_tokens', 'mean_sqrt_len_tokens'].map(each => [`pooling_mode_${each}`, each === mode])) })

/** For tests: the files of a tiny encoder, as sentence-transformers publishes them. */
export function publishedEncoder(changes: Changes = {}, { seed = 1, ...graph }: GraphOptions & { seed?: number } = {}): EncoderFiles {
  const files: Record<string, unknown> = {
    'config.json': configJson, 'tokenizer.json': wordPiecesJson(), 'tokenizer_config.json': { do_lower_case: true, model_max_length: 512, tokenizer_class: 'BertTokenizer' },
    'modules.json': modulesJson, 'sentence_bert_config.json': { max_seq_length: 32, do_lower_case: false }, '1_Pooling/config.json': poolingJson('mean_tokens'),
    'onnx/model.onnx': encoderGraph(tinySizes, encoderWeights(tinySizes, seed), graph), ...changes
  }
  const present = Object.entries(files).filter(([, content]) => content !== undefined)
  return Object.fromEntries(present.map(([path, content]) => [path, typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content)]))
}

/** For tests: writes files into a folder, those in folders of their own too. */
export function writeEncoder(dir: string, files: EncoderFiles): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(dir, dirname(path)), { recursive: true })
    writeFileSync(join(dir, path), content)
  }
  return dir
}
