import type { Message } from '../../model.ts'
import { type Fact, asked, canChange, changed, stated } from '../facts/fact.ts'
import type { Maker } from '../maker.ts'
import { type LearnedItem, type ShownMemory, learnPrompt, learnedText, quoted } from '../prompt.ts'
import { Scene, memoryText, shown } from '../scene.ts'
import { type Manner, mannerOf, typed } from '../typed.ts'
import { type Subject, isMe, isThing } from '../voice.ts'
import { foods, hobbies } from '../words/things.ts'
import { when } from '../words/times.ts'
import { city } from '../words/values.ts'
import { type Draft, sentence } from './common.ts'
import { type Passing, passing } from './not-learned.ts'
import { chore } from './chores.ts'
import { chatter } from './small-talk.ts'
import * as more from '../phrasings/learn.ts'

/** A part of what the user says, and what is to be learned of it. */
type Part = Passing & { readonly item?: Omit<LearnedItem, 'text'> | undefined }

/** Whom an item is about: `user`, a name, or what the user calls it: "sister", "bike". */
function about(subject: Subject): string {
  return isThing(subject) ? subject.noun : isMe(subject) ? 'user' : (subject.name ?? subject.kin ?? '')
}

const tastes = [
  'I am keen on <V>', 'I have always (loved|liked|hated) <V>', 'I do not like <V> (at all|much)', 'I cannot stand <V>', 'I am not (keen on|fond of|a fan of) <V>', 'I am a big fan of <V>', 'I dislike <V>', '<V> is my favourite',
  '<V> is not my thing', '<V> bores me', 'my favourite thing is <V>', 'I could not live without <V>', 'I never liked <V>', 'I (love|like|really like|adore) <V>', "I (hate|can't stand|don't like) <V>", '<V> makes me happy',
  'I am (crazy about|fond of|tired of) <V>', 'I prefer <V> (to anything else|these days)', 'I am a fan of <V>', 'I enjoy <V> (a lot|very much)', 'I really do not care for <V>', 'what I like is <V>'
]
const plans = [
  'I am going to <T> <W>', 'I plan to <T> <W>', 'I would like to <T> <W>', 'I ought to <T> <W>', 'I really must <T> <W>', 'I need to <T>', 'I still need to <T> <W>', 'I am supposed to <T> <W>', 'I agreed to <T> <W>',
  'I said I would <T> <W>', '<W> I have to <T>', '<W> I will <T>', 'my plan is to <T> <W>', 'I have to <T> <W>', 'I need to <T> <W>', 'I must <T> <W>', 'I promised to <T> <W>', 'I still have to <T>', 'I want to <T> <W>',
  'I should <T> <W>', 'I have got to <T> <W>', "I can't forget to <T> <W>"
]
const trips = [
  'I am going away to <C> <W>', 'I am on my way to <C> <W>', 'I have a (bus|train|trip) to <C> <W>', 'I am seeing <P> <W>', 'I meet <P> <W>', 'I will meet <P> in <C> <W>', 'we are (flying|going|moving) to <C> <W>',
  'we will visit <P> <W>', '<P> arrives <W>', '<P> is coming to see me <W>', '<P> and I go to <C> <W>', '<W> I go to <C>', '<W> I am in <C>', 'I am (flying|going|travelling) to <C> <W>', 'we (drive|go) to <C> <W>',
  'I will be in <C> <W>', 'I am meeting <P> in <C> <W>', '<P> is visiting me <W>', '<P> comes over <W>', 'we leave for <C> <W>', '<P> and I have dinner <W>', 'I am off to <C> <W>'
]
const introductions = [
  'my <K> has the name <N>', 'my <K> goes by <N>', 'my <K> is <N>', 'I call my <K> <N>', 'the name of a <K> of mine is <N>', 'I have a <K> named <N>', 'I have got a <K> called <N>', "I've got a <K> whose name is <N>",
  '<N> is the name of a <K> of mine', "<N> is what my <K>'s called", '<N> is a <K> of mine', 'we call my <K> <N>', '<N> is my <K>', 'my <K> is called <N>', "my <K>'s name is <N>", 'I have a <K> called <N>',
  "<N>, that's my <K>", 'the name of my <K> is <N>', 'my <K> is named <N>', '<N> is the name of my <K>'
]

