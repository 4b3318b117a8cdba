import { asked, stated } from '../facts/fact.ts'
import type { Maker } from '../maker.ts'
import type { Scene } from '../scene.ts'
import { duration, when } from '../words/times.ts'
import { groceries, lists } from '../words/things.ts'
import { adds, shows } from './lists.ts'
import { chore } from './chores.ts'
import { both, timers } from './reminders.ts'
import * as listed from '../phrasings/lists.ts'
import * as more from '../phrasings/not-learned.ts'
import * as reminders from '../phrasings/reminders.ts'

/** What somebody says that must not be kept: the words without their mark. */
export type Passing = { readonly text: string; readonly mark: '.' | '?' | '!' }

const supposed = [
  'if <F>, what would you say', 'if only <F>', 'if it were so that <F>', 'what would happen if <F>', 'what would you do if <F>', 'just imagine that <F>', 'imagine for a moment that <F>', 'let us imagine that <F>',
  'let us suppose that <F>', 'supposing that <F>', 'assuming that <F>', 'pretend that <F>', "let's play a game where <F>", 'in my dream <F>', 'last night I dreamt that <F>', 'I had a dream in which <F>', 'in the book I read <F>',
  'in the film <F>', 'in a perfect world <F>', 'one day perhaps <F>', 'I hope that one day <F>', 'I would love it if <F>', 'I sometimes imagine that <F>', 'say for example that <F>', 'as an example: <F>', 'it would be funny if <F>',
  'how nice it would be if <F>', 'if <F>, I would be happy', 'imagine <F>', 'what if <F>', 'suppose <F>', "let's pretend that <F>", 'I dreamt that <F>', 'in my novel <F>', 'it would be nice if <F>', 'I wish that <F>',
  'in the game <F>', 'assume that <F>', 'just for fun, say that <F>', 'it was only a dream: <F>', "let's say <F>, what then", 'how would it be if <F>', 'in the story <F>', 'picture this: <F>', 'would it be funny if <F>'
]
const cited = [
  '"<F>" is a quote from a film', '"<F>" was the title of a story', '"<F>" is how the book begins', '"<F>" is what the song says', '"<F>" is only an example', 'the song goes "<F>"', 'the book ends with "<F>"',
  'the novel starts with "<F>"', 'in the play <N> says "<F>"', '<N> sings "<F>" in that song', '<N> asked me if <F>', '<N> asks if <F>', 'somebody wrote "<F>" on the wall', 'the sign says "<F>"', 'what does "<F>" mean',
  'is "<F>" good English', 'how do I write "<F>" correctly', 'please correct the sentence "<F>"', 'please translate "<F>" for me', 'I read the line "<F>" in a poem', 'the teacher wrote "<F>" as an example',
  '<N> says "<F>" in the film', '"<F>" is a line from a song', 'the story begins like this: "<F>"', '<N> asked whether <F>', 'the example in the book was "<F>"', 'how do you spell "<F>"', 'translate "<F>"', 'the actor shouts: "<F>"',
  '<N> wants to know if <F>', 'the first sentence of the novel is "<F>"', 'they sang "<F>"', 'it says "<F>" on the poster', 'the sentence "<F>" sounds odd', '"<F>", says the hero of the book'
]
const doubted = [
  'perhaps <F>', 'possibly <F>', 'maybe <F>, maybe not', 'is it true that <F>', 'is it so that <F>', 'do you think that <F>', 'I have no idea if <F>', 'I am not sure if <F>', 'I am not sure that <F>', "I don't know whether <F>",
  'I do not think that <F>', "I don't believe that <F>", 'I cannot say whether <F>', 'I forgot whether <F>', 'it is wrong that <F>', 'it is a lie that <F>', 'it is not so that <F>', '<N> said that <F>, but it is not true',
  '<N> thinks that <F>, but no', 'nobody knows if <F>', 'it could be that <F>, who knows', 'maybe <F>', "I don't know if <F>", 'I am not sure whether <F>', 'perhaps <F>, perhaps not', "it's not true that <F>",
  '<N> claims that <F>, but that is wrong', 'no idea whether <F>', 'I wonder if <F>', 'who knows whether <F>', 'could it be that <F>', 'I doubt that <F>', 'somebody told me that <F>, I do not believe it',
  "I can't remember whether <F>", 'it may be that <F>, no idea'
]

/** Something that is asked, supposed, quoted, doubted, or wanted of a tool. */
export function passing(m: Maker, scene: Scene): Passing {
  const fact = scene.fact()
  const claim = fact ? stated(m, fact) : 'it rains'
  const slots = (name: string) => (name === 'F' ? claim : m.firstName(m.dice.chance(0.5)))
  return m.dice.weighted<() => Passing>([
    [() => ({ text: fact ? asked(m, fact) : 'how are you', mark: '?' }), 4],
    [() => ({ text: m.heard(supposed, slots, more.supposed), mark: '.' }), 2],
    [() => ({ text: m.heard(cited, slots, more.cited), mark: '.' }), 2],
    [() => ({ text: m.heard(doubted, slots, more.doubted), mark: '.' }), 2],
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
  const [phrases, others] = m.dice.pick([[both, reminders.both], [timers, reminders.timers], [adds, listed.adds], [shows, listed.shows]] as const)
  return m.heard(phrases, slots, others)
}
