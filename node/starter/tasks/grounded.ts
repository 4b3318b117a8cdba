import { type Fact, asked, canChange, checked, labelOf, whoAsked } from '../facts/fact.ts'
import { personFacts } from '../facts/person-facts.ts'
import type { Check } from '../example.ts'
import type { Maker } from '../maker.ts'
import { quoted, untold } from '../prompt.ts'
import { arranged } from '../prompt-order.ts'
import { type FactMemory, Scene, besideCount, byOther, memoryText, shown, memoryOf } from '../scene.ts'
import { mannerOf } from '../typed.ts'
import { isMe, slotsOf } from '../voice.ts'
import { foods, hobbies } from '../words/things.ts'
import { type Draft, Talk, markOf, question, someTools } from './common.ts'
import * as more from '../phrasings/grounded.ts'

/** A scene with a fact to be asked for. `fits`: which facts will do. */
export function askable(m: Maker, fits: (fact: Fact) => boolean = () => true): { scene: Scene; fact: Fact } {
  for (;;) {
    const scene = new Scene(m)
    const fact = scene.fact()
    if (fact && fits(fact)) return { scene, fact }
  }
}

/** An answer from one of the memories. It must have none of the values of others, but for those that are in this memory too ("moved from Rome to Oslo"). */
export function fromMemory(memories: readonly FactMemory[], fact: Fact, facts: readonly Fact[]): readonly [string, Check] {
  const answer = quoted([memoryOf(memories, fact)])
  return [answer, { kind: 'says', all: [[fact.value]], none: valuesBeside(answer, facts) }]
}

/** Values of these facts that a text does not have in it. */
export function valuesBeside(text: string, facts: readonly Fact[]): string[] {
  return facts.map(({ value }) => value).filter(value => !text.toLowerCase().includes(value.toLowerCase()))
}

/** How many memories are what others said, in examples that have such. */
const byOthersShare = 0.12

/** The fact stands among up to ten memories. */
export function grounded(m: Maker): Draft {
  const { scene, fact } = askable(m)
  const manner = mannerOf(m.dice)
  const others = scene.beside(fact, besideCount(m))
  const memories = shown(m, [fact, ...others], byOthersShare)
  const talk = new Talk(m, memories).user(question(m, manner, asked(m, fact), [fact.extra])).answer(...fromMemory(memories, fact, others))
  return askedOn(m, talk, scene, { left: others, memories })
}

/**
 * Now and then goes on with questions about the other memories, and about what none of them says. The last one is asked of the model, as a device asks it: memories are shown for what was asked last.
 * Only where examples are learned, since a score is of the first question.
 */
function askedOn(m: Maker, talk: Talk, scene: Scene, { left, memories }: { readonly left: readonly Fact[]; readonly memories: readonly FactMemory[] }): Draft {
  const [tools, manner, known] = [someTools(m), mannerOf(m.dice), memories.map(({ fact }) => fact)]
  for (const next of m.split === 'train' && m.dice.chance(0.25) ? m.dice.shuffle([...left]).slice(0, 2) : []) {
    const unsaid = m.dice.chance(0.25) ? scene.near(next) : undefined
    const text = question(m, manner, asked(m, unsaid ?? next), [(unsaid ?? next).extra])
    const [answer, check] = unsaid ? notTold(known) : fromMemory(memories, next, known)
    if (!talk.goesOn(text, answer, check, tools)) break
  }
  talk.targets.splice(0, talk.targets.length - 1)
  return talk.draft(tools)
}

function notTold(facts: readonly Fact[]): readonly [string, Check] {
  return [untold, { kind: 'abstains', none: facts.map(({ value }) => value) }]
}

