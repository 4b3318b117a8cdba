import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { tooCostly } from './regex-cost.ts'
import { type TokenizerJson, byteLevelJson, read } from './tokenizer.fixtures.ts'

/** As models are published with them, in spelling or in kind. */
const published: [string, string][] = [
  ['GPT-2', "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"],
  ['Llama 3 and Qwen', "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"],
  ['o200k', "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"],
  ['DeepSeek', '[!"#$%&\'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+'],
  ['digits from the right', '\\p{N}{1,3}(?=(?:\\p{N}{3})*(?:\\P{N}|$))'],
  ['Falcon', '[0-9][0-9][0-9]'],
  ['words', '\\b\\w+\\b']
]
const costly: [string, RegExp][] = [
  ['(a+)+$', /repeats what has repetitions/], ['(a|a)*b', /repeats what has/], ['([a-z]|[a-c])+!', /repeats what has/], ['(?:\\s?x?)*y', /repeats what has/], ['((a{1,3})+)b', /repeats what has/], ['(?=(a+)+$)x', /repeats what has/],
  ['a*a*x', /against each other/], ['\\s*\\S*\\s*:', /against each other/], ['(?=.*.*.*x).', /against each other/], ['(?:a*|b)(?:a*|c)x', /against each other/], ['[^x]*[^x]+(?<!y)', /against each other/],
  ['a?a?a?a?a?a?a?a?a?aaaaaaaaa', /too many parts/], ['a{0,64}a{0,64}b', /too many parts/], ['(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)b', /too many parts/],
  ['(a)\\1', /refers back/], ['a{100000}', /counts to more/], [Array.from({ length: 40 }, (_, index) => `[^x]*${index}`).join('|'), /too many repetitions/], ['a'.repeat(20_000), /20\d+ characters/], ['('.repeat(7000) + ')'.repeat(7000), /nests too deeply|cannot be read/]
]

function withSplit(pattern: string): TokenizerJson {
  return { ...byteLevelJson(), pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false }, { type: 'ByteLevel', add_prefix_space: false, use_regex: false }] } }
}

test('patterns that models are published with are taken', () => {
  for (const [name, pattern] of published) assert.is(read(withSplit(pattern)).decode(read(withSplit(pattern)).encodeText('It is 12345 \n\n  né')), 'It is 12345 \n\n  né', name)
})

test('patterns that a text could keep busy are refused, wherever they stand', () => {
  for (const [pattern, reason] of costly) {
    assert.match(tooCostly(new RegExp(pattern, 'gu')) ?? 'taken', reason, pattern.slice(0, 100))
  }
  const refused = (json: TokenizerJson, part: RegExp) => assert.throws(() => read(json), (error: unknown) => isKinmeshError(error, 'BadModelFile') && part.test(error.message))
  refused(withSplit('(a+)+$'), /keep busy for ever .*choose another model/)
  refused({ ...byteLevelJson(), normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'Sequence', normalizers: [{ type: 'Replace', pattern: { Regex: '(\\s|x*)*y' }, content: '' }] }] } }, /keep busy for ever/)
  const growing = { type: 'Replace', pattern: { String: 'a' }, content: 'a'.repeat(50) }
  refused({ ...byteLevelJson(), normalizer: { type: 'Sequence', normalizers: [growing, growing] } }, /more than 64 others/)
  refused({ ...byteLevelJson(), normalizer: { type: 'Replace', pattern: { Regex: '' }, content: 'x'.repeat(64) } }, /more than 64 others/)
  refused({ ...byteLevelJson(), normalizer: { type: 'Sequence', normalizers: Array.from({ length: 300 }, () => ({ type: 'NFC' })) } }, /more than 256 steps/)
})

test.run()
