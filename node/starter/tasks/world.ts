import type { Maker } from '../maker.ts'
import { mannerOf } from '../typed.ts'
import { unable, unknowing } from '../prompt.ts'
import { cities, countries } from '../words/places.ts'
import { foods, nouns } from '../words/things.ts'
import { inventions, topics } from '../words/tasks.ts'
import { title } from '../words/values.ts'
import { type Draft, Talk, question, someTools } from './common.ts'
import { idleMemories } from './reminders.ts'
import * as more from '../phrasings/world.ts'

const questions = [
  'who is the king of <K>', 'who leads <K>', 'who was president of <K> in <Y>', 'who built <C>', 'who founded <C>', 'who made the first <N>', 'who came up with <I>', 'who starred in <B>', 'who is the author of <B>',
  'who is the main character in <B>', 'who composed <B>', 'who won the (final|race|cup) in <Y>', 'who was born in <Y>', 'what is <C> famous for', 'what is <K> known for', 'what is the biggest city in <K>',
  'what is the largest lake in <K>', 'what is the flag of <K>', 'what is the time in <K>', 'what do people eat in <K>', 'what is in <F>', 'what is <B> about', 'what does <N> mean', 'what is the difference between <C> and <D>',
  'what can one see in <C>', 'what was the biggest event of <Y>', 'what can one read about <T>', 'what is the history of <C>', 'how do I get from <C> to <D>', 'how big is <C>', 'how old is <C>', 'how cold is it in <C>',
  'how many inhabitants has <K>', 'how long is the way to <C>', 'how is <F> made', 'how did <T> begin', 'how do I cook <F>', 'when did <T> begin', 'when was <C> founded', 'when did people invent <I>', 'where is <C>', 'where is <K>',
  'where can I buy <F>', 'which language is spoken in <K>', 'which is bigger, <C> or <D>', 'which countries are next to <K>', 'why is <T> important', 'why is <F> so expensive', 'can you explain <T>', 'could you tell me about <K>',
  'is it raining in <C>', 'is <K> by the sea', 'is <C> the capital of <K>', 'does <F> have vitamins', 'did it rain in <C> in <Y>', 'tell me something about <C>', 'tell me who wrote <B>', 'tell me how <T> works', 'how fast is light',
  'how far away is the moon', 'why do cats purr', 'how many planets are there', 'who (won|will win) the (world cup|elections|championship) in <Y>', "what's the capital of <K>", 'who invented <I>', 'how many people live in <C>',
  'when did <B> come out', 'who wrote <B>', 'explain <T> to me', 'how tall is the highest mountain in <K>', 'who is the president of <K>', 'what is <T>', 'how does <T> work', 'how far is it from <C> to <D>', 'why is the sky blue',
  'when was <B> published', 'who directed <B>', 'what language do they speak in <K>', 'who painted <B>', 'how old is the universe', 'what causes <T>', 'what is the weather in <C>', "what's in the news today",
  'how long do you cook <F>', 'what is the population of <K>', 'is <C> bigger than <D>', 'which river flows through <C>', 'when was <I> invented', 'what currency do they use in <K>', 'how many calories has <F>', 'who discovered <T>',
  'what happened in <Y>', 'how do you make <F>', 'what is the meaning of the word <N>', 'how much does a ticket to <C> cost', 'who was the first person on the moon', 'which country has the most people',
  "what's the square root of a <N>", 'where does <F> come from', 'who sings <B>', 'what time is it in <C>', 'is <F> healthy', 'tell me about <T>', 'tell me about the history of <K>'
]
const works = [
  'write me a poem about <T>', 'write a song for me about <C>', 'write a short story about a <N>', 'write some code for a <N>', 'write a blog post about <T>', 'write a report on <T>', 'write a guide to <K>',
  'can you write an article about <T>', 'could you write a text about <C>', 'please write a tale about <N>', 'draw a picture of <C>', 'draw <C> for me', 'can you draw a <N>', 'make me a picture of a <N>', 'make a video about <C>',
  'make up a story about <N>', 'invent a story about <K>', 'design a <N> for me', 'create an image of <C>', 'create a website about <F>', 'generate a picture of a <N>', 'build me an app about <F>', 'summarize <B> for me',
  'give me a summary of <B>', 'plan my holiday in <K>', 'book a hotel in <C>', 'book me a trip to <C>', 'write a poem about <N>', 'write me a story about <T>', 'write an essay on <T>', 'write a program that prints <N>',
  'summarize the book <B>', 'draw me a <N>', 'write a letter about <N> for me', 'compose a song about <N>', 'write an email to my boss about <T>', 'plan a trip to <K> for me', 'make a picture of <C>', 'give me a recipe for <F>',
  'do my homework about <T>', 'write a speech about <K>', 'sing a song about <N>', 'code a website about <N>', 'paint a <N> for me', 'rate my poem about <N>'
]

/** What one would have to know, or be able to do, beyond the memories. */
export function world(m: Maker): Draft {
  const manner = mannerOf(m.dice)
  const slots = (name: string): string => {
    const [city, other] = m.dice.some(cities[m.split], 2)
    const values: Readonly<Record<string, () => string>> = {
      C: () => city ?? '', D: () => other ?? '', K: () => m.word(countries), T: () => m.word(topics), I: () => m.word(inventions), F: () => m.word(foods), N: () => m.word(nouns), B: () => title(m), Y: () => String(m.dice.between(1900, 2035))
    }
    return values[name]?.() ?? ''
  }
  const asksWork = m.dice.chance(0.25)
  const text = asksWork ? m.heard(works, slots, more.works) : m.heard(questions, slots, more.questions)
  return new Talk(m, idleMemories(m)).user(question(m, manner, text)).answer(asksWork ? unable : unknowing, { kind: 'abstains', none: [] }).draft(someTools(m))
}
