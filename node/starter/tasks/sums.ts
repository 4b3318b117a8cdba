import { overlaps } from '../facts/fact.ts'
import type { Maker } from '../maker.ts'
import { nowText, weekdayOf } from '../prompt.ts'
import { mannerOf, typed } from '../typed.ts'
import { amount, daysFrom, laterDay, someDay } from '../words/times.ts'
import { type Draft, Talk, nothing, question, someTools } from './common.ts'
import { asTyped, idleMemories, outcome, spelled } from './reminders.ts'
import * as more from '../phrasings/sums.ts'

type Sum = { readonly words: string; readonly expression: string; readonly value: number }

function number(m: Maker): number {
  return m.dice.weighted<() => number>([[() => m.dice.between(2, 20), 3], [() => m.dice.between(2, 999), 4], [() => m.dice.between(1000, 20_000), 1], [() => m.dice.between(1, 400) / m.dice.pick([2, 4, 10]), 1.5]])()
}

const sums: readonly ((m: Maker) => Sum)[] = [
  m => { const [a, b] = [number(m), number(m)]; return { words: `${a} ${m.dice.pick(['times', 'x', '*', 'multiplied by'])} ${b}`, expression: `${a} * ${b}`, value: a * b } },
  m => { const [a, b] = [number(m), number(m)]; return { words: `${a} ${m.dice.pick(['plus', '+', 'and then plus', 'added to'])} ${b}`, expression: `${a} + ${b}`, value: a + b } },
  m => { const [a, b] = [number(m), number(m)]; return { words: `${a} ${m.dice.pick(['minus', '-', 'less'])} ${b}`, expression: `${a} - ${b}`, value: a - b } },
  m => { const [a, b] = [number(m), m.dice.between(2, 24)]; return { words: `${a} ${m.dice.pick(['divided by', '/', 'split by', 'shared between'])} ${b}`, expression: `${a} / ${b}`, value: a / b } },
  m => { const [a, b] = [m.dice.pick([5, 7, 10, 12, 15, 18, 19, 20, 25, 30, 35, 40, 60, 75]), number(m)]; return { words: `${a}${m.dice.pick(['%', ' %', ' percent'])} of ${b}`, expression: `${b} * ${a} / 100`, value: (b * a) / 100 } },
  m => { const all = Array.from({ length: m.dice.between(3, 4) }, () => number(m)); return { words: all.join(m.dice.pick([' plus ', ' + '])), expression: all.join(' + '), value: all.reduce((sum, each) => sum + each, 0) } },
  m => { const [a, b, c] = [number(m), number(m), number(m)]; return { words: `${a} times ${b} plus ${c}`, expression: `${a} * ${b} + ${c}`, value: a * b + c } }
]
const sumAsks = [
  'what does <E> make', 'what does <E> give', "what's the answer to <E>", 'what would <E> be', 'what do you get for <E>', 'how much do I get for <E>', 'how much is it, <E>', 'could you calculate <E> for me', 'can you tell me <E>',
  'could you work out <E> please', 'please work out <E>', 'please compute <E>', 'tell me <E>', 'tell me what <E> is', 'work out <E>', 'calculate <E> for me', 'solve <E>', 'do <E>', 'do the math, <E>', 'help me with <E>',
  'I need to know <E>', 'I want to know how much <E> is', '<E> please', '<E> equals what', '<E> makes how much', 'so how much is <E>', 'quick sum: <E>', "what's <E>", 'what is <E>', 'how much is <E>', 'calculate <E>', '<E>',
  'can you work out <E>', 'please calculate <E>', 'tell me what <E> makes', 'how much does <E> make', 'what do I get for <E>', 'work out <E> for me', 'could you compute <E>', '<E> is how much', 'I need <E>', 'do the sum: <E>',
  'quickly, <E>', 'compute <E> please', 'give me <E>'
]

