import type { Maker } from '../maker.ts'
import * as anyFact from '../phrasings/any-fact.ts'
import { homePhrasings } from '../phrasings/home-facts.ts'
import { lifePhrasings } from '../phrasings/life-facts.ts'
import { tastePhrasings } from '../phrasings/taste-facts.ts'
import { likingPhrasings } from '../phrasings/tastes.ts'
import { thingPhrasings } from '../phrasings/thing-facts.ts'
import type { learnedKinds } from '../prompt.ts'
import type { PhraseUse, Phrasings } from './phrasings.ts'
import type { Slots } from '../phrase.ts'
import { type Subject, type Voice, nominative, slotsOf } from '../voice.ts'

/**
 * What can be true of a subject. Phrases know `<V>`, the value, `<X>`, what it is about beside the subject (which pet), and the slots of `slotsOf`. Facts of one `group` answer each other's questions,
 * so that an example has one of them for a subject.
 */
export type FactKind = {
  readonly group: string
  readonly kind: (typeof learnedKinds)[number]
  /** What the value is called: "birthday"; none where it has no name. `<X>` may be in it. */
  readonly label?: string | undefined
  value(m: Maker): string
  readonly extra?: ((m: Maker) => string) | undefined
  /** Whole sentences, without the full stop. */
  readonly states: readonly string[]
  /** Questions, without the mark. */
  readonly asks: readonly string[]
  /** How the user tells that it is another value now. */
  readonly changes?: readonly string[] | undefined
  /** "Does Ana live in Rome": without the mark. */
  readonly checks?: readonly string[] | undefined
  /** "Who lives in Rome": without the mark. Only of persons. */
  readonly who?: readonly string[] | undefined
}

/** `lower`: whoever told it types no capitals, and so it is repeated. */
export type Fact = { readonly type: FactKind; readonly subject: Subject; readonly value: string; readonly extra: string; readonly lower: boolean }

const more: Phrasings = { ...homePhrasings, ...tastePhrasings, ...lifePhrasings, ...thingPhrasings, ...likingPhrasings }

/** Tells kinds of facts apart; `label` alone does not, as some have none. */
export function kindOf({ group, label }: FactKind): string {
  return `${group}/${label ?? ''}`
}

const genericStates = [
  "<S's> <L> is <V>", "<S's> <L> is <V>", "<S's> <L> turned out to be <V>", "<V> is still <S's> <L>", "I can tell you <S's> <L>, it is <V>", "I am sure that <S's> <L> is <V>", "<S's> <L> is still <V>",
  "I know <S's> <L>, it is <V>", "it has always been <V>, <S's> <L>", "it is <V>, <S's> <L>", "<V> is <S's> <L>, as far as I know", "I wrote down <S's> <L>: <V>", "<S's> <L> is definitely <V>",
  "I just learned <S's> <L>, it is <V>", "<S's> <L> happens to be <V>", "as I said, <S's> <L> is <V>", "when it comes to <S's> <L>, it is <V>", "that's <S's> <L>: <V>",
  "I found out that <S's> <L> is <V>", "<V> should be <S's> <L>", "everybody knows that <S's> <L> is <V>", "<V> is definitely <S's> <L>", "<V> is <S's> <L>", "<S's> <L>: <V>", 'the <L> of <O> is <V>',
  "<S's> <L> (should be|would be) <V>", "<S's> <L>, that's <V>", "<V>, that's <S's> <L>", 'for <O> the <L> is <V>', "<S's> <L> has always been <V>", "as for <S's> <L>, it is <V>"
]
/** Those that read well for the user too. */
const myStates = [
  'my <L> is <V>', 'my <L> is <V>', 'my <L> turned out to be <V>', '<V> is still my <L>', 'I can tell you my <L>, it is <V>', 'I am sure that my <L> is <V>', 'my <L> is still <V>', "that's my <L>: <V>",
  'I have to tell you my <L>, it is <V>', 'my <L> is definitely <V>', '<V> is my <L>, as you may know', 'my <L> is <V>, in case you wonder', 'I already told them that my <L> is <V>', 'my <L> happens to be <V>',
  'as I said, my <L> is <V>', 'when it comes to my <L>, it is <V>', 'it has always been <V>, my <L>', 'everybody knows that my <L> is <V>', 'I told everybody that my <L> is <V>', 'in my case the <L> is <V>',
  'you may as well know my <L>, <V>', 'my own <L> is <V>', 'what you need to know is my <L>, and it is <V>', '<V> is my <L>', 'my <L>: <V>', "my <L>, that's <V>", 'my <L> is <V> by the way',
  "<V>, that's my <L>", 'for me the <L> is <V>', 'my <L> has always been <V>', 'as for my <L>, it is <V>'
]
const genericAsks = [
  "tell me what <S's> <L> is", "what would be <S's> <L>", "remind me of <S's> <L>", "what exactly is <S's> <L>", "could you give me <S's> <L>", "I forgot what <S's> <L> is",
  "(do|would) you happen to know <S's> <L>", "I need to know <S's> <L>", "<S's> <L>, what was it", "tell me <S's> <L> again", "what did I say about <S's> <L>",
  "(can|could) you remind me of <S's> <L>", "what did I give you as <S's> <L>", "what have you noted as <S's> <L>", "do you have <S's> <L>", "can you remember <S's> <L>",
  "what do you know about <S's> <L>", "(what is|what's) <S's> <L>", "(what is|what's) <S's> <L> again", "(do you know|can you tell me|could you tell me) <S's> <L>", "(tell me|give me) <S's> <L>",
  "remind me what <S's> <L> is", "<S's> <L>", "(do you know|can you tell me) what <S's> <L> is", "I forgot <S's> <L>", "what did I say <S's> <L> is", "what was <S's> <L> again", "I need <S's> <L>",
  "any idea what <S's> <L> is", 'what <L> did I tell you for <O>', 'which <L> did I give you for <O>', "do you remember <S's> <L>", "what do you have as <S's> <L>", "please tell me <S's> <L>",
  "what have you got for <S's> <L>"
]
const genericChanges = [
  "now <S's> <L> is <V>", "<V> is <S's> new <L>", "<S's> <L> was <OLD>, now it is <V>", "from now on <S's> <L> is <V>", "<V> has replaced <OLD> as <S's> <L>", "let me correct <S's> <L>, it is <V>",
  "<S's> <L> is different now, it is <V>", "<S's> <L> is another one now, <V>", "<S's> <L> has been changed from <OLD> to <V>", "<S's> <L> is <V> and not <OLD> any more",
  "<S's> <L> is (now|no longer <OLD> but) <V>", "<S's> <L> has changed to <V>", "<S's> new <L> is <V>", "<S's> <L> is <V> now", "<S's> <L> is not <OLD> any more, it is <V>", "it's <V> now, <S's> <L>",
  "I have to correct <S's> <L>: it is <V>", "<S's> <L> changed, it's <V> now"
]
const genericChecks = [
  "would you say <S's> <L> is <V>", "would <V> be <S's> <L>", "have you got <V> as <S's> <L>", "<V>, is that <S's> <L>", "did I say <S's> <L> is <V>", "is <S's> <L> still <V>",
  "can you confirm that <S's> <L> is <V>", "I think <S's> <L> is <V>, is that true", "do you have <V> as <S's> <L>", "is it <V>, <S's> <L>", "<S's> <L> was <V>, right",
  "am I right, is <S's> <L> <V>", "is <S's> <L> <V>", "is <V> <S's> <L>", "<S's> <L> is <V>, (right|isn't it|correct)", "is it true that <S's> <L> is <V>", "am I right that <S's> <L> is <V>",
  "was <S's> <L> <V>"
]

