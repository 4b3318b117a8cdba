import type { Random } from '../../../sync/random.fixtures.ts'
import { charsOfBytes } from './token-bytes.ts'
import { type Tokenizer, readTokenizer } from './tokenizer.ts'

type Vocab = Record<string, number>
export type AddedToken = { id: number; content: string; special: boolean; lstrip?: boolean; rstrip?: boolean; normalized?: boolean }
export type TokenizerJson = { added_tokens: AddedToken[]; normalizer: unknown; pre_tokenizer: unknown; post_processor: unknown; decoder: unknown; model: { type: string; vocab: Vocab; merges: unknown[]; [option: string]: unknown } }

export const controls = ['<|end|>', '<|im_start|>', '<|im_end|>', '<|user|>', '[INST]'] as const
/** Markup that no file declares special, as Qwen's. */
export const markup = ['<tool_call>', '</tool_call>', '<think>', '</think>'] as const

/** Byte-level, as GPT-2, Llama 3, Qwen and SmolLM: nine added tokens, 256 bytes, a few merges. */
export function byteLevelJson(): TokenizerJson {
  const added = [...controls, ...markup]
  const merges: [string, string][] = [['t', 'h'], ['th', 'e'], ['Ġ', 'the'], ['l', 'l'], ['Ã', '©'], ['Ġ', 'Ġ'], ['u', 's'], ['us', 'er'], ['e', 'r'], ['i', 'n'], ['<', '|'], ['|', '>']]
  const vocab: Vocab = {}
  for (const token of [...added, ...charsOfBytes, ...merges.map(pair => pair.join(''))]) vocab[token] ??= Object.keys(vocab).length
  return {
    added_tokens: added.map((content, id) => ({ id, content, special: id < controls.length, lstrip: false, rstrip: false, normalized: false })),
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel' },
    model: { type: 'BPE', unk_token: null, byte_fallback: false, vocab, merges }
  }
}

/** SentencePiece-like, as Llama 2 and Mistral: pieces with `▁`, bytes for whatever else there is. `first`: a space only before the whole text. */
export function piecesJson(first = false): TokenizerJson {
  const merges = ['h e', '▁ t', '▁t he', 'l l', 'o ▁', '▁ ▁', 'e r', '< s', '<s >', 'i n']
  const vocab: Vocab = {}
  const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`)
  const letters = '▁abcdefghijklmnopqrstuvwxyzABCDEFGH.,!?<>|/[]é手'.split('')
  for (const token of ['<unk>', '<s>', '</s>', '[INST]', ...bytes, ...letters, ...merges.map(pair => pair.replace(' ', ''))]) vocab[token] ??= Object.keys(vocab).length
  return {
    added_tokens: ['<unk>', '<s>', '</s>', '[INST]'].map((content, id) => ({ id, content, special: true, lstrip: false, rstrip: false, normalized: false })),
    normalizer: first ? null : { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '▁' }, { type: 'Replace', pattern: { String: ' ' }, content: '▁' }] },
    pre_tokenizer: first ? { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: false } : null,
    post_processor: null,
    decoder: { type: 'Sequence', decoders: [{ type: 'Replace', pattern: { String: '▁' }, content: ' ' }, { type: 'ByteFallback' }, { type: 'Fuse' }, { type: 'Strip', content: ' ', start: 1, stop: 0 }] },
    model: { type: 'BPE', unk_token: '<unk>', fuse_unk: true, byte_fallback: true, vocab, merges }
  }
}

export function tokensOf(json: TokenizerJson): number {
  return Math.max(...Object.values(json.model.vocab), ...json.added_tokens.map(({ id }) => id)) + 1
}

export function read(json: TokenizerJson, config: unknown = {}): Tokenizer {
  return readTokenizer(json, config, tokensOf(json))
}

/** Every style once. */
export const styles: [string, () => TokenizerJson][] = [['byte-level', byteLevelJson], ['pieces', () => piecesJson()], ['pieces, a space at the beginning only', () => piecesJson(true)]]

const scraps = ['the', ' the', '  ', '\n', ' ', 'hello', 'user', 'é', 'ü', '手机', '🐝', '👩‍👩‍👧', 'e\u0301', '\uFEFF', '\0', '<', '>', '|', '<|', '|>', '[', ']', 'INST', '</', 'im_start', 'end', '.', '1', '▁', '\uFDD0', ...controls, ...markup, '<s>', '</s>', '<0x41>']

/** Text with whatever makes trouble: control tokens and parts of them, characters of one to four bytes, spaces. */
export function hardText(random: Random, length: number): string {
  return Array.from({ length }, () => random.pick(scraps)).join('')
}
