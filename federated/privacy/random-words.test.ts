import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { csprng, RandomWords, type RandomSource } from './random-words.ts'
import { seededSource } from './random-words.fixtures.ts'
import { fits } from './statistics.fixtures.ts'

/** Gives these words over and over. */
const repeating = (...given: number[]): RandomSource => words => words.forEach((_, at) => (words[at] = given[at % given.length]!))

test('uniform numbers are multiples of 2^-53 above 0 and up to 1', () => {
  assert.is(new RandomWords(repeating(0)).uniform(), 2 ** -53)
  assert.is(new RandomWords(repeating(0xffff_ffff)).uniform(), 1)
  // 27 bits of the first word, 26 of the second.
  assert.is(new RandomWords(repeating(1 << 5, 0)).uniform(), 2 ** -27 + 2 ** -53)
  assert.is(new RandomWords(repeating(0, 1 << 6)).uniform(), 2 ** -52)
})

test('words that would favour small numbers are drawn again', () => {
  const limit = 3 * 2 ** 30 // one whole multiple in 2^32, a quarter of the words is beyond
  assert.is(new RandomWords(repeating(0xffff_ffff, limit, limit - 1)).below(limit), limit - 1)
  assert.is(new RandomWords(repeating(7)).below(1), 0)
  assert.is(new RandomWords(repeating(0xffff_ffff)).below(2 ** 32), 0xffff_ffff)
  for (const bad of [0, -1, 1.5, NaN, 2 ** 32 + 1]) assert.throws(() => new RandomWords(csprng).below(bad), (error: Error) => error.name === 'BadPrivacyTerms')
})

test('bits are those of a word, from the lowest', () => {
  const random = new RandomWords(repeating(0b1101))
  assert.equal(Array.from({ length: 6 }, () => random.bit()), [true, false, true, true, false, false])
})

test('numbers below a limit are all as likely', () => {
  for (const limit of [2, 3, 6, 10, 97]) {
    const random = new RandomWords(seededSource(limit))
    const counts = Array.from({ length: limit }, () => 0)
    for (let draw = 0; draw < 50_000; draw++) counts[random.below(limit)]!++
    fits(counts, Array.from({ length: limit }, () => 1 / limit), `below ${limit}`)
  }
})

test('by default, words come from the platform, and no two are alike', () => {
  const random = new RandomWords(csprng)
  const words = new Set(Array.from({ length: 10_000 }, () => random.word()))
  // Of 10,000 words of 32 bits about 0.01 pairs are alike.
  assert.ok(words.size > 9_990)
})

test.run()
