import { type Fact, asked, canChange, changed, labelOf, stated } from '../facts/fact.ts'
import { sayings } from '../answers.ts'
import type { Maker } from '../maker.ts'
import { quoted, untold } from '../prompt.ts'
import { Scene, besideCount, shown } from '../scene.ts'
import { mannerOf, typed } from '../typed.ts'
import { isMe, isThing, slotsOf } from '../voice.ts'
import { type Draft, Talk, nothing, question, someTools } from './common.ts'
import { askable, fromMemory, valuesBeside } from './grounded.ts'
import { idleMemories } from './reminders.ts'
import { chatter } from './small-talk.ts'
import * as more from '../phrasings/turns.ts'

const told1 = [
  '<F>', '<F>', 'a small thing: <F>', 'it may be good to know that <F>', 'news from me: <F>', 'one more thing: <F>', 'here is something you should know: <F>', 'while I think of it: <F>',
  'I should say that <F>', 'hey, <F>', 'what I wanted to say: <F>', 'by the way, <F>', 'just so you know, <F>', 'you should know that <F>', 'oh, <F>', 'guess what, <F>', 'FYI, <F>',
  'I wanted to tell you that <F>', 'so, <F>', 'something new: <F>', 'for the record, <F>', 'let me tell you: <F>', 'did I tell you that <F>'
]

/** The user tells something. No tool is called: what is said is learned afterwards, by another prompt. */
export function statement(m: Maker): Draft {
  const { scene, fact } = askable(m)
  const manner = mannerOf(m.dice)
  const talk = new Talk(m, m.dice.chance(0.5) ? idleMemories(m) : shown(m, scene.beside(fact, m.dice.below(5))))
  const text = m.heard(told1, () => stated(m, fact), more.told1)
  talk.user(typed(m.dice, { ...manner, lower: false }, text, '.', [fact.value]))
  return talk.answer(sayings.okay, { kind: 'talks', none: [] }).draft(someTools(m))
}

/** Told in this conversation and asked for later in it; perhaps against a memory, which is older. */
export function toldThenAsked(m: Maker): Draft {
  const { scene, fact } = askable(m)
  const old = canChange(fact.type) && m.dice.chance(0.4) ? scene.other(fact) : undefined
  const others = scene.beside(fact, Math.min(5, besideCount(m)))
  const manner = { ...mannerOf(m.dice), lower: false }
  const talk = new Talk(m, shown(m, old ? [old, ...others] : others))
  const said = typed(m.dice, manner, m.heard(told1, () => (old ? changed(m, fact, old.value) : stated(m, fact)), more.told1), '.', [fact.value])
  talk.user(said).answer(sayings.okay, { kind: 'talks', none: [] })
  if (m.dice.chance(0.35)) talk.user(typed(m.dice, manner, chatter(m).text, '')).answer(sayings.okayMore, { kind: 'talks', none: [] })
  talk.targets.splice(1)
  const answer = quoted([{ text: said }])
  return talk.user(question(m, manner, asked(m, fact), [fact.extra])).answer(answer, { kind: 'says', all: [[fact.value]], none: valuesBeside(answer, [...(old ? [old] : []), ...others]) }).draft(someTools(m))
}

const wrongs = [
  'that is not true any more, <F>', 'no, listen: <F>', 'sorry, but <F>', 'you are wrong there: <F>', 'not quite, <F>', 'that was true before, but <F>', 'no, that changed: <F>',
  'this is out of date, <F>', "that's not correct: <F>", 'nope, <F>', 'no, <F>', "that's wrong, <F>", 'no no, <F>', 'not any more: <F>', "that's not right, <F>", 'wrong, <F>', "that's old, <F>",
  'you have that wrong: <F>', 'sorry, that was before, <F>', 'no longer, <F>', 'hm no, <F>', 'incorrect, <F>', 'that has changed: <F>'
]
const again = [
  'so once more, <Q>', 'let me check again: <Q>', 'and <Q>', 'now <Q>', 'ok, and now <Q>', 'so tell me, <Q>', 'let me ask again: <Q>', 'good, then <Q>', 'so now, <Q>', 'well then, <Q>', 'so <Q>', 'ok, so <Q>',
  'and now: <Q>', 'let me check: <Q>', 'then tell me again, <Q>', 'once more: <Q>', 'now then, <Q>'
]

/** The user corrects an answer that came from a memory, and asks again. */
export function correction(m: Maker): Draft {
  const { scene, fact: old } = askable(m, ({ type }) => canChange(type))
  const next = scene.other(old)
  const others = scene.beside(old, Math.min(4, besideCount(m)))
  const manner = { ...mannerOf(m.dice), lower: false }
  const memories = shown(m, [old, ...others])
  const said = typed(m.dice, manner, m.heard(wrongs, () => changed(m, next, old.value), more.wrongs), '.', [next.value])
  const answer = quoted([{ text: said }])
  return new Talk(m, memories).user(question(m, manner, asked(m, old), [old.extra])).answer(...fromMemory(memories, old, others))
    .user(said).answer(sayings.corrected, { kind: 'talks', none: [old.value] })
    .user(typed(m.dice, manner, m.heard(again, () => openQuestion(m, next), more.again), '?', [next.extra])).answer(answer, { kind: 'says', all: [[next.value]], none: valuesBeside(answer, [old]) }).draft(someTools(m))
}

