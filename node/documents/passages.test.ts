import * as fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { termsOf } from '../context/text/terms.ts'
import { type Block, maxPassageBytes, passagesOf, passageTerms } from './passages.ts'

const all = async (blocks: readonly Block[]): Promise<Block[]> => Array.fromAsync(passagesOf(blocks))
const bytes = (text: string) => new TextEncoder().encode(text).length
const squeezed = (text: string) => text.replaceAll(/\s/g, '')

test('small blocks of one section come together, those of another one or of another page do not', async () => {
  const [garden, roses] = [['Garden'], ['Garden', 'Roses']]
  const passages = await all([
    { headings: garden, line: 1, text: 'Garden' }, { headings: garden, line: 3, text: 'It is small.' }, { headings: roses, line: 5, text: 'Roses' }, { headings: [], page: 1, text: 'one' }, { headings: [], page: 2, text: 'two' }
  ])
  assert.equal(passages, [
    { headings: garden, line: 1, text: 'Garden\n\nIt is small.' }, { headings: roses, line: 5, text: 'Roses' }, { headings: [], page: 1, text: 'one' }, { headings: [], page: 2, text: 'two' }
  ])
})

test('a long block is divided where a line, a sentence or a word ends, and each part knows its line', async () => {
  const lines = Array.from({ length: 60 }, (_, index) => `line ${index + 1} has some words in it that fill it up`)
  const passages = await all([{ headings: [], line: 1, text: lines.join('\n') }])
  assert.ok(passages.length > 2)
  for (const { line = 0, text } of passages) assert.ok(text.startsWith(`line ${line} has`) && text.endsWith('fill it up'), text)
  const sentences = await all([{ headings: [], text: 'This is a sentence of some length. '.repeat(100) }])
  for (const { text } of sentences) assert.match(text, /^This.*length\.$/)
  const chinese = await all([{ headings: [], text: '郁金香应该在秋天种植。'.repeat(200) }])
  for (const { text } of chinese) assert.match(text, /^郁.*。$/)
})

test('whatever the text, every letter of it is in one passage, in order, and none is too long', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: fc.constantFrom('a', 'b ', '\n', '\r\n', '。', '种', '😀', '. ', '\t', '\ud800', '\u0007'), maxLength: 1500 }), { maxLength: 4 }), async texts => {
      const passages = await all(texts.map(text => ({ headings: [], line: 1, text })))
      for (const { text } of passages) assert.ok(bytes(text) <= maxPassageBytes && text === text.trim() && text !== '' && text.isWellFormed())
      const kept = texts.map(text => text.replaceAll('\r\n', '\n').replaceAll('\u0007', '').toWellFormed()).join('')
      assert.is(squeezed(passages.map(({ text }) => text).join('')), squeezed(kept))
    }),
    { numRuns: 100 }
  ))

test('a passage is found by its words also where lines break them, by its headings, and by the name of its file', () => {
  const terms = new Set(passageTerms('/home/anna/lease-contract.pdf', { headings: ['Notice period'], text: 'three calen-\ndar months, 应该在秋天种\n植 the end' }))
  for (const wanted of ['calendar', '种植', 'notice', 'lease', 'contract', 'end']) for (const term of termsOf(wanted)) assert.ok(terms.has(term), `${wanted}: ${term}`)
  for (const not of ['pdf', 'anna']) assert.not(terms.has(not), not)
})

test.run()
