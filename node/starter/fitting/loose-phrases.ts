import type { Dice } from '../dice.ts'
import type { Example } from '../example.ts'
import { type Fact, type FactKind, slotsFor } from '../facts/fact.ts'
import { personFacts } from '../facts/person-facts.ts'
import { commonFacts, eventFacts, thingFacts, vehicleFacts } from '../facts/thing-facts.ts'
import type { FitExample } from './learn.ts'
import { wordsFor } from './lexicon.ts'

type Memory = Example['memories'][number]

/** Words of which questions are full whatever they are about. */
const around = 'what which tell me know need again remember please is the of for can you do say told note'.split(' ')
/** Share of the memories that are told in loose words as well. */
const looseMemories = 0.4
/** Of the questions that nothing answers any more. */
const unanswered = 0.3
const families: readonly (readonly FactKind[])[] = [personFacts, [...commonFacts], eventFacts, [...thingFacts, ...vehicleFacts]]

/**
 * An example whose question, and some of whose memories, are a few words of the lexicon in any order: terms are compared without their order, and so these are as good as phrases. Undefined where the question is not for a fact
 * that has such words.
 */
export function loosened({ memories, answering }: { readonly memories: readonly Memory[]; readonly answering: ReadonlySet<number> }, dice: Dice): FitExample | undefined {
  const facts = memories.flatMap(({ fact }) => fact ?? [])
  const answered = [...answering].map(at => memories[at]?.fact).find(fact => fact !== undefined)
  const wanted = answered && !dice.chance(unanswered) ? answered : missing(facts, dice)
  const words = wanted && wordsFor(wanted.type)
  if (!wanted || !words) return undefined
  const phrases: string[] = []
  const some = (from: readonly string[], most: number) => {
    const taken = dice.shuffle(from).slice(0, dice.between(1, most))
    phrases.push(...taken)
    return taken
  }
  const question = dice.shuffle([...some(words.asked, 4), ...dice.shuffle(around).slice(0, dice.below(4)), subjectOf(wanted, dice), wanted.extra]).join(' ')
  const told = memories.map(memory => {
    const its = memory.fact && memory.by === undefined && dice.chance(looseMemories) ? wordsFor(memory.fact.type) : undefined
    return its ? { ...memory, text: dice.shuffle([...some(its.told, 4), subjectOf(memory.fact!, dice), memory.fact!.extra, memory.fact!.value]).join(' ') } : memory
  })
  return { asked: [question], memories: told, phrases, answering: wanted === answered ? answering : new Set() }
}

/** Something of the same subject that none of the memories tells. */
function missing(facts: readonly Fact[], dice: Dice): Fact | undefined {
  if (facts.length === 0) return undefined
  const { subject, type, extra } = dice.pick(facts)
  const groups = new Set(facts.filter(fact => fact.subject === subject).map(fact => fact.type.group))
  const others = families.find(family => family.includes(type))?.filter(kind => !groups.has(kind.group) && wordsFor(kind) && !kind.extra)
  return others && others.length > 0 ? { subject, type: dice.pick(others), value: '', extra: type.extra ? '' : extra, lower: false } : undefined
}

function subjectOf(fact: Fact, dice: Dice): string {
  return slotsFor(fact, 'user')(dice.pick(['S', "S's", 'O']))
}

