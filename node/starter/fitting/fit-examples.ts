import { Dice } from '../dice.ts'
import type { Example } from '../example.ts'
import { generate } from '../generate.ts'
import { quotationOf } from '../prompt.ts'
import type { Split } from '../split.ts'
import type { FitExample } from './learn.ts'
import { loosened } from './loose-phrases.ts'

type Memory = Example['memories'][number]

/**
 * Questions of generated conversations, and which memories tell what is asked, in any version of it; for what is to be learned, what it replaces. Not what is said about the result of a tool, and not what is answered from
 * words of the conversation: a memory may tell it as well, but older. To learn from, each is followed by one in loose words.
 */
export function* fitExamples(split: Split, from: number, task?: Parameters<typeof generate>[2]): Generator<FitExample> {
  for (let seed = from; ; seed++) {
    const { messages, memories, targets, learns, phrases } = generate(seed, split, task)
    for (const { index, check } of memories.length > 0 ? targets : []) {
      if (messages[index - 1]?.role !== 'user') continue
      // What stands before a message that is to be learned from is none of its own.
      const asked = messages.slice(learns ? index - 1 : 0, index).flatMap(({ role, text }) => (role === 'user' ? [text] : []))
      const answer = messages[index]?.text ?? ''
      const told = memories.filter(memory => (check.kind === 'learns' ? check.items.some(({ replaces }) => replaces === memory.text) : answer.includes(quotationOf(memory))))
      if (check.kind !== 'learns' && told.length === 0 && answer.includes('"')) continue
      const answering = new Set(memories.flatMap((memory, at) => (told.some(each => tellSame(each, memory)) ? [at] : [])))
      yield { asked, memories, phrases, answering }
      const dice = new Dice(seed)
      const loose = split === 'train' && check.kind !== 'learns' && asked.length === 1 && dice.chance(0.6) ? loosened({ memories, answering }, dice) : undefined
      if (loose) yield loose
    }
  }
}

/** Of one subject, the same, in whatever words and with whatever value. */
function tellSame(one: Memory, other: Memory): boolean {
  return one === other || (one.fact !== undefined && one.fact.subject === other.fact?.subject && one.fact.type === other.fact.type && one.fact.extra === other.fact.extra)
}