export function calculation(m: Maker): Draft {
  const manner = mannerOf(m.dice)
  const sum = m.dice.pick(sums)(m)
  const result = String(Number(sum.value.toFixed(4)))
  const talk = new Talk(m, idleMemories(m)).user(typed(m.dice, manner, m.heard(sumAsks, () => sum.words, more.sumAsks), '?', [sum.words])).calls({ name: 'calculate', arguments: { expression: sum.expression } })
  return outcome(m, talk, 'calculate', result, 'It is <R>.', result).draft(someTools(m, 'calculate'))
}

const dateAsks = [
  'what day will it be in <A>', 'what date do we have in <A>', 'what is the date in <A>', 'what date is <A> from now', 'what day is it <A> from today', 'which day is <A> from now', 'which day will it be in <A>',
  'in <A>, which day is it', 'in <A> it will be what date', '<A> from now is which day', 'can you tell me the date in <A>', 'tell me what date it is in <A>', 'I need the date in <A>', 'add <A> to today',
  'today plus <A>, what date is it', 'what date is it in <A>', "what's the date in <A>", 'what day is it in <A>', 'which date will it be in <A>', 'in <A>, what date is it', '<A> from now, what date is that',
  'what is the date <A> from today', 'which day of the week is it in <A>', 'tell me the date in <A>', 'what will be the date in <A>'
]
const dateFrom = [
  'what date do I get <A> after <D>', 'what date will it be <A> after <D>', "what's the date <A> after <D>", 'which date is <A> after <D>', 'can you add <A> to <D>', '<D> plus <A>, what date is that',
  'tell me which day is <A> after <D>', 'give me the date <A> after <D>', 'go <A> on from <D>, which day is it', 'what date is <A> after <D>', 'which day is <A> after <D>', '<A> after <D>, what date is that',
  'what is the date <A> after <D>', 'tell me the date <A> after <D>', 'count <A> on from <D>'
]
const weekdayAsks = [
  'what day of the week will it be on <D>', 'what weekday does <D> fall on', 'what day of the week does <D> fall on', 'which weekday does <D> fall on', 'on what day of the week is <D>', 'on which day is <D>',
  'tell me the weekday of <D>', 'tell me what day <D> is', '<D>, what weekday is that', '<D>: which day of the week', 'is <D> on a weekend or what day', 'I need the weekday of <D>', 'what day of the week is <D>',
  'what weekday is <D>', 'which day of the week is <D>', 'on which weekday does <D> fall', 'what day is <D>', '<D> is what day of the week', 'is <D> a Monday or what', 'which weekday is <D>'
]
const betweens = [
  'how many days to <D>', 'how many days left to <D>', 'how many days is it until <D>', 'how many days away is <D>', 'how many days from now until <D>', 'how long until <D>', 'how far off is <D>', 'days until <D>',
  'tell me how many days until <D>', 'can you count the days till <D>', 'in how many days is <D>', 'until <D>, how many days', 'how many days until <D>', 'how many days are there till <D>', 'how long is it until <D>',
  'days left until <D>', 'how many days from today to <D>', 'how far away is <D>', 'count the days until <D>', 'how many more days to <D>'
]
const betweenTwo = [
  'how many days are there between <C> and <D>', 'how many days from <C> to <D>', 'how many days is it from <C> until <D>', 'how long is it between <C> and <D>', 'how far is it from <C> to <D> in days', 'days between <C> and <D>',
  'from <C> to <D>, how many days', 'tell me how many days there are between <C> and <D>', 'can you work out the days from <C> to <D>', 'how many days between <C> and <D>', 'how many days are there from <C> to <D>',
  'how long is it from <C> to <D>', 'count the days between <C> and <D>', 'days from <C> until <D>', 'what is the number of days between <C> and <D>'
]