/** The value changed once or twice: the latest day decides, wherever the memory stands. */
export function contradiction(m: Maker): Draft {
  const { scene, fact } = askable(m, ({ type }) => canChange(type) || m.dice.chance(0.5))
  const manner = mannerOf(m.dice)
  const versions = [fact, scene.other(fact), ...(m.dice.chance(0.25) ? [scene.other(fact)] : [])]
  const others = scene.beside(fact, Math.min(besideCount(m), 10 - versions.length))
  const days = m.pastDays(versions.length)
  const told = versions.map((version, index): FactMemory => {
    const before = versions[index - 1]
    return { day: days[index] ?? '', text: memoryText(m, version, before && canChange(version.type) && m.dice.chance(0.5) ? before.value : undefined), fact: version }
  })
  const last = versions.at(-1) ?? fact
  const memories = [...told, ...shown(m, others)]
  const [now, before] = [versions.length === 2 && fact.type.label !== undefined && m.dice.chance(0.12), versions[0]]
  const talk = new Talk(m, memories)
  if (now && before) {
    const slots = slotsOf(fact.subject, 'user', { L: labelOf(fact) })
    return talk.user(question(m, manner, m.heard(befores, slots, more.befores)))
      .answer(...fromMemory(memories, before, [last, ...others])).draft(someTools(m))
  }
  talk.user(question(m, manner, asked(m, last), [last.extra])).answer(...fromMemory(memories, last, [...versions, ...others]))
  return askedOn(m, talk, scene, { left: others, memories })
}

const befores = [
  "what was <S's> <L> in the past", "tell me <S's> old <L>", "before now, what was <S's> <L>", "<S's> old <L>", "do you know <S's> previous <L>", "I need <S's> <L> from before",
  "what was <S's> <L> earlier", "remind me of <S's> former <L>", "what was <S's> <L> until it changed", "what did <S's> <L> change from", "what did <S's> <L> use to be at first", "what was <S's> <L> before",
  "what was <S's> <L> before that", "what was <S's> old <L>", "what did <S's> <L> use to be", "what was <S's> previous <L>", "before it changed, what was <S's> <L>", "<S's> former <L>"
]

/** Nothing that is shown answers: other facts of the same subject, the same fact of others, or nothing at all. */
export function abstention(m: Maker): Draft {
  const { scene, fact } = askable(m)
  const manner = mannerOf(m.dice)
  const count = m.dice.chance(0.18) ? 0 : Math.max(1, besideCount(m))
  const others = scene.beside(fact, count, 0.75)
  // Somebody else's word about themselves is no word about the user.
  const stranger = isMe(fact.subject) && m.dice.chance(0.2) ? [byOther(m, scene.other(fact), m.day(-m.dice.between(0, 200)))] : []
  const memories = shown(m, others, byOthersShare)
  const talk = new Talk(m, [...memories, ...stranger]).user(question(m, manner, asked(m, fact), [fact.extra])).answer(...notTold(scene.facts))
  return askedOn(m, talk, scene, { left: others, memories })
}

/** "Does Ana live in Rome?" */
export function yesOrNo(m: Maker): Draft {
  const { scene, fact } = askable(m, ({ type }) => type.checks !== undefined || type.label !== undefined)
  const manner = mannerOf(m.dice)
  const others = scene.beside(fact, besideCount(m))
  const kind = m.dice.weighted([['yes', 4], ['no', 4], ['unknown', 2]] as const)
  const memories = shown(m, kind === 'unknown' ? others : [fact, ...others])
  const claim = kind === 'no' ? scene.other(fact) : fact
  const talk = new Talk(m, memories).user(question(m, manner, checked(m, claim) ?? '', [claim.value, claim.extra]))
  if (kind === 'unknown') return talk.answer(...notTold(others)).draft(someTools(m))
  const quote = quoted([memoryOf(memories, fact)])
  if (kind === 'yes') talk.answer(`${quote}\nSo yes.`, { kind: 'says', all: [['so yes']], none: ['so no'] })
  else talk.answer(`${quote}\nSo no.`, { kind: 'says', all: [['so no', 'no'], [fact.value]], none: ['so yes'] })
  return talk.draft(someTools(m))
}