/** Something to keep that is no attribute: a taste, a plan, a journey, who somebody is. */
function statement(m: Maker): Part {
  return m.dice.pick<() => Part>([
    () => {
      const value = m.dice.chance(0.3) ? m.madeUp() : m.word(m.dice.chance(0.5) ? foods : hobbies)
      return { text: m.heard(tastes, () => value, more.tastes), mark: '.', item: { kind: 'preference', subject: 'user' } }
    },
    () => {
      const [what, time] = [chore(m), when(m).words]
      return { text: m.heard(plans, name => (name === 'T' ? what : time), more.plans), mark: '.', item: { kind: 'task', subject: 'user' } }
    },
    () => {
      const [place, time, person] = [city(m), when(m).words, m.firstName(m.dice.chance(0.5))]
      return { text: m.heard(trips, name => (name === 'C' ? place : name === 'P' ? person : time), more.trips), mark: '.', item: { kind: 'event', subject: 'user' } }
    },
    () => {
      const person = kin(m)
      return { text: m.heard(introductions, slot => (slot === 'N' ? person.name : person.kin), more.introductions), mark: '.', item: { kind: 'person', subject: person.name } }
    }
  ])()
}

function kin(m: Maker): { kin: string; name: string } {
  for (;;) {
    const { kin: word, name, she } = m.person(0)
    if (word !== undefined) return { kin: word, name: name ?? m.firstName(she) }
  }
}

function learnable(m: Maker, scene: Scene): Part[] {
  if (m.dice.chance(0.35)) return [statement(m)]
  const fact = scene.fact()
  if (!fact) return [statement(m)]
  const item = (known: Fact) => ({ kind: known.type.kind, subject: about(known.subject) })
  const first: Part = { text: stated(m, fact), mark: '.', item: item(fact) }
  if (isThing(fact.subject) || isMe(fact.subject) || !m.dice.chance(0.4)) return [first]
  const next = scene.fact(fact.subject)
  // "My sister lives in Rome. She works as a nurse."
  return next ? [first, { text: stated(m, { ...next, subject: { ...fact.subject, known: true } }), mark: '.', item: item(next) }] : [first]
}

type Said = { readonly text: string; readonly items: readonly LearnedItem[] }

/** Words before what is told, that are none of it. */
const openings = ['ok,', 'okay,', 'well,', 'so,', 'oh,', 'by the way,', 'hey,', 'right,', 'listen,', 'anyway,', 'hm,', 'FYI,', 'fine,', 'alright,', 'yes,', 'no,']
const links = [' and ', ', and ', ', ', ', oh and ', ', by the way ', ' but ', '; ', ', also ']

/** The parts as one message. An item has the words of its part to the letter, typing errors and all. */
function said(m: Maker, manner: Manner, parts: readonly Part[]): Said {
  let text = ''
  const items: LearnedItem[] = []
  // Only where examples are learned, so that scores stay of the same messages.
  if (m.split === 'train' && m.dice.chance(0.15)) text = `${typed(m.dice, manner, m.dice.pick(openings), '')} `
  for (const [index, part] of parts.entries()) {
    let words = typed(m.dice, manner, part.text, '')
    if (text !== '' && index === 0 && /^[a-z]/.test(part.text)) words = (words[0] ?? '').toLowerCase() + words.slice(1)
    const before = parts[index - 1]
    if (before !== undefined) {
      const linked = before.mark === '.' && (!manner.marks || m.dice.chance(0.3))
      if (linked) {
        if (/^[a-z]/.test(part.text)) words = (words[0] ?? '').toLowerCase() + words.slice(1)
        text += before.item && part.item ? m.dice.pick(links) : ', '
      } else text += `${/[.?!]$/.test(text) ? '' : before.mark} `
    }
    text += words
    if (part.item) items.push({ text: words, ...part.item, subject: manner.lower ? part.item.subject.toLowerCase() : part.item.subject })
  }
  const last = parts.at(-1)
  return { text: manner.marks && last ? text + last.mark : text, items }
}

