import { overlaps } from '../facts/fact.ts'
import type { Maker } from '../maker.ts'
import { nowText, weekdayOf } from '../prompt.ts'
import { mannerOf, typed } from '../typed.ts'
import { amount, daysFrom, laterDay, someDay } from '../words/times.ts'
import { type Draft, Talk, nothing, question, someTools } from './common.ts'
import { asTyped, idleMemories, outcome, spelled } from './reminders.ts'

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
  "what's <E>", 'what is <E>', 'how much is <E>', 'calculate <E>', '<E>', 'can you work out <E>', 'please calculate <E>', 'tell me what <E> makes', 'how much does <E> make', 'what do I get for <E>', 'work out <E> for me', 'could you compute <E>', '<E> is how much', 'I need <E>', 'do the sum: <E>', 'quickly, <E>', 'compute <E> please', 'give me <E>'
]

export function calculation(m: Maker): Draft {
  const manner = mannerOf(m.dice)
  const sum = m.dice.pick(sums)(m)
  const result = String(Number(sum.value.toFixed(4)))
  const talk = new Talk(m, idleMemories(m)).user(typed(m.dice, manner, m.heard(sumAsks, () => sum.words), '?', [sum.words])).calls({ name: 'calculate', arguments: { expression: sum.expression } })
  return outcome(m, talk, 'calculate', result, 'It is <R>.', result).draft(someTools(m, 'calculate'))
}

const dateAsks = ['what date is it in <A>', "what's the date in <A>", 'what day is it in <A>', 'which date will it be in <A>', 'in <A>, what date is it', '<A> from now, what date is that', 'what is the date <A> from today', 'which day of the week is it in <A>', 'tell me the date in <A>', 'what will be the date in <A>']
const dateFrom = ['what date is <A> after <D>', 'which day is <A> after <D>', '<A> after <D>, what date is that', 'what is the date <A> after <D>', 'tell me the date <A> after <D>', 'count <A> on from <D>']
const weekdayAsks = ['what day of the week is <D>', 'what weekday is <D>', 'which day of the week is <D>', 'on which weekday does <D> fall', 'what day is <D>', '<D> is what day of the week', 'is <D> a Monday or what', 'which weekday is <D>']
const betweens = ['how many days until <D>', 'how many days are there till <D>', 'how long is it until <D>', 'days left until <D>', 'how many days from today to <D>', 'how far away is <D>', 'count the days until <D>', 'how many more days to <D>']
const betweenTwo = ['how many days between <C> and <D>', 'how many days are there from <C> to <D>', 'how long is it from <C> to <D>', 'count the days between <C> and <D>', 'days from <C> until <D>', 'what is the number of days between <C> and <D>']

export function dates(m: Maker): Draft {
  const manner = mannerOf(m.dice)
  const talk = new Talk(m, idleMemories(m))
  const [count, unit] = [m.dice.between(2, 40), m.dice.pick(['day', 'week', 'month'] as const)]
  const [first, last] = twoDays(m)
  const [add, day, other] = [amount(m, count, unit), last.words, first.words].map(words => spelled(manner, words)) as [string, string, string]
  const slots = (name: string) => (name === 'A' ? add : name === 'C' ? other : day)
  const say = (phrases: readonly string[]) => talk.user(typed(m.dice, manner, m.heard(phrases, slots), '?', [add, day, other]))
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
      say(dateAsks).calls({ name: 'date_add', arguments: { date: 'today', add: asTyped(talk, add) } })
      return dated(laterDay(today, count, unit))
    },
    () => {
      say(dateFrom).calls({ name: 'date_add', arguments: { date: asTyped(talk, day), add: asTyped(talk, add) } })
      return dated(laterDay(last.day, count, unit))
    },
    () => {
      say(weekdayAsks).calls({ name: 'date_add', arguments: { date: asTyped(talk, day) } })
      return dated(last.day)
    },
    () => {
      say(betweens).calls({ name: 'days_between', arguments: { from: 'today', to: asTyped(talk, day) } })
      return counted(today, last.day)
    },
    () => {
      say(betweenTwo).calls({ name: 'days_between', arguments: { from: asTyped(talk, other), to: asTyped(talk, day) } })
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

const dayAsks = ['what day is it [today]', 'what day of the week is it', 'which day is today', 'is it Monday today or what', 'what weekday is it [today]', "what's today"]
const dateNow = ["what's the date [today]", 'what date is it [today]', "what is today's date", 'which date do we have', 'tell me the date', "today's date please"]
const timeNow = ['what time is it', "what's the time", 'how late is it', 'tell me the time', 'do you have the time', 'what time do we have']

/** What stands in the prompt needs no tool. */
export function now(m: Maker): Draft {
  const manner = mannerOf(m.dice)
  const talk = new Talk(m, idleMemories(m))
  const [weekday = '', date = '', time = ''] = nowText(m.now).split(' ')
  const [phrases, value] = m.dice.pick([[dayAsks, weekday], [dateNow, date], [timeNow, time]] as const)
  return talk.user(question(m, manner, m.heard(phrases, nothing))).answer(`It is ${value}.`, { kind: 'says', all: [[value]], none: [] }).draft(someTools(m))
}

