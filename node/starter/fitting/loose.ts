import type { Dice } from '../dice.ts'
import { type Fact, slotsFor } from '../facts/fact.ts'
import { wordsFor } from './lexicon.ts'

/** Words of which questions are full whatever they are about. */
const around = 'what which tell me know need again remember please is the of for can you do say told note'.split(' ')

/** Of a question for what was so before. */
const befores = ['old', 'previous', 'former', 'before', 'used to', 'earlier', 'in the past', 'prior', 'once', 'originally', 'formerly', 'initially', 'at first', 'back then', 'until recently', 'last time', 'beforehand', 'until it changed', 'ex']

/** A question for a fact, for what it was before, and a memory of it, as a few words of the lexicon in any order: terms are as good as phrases. Undefined where there are no words for it. */
export function loosened(fact: Fact, dice: Dice, most: number): { readonly asked: string; readonly before: string; readonly told: string } | undefined {
  const words = wordsFor(fact.type)
  if (!words) return undefined
  const subject = slotsFor(fact, 'user')(dice.pick(['S', "S's", 'O']))
  const some = (list: readonly string[]) => dice.some(list, dice.between(1, most))
  const asked = [...some(words.asked), ...dice.some(around, dice.below(4)), subject, fact.extra]
  return {
    asked: dice.shuffle(asked).join(' '), before: dice.shuffle([...asked, dice.pick(befores)]).join(' '),
    told: dice.shuffle([...some(words.told), ...dice.some(around, dice.below(2)), subject, fact.extra, fact.value]).join(' ')
  }
}