function draft(context: { memories: readonly ShownMemory[]; now: string }, before: readonly Message[], { text, items }: Said): Draft {
  const messages: Message[] = [learnPrompt({ ...context, asked: [text] }), ...before, { role: 'user', text }]
  return { messages: [...messages, { role: 'assistant', text: learnedText(items) }], memories: context.memories, tools: [], learns: true, targets: [{ index: messages.length, check: { kind: 'learns', items } }] }
}

function idle(m: Maker, scene: Scene): ShownMemory[] {
  return shown(m, scene.beside(undefined, m.dice.weighted([[0, 4], [1, 2], [2, 2], [4, 2]])))
}

function noise(m: Maker, scene: Scene, count: number): Part[] {
  return Array.from({ length: count }, () => (m.dice.chance(0.4) ? chatter(m) : passing(m, scene)))
}

/** What was said before the last message: it helps to understand it, and is not learned again. */
function earlier(m: Maker, scene: Scene): Message[] {
  if (m.dice.chance(0.6)) return []
  const known = m.dice.chance(0.7) ? scene.fact() : undefined
  const turns = (heard: string, text: string): Message[] => [{ role: 'user', text: sentence(heard) }, { role: 'assistant', text }]
  if (!known) return turns(chatter(m).text, 'Okay.')
  return m.dice.chance(0.5) ? turns(stated(m, known), 'Okay.') : turns(`${asked(m, known)}?`, quoted([{ text: memoryText(m, known) }]))
}

/** One to three things to keep, among others that are not. */
export function learnFacts(m: Maker): Draft {
  const scene = new Scene(m)
  const memories = idle(m, scene)
  const parts = m.dice.shuffle(Array.from({ length: m.dice.weighted([[1, 5], [2, 3], [3, 1]]) }, () => learnable(m, scene)).concat(noise(m, scene, m.dice.weighted([[0, 5], [1, 4], [2, 1]])).map(part => [part]))).flat()
  const before = earlier(m, scene)
  return draft({ memories, now: m.now }, before, said(m, mannerOf(m.dice), parts))
}

/** Something that is shown is no longer true. */
export function learnChange(m: Maker): Draft {
  for (;;) {
    const scene = new Scene(m)
    const old = scene.fact()
    if (!old || !canChange(old.type)) continue
    const next = scene.other(old)
    const days = m.pastDays(1)
    const text = shown(m, [old])[0]?.text ?? ''
    const memories = [{ day: days[0] ?? '', text }, ...shown(m, scene.beside(old, m.dice.below(5)))]
    const change: Part = { text: m.dice.chance(0.75) ? changed(m, next, old.value) : stated(m, next), mark: '.', item: { kind: next.type.kind, subject: about(next.subject), replaces: text } }
    const extra = m.dice.chance(0.35) ? [m.dice.chance(0.5) ? [chatter(m)] : learnable(m, scene)] : []
    return draft({ memories, now: m.now }, earlier(m, scene), said(m, mannerOf(m.dice), m.dice.shuffle([[change], ...extra]).flat()))
  }
}

/** Questions, suppositions, quotations, doubts, requests, small talk. */
export function learnNothing(m: Maker): Draft {
  const scene = new Scene(m)
  const memories = idle(m, scene)
  const before = earlier(m, scene)
  return draft({ memories, now: m.now }, before, said(m, mannerOf(m.dice), noise(m, scene, m.dice.weighted([[1, 6], [2, 2]]))))
}
