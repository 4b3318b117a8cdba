import { sayings } from '../answers.ts'
import type { Example } from '../example.ts'
import { type TaskName, generate } from '../generate.ts'
import { kindOf } from '../facts/fact.ts'
import type { PhraseShare } from '../maker.ts'
import { quotationOf } from '../prompt.ts'
import type { Split } from '../split.ts'
import { allKinds, goesOn, noKind } from './kinds.ts'

export type Memory = Example['memories'][number]

/**
 * A question, the memories that are shown, those that tell what is asked in any version of it, and those that the answer quotes. `kind`: of what is asked; undefined where nobody can tell, as nothing answers. `isPast`: it is asked what was so before.
 */
export type Question = {
  readonly task: string
  /** It is no question, but to be learned from. */
  readonly learns: boolean
  readonly asked: readonly string[]
  readonly memories: readonly Memory[]
  readonly answering: ReadonlySet<number>
  readonly quoted: ReadonlySet<number>
  readonly kind: string | undefined
  readonly isPast: boolean
}

/** Tasks in which something is asked that a memory may tell. */
const asking = ['grounded', 'contradiction', 'abstention', 'yes_no', 'who', 'several', 'told_then_asked', 'correction', 'follow_up'] as const satisfies TaskName[]
const mayBeTold: ReadonlySet<string> = new Set([...asking, 'learn_facts', 'learn_change'] satisfies TaskName[])

/** What is told is heard, and nothing is looked for that fits it: that it is no question is seen by its words (intent/). */
const heard: ReadonlySet<string> = new Set([sayings.okay, sayings.okayMore, sayings.corrected])

/** Questions of generated conversations. Not what is said about the result of a tool, and not what is answered from words of the conversation: a memory may tell it as well, but older. `even`: to learn from, in which half are of the tasks in which something is asked, as many of each. */
export function* questions(split: Split, from: number, { task, share, even = false }: { readonly task?: TaskName | undefined; readonly share?: PhraseShare | undefined; readonly even?: boolean } = {}): Generator<Question> {
  for (let seed = from; ; seed++) {
    let before: string | undefined
    const { task: name, messages, memories, targets, learns } = generate(seed, split, task ?? (even && seed % 2 === 1 ? asking[(seed >> 1) % asking.length] : undefined), share)
    if (learns && even) continue
    for (const { index, check } of memories.length > 0 ? targets : []) {
      if (messages[index - 1]?.role !== 'user') continue
      // What stands before a message that is to be learned from is none of its own.
      const asked = messages.slice(learns ? index - 1 : 0, index).flatMap(({ role, text }) => (role === 'user' ? [text] : []))
      const answer = messages[index]?.text ?? ''
      const quoted = new Set(memories.flatMap((memory, at) => ((check.kind === 'learns' ? check.items.some(({ replaces }) => replaces === memory.text) : answer.includes(quotationOf(memory))) ? [at] : [])))
      if (check.kind !== 'learns' && quoted.size === 0 && answer.includes('"')) continue
      if (even && heard.has(answer)) continue
      const answering = new Set(memories.flatMap((memory, at) => ([...quoted].some(each => tellSame(memories[each]!, memory)) ? [at] : [])))
      const kinds = new Set([...answering].flatMap(at => memories[at]!.fact ? [kindOf(memories[at]!.fact!.type)] : []))
      const own = kinds.size > 1 ? allKinds : kinds.size === 1 ? [...kinds][0] : mayBeTold.has(name) ? undefined : noKind
      const kind = name === 'follow_up' && own !== undefined && own === before ? goesOn : own
      before = own
      yield { task: name, learns, asked, memories, answering, quoted, kind, isPast: check.kind === 'says' && quoted.size === 1 && kinds.size === 1 && [...answering].some(at => memories[at]!.day > memories[[...quoted][0]!]!.day) }
    }
  }
}

/** Of one subject, the same, in whatever words and with whatever value. */
function tellSame(one: Memory, other: Memory): boolean {
  return one === other || (one.fact !== undefined && one.fact.subject === other.fact?.subject && one.fact.type === other.fact.type && one.fact.extra === other.fact.extra)
}
