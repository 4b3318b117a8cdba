import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { arranged } from './prompt-order.ts'

const memories = ['My sister lives in Rome.', 'My brother lives in Oslo.', "Ana's birthday is on 4 May.", 'My sister lives in Bern now.'].map((text, index) => ({ day: `2026-0${index + 1}-01`, text }))
const [rome, oslo, ana, bern] = memories.map(({ text }) => text)
const ordered = (...asked: string[]) => {
  const { others, fitting } = arranged(memories, asked)
  return [others.map(({ text }) => text), fitting.map(({ text }) => text)]
}
const last = (...asked: string[]) => ordered(...asked).flat().at(-1)

test('what fits the question stands last, by itself, and the latest of what fits as well', () => {
  assert.is(last('where does my brother live?'), oslo)
  assert.equal(ordered('where does my sister live?')[1]!.slice(-2), [rome, bern])
  assert.is(last('when is Ana’s birthday'), ana)
  assert.ok(!ordered('where does my brother live?')[1]!.includes(ana!))
})

test('in other words, and with a slip of the finger', () => {
  assert.is(last('what city is my brother living in'), oslo)
  assert.is(last('when was Ana born'), ana)
  assert.is(last('where does my brothr live'), oslo)
})

test('who said it counts as what was said', () => {
  const hers = { day: '2026-01-01', text: 'I drive a Volvo', by: 'Ivana' }
  assert.equal(arranged<{ day: string; text: string; by?: string }>([hers, ...memories], ['what car does Ivana drive?']).fitting.at(-1), hers)
})

test('what fits nothing is shown apart', () => {
  assert.equal(ordered('hello')[1], [])
  assert.equal(new Set(ordered('hello')[0]), new Set([rome, oslo, ana, bern]))
  assert.equal(ordered()[1], [])
  assert.equal(arranged([], ['hello']), { others: [], fitting: [] })
})

test('a question before says what "and my brother?" is about', () => {
  assert.is(last('where does my sister live?', 'and my brother?'), oslo)
})

test.run()
