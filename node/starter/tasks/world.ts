import type { Maker } from '../maker.ts'
import { mannerOf } from '../typed.ts'
import { cities, countries } from '../words/places.ts'
import { foods, nouns } from '../words/things.ts'
import { inventions, topics } from '../words/tasks.ts'
import { title } from '../words/values.ts'
import { type Draft, Talk, question, someTools } from './common.ts'
import { idleMemories } from './reminders.ts'

const questions = [
  'who (won|will win) the (world cup|elections|championship) in <Y>', "what's the capital of <K>", 'who invented <I>', 'how many people live in <C>', 'when did <B> come out', 'who wrote <B>', 'explain <T> to me', 'how tall is the highest mountain in <K>', 'who is the president of <K>', 'what is <T>', 'how does <T> work',
  'how far is it from <C> to <D>', 'why is the sky blue', 'when was <B> published', 'who directed <B>', 'what language do they speak in <K>', 'who painted <B>', 'how old is the universe', 'what causes <T>', 'what is the weather in <C>', "what's in the news today", 'how long do you cook <F>', 'what is the population of <K>',
  'is <C> bigger than <D>', 'which river flows through <C>', 'when was <I> invented', 'what currency do they use in <K>', 'how many calories has <F>', 'who discovered <T>', 'what happened in <Y>', 'how do you make <F>', 'what is the meaning of the word <N>', 'how much does a ticket to <C> cost', 'who was the first person on the moon', 'which country has the most people',
  "what's the square root of a <N>", 'where does <F> come from', 'who sings <B>', 'what time is it in <C>', 'is <F> healthy', 'tell me about <T>', 'tell me about the history of <K>'
]
const unknowing = "I don't know that. I only know what you tell me."
const works = [
  'write a poem about <N>', 'write me a story about <T>', 'write an essay on <T>', 'write a program that prints <N>', 'summarize the book <B>', 'draw me a <N>', 'write a letter about <N> for me', 'compose a song about <N>', 'write an email to my boss about <T>', 'plan a trip to <K> for me', 'make a picture of <C>',
  'give me a recipe for <F>', 'do my homework about <T>', 'write a speech about <K>', 'sing a song about <N>', 'code a website about <N>', 'paint a <N> for me', 'rate my poem about <N>'
]
const unable = "I can't do that, I'm only a small model."

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
  const text = m.heard(asksWork ? works : questions, slots)
  return new Talk(m, idleMemories(m)).user(question(m, manner, text)).answer(asksWork ? unable : unknowing, { kind: 'abstains', none: [] }).draft(someTools(m))
}
