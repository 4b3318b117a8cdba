import { asked, stated } from '../facts/fact.ts'
import type { Maker } from '../maker.ts'
import type { Scene } from '../scene.ts'
import { duration, when } from '../words/times.ts'
import { groceries, lists } from '../words/things.ts'
import { adds, shows } from './lists.ts'
import { both, chore, timers } from './reminders.ts'

/** What somebody says that must not be kept: the words without their mark. */
export type Passing = { readonly text: string; readonly mark: '.' | '?' | '!' }

const supposed = [
  'if <F>, I would be happy', 'imagine <F>', 'what if <F>', 'suppose <F>', "let's pretend that <F>", 'I dreamt that <F>', 'in my novel <F>', 'it would be nice if <F>', 'I wish that <F>', 'in the game <F>', 'assume that <F>', 'just for fun, say that <F>', 'it was only a dream: <F>',
  "let's say <F>, what then", 'how would it be if <F>', 'in the story <F>', 'picture this: <F>', 'would it be funny if <F>'
]
const cited = [
  '<N> says "<F>" in the film', '"<F>" is a line from a song', 'the story begins like this: "<F>"', '<N> asked whether <F>', 'the example in the book was "<F>"', 'how do you spell "<F>"', 'translate "<F>"', 'the actor shouts: "<F>"', '<N> wants to know if <F>', 'the first sentence of the novel is "<F>"',
  'they sang "<F>"', 'it says "<F>" on the poster', 'the sentence "<F>" sounds odd', '"<F>", says the hero of the book'
]
const doubted = [
  'maybe <F>', "I don't know if <F>", 'I am not sure whether <F>', 'perhaps <F>, perhaps not', "it's not true that <F>", '<N> claims that <F>, but that is wrong', 'no idea whether <F>', 'I wonder if <F>', 'who knows whether <F>', 'could it be that <F>', 'I doubt that <F>', 'somebody told me that <F>, I do not believe it',
  "I can't remember whether <F>", 'it may be that <F>, no idea'
]

/** Something that is asked, supposed, quoted, doubted, or wanted of a tool. */
export function passing(m: Maker, scene: Scene): Passing {
  const fact = scene.fact()
  const claim = fact ? stated(m, fact) : 'it rains'
  const slots = (name: string) => (name === 'F' ? claim : m.firstName(m.dice.chance(0.5)))
  return m.dice.weighted<() => Passing>([
    [() => ({ text: fact ? asked(m, fact) : 'how are you', mark: '?' }), 4],
    [() => ({ text: m.heard(supposed, slots), mark: '.' }), 2],
    [() => ({ text: m.heard(cited, slots), mark: '.' }), 2],
    [() => ({ text: m.heard(doubted, slots), mark: '.' }), 2],
    [() => ({ text: wanted(m), mark: '.' }), 2]
  ])()
}

/** What a tool does: it is no fact about anybody. */
function wanted(m: Maker): string {
  const slots = (name: string): string => {
    if (name === 'T') return chore(m)
    if (name === 'W') return when(m).words
    if (name === 'D') return duration(m)
    return name === 'I' ? m.word(groceries) : m.word(lists)
  }
  return m.heard(m.dice.pick([both, timers, adds, shows]), slots)
}
