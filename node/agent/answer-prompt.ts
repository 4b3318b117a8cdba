import { type Citation, fileName } from '../documents/documents.ts'
import type { Message, Model, TextOptions } from '../model.ts'
import { answerForms, heldTools } from '../starter/held.ts'
import { wantedIn } from '../starter/intent/wanted.ts'
import { isStarter } from '../starter/is-starter.ts'
import { type ShownMemory, answerPrompt, memoryLine, nowText } from '../starter/prompt.ts'
import { documentsHeading, passageLine } from './shown.ts'

/** What an answer may rest on. `now`: local, `2026-03-10T14:05`. `earlier`: what the conversation was about before the messages, in short; none where nobody knows. */
export type AnswerContext = { readonly memories: readonly ShownMemory[]; readonly documents: readonly Citation[]; readonly now: string; readonly earlier?: string | undefined }

// The same for every question, so that a model may keep it evaluated.
export const systemPrompt = 'You are the private assistant of one person. Answer from the memories below; when they do not answer the question, say that you do not know.'

/** What the system says to a model before a conversation. `asked`: what the user says in it. `more`: what a program has it say beside that. */
export function systemText(model: Pick<Model, 'template'>, context: AnswerContext, asked: readonly string[], more: readonly string[] = []): string {
  return isStarter(model) ? [...more, starterText(context, asked)].join('\n') : [systemPrompt, ...more].join('\n\n')
}

/** A conversation as a model is to go on from it, with what its last question may be answered from. One message of the system, because many templates refuse a second one; words of the system's in `messages` are in it. */
export function writePrompt(model: Model, messages: readonly Message[], context: AnswerContext): Message[] {
  const turns = messages.filter(({ role }) => role !== 'system')
  const textsOf = (of: Message['role']) => messages.filter(({ role }) => role === of).map(({ text }) => text)
  return [{ role: 'system', text: systemText(model, context, textsOf('user'), textsOf('system')) }, ...(isStarter(model) ? turns : withContext(turns, context))]
}

/**
 * What an answer to a prompt is held to, beside what was asked for: the starter only ever says, and calls tools with, what was said, and has those tools alone that the question may want; what else it says it says in the words it was taught, unless
 * it was taught others since. Other models have words of their own.
 */
export function heldTo(model: Pick<Model, 'template' | 'isAdapted'>, prompt: readonly Message[], options: TextOptions): TextOptions {
  if (!isStarter(model) || options.schema !== undefined) return options
  const { tools, choice, answers } = wantedIn(options.toolChoice === 'none' ? [] : (options.tools ?? []), prompt)
  const forms = answerForms(prompt, answers, model.isAdapted)
  return { ...options, tools: heldTools(tools, prompt), ...(options.toolChoice === undefined || options.toolChoice === 'auto' ? { toolChoice: choice } : {}), ...(forms ? { forms } : {}) }
}

/** As examples for the starter are written (starter/README.md). They quote what others said, and so a document is quoted; they have no summaries. */
function starterText({ memories, documents, now }: AnswerContext, asked: readonly string[]): string {
  const quoted = documents.map(({ file, text }): ShownMemory => ({ day: now.slice(0, 10), by: fileName(file), text }))
  return answerPrompt({ memories: [...memories, ...quoted], now, asked }).text
}

/** What changes stands with the question, so that a model may keep everything before it evaluated. */
function withContext(turns: readonly Message[], { memories, documents, now, earlier }: AnswerContext): Message[] {
  const [first, last] = [turns.findIndex(isUser), turns.findLastIndex(isUser)]
  const quoted = documents.length > 0 ? [documentsHeading, ...documents.map(passageLine)] : []
  const about = [...(memories.length > 0 ? ['Memories:', ...memories.map(memoryLine)] : []), ...quoted, `Now: ${nowText(now)}`].join('\n')
  // With the first turn of the user, because it is no word of the system's, and stays there for some questions.
  const before = (index: number) => (index === first && earlier !== undefined ? `Earlier in this conversation, in short:\n${earlier}\n\n` : '')
  return turns.map((turn, index) => (isUser(turn) ? { role: 'user', text: `${before(index)}${index === last ? `${about}\n\n` : ''}${turn.text}` } : turn))
}

function isUser({ role }: Message): boolean {
  return role === 'user'
}
