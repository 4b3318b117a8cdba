import type { Call, Message } from '../../model.ts'
import type { Tool } from '../../model/grammar/tool-grammar.ts'
import type { Check } from '../example.ts'
import { type LearnedItem, type ShownMemory, answerPrompt, learnPrompt, learnedSchema } from '../prompt.ts'
import { builtInTools } from '../tools.ts'

/** What counts as right: `says` one of each group and none of `not`; `unknown`: that it does not know or cannot; `calls`; `learns`; `talks`: any answer without a call. */
type Wanted = { readonly says?: readonly (string | readonly string[])[]; readonly unknown?: true; readonly calls?: readonly Call[]; readonly learns?: readonly LearnedItem[]; readonly talks?: true; readonly not?: readonly string[] }
/** What the user says, or what a tool gave back, and what the answer has to be. */
export type Turn = Wanted & ({ readonly user: string; readonly tool?: undefined; readonly result?: undefined } | { readonly user?: undefined; readonly tool: string; readonly result: string })

/** A conversation written by hand. `learn`: it is asked what is to be kept of the last message, and `earlier` stands before. */
export type Dialogue = { readonly name: string; readonly memories?: readonly ShownMemory[]; readonly now?: string; readonly learn?: true; readonly earlier?: readonly Message[]; readonly turns: readonly Turn[] }

const defaultNow = '2026-11-17T09:40'

/** What a model is asked after these turns. */
export function dialoguePrompt({ memories = [], now = defaultNow, learn, earlier = [] }: Dialogue, turns: readonly Message[]): { messages: Message[]; tools: readonly Tool[]; schema: unknown } {
  const asked = (learn ? turns : [...earlier, ...turns]).flatMap(({ role, text }) => (role === 'user' ? [text] : []))
  const context = { memories, now, asked }
  return learn ? { messages: [learnPrompt(context), ...earlier, ...turns], tools: [], schema: learnedSchema } : { messages: [answerPrompt(context), ...earlier, ...turns], tools: builtInTools, schema: undefined }
}

export function checkOf({ says, unknown, calls, learns, talks, not = [] }: Turn): Check {
  if (calls) return { kind: 'calls', calls }
  if (learns) return { kind: 'learns', items: learns }
  if (unknown) return { kind: 'abstains', none: not }
  if (talks) return { kind: 'talks', none: not }
  return { kind: 'says', all: (says ?? []).map(group => (typeof group === 'string' ? [group] : group)), none: not }
}
