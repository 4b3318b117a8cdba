import { sayings } from '../answers.ts'
import type { Maker } from '../maker.ts'
import { Scene, shown } from '../scene.ts'
import { type Manner, mannerOf, typed } from '../typed.ts'
import { duration, exactTime, when } from '../words/times.ts'
import { foods } from '../words/things.ts'
import { chore } from './chores.ts'
import { type Draft, Talk, sentence, someTools } from './common.ts'
import * as more from '../phrasings/reminders.ts'

/** A few memories that have nothing to do with what is asked. */
export function idleMemories(m: Maker): ReturnType<typeof shown> {
  const scene = new Scene(m)
  return shown(m, scene.beside(undefined, m.dice.weighted([[0, 5], [1, 2], [2, 2], [4, 1]])))
}

/** The words of an argument, as they stand in what was typed: nothing in them is misspelt. */
export function spelled(manner: Manner, text: string): string {
  return manner.lower ? text.toLowerCase() : text
}

export const both = [
  'can you remind me <W> to <T>', 'could you remind me to <T> <W> please', 'can you set a reminder to <T> <W>', 'could you set me a reminder <W> to <T>', 'set a reminder <W> to <T>', 'set a reminder for <T>, <W>',
  'add a reminder to <T> <W>', 'create a reminder to <T> <W>', 'please create a reminder <W>: <T>', 'make a reminder to <T> <W>', 'new reminder: <T> <W>', 'new reminder <W>: <T>', 'reminder to <T> <W>', 'reminder to <T> <W> please',
  'I need to be reminded <W> to <T>', "I'd like to be reminded <W> to <T>", 'I want a reminder <W> to <T>', "don't let me forget <W> to <T>", '<W> I need to <T>, remind me', '<W> I have to <T>, please remind me',
  'I should <T> <W>, set a reminder', 'I want to <T> <W>, please remind me', '<W>: reminder to <T>', 'ping me <W> about this: <T>', 'poke me <W> to <T>', 'prompt me <W> to <T>', 'alert me <W> to <T>', 'put in a reminder to <T> <W>',
  'schedule a reminder to <T> <W>', 'tell me <W> to <T>', 'remind me to <T> <W>', 'remind me <W> to <T>', 'please remind me to <T> <W>', 'can you remind me to <T> <W>', 'set a reminder to <T> <W>', "don't let me forget to <T> <W>",
  '<W> remind me to <T>', 'could you remind me <W> to <T>', 'I want to be reminded to <T> <W>', 'reminder: <T>, <W>', 'set up a reminder <W>: <T>', 'I need a reminder to <T> <W>', '(ping|nudge) me <W> to <T>',
  'make sure I <T> <W>, remind me', 'I have to <T> <W>, remind me of it', 'give me a reminder <W> to <T>', 'would you remind me <W> to <T>', 'please set a reminder: <T> <W>', 'I must not forget to <T>, remind me <W>',
  '(hey|hi), remind me to <T> <W> please'
]
const taskOnly = [
  'remind me please to <T>', 'can you set a reminder to <T>', 'could you remind me to <T> please', 'will you remind me to <T>', 'set me a reminder to <T>', 'create a reminder to <T>', 'make a reminder to <T>', 'add a reminder: <T>',
  'new reminder: <T>', 'reminder to <T>', "I'd like a reminder to <T>", "I'd like to be reminded to <T>", 'I need to be reminded to <T>', 'I have to <T>, remind me', 'I need to <T>, can you remind me',
  'please do not let me forget to <T>', 'give me a reminder to <T>', 'schedule a reminder to <T>', 'remind me to <T>', 'please remind me to <T>', 'can you remind me to <T>', 'set a reminder to <T>', "don't let me forget to <T>",
  'I need a reminder to <T>', 'reminder: <T>', 'could you remind me to <T>', 'I want to be reminded to <T>', 'remind me that I have to <T>', 'please set a reminder: <T>', 'would you remind me to <T>'
]
const answersWhen = [
  '<W> works', '<W> works for me', '<W> if you can', 'I think <W>', 'say <W>', 'maybe <W>', 'please do it <W>', '<W> is good', '<W> is best', '<W> would be great', 'best <W>', 'oh, <W>', 'well, <W>', 'sorry, <W>', '<W> will do',
  '<W>', '<W> please', 'let us say <W>', '<W>, thanks', 'hm, <W>', 'make it <W>', '<W> would be good', 'how about <W>', '<W> is fine', 'ok, <W>'
]
export const neverMinds = [
  'sorry, never mind', 'forget it', 'oh, forget it', 'leave it then', 'just leave it', 'cancel it', 'please cancel', 'cancel the reminder', 'no thanks', 'not needed after all', "I don't need it any more", 'no need to',
  'nothing, it is fine', 'drop it', 'stop, no reminder', 'skip that', 'it does not matter', 'not now', 'never mind', 'oh, never mind', 'forget it, not needed', 'no, leave it', 'actually no, thanks', "it's ok, no need any more",
  'cancel that', 'nah, leave it', "doesn't matter", 'skip it', 'no need, thanks', 'never mind then'
]
export const reminded = "I'll remind you on <R>."
export const failures = ['disk full', 'that time is in the past', 'not available', 'timeout', 'no such list', 'storage is locked', 'not understood']