/** One that begins with its question word: "so I forgot …" is none. */
function openQuestion(m: Maker, fact: Fact): string {
  for (let tries = 0; ; tries++) {
    const text = asked(m, fact)
    // Some splits have "do you know where …" only.
    if (tries > 8 || /^(what|where|which|who|when|how|in|on|at)\b/.test(text)) return text
  }
}

const sameOfOther = [
  'and the same for <O>', 'what is it for <O>', 'now <O>', 'and with <O>', 'so what about <O> then', 'do you know it for <O> too', 'and <O>, what about that', 'next one: <O>', 'how is it with <O>',
  'and <O>', 'what about <O>', 'and for <O>', 'and <O> then', 'how about <O>', 'ok and <O>', 'same question for <O>', 'and what about <O>'
]
const otherOfSame = [
  'what is <his> <L>', 'and the <L>', 'how about <his> <L>', 'and tell me <his> <L>', 'now <his> <L>', 'ok, and <his> <L>', 'do you know <his> <L> too', 'next, <his> <L>', 'so what about <his> <L>',
  'what is <his> <L>, do you know', 'and <his> <L>', 'what about <his> <L>', "and what's <his> <L>", 'do you also know <his> <L>', 'and <his> <L>, do you know that', 'tell me <his> <L> too',
  "what's <his> <L> then"
]

/** "And my brother?" "What about her birthday?" */
export function followUp(m: Maker): Draft {
  for (;;) {
    const { scene, fact } = askable(m, each => !isThing(each.subject))
    const ofOther = m.dice.chance(0.5)
    const next = ofOther ? otherPerson(scene, fact) : scene.fact(fact.subject, scene.types(fact.subject).filter(({ label, extra }) => label !== undefined && !extra))
    if (!next || (!ofOther && isMe(fact.subject))) continue
    const known = m.dice.chance(0.72)
    const others = scene.beside(fact, m.dice.below(5), 0.3)
    const manner = mannerOf(m.dice)
    const memories = shown(m, known ? [fact, next, ...others] : [fact, ...others])
    const talk = new Talk(m, memories).user(question(m, manner, asked(m, fact), [fact.extra])).answer(...fromMemory(memories, fact, []))
    const slots = slotsOf(next.subject, 'user', { L: labelOf(next) })
    talk.user(question(m, manner, ofOther ? m.heard(sameOfOther, slots, more.sameOfOther) : m.heard(otherOfSame, slots, more.otherOfSame)))
    if (known) talk.answer(...fromMemory(memories, next, [fact]))
    else talk.answer(untold, { kind: 'abstains', none: scene.facts.filter(each => each !== next).map(({ value }) => value) })
    return talk.draft(someTools(m))
  }
}

function otherPerson(scene: Scene, fact: Fact): Fact | undefined {
  // What it is about ("her dog") is not said again.
  const next = fact.type.extra ? undefined : scene.fact(scene.subject('person'), [fact.type])
  return next && { ...next, extra: fact.extra }
}

const almost = [
  'the timer went off, thanks', 'timers are handy', 'I have no time for lists', 'I prefer timers with bells', 'I made a list on paper', 'your reminders are great', 'that reminder came too late', 'I got the reminder, thanks',
  'I hate reminders', 'I already remembered that', 'I forgot what I wanted to say', 'I forget so many things', 'I forgot my umbrella again', 'I do remember it now', 'I remember my school well', 'I added it already',
  'my list is on the fridge', 'my wife writes the lists', 'how do timers work', 'can a timer have a name', 'how many lists can I have', 'can you keep more than one timer', 'can reminders repeat', 'how does your memory work',
  'how do I add things to a list', 'how do I delete a list', 'do not set any reminder', "don't remember this", 'please do not save anything now', 'do not search anything', 'I searched for my keys all day', 'I looked it up myself',
  'I can count the days myself', 'I did the sum in my head', 'I am bad at maths', 'I removed it from the list myself', 'I set a timer already', 'I added milk to the list yesterday', 'my timer just rang', 'the reminder was useful',
  'do lists sync between my devices', 'how do reminders work', 'I always forget my keys', 'I hate timers', 'I remember that day well', 'the list is getting long', 'my sister keeps a shopping list too', 'I wrote that on a list once',
  'you reminded me of my old teacher', 'I deleted the photos myself', 'I can calculate that myself', 'no reminder needed', 'I like making lists', 'my reminder went off, thanks', 'I already took the bread off the list',
  'can lists be shared', 'the timer was too short', 'please do not set a timer now', 'do not add anything to the list', 'I never use reminders'
]

/** It sounds like a tool, and wants none. */
export function noTool(m: Maker): Draft {
  return new Talk(m, idleMemories(m)).user(typed(m.dice, mannerOf(m.dice), m.heard(almost, nothing, more.almost), '.')).answer(sayings.okay, { kind: 'talks', none: [] }).draft(someTools(m, 'list_add', 'set_timer'))
}
