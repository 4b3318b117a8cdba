import type { DeviceId } from '../mesh/types.ts'
import type { Sync } from '../sync/types.ts'
import type { Conversations } from './conversations.ts'
import { checkReads, checkText, findMemory, forget, remember, type Memory } from './memory.ts'
import type { Message, ModelSlot } from './model.ts'
import type { Recall } from './context/recall.ts'
import { contentTerms, termsOf } from './context/text/terms.ts'

export type Answer = {
  readonly text: string
  /** Ids of the memories it rests on, or that it wrote or removed. */
  readonly memories: readonly string[]
  readonly model: string | null
  readonly tokens: { readonly prompt: number; readonly completion: number }
  readonly conversation: string
}

export type AskOptions = { conversation?: string | undefined; signal?: AbortSignal | undefined; onToken?: ((piece: string) => void) | undefined }

export type Assistant = {
  /** Answers, and stores both turns on this device before it returns. @throws `InvalidText`, `TextTooLong`, `KeeperCannotRead`, `StoreFailed` */
  ask(text: string, options?: AskOptions): Promise<Answer>
}

export type AssistantParts = {
  device: DeviceId
  sync: Sync
  recall: Recall
  conversations: Conversations
  model: ModelSlot
  clock: () => number
}

/** Memories an answer may rest on: as many as a person reads at a glance. */
const memoriesPerAnswer = 5
/** Turns of the conversation that a model sees again. */
export const turnsInPrompt = 10
/** Memories looked through for the one that "forget …" means. */
const forgetCandidates = 20
const noModel = 'No language model is installed, so I answer from memory only.'
// The same for every question, so that a model may keep it evaluated.
export const systemPrompt = 'You are the private assistant of one person. Answer from the memories below; when they do not answer the question, say that you do not know.'

/** Whether the code wrote an answer, and no model: to a wish to remember or forget, or from memory alone. By its words, as nothing else of it is stored. */
export function isWrittenByCode(answer: string): boolean {
  return answer.endsWith(noModel) || /^(I will remember: |I forgot: |I forgot nothing[:,])/.test(answer)
}

type Reply = Omit<Answer, 'model' | 'tokens' | 'conversation'> & { tokens?: Answer['tokens'] }

export function createAssistant(parts: AssistantParts): Assistant {
  const { conversations, clock } = parts
  return {
    async ask(text, { conversation = conversations.newId(), signal, onToken } = {}) {
      const asked = checkText(text)
      checkReads(parts.sync)
      const before = conversations.last(conversation, turnsInPrompt)
      const turn = conversations.append(conversation, 'user', asked, clock())
      const reply = (await command(parts, asked, turn.id)) ?? (await answer(parts, asked, before, signal, onToken))
      conversations.append(conversation, 'assistant', reply.text, clock())
      return { text: reply.text, memories: reply.memories, model: parts.model.current?.name ?? null, tokens: reply.tokens ?? { prompt: 0, completion: 0 }, conversation }
    }
  }
}

const rememberPattern = /^(?:please[,\s]+)?remember(?:\s+that\b|\s*:|(?=\s))[\s:,]*(.+)$/isu
const forgetPattern = /^(?:please[,\s]+)?forget(?:\s+(?:that|about)\b|\s*:|(?=\s))[\s:,]*(.+)$/isu

/** "remember …" and "forget …" do what they say, model or no model. A question ("remember when …?") is none of them. */
async function command(parts: AssistantParts, text: string, turnId: string): Promise<Reply | undefined> {
  if (text.endsWith('?')) return undefined
  const toRemember = rememberPattern.exec(text)?.[1]
  if (toRemember !== undefined) {
    const task = /^to\s+(.+)$/isu.exec(toRemember)?.[1]
    const said = task === undefined ? ({ text: toRemember, kind: 'fact' } as const) : ({ text: task, kind: 'task' } as const)
    const memory = await remember(parts.sync, parts.device, { ...said, ref: turnId }, { now: parts.clock() })
    return { text: `I will remember: ${memory.text}`, memories: [memory.id] }
  }
  const toForget = forgetPattern.exec(text)?.[1]
  return toForget === undefined ? undefined : forgetByWords(parts, toForget)
}

/** Acts on one clear match only: an exact text, or the single memory that has all the words. */
async function forgetByWords({ sync, recall }: AssistantParts, words: string): Promise<Reply> {
  const named = findMemory(sync, words.trim())
  if (named) return forgotten(await forget(sync, named.id))
  const found = await recall.recall(words, forgetCandidates, { everything: true })
  const wanted = contentTerms(words)
  const exact = found.filter(memory => plain(memory.text) === plain(words))
  const full = found.filter(memory => hasWords(memory, wanted))
  const matches = exact.length > 0 ? exact : full
  const [only] = matches
  if (only && matches.length === 1) return forgotten(await forget(sync, only.id))
  if (!only) return { text: 'I forgot nothing: no memory has all of these words. See what there is with "kinmesh memories".', memories: [] }
  const lines = matches.slice(0, memoriesPerAnswer).map(memory => `  ${memory.id}  ${memory.text}`)
  return { text: `I forgot nothing, because several memories fit. Say which one:\n${lines.join('\n')}\nfor example: forget ${only.id}`, memories: matches.map(memory => memory.id) }
}

function forgotten(memory: Memory): Reply {
  return { text: `I forgot: ${memory.text}`, memories: [memory.id] }
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim()
}

function hasWords(memory: Memory, wanted: readonly string[]): boolean {
  const terms = new Set(termsOf(memory.text))
  return wanted.every(term => terms.has(term))
}

async function answer(
  { recall, model: slot }: AssistantParts,
  text: string,
  before: readonly { role: 'user' | 'assistant'; text: string }[],
  signal: AbortSignal | undefined,
  onToken: ((piece: string) => void) | undefined
): Promise<Reply> {
  const found = await recall.recall(text, memoriesPerAnswer)
  const memories = found.map(memory => memory.id)
  const lines = found.map(memory => `- ${memory.text}${memory.at ? ` (${new Date(memory.at).toISOString().slice(0, 10)})` : ''}`).join('\n')
  const model = await slot.ready()
  if (model) {
    const messages: Message[] = [
      { role: 'system', text: systemPrompt },
      ...before.map(({ role, text }) => ({ role, text })),
      { role: 'user', text: found.length === 0 ? text : `Memories:\n${lines}\n\n${text}` }
    ]
    return { ...(await model.generate(messages, { signal, onToken })), memories }
  }
  if (found.length === 0) return { text: `I have no memory about that. ${noModel}`, memories }
  return { text: `From memory:\n${lines}\n${noModel}`, memories }
}