/** What comes of a call: as a rule what is wanted, now and then an error, which is told. `right`: what the answer has to say. */
export function outcome(m: Maker, talk: Talk, tool: string, result: string, phrase: string, right: string): Talk {
  if (m.dice.chance(0.06)) {
    const reason = m.dice.pick(failures)
    return talk.result(tool, `error: ${reason}`).answer(`That didn't work: ${reason}.`, { kind: 'says', all: [[reason]], none: [] })
  }
  return talk.result(tool, result).answer(sentence(m.said(phrase, () => right)), right === '' ? { kind: 'talks', none: ['error'] } : { kind: 'says', all: [[right]], none: [] })
}

export function reminder(m: Maker): Draft {
  const manner = mannerOf(m.dice)
  const talk = new Talk(m, idleMemories(m))
  const [what, time] = [spelled(manner, chore(m)), when(m)]
  const words = spelled(manner, time.words)
  const [keep, slots] = [[what, words], (name: string) => (name === 'T' ? what : words)]
  const asksBack = m.dice.chance(0.3)
  if (asksBack) {
    talk.user(typed(m.dice, manner, m.heard(taskOnly, slots, more.taskOnly), '.', keep)).answer(sayings.when, { kind: 'says', all: [['when']], none: [] })
    if (m.dice.chance(0.2)) return talk.user(typed(m.dice, manner, m.heard(neverMinds, slots, more.neverMinds), '.')).answer('Okay.', { kind: 'talks', none: [] }).draft(someTools(m, 'set_reminder'))
    talk.user(typed(m.dice, { ...manner, typos: 0 }, m.heard(answersWhen, slots, more.answersWhen), '.', keep))
  } else talk.user(typed(m.dice, manner, m.heard(both, slots, more.both), '.', keep))
  // Typed as the sentence begins, a word may have a capital that the argument lacks.
  talk.calls({ name: 'set_reminder', arguments: { text: asTyped(talk, what), when: asTyped(talk, words) } })
  return outcome(m, talk, 'set_reminder', `set for ${time.exact}`, reminded, time.exact).draft(someTools(m, 'set_reminder'))
}

/** The words as they stand in what the user typed. Throws when they do not. */
export function asTyped(talk: Talk, words: string): string {
  for (const { role, text } of talk.messages.toReversed()) {
    if (role !== 'user') continue
    // Not every letter comes back from its capital: ı is I there, and I is i here.
    for (const fold of [(each: string) => each.toLowerCase(), (each: string) => each.toUpperCase()]) {
      const at = fold(text).length === text.length ? fold(text).lastIndexOf(fold(words)) : -1
      if (at >= 0) return text.slice(at, at + words.length)
    }
  }
  throw new Error(`"${words}" was not typed: ${talk.messages.map(({ text }) => text).join(' / ')}`)
}

