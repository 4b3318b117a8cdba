import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { inPromptOrder } from './prompt-order.ts'

const memories = ['My sister lives in Rome.', 'My brother lives in Oslo.', "Ana's birthday is on 4 May.", 'My sister lives in Bern now.'].map((text, index) => ({ day: `2026-0${index + 1}-01`, text }))
const ordered = (...asked: string[]) => inPromptOrder(memories, asked).map(({ text }) => text)
const [rome, oslo, ana, bern] = memories.map(({ text }) => text)

test('what has most words in common with the question stands last, and the latest of those that fit as well', () => {
  assert.equal(ordered('where does my brother live?'), [ana, rome, bern, oslo])
  assert.equal(ordered('where does my sister live?'), [ana, oslo, rome, bern])
  assert.equal(ordered('when is Ana’s birthday'), [rome, oslo, bern, ana])
})

test('who said it counts as what was said', () => {
  const hers = { day: '2026-01-01', text: 'I drive a van', by: 'Ivana' }
  assert.equal(inPromptOrder<{ day: string; text: string; by?: string }>([hers, ...memories], ['what does Ivana drive?']).at(-1), hers)
})

test('what fits nothing is in the order of its days', () => {
  assert.equal(ordered('hello'), [rome, oslo, ana, bern])
  assert.equal(ordered(), [rome, oslo, ana, bern])
  assert.equal(inPromptOrder([], ['hello']), [])
})

test('a question before counts a little, and no other one', () => {
  assert.equal(ordered('where does my sister live?', 'and my brother?'), [ana, rome, bern, oslo])
  assert.equal(ordered('where does my brother live?', 'thanks', 'hello'), ordered('hello'))
})

test.run()