/** "Who lives in Rome?": one of several of whom the same kind of fact is known. */
export function whoIs(m: Maker): Draft {
  for (;;) {
    const scene = new Scene(m)
    const fact = scene.fact(scene.subject('person', 0), personFacts.filter(({ who }) => who !== undefined))
    if (!fact) continue
    const rows = Array.from({ length: m.dice.between(0, 3) }, () => scene.fact(scene.subject('person', 0), [fact.type])).filter(each => each !== undefined)
    const others = [...rows, ...scene.beside(fact, m.dice.below(4), 0.2)]
    const manner = mannerOf(m.dice)
    const known = m.dice.chance(0.8)
    const subjects = others.filter(({ subject }) => subject !== fact.subject)
    const memories = shown(m, known ? [fact, ...others] : others)
    const talk = new Talk(m, memories).user(question(m, manner, whoAsked(m, fact) ?? '', [fact.value, fact.extra]))
    if (known) return talk.answer(quoted([memoryOf(memories, fact)]), { kind: 'says', all: [[markOf(fact.subject)]], none: subjects.map(({ subject }) => markOf(subject)) }).draft(someTools(m))
    return talk.answer(untold, { kind: 'abstains', none: subjects.map(({ subject }) => markOf(subject)) }).draft(someTools(m))
  }
}

/** Everything about somebody; or all that somebody likes of one kind. */
export function several(m: Maker): Draft {
  for (;;) {
    const draft = severalOf(m)
    if (draft) return draft
  }
}

function severalOf(m: Maker): Draft | undefined {
  const scene = new Scene(m)
  const subject = scene.subject('person', 0.2)
  const manner = mannerOf(m.dice)
  if (m.dice.chance(0.5)) {
    const facts = Array.from({ length: m.dice.weighted([[1, 3], [2, 4], [3, 3]]) }, () => scene.fact(subject)).filter(each => each !== undefined)
    if (facts.length === 0) return undefined
    const others = Array.from({ length: m.dice.below(5) }, () => scene.fact(scene.subject(undefined, 0))).filter(each => each !== undefined)
    const memories = shown(m, [...facts, ...others])
    const asks = question(m, manner, m.heard(abouts, slotsOf(subject, 'user'), more.abouts))
    // Told from what fits best, which stands last, upwards.
    const answer = quoted(inOrder(memories, asks).filter(({ fact }) => facts.includes(fact)))
    return new Talk(m, memories).user(asks).answer(answer, { kind: 'says', all: facts.map(({ value }) => [value]), none: valuesBeside(answer, others) }).draft(someTools(m))
  }
  const taste = m.dice.pick(tastes)
  const liked = m.dice.some(taste.words[m.split], m.dice.between(1, 3))
  const facts = liked.map((value): Fact => ({ type: { ...taste, kind: 'preference', value: () => '' }, subject, value, extra: '', lower: false }))
  const others = Array.from({ length: m.dice.below(4) }, () => scene.fact(scene.subject(undefined, 0))).filter(each => each !== undefined).filter(({ type }) => type.group !== 'food' && type.group !== 'hobby')
  const memories = shown(m, [...facts, ...others])
  const [first] = facts
  const asks = question(m, manner, first ? asked(m, first) : '')
  const answer = quoted(inOrder(memories, asks).filter(({ fact }) => facts.includes(fact)))
  return new Talk(m, memories).user(asks).answer(answer, { kind: 'says', all: liked.map(value => [value]), none: valuesBeside(answer, others) }).draft(someTools(m))
}

function inOrder<T extends FactMemory>(memories: readonly T[], asks: string): T[] {
  const { others, best } = arranged(memories, [asks])
  return [...(best ? [best] : []), ...others.toReversed()]
}

