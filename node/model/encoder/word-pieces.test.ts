import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { wordPiecesJson } from './encoder.fixtures.ts'
import { readWordPieces } from './word-pieces.ts'

const json = wordPiecesJson()
const names = new Map(Object.entries(json.model.vocab).map(([token, id]) => [id, token]))
const reader = readWordPieces(json, undefined, 120)
const pieces = (text: string, maxTokens = 100) => reader.encode(text, maxTokens).map(id => names.get(id)).join(' ')

// As the tokenizers of Hugging Face 0.23 take them apart with the same file, but for special tokens that a text spells, which are found there.
const cases: [string, string][] = [
  ['Tea at five.', 'tea at five .'], ['hello playing works', 'he ##llo play ##ing wo ##rk ##s'], ['TÉA', 'tea'], ['te\u0301a', 'tea'], ['t\u200De\u00ADa', 'tea'], ['tea\u00A0\u3000\nat', 'tea at'],
  ['你好,手机', '你 好 , 手 机'], ['a手b', 'a 手 b'], ['你好𠀀a', '你 好 [UNK] a'], ['a𠀀b', 'a [UNK] b'], ['🐝 tea', '[UNK] tea'], ['ΣΣ', 'σ ##σ'], ['13:13', '13 : 13'], ['[SEP]', '[ sep ]'], ['[CLS] tea', '[ c ##l ##s ] tea'],
  ['', ''], [' \n ', ''], ['x'.repeat(101), '[UNK]'], ['\ud800tea', 'tea'], ['\u0000tea\ufffd', 'tea']
]
for (const [text, found] of cases) test(`word pieces: ${JSON.stringify(text).slice(0, 30)}`, () => assert.is(pieces(text), `[CLS] ${found} [SEP]`.replace('  ', ' ')))

test('a long text loses its end, and not what stands around it', () => {
  assert.is(pieces('tea at five . . . .', 5), '[CLS] tea at five [SEP]')
  assert.is(pieces('tea', 3), '[CLS] tea [SEP]')
  assert.is(reader.encode('tea '.repeat(1_000_000), 512).length, 512)
})

test('older files say in another way what stands around a text; words that were added are kept whole', () => {
  const older = { ...json, added_tokens: [...json.added_tokens, { id: 110, content: 'teaatfive', special: false, single_word: false, lstrip: false, rstrip: false, normalized: true }], post_processor: { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] } }
  assert.equal(readWordPieces(older, undefined, 120).encode('Tea teaatfive', 10), [2, 5, 110, 3])
})

test.run()
