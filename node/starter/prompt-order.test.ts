import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { arranged } from './prompt-order.ts'

const memories = ['My sister lives in Rome.', 'My brother lives in Oslo.', "Ana's birthday is on 4 May.", 'My sister lives in Bern now.'].map((text, index) => ({ day: `2026-0${index + 1}-01`, text }))
const [rome, oslo, ana, bern] = memories.map(({ text }) => text)
const ordered = (...asked: string[]) => {
  const { others, best } = arranged(memories, asked)
  return { others: others.map(({ text }) => text), best: best?.text }
}
const bestOf = (...asked: string[]) => ordered(...asked).best

test('what fits the question best stands by itself, the latest of what fits as well; what fits less stands last among the others', () => {
  assert.is(bestOf('where does my brother live?'), oslo)
  assert.is(bestOf('where does my sister live?'), bern)
  assert.is(ordered('where does my sister live?').others.at(-1), rome)
  assert.is(bestOf('when is Ana’s birthday'), ana)
  assert.is(ordered('where does my brother live?').others[0], ana)
})

test('in other words, and with a slip of the finger', () => {
  assert.is(bestOf('what city is my brother living in'), oslo)
  assert.is(bestOf('when was Ana born'), ana)
  assert.is(bestOf('where does my brothr live'), oslo)
})

test('who said it counts as what was said', () => {
  const hers = { day: '2026-01-01', text: 'I drive a Volvo', by: 'Ivana' }
  assert.equal(arranged<{ day: string; text: string; by?: string }>([hers, ...memories], ['what car does Ivana drive?']).best, hers)
})

test('where nothing fits, none stands by itself', () => {
  assert.is(bestOf('hello'), undefined)
  assert.equal(new Set(ordered('hello').others), new Set([rome, oslo, ana, bern]))
  assert.is(bestOf(), undefined)
  assert.equal(arranged([], ['hello']), { others: [], best: undefined })
})

test('a question before says what "and my brother?" is about', () => {
  assert.is(bestOf('where does my sister live?', 'and my brother?'), oslo)
})

test('what was so before is the one before the latest, in whatever words both were told', () => {
  const told = [['2026-01-01', "Ana's phone number is 555 1234."], ['2026-03-01', 'You can reach Ana under 555 9876 now.'], ['2026-02-01', "Ben's phone number is 555 4444."]].map(([day = '', text = '']) => ({ day, text }))
  const of = (asked: string) => arranged(told, [asked]).best?.text
  assert.is(of("what is Ana's phone number?"), told[1]!.text)
  assert.is(of("what was Ana's previous phone number?"), told[0]!.text)
})

test.run()
