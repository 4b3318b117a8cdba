import type { Maker } from '../maker.ts'
import { expand } from '../phrase.ts'
import { nominative } from '../voice.ts'
import { cities, rooms } from '../words/places.ts'
import { groceries, nouns } from '../words/things.ts'
import { chores } from '../words/tasks.ts'

/** What anybody has to do with somebody or something, in learning: chores of the lists are few, and of the next one nobody knows the verb. */
const verbs = (
  'call, text, email, phone, message, write, visit, meet, help, ask, tell, thank, invite, pay, book, order, buy, get, fetch, bring, take, send, post, mail, return, collect, pick up, drop off, wash, clean, fix, repair, mend, paint, feed, brush, check, test, charge, replace, change, ' +
  'move, sort, tidy, pack, unpack, print, scan, copy, sign, read, finish, start, cook, bake, make, prepare, cut, trim, plant, dig, hang up, put away, turn on, turn off, open, close, weigh, count, confirm, update, install, download, delete, look for, look after, talk to, think about, wait for, deal with, give back'
).split(', ')
const patterns = [
  '<D> <P>', '<D> the <T>', '<D> my <T>', '<D> the <T> for <P>', '<D> the <T> back to <P>', '<D> <T> for <P>', '<D> to <P>', '<D> with <P>', '<D> <P> about the <T>', '<D> the <T> in the <R>', '<D> the <T> to <C>', '<D> the <T> from <P>', '<D> <N> <T>', '<D> some <T>', '<D> a <T> with <P>', '<D> <P> in <C>'
] as const
/** How many of those that are learned from are put together so. */
const assembledShare = 0.5

/** Something to do, as the user calls it: "call my sister". */
export function chore(m: Maker): string {
  const person = () => nominative(m.person(0), 'user')
  if (m.split === 'train' && m.dice.chance(assembledShare)) {
    const thing = () => (m.dice.chance(0.4) ? m.madeUp() : m.word(m.dice.chance(0.5) ? nouns : groceries))
    const parts: Readonly<Record<string, () => string>> = { D: () => m.dice.pick(verbs), P: person, T: thing, R: () => m.dice.pick(rooms), C: () => m.wordOrMadeUp(cities), N: () => String(m.dice.between(2, 40)) }
    return expand(m.dice.pick(patterns), m.dice, name => parts[name]!())
  }
  const text = m.dice.chance(0.15) ? `${m.dice.pick(['fix', 'clean', 'buy', 'order', 'return', 'check', 'wash', 'pack'])} the ${m.madeUp()}` : m.word(chores)
  return expand(text, m.dice, person)
}
