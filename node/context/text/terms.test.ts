import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { relatedTerms } from './thesaurus.ts'
import { contentTerms, maxQueryTerms, termsOf } from './terms.ts'

test('words of any script become stems, without accents, in their order', () => {
  assert.equal(termsOf('She was running to the CAFÉ; cafe\u0301s, too!'), ['she', 'wa', 'run', 'to', 'the', 'cafe', 'cafe', 'too'])
  assert.equal(termsOf('went gone Bought children'), ['go', 'go', 'bui', 'child'])
  assert.equal(termsOf('lives live leaves leave life'), ['live', 'live', 'leav', 'leav', 'life'])
  assert.equal(termsOf('Müller wohnt in Zürich, Straße 12'), ['muller', 'wohnt', 'in', 'zurich', 'straße', '12'])
  // A mark that is a vowel is none that may be left out.
  assert.equal(termsOf('हिन्दी किताब'), ['हिन्दी', 'किताब'])
  assert.equal(termsOf('Ёлка и АБВ'), ['елка', 'и', 'абв'])
})

test('what is written without spaces is found by each character and each pair', () => {
  assert.equal(termsOf('我喝tea茶'), ['我', '喝', '我喝', 'tea', '茶'])
  assert.equal(contentTerms('咖啡'), ['咖啡'])
  assert.equal(contentTerms('茶?'), ['茶'])
  for (const [text, query] of [['我喜欢喝咖啡', '咖啡'], ['私は東京に住んでいます', '東京'], ['ฉันชอบกินข้าวผัด', 'ข้าว'], ['ចូលចិត្តកាហ្វេ', 'កាហ្វេ']] as const) {
    const terms = new Set(termsOf(text))
    assert.ok(contentTerms(query).every(term => terms.has(term)), query)
  }
})

test('a question keeps what it is about, each term once, and all of it when that is nothing', () => {
  assert.equal(contentTerms('Where does my sister live, and where did my sister live?'), ['sister', 'live'])
  assert.equal(contentTerms('What is it?'), ['what', 'is', 'it'])
  assert.equal(contentTerms(''), [])
  assert.is(contentTerms(Array.from({ length: 500 }, (_, n) => `w${n}`).join(' ')).length, maxQueryTerms)
  // Not even half of a character is too little.
  assert.equal(contentTerms('x\ud800y'), ['x', 'y'])
})

test('a question for pets finds a dog, and a question for a dog no pets', () => {
  assert.ok(relatedTerms(termsOf('pets')[0]!).has('dog'))
  assert.is(relatedTerms('dog').size, 0)
})

test.run()
