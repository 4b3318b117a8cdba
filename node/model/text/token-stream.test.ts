import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Random } from '../../../sync/random.fixtures.ts'
import { createTokenStream } from './token-stream.ts'
import { byteLevelJson, hardText, piecesJson, read, styles } from './tokenizer.fixtures.ts'
import type { Tokenizer } from './tokenizer.ts'

/** The slow way: bytes between special tokens, each stretch decoded at once. */
function oracle(tokenizer: Tokenizer, ids: readonly number[], visible: ReadonlySet<number> = new Set()): string {
  const stretches: number[][] = [[]]
  for (const id of ids) {
    if (tokenizer.specialIds.has(id)) stretches.push([])
    if (!tokenizer.specialIds.has(id) || visible.has(id)) stretches.at(-1)!.push(...tokenizer.tokenBytes(id))
  }
  const text = stretches.map(bytes => new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes))).join('')
  return tokenizer.leadingSpaces === 1 && text.startsWith(' ') ? text.slice(1) : text
}

function stream(tokenizer: Tokenizer, ids: readonly number[], visible?: ReadonlySet<number>): string[] {
  const pieces = createTokenStream(tokenizer, visible)
  return [...ids.map(id => pieces.push(id)), pieces.end()]
}

test('pieces together are the whole text, and each is whole characters', () => {
  const random = new Random(1)
  for (const [name, json] of styles) {
    const tokenizer = read(json())
    const visible = new Set([1, 3])
    for (let count = 0; count < 1000; count++) {
      // Half of them texts, half of them ids that no text gives.
      const ids = random.chance(0.5) ? tokenizer.encode(hardText(random, random.below(12))) : Array.from({ length: random.below(12) }, () => random.below(tokenizer.vocabSize + 3))
      const pieces = stream(tokenizer, ids)
      const text = oracle(tokenizer, ids)
      assert.is(pieces.join(''), text, `${name}: ${ids.join(' ')}`)
      assert.is(tokenizer.decode(ids), text)
      assert.ok(pieces.every(piece => piece.isWellFormed()), `${name}: half a character in ${JSON.stringify(pieces)}`)
      assert.is(stream(tokenizer, ids, visible).join(''), oracle(tokenizer, ids, visible))
    }
  }
})

test('a text cut off anywhere is the same text up to there', () => {
  const random = new Random(2)
  for (const [, json] of styles) {
    const tokenizer = read(json())
    const ids = tokenizer.encode(hardText(random, 40))
    const pieces = createTokenStream(tokenizer)
    let sofar = ''
    for (let length = 0; length <= ids.length; length++) {
      const whole = tokenizer.decode(ids.slice(0, length))
      assert.ok(whole.startsWith(sofar), 'what was given out is never taken back')
      // At most one character is held back, of at most three bytes.
      assert.match(whole.slice(sofar.length), /^\uFFFD{0,3}$/u)
      if (length < ids.length) sofar += pieces.push(ids[length]!)
    }
  }
})

test('a character in three tokens comes with the last one', () => {
  const tokenizer = read(byteLevelJson())
  assert.equal(stream(tokenizer, tokenizer.encode('手!')), ['', '', '手', '!', ''])
  const pieces = read(piecesJson())
  assert.equal(stream(pieces, pieces.encode('🐝 a')), ['', '', '', '', '🐝', ' ', 'a', ''].filter((piece, index) => index !== 0 || piece === ''), 'the first token is the space that the tokenizer put there')
})

test('a special token ends a character, and shows when it shall', () => {
  const tokenizer = read(byteLevelJson())
  const [first, second] = tokenizer.encode('ü') as [number, number]
  assert.equal(stream(tokenizer, [first, 2, second]), ['', '\uFFFD', '\uFFFD', ''])
  assert.equal(stream(tokenizer, [first, 2], new Set([2])), ['', '\uFFFD<|im_end|>', ''])
  assert.equal(stream(tokenizer, [first]), ['', '\uFFFD'])
  assert.equal(stream(tokenizer, [5, first, second]), ['<tool_call>', '', 'ü', ''], 'markup that is not special is text')
})

test('the space that the tokenizer put before a text is taken away once', () => {
  const tokenizer = read(piecesJson())
  const the = piecesJson().model.vocab['▁the']!
  assert.equal(stream(tokenizer, [the, the]), ['the', ' the', ''])
  assert.equal(stream(tokenizer, [1, the]), ['', 'the', ''], 'a special token is no text')
  assert.equal(stream(tokenizer, [1, the], new Set([1])), ['<s>', ' the', ''])
  const pieces = createTokenStream(tokenizer)
  assert.equal([pieces.push(the), pieces.end(), pieces.push(the)], ['the', '', 'the'], 'after its end a stream begins anew')
})

test.run()