export function dates(m: Maker): Draft {
  const manner = mannerOf(m.dice)
  const talk = new Talk(m, idleMemories(m))
  const [count, unit] = [m.dice.between(2, 40), m.dice.pick(['day', 'week', 'month'] as const)]
  const [first, last] = twoDays(m)
  const [add, day, other] = [amount(m, count, unit), last.words, first.words].map(words => spelled(manner, words)) as [string, string, string]
  const slots = (name: string) => (name === 'A' ? add : name === 'C' ? other : day)
  const say = (phrases: readonly string[], others: readonly string[]) => talk.user(typed(m.dice, manner, m.heard(phrases, slots, others), '?', [add, day, other]))
  const today = m.now.slice(0, 10)
  const dated = (result: string) => {
    const text = `${weekdayOf(result)} ${result}`
    return outcome(m, talk, 'date_add', text, 'It is <R>.', text).draft(someTools(m, 'date_add'))
  }
  const counted = (from: string, to: string) => {
    const text = `${daysFrom(from, to)} days`
    return outcome(m, talk, 'days_between', text, 'It is <R>.', text).draft(someTools(m, 'days_between'))
  }
  return m.dice.pick([
    () => {
      say(dateAsks, more.dateAsks).calls({ name: 'date_add', arguments: { date: 'today', add: asTyped(talk, add) } })
      return dated(laterDay(today, count, unit))
    },
    () => {
      say(dateFrom, more.dateFrom).calls({ name: 'date_add', arguments: { date: asTyped(talk, day), add: asTyped(talk, add) } })
      return dated(laterDay(last.day, count, unit))
    },
    () => {
      say(weekdayAsks, more.weekdayAsks).calls({ name: 'date_add', arguments: { date: asTyped(talk, day) } })
      return dated(last.day)
    },
    () => {
      say(betweens, more.betweens).calls({ name: 'days_between', arguments: { from: 'today', to: asTyped(talk, day) } })
      return counted(today, last.day)
    },
    () => {
      say(betweenTwo, more.betweenTwo).calls({ name: 'days_between', arguments: { from: asTyped(talk, other), to: asTyped(talk, day) } })
      return counted(first.day, last.day)
    }
  ])()
}

/** Two days that are not written into each other ("4 May", "14 May"), the earlier one first. */
function twoDays(m: Maker) {
  for (;;) {
    const [first, last] = [someDay(m), someDay(m)]
    if (first.day < last.day && !overlaps(first.words, last.words)) return [first, last] as const
  }
}

const dayAsks = [
  'what day do we have today', 'what is today', 'which day is it', 'which day is it today', 'which day of the week is it today', 'tell me what day it is', 'can you tell me what day it is today', 'today is what day',
  'is it Friday yet or what day', 'what day is it [today]', 'what day of the week is it', 'which day is today', 'is it Monday today or what', 'what weekday is it [today]', "what's today"
]
const dateNow = [
  "what's today's date", 'what date is today', 'what date do we have today', 'which date is today', "tell me today's date", 'can you tell me the date', 'the date please', 'date today', 'give me the date of today',
  "what's the date [today]", 'what date is it [today]', "what is today's date", 'which date do we have', 'tell me the date', "today's date please"
]
const timeNow = [
  'what time is it now', 'what time is it right now', 'what does the clock say', 'how late is it now', 'can you tell me the time', 'could you tell me what time it is', 'the time please', 'give me the time', 'time please',
  'what time is it', "what's the time", 'how late is it', 'tell me the time', 'do you have the time', 'what time do we have'
]

/** What stands in the prompt needs no tool. */
export function now(m: Maker): Draft {
  const manner = mannerOf(m.dice)
  const talk = new Talk(m, idleMemories(m))
  const [weekday = '', date = '', time = ''] = nowText(m.now).split(' ')
  const [phrases, others, value] = m.dice.pick([[dayAsks, more.dayAsks, weekday], [dateNow, more.dateNow, date], [timeNow, more.timeNow, time]] as const)
  return talk.user(question(m, manner, m.heard(phrases, nothing, others))).answer(`It is ${value}.`, { kind: 'says', all: [[value]], none: [] }).draft(someTools(m))
}