export function makeFact(m: Maker, type: FactKind, subject: Subject): Fact {
  const lower = m.dice.chance(lowerShare)
  const value = type.value(m)
  return { type, subject, extra: type.extra?.(m) ?? '', value: lower ? value.toLowerCase() : value, lower }
}

/** The same fact with another value. */
export function otherValue(m: Maker, fact: Fact): Fact {
  for (let tries = 0; ; tries++) {
    // A split may have one word only of a list.
    const drawn = tries < 30 ? fact.type.value(m) : m.madeUp()
    const value = fact.lower ? drawn.toLowerCase() : drawn
    if (!overlaps(value, fact.value)) return { ...fact, value }
  }
}

/** Whether one of two values could be taken for the other: "4 May" stands in "14 May". */
export function overlaps(a: string, b: string): boolean {
  const [one, other] = [a.toLowerCase(), b.toLowerCase()]
  return one.includes(other) || other.includes(one)
}

/** How many memories are typed without capitals. */
const lowerShare = 0.08
/** How often the name of a value is used instead of a phrase of its own. */
const genericShare = 0.4

/** A phrase about the fact: one of its kind, or one for every fact whose value has a name. */
function phrased(m: Maker, { type }: Fact, use: PhraseUse, generic: readonly string[], moreGeneric: readonly string[], slots: Slots): string {
  const own = type[use] ?? []
  return type.label !== undefined && (own.length === 0 || m.dice.chance(genericShare)) ? m.heard(generic, slots, moreGeneric) : m.heard(own, slots, more[kindOf(type)]?.[use])
}

/** Slots of phrases about a fact, as `voice` says them. */
export function slotsFor(fact: Fact, voice: Voice, more: Readonly<Record<string, string>> = {}) {
  const slots = slotsOf(fact.subject, voice, { V: fact.value, X: fact.extra, ...more })
  return (name: string): string => (name === 'L' ? labelOf(fact) : slots(name))
}

export function labelOf({ type, extra }: Fact): string {
  return (type.label ?? '').replace('<X>', extra)
}

/** As the user says it, without the full stop: "My sister lives in Rome". */
export function stated(m: Maker, fact: Fact): string {
  const isMine = nominative(fact.subject, 'user') === 'I'
  return phrased(m, fact, 'states', isMine ? myStates : genericStates, isMine ? anyFact.myStates : anyFact.genericStates, slotsFor(fact, 'user'))
}

/** As the user tells that it changed. */
export function changed(m: Maker, fact: Fact, old: string): string {
  return phrased(m, fact, 'changes', genericChanges, anyFact.genericChanges, slotsFor(fact, 'user', { OLD: old }))
}

/** Whether the fact has words for a change. */
export function canChange({ changes, label }: FactKind): boolean {
  return changes !== undefined || label !== undefined
}

/** A question for the value, without the mark. */
export function asked(m: Maker, fact: Fact): string {
  return phrased(m, fact, 'asks', genericAsks, anyFact.genericAsks, slotsFor(fact, 'user'))
}

/** A question whether it is so; undefined where the fact has none. */
export function checked(m: Maker, fact: Fact): string | undefined {
  const { checks, label } = fact.type
  return checks === undefined && label === undefined ? undefined : phrased(m, fact, 'checks', genericChecks, anyFact.genericChecks, slotsFor(fact, 'user'))
}

/** "Who lives in Rome" */
export function whoAsked(m: Maker, fact: Fact): string | undefined {
  return fact.type.who && m.heard(fact.type.who, slotsFor(fact, 'user'), more[kindOf(fact.type)]?.who)
}
