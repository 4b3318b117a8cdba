import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readTokenizer } from '../../model/text/tokenizer.ts'
import { generate } from '../generate.ts'
import { createExampleEncoder } from '../render.ts'
import { vocabSize } from '../tokenizer-files.ts'
import { createRenamer } from './renamed.ts'

const read = (name: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, '..', 'model', name), 'utf8'))
const tokenizer = readTokenizer(read('tokenizer.json'), read('tokenizer_config.json'), vocabSize)
const encode = createExampleEncoder(tokenizer)
const rename = createRenamer(tokenizer, Array.from({ length: 300 }, (_, index) => encode(generate(index, 'train'))))

test('a token is given the same other one wherever it stands, and never one that stands there; phrases stay', () => {
  let [renamed, kept] = [0, 0]
  for (let seed = 0; seed < 200; seed++) {
    const plain = encode(generate(seed, 'train', 'grounded'))
    const { ids, learned } = rename(plain, 'grounded', seed)
    assert.is(learned, plain.learned)
    assert.is(ids.length, plain.ids.length)
    const names = new Map<number, number>()
    for (const [at, id] of plain.ids.entries()) {
      const name = ids[at]!
      assert.is(names.get(id) ?? name, name, `seed ${seed}: ${tokenizer.decode([id])} has two names`)
      names.set(id, name)
      if (name === id) kept++
      else {
        renamed++
        assert.match(tokenizer.decode([name]), /^[\p{L}\p{M}]+$/u)
        assert.not.ok(plain.ids.includes(name))
      }
    }
    assert.is(new Set(names.values()).size, names.size, `seed ${seed}: two tokens have one name`)
    for (const phrase of ['You', 'said', 'Memories', 'Now']) assert.is(names.get(tokenizer.encodeText(phrase)[0]!) ?? tokenizer.encodeText(phrase)[0], tokenizer.encodeText(phrase)[0])
  }
  assert.ok(renamed > 0.03 * kept, `${renamed} of ${kept}`)
})

test('the same for the same seed, and nothing where answers have words of their own', () => {
  const plain = encode(generate(5, 'train', 'grounded'))
  const ways = Array.from({ length: 20 }, (_, seed) => rename(plain, 'grounded', seed).ids.join())
  assert.equal(Array.from({ length: 20 }, (_, seed) => rename(plain, 'grounded', seed).ids.join()), ways)
  assert.ok(new Set(ways).size > 5)
  for (let seed = 0; seed < 20; seed++) assert.is(rename(plain, 'small_talk', seed), plain)
})

test.run()