/** What somebody may like or not: several values at once. */
const tastes = [
  {
    group: 'likes food', words: foods,
    states: ['<S> <+be> very fond of <V>', '<S> cannot get enough of <V>', '<S> <+be> always happy to eat <V>', '<S> <+find> <V> delicious', '<S> <+enjoy> <V> a lot', '<S> <+be> a fan of <V>', '<S> <+like> it when there is <V> for dinner', '<S> often <+eat> <V> with pleasure', '<S> <+like> <V>', '<S> really <+like> <V>', '<S> told me that <he> <+like> <V>', '<S> <+be> fond of <V>', '<S> <+enjoy> eating <V>', '<S> <+like> to eat <V>'],
    asks: ['what food <+do> <S> enjoy', 'tell me which dishes <S> <+like>', 'what dishes <+be> <S> fond of', 'what <+do> <S> enjoy eating', 'what food tastes good to <O>', 'food that <S> <+like>', 'what can I cook that <S> <+like>', 'what (food|dishes) <+do> <S> like', 'which dishes <+do> <S> like', 'what food <+be> <S> fond of', 'what <+do> <S> like to eat', 'tell me what food <S> <+like>', 'what all <+do> <S> like to eat', 'list the food that <S> <+like>']
  },
  {
    group: 'dislikes food', words: foods,
    states: ['<S> <+be> not fond of <V>', '<S> <+want> nothing to do with <V>', '<S> <+find> <V> disgusting', '<S> cannot bear <V>', '<S> <+refuse> to eat <V>', '<S> <+do> not eat <V>', '<S> <+do> not enjoy <V> at all', '<S> <+avoid> <V>', '<S> <+do> not like <V>', '<S> really <+do> not like <V>', '<S> <+hate> <V>', '<S> never <+eat> <V>', '<S> cannot stand <V>', '<S> <+dislike> <V>'],
    asks: ['tell me what food <S> <+do> not like', 'what food <+do> <S> avoid', 'which dishes <+do> <S> hate', 'what <+do> <S> refuse to eat', 'what food <+do> <S> dislike', 'food that <S> <+hate>', 'what <+do> <S> not want to eat', 'what food <+do> <S> not like', 'which dishes <+do> <S> not like', 'what should I not cook for <O>', 'what food <+do> <S> hate', 'tell me what food <S> <+dislike>', 'what <+do> <S> never eat', 'list the food that <S> <+do> not like']
  },
  {
    group: 'hobbies', words: hobbies,
    states: ['<S> <+spend> <his> free time on <V>', "one of <S's> hobbies is <V>", '<S> <+be> into <V> these days', '<S> <+love> <V>', '<S> <+get> much pleasure from <V>', '<S> <+have> <V> as a hobby', '<S> <+be> very keen on <V>', '<S> <+find> much joy in <V>', '<S> <+enjoy> <V>', '<S> really <+enjoy> <V>', 'what <S> <+like> is <V>', '<S> <+have> a new hobby: <V>', '<S> <+spend> much time on <V>', '<S> <+be> keen on <V>'],
    asks: ["what are <S's> hobbies", "tell me all of <S's> hobbies", 'hobbies of <O>', 'what hobbies <+do> <S> enjoy', 'which hobbies <+be> <S> keen on', 'what hobbies <+do> <S> spend <his> time on', 'what <+do> <S> do as a hobby', 'which hobbies <+do> <S> have', 'what hobbies <+do> <S> have', 'what <+do> <S> enjoy in <his> free time', "what are all of <S's> hobbies", 'tell me what hobbies <S> <+have>', 'what hobbies <+be> <S> into', "list <S's> hobbies"]
  }
] as const

const abouts = [
  'what have you got on <O>', 'what facts do you know about <O>', 'what is there to know about <O>', 'give me all you have on <O>', 'what do you remember about <O>', 'tell me all about <O>',
  'everything you know about <O>', 'what have I told you so far about <O>', 'what did you learn about <O>', 'can you say anything about <O>', 'do you know anything about <O>',
  'what do you know about <O>', 'tell me about <O>', 'what have I told you about <O>', 'tell me everything about <O>', 'what can you tell me about <O>', 'anything about <O>', 'what did I say about <O>',
  'tell me what you know about <O>'
]