export const timers = [
  'set a timer, <D>', 'set my timer for <D>', 'set me a timer for <D>', 'can you set a timer for <D>', 'could you set a timer for <D> please', 'will you start a timer for <D>', 'please start the timer for <D>',
  'start the timer, <D>', 'start timer for <D>', 'start a timer with <D>', 'a <D> timer please', 'a timer for <D> please', 'new timer for <D>', 'timer <D> please', 'run a timer for <D>', 'please run a timer of <D>',
  'begin a countdown for <D>', 'countdown of <D> please', 'count <D> down', 'I want a timer for <D>', "I'd like a timer for <D>", 'I need a countdown of <D>', 'put a timer on for <D>', 'give me a timer of <D>', 'make a <D> timer',
  'time <D> for me', 'get a timer going for <D>', 'set a timer for <D>', 'start a timer for <D>', 'timer for <D>', 'timer, <D>', 'please set a timer for <D>', 'can you start a timer for <D>', '<D> timer please',
  'set the timer to <D>', 'count down <D>', 'I need a timer for <D>', 'start a countdown of <D>', 'could you set a timer: <D>', 'wake me in <D> with a timer', 'let a timer run for <D>', 'give me <D> on the timer',
  'put the timer on <D>', 'please start a timer of <D>', 'make a timer for <D>'
]
const labelled = [
  'set a timer for the <X>, <D>', 'set a timer for the <X>: <D>', 'can you set a <X> timer for <D>', 'please start a <X> timer, <D>', 'start a timer of <D> for the <X>', 'start a <X> timer for <D>', '<X>, set a timer for <D>',
  '<D> timer for the <X>', '<D> for the <X>, start a timer please', 'new timer for the <X>: <D>', 'the <X> will take <D>, set a timer', 'the <X> is ready in <D>, set a timer', 'I need a <X> timer of <D>', 'time the <X>, <D>',
  'time the <X> for <D> please', 'put the timer on for the <X>, <D>', 'run a timer for the <X> for <D>', 'I want a timer of <D> for the <X>', 'set a timer for <D> for the <X>', 'start a timer for the <X>, <D>', '<X> timer, <D>',
  'the <X> needs <D>, set a timer', 'please set a timer of <D> for the <X>', 'timer for the <X>: <D>', 'can you time the <X> for <D>', 'I put the <X> in the oven, set a timer for <D>', 'start the <X> timer with <D>',
  'set a <X> timer for <D>', 'the <X> takes <D>, please start a timer', 'I need a timer for the <X>: <D>'
]

export function timer(m: Maker): Draft {
  const manner = mannerOf(m.dice)
  const talk = new Talk(m, idleMemories(m))
  const long = spelled(manner, duration(m))
  const label = m.dice.chance(0.4) ? spelled(manner, m.dice.pick([() => m.word(foods), () => m.dice.pick(['laundry', 'tea', 'eggs', 'pasta', 'rice', 'oven', 'bread', 'washing', 'nap', 'workout', 'cake']), () => m.madeUp()])()) : undefined
  const text = label === undefined ? m.heard(timers, () => long, more.timers) : m.heard(labelled, name => (name === 'D' ? long : label), more.labelled)
  talk.user(typed(m.dice, manner, text, '.', [long, label ?? '']))
  talk.calls({ name: 'set_timer', arguments: { duration: asTyped(talk, long), ...(label === undefined ? {} : { label: asTyped(talk, label) }) } })
  const end = exactTime(m.now.slice(0, 10), m.dice.below(24), m.dice.below(60)).slice(-5)
  return outcome(m, talk, 'set_timer', `runs until ${end}`, 'Your timer runs until <R>.', end).draft(someTools(m, 'set_timer'))
}
