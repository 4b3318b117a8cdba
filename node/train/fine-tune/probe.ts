import type { WrittenText } from '../../model/language-model.ts'
import type { ChatMessage } from '../../model/text/chat-template.ts'
import type { Message, TextOptions } from '../../model.ts'
import type { TrainingConversation } from '../examples/conversation.ts'

/** A question of the training data, with all that was said before it, and the answer there. */
export type Question = { readonly messages: readonly Message[]; readonly expected: string }

/** A held-out question, and what the model says to it without and with what was learned. */
export type Sample = { readonly question: string; readonly expected: string; readonly before: string; readonly after: string }
/** Of so many answers, how many the model writes word for word. */
export type Said = { readonly of: number; readonly before: number; readonly after: number }
export type Probe = { readonly samples: readonly Sample[]; readonly memorised: { readonly learned: Said; readonly heldOut: Said } }

export type Write = (messages: readonly Message[], options: Pick<TextOptions, 'adapter' | 'signal' | 'onToken' | 'maxTokens' | 'sampling'>) => Promise<Pick<WrittenText, 'text'>>

const maxSamples = 5
/** Of each part: enough to tell none, some and all apart. */
const maxAsked = 20
const sampleTokens = 96
/** Of an answer that is to be said word for word; longer ones are no sign of anything else. */
const wordForWordTokens = 256
const greedy = { temperature: 0 } as const

/** Questions to ask, gathered as conversations are read. */
export class Questions {
  readonly learned: Question[] = []
  readonly heldOut: Question[] = []

  add(conversation: TrainingConversation, isHeldOut: boolean): void {
    const part = isHeldOut ? this.heldOut : this.learned
    const question = part.length < maxAsked ? lastQuestion(conversation) : undefined
    if (question) part.push(question)
  }
}

/** Asks the model as it was, and as it is with the adapter; always the likeliest token, so that it is the same each time. @throws what `write` throws */
export async function probe(write: Write, adapter: string, { learned, heldOut }: Questions, { signal, onAsked }: { readonly signal?: AbortSignal | undefined; readonly onAsked?: (done: number, of: number) => void } = {}): Promise<Probe> {
  const sampled = heldOut.slice(0, maxSamples)
  const of = 2 * (sampled.length + learned.length + heldOut.length)
  let done = 0
  const asked = async <T>(answer: Promise<T>): Promise<T> => {
    const result = await answer
    onAsked?.(++done, of)
    return result
  }
  const say = async ({ messages }: Question, which: string | undefined) => (await asked(write(messages, { adapter: which, signal, maxTokens: sampleTokens, sampling: greedy }))).text
  const count = async (questions: readonly Question[], which: string | undefined) => {
    let said = 0
    for (const question of questions) if (await asked(saysIt(write, question, which, signal))) said++
    return said
  }
  const samples: Sample[] = []
  for (const question of sampled) samples.push({ question: question.messages.at(-1)!.text, expected: question.expected, before: await say(question, undefined), after: await say(question, adapter) })
  const both = async (questions: readonly Question[]): Promise<Said> => ({ of: questions.length, before: await count(questions, undefined), after: await count(questions, adapter) })
  return { samples, memorised: { learned: await both(learned), heldOut: await both(heldOut) } }
}

/** Whether the model answers word for word; it is not asked on once it says something else. */
async function saysIt(write: Write, { messages, expected }: Question, adapter: string | undefined, signal: AbortSignal | undefined): Promise<boolean> {
  const other = new AbortController()
  let said = ''
  const onToken = (piece: string) => {
    said += piece
    if (!expected.startsWith(said.trim())) other.abort(other)
  }
  try {
    const { text } = await write(messages, { adapter, signal: signal ? AbortSignal.any([signal, other.signal]) : other.signal, onToken, maxTokens: wordForWordTokens, sampling: greedy })
    return text.trim() === expected
  } catch (error) {
    if (error === other) return false
    throw error
  }
}

/** The last answer that is learned, where it and all before it is plain text. */
function lastQuestion({ messages, isLearned, tools }: TrainingConversation): Question | undefined {
  const at = isLearned.lastIndexOf(true)
  const expected = messages[at]?.content?.trim() ?? ''
  const before = messages.slice(0, at).flatMap(plain)
  return tools.length > 0 || expected === '' || before.length < at || before.at(-1)?.role !== 'user' ? undefined : { messages: before, expected }
}

function plain(message: ChatMessage): Message[] {
  const { role, content } = message
  if (typeof content !== 'string' || (message.tool_calls ?? []).length > 0) return []
  return role === 'system' || role === 'user' || role === 'assistant' ? [{ role, text: content }] : []
}
