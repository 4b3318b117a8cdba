import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { counted } from './memory-term-index.ts'
import { readQuestion } from './question.ts'
import { type Candidate, rank } from './rank.ts'
import { termsOf } from './text/terms.ts'

/** `isHit`: it was found by its own terms. */
function candidate(id: string, text: string, subject = '', isHit = true): Candidate {
  const terms = termsOf(`${text} ${subject}`)
  return { memory: { id, space: 'personal', text, kind: 'fact', at: 0, source: { device: 'd', how: 'told' as const }, device: 'me', others: 0 }, terms: isHit ? counted(terms) : undefined, length: terms.length, subject: new Set(termsOf(subject)), closeness: 0 }
}

/** Ids in their order. Each term is in `count` of 1,000 memories. */
function order(question: string, episodes: readonly (readonly (Candidate | null)[])[], count: (term: string) => number = () => 5): string[] {
  return rank(readQuestion(question, 1000, terms => terms.map(count)), episodes).map(({ memory }) => memory.id)
}

test('what has more and rarer terms comes first, and what has none not at all', () => {
  const alone = ['green tea', 'green door', 'black tea', 'bread'].map(text => [candidate(text, text)])
  assert.equal(order('green tea?', alone, term => (term === 'tea' ? 1 : 100)), ['green tea', 'black tea', 'green door'])
})

test('a related word counts less than the one that was asked for, and only where that is missing', () => {
  const said = ['my dog barks', 'my pet barks', 'my lamp shines'].map(text => [candidate(text, text)])
  assert.equal(order('which pets', said), ['my pet barks', 'my dog barks'])
  assert.equal(order('which dogs', said), ['my dog barks'])
})

test('whom a memory is about counts, and not who else is named in it', () => {
  const said = [candidate('of Ben', 'Anna, I like tea', 'Ben'), candidate('of Anna', 'I like tea', 'Anna'), candidate('of nobody', 'Anna likes tea and much more that was told at length')].map(each => [each])
  assert.equal(order('what tea does Anna like', said)[0], 'of Anna')
  assert.equal(order('Anna?', said), ['of Anna', 'of nobody'])
  // Also where nearly everything is about her, and the name by itself tells nothing.
  const usual = [candidate('of Ben', 'green tea', 'Ben'), candidate('of Anna', 'green tea, which I drink in the morning and after lunch with my brother', 'Anna')].map(each => [each])
  assert.equal(order('what green tea does Anna drink', usual, term => (term === 'anna' ? 999 : term === 'drink' ? 500 : 5))[0], 'of Anna')
  // Asked about both, none of them is preferred for it.
  assert.equal(order('what tea do Anna and Ben like', said.slice(0, 2)).length, 2)
})

test('what was told next to an answer is found with it, the answer to a question before the question', () => {
  const episode = [candidate('0', 'hello there', '', false), candidate('1', 'who cuts your hair?'), candidate('2', 'Kim does', '', false), candidate('3', 'great', '', false), candidate('4', 'bye', '', false), candidate('5', 'see you', '', false)]
  const found = order('who cuts hair', [episode])
  assert.equal(found.slice(0, 2), ['1', '2'])
  assert.ok(found.includes('3') && found.indexOf('3') > 1)
  // One that is no answer separates nothing and tells nothing.
  assert.equal(order('who cuts hair', [[episode[1]!, null, episode[2]!]]), ['1', '2'])
})

test('an episode in which more of the question was told goes before another one', () => {
  const episode = (name: string, ...texts: string[]) => texts.map((text, index) => candidate(`${name}${index}`, text))
  const filler = ['x one', 'x two', 'x three', 'x four', 'x five']
  const found = order('trip to Rome with Kim', [episode('a', 'a trip', ...filler, 'nothing'), episode('b', 'a trip', ...filler, 'Rome and Kim')])
  assert.ok(found.indexOf('b0') < found.indexOf('a0'), found.join())
})

test('equal fits come with the latest first', () => {
  const said = [1, 3, 2].map(at => [{ ...candidate(`at ${at}`, 'tea'), memory: { ...candidate(`at ${at}`, 'tea').memory, at } }])
  assert.equal(order('tea', said), ['at 3', 'at 2', 'at 1'])
})

test.run()
