import { KinmeshError } from '../mesh/errors.ts'
import type { Logger } from '../mesh/log.ts'
import type { DeviceId } from '../mesh/types.ts'
import type { Sync } from '../sync/types.ts'
import { type AgentStep, runAgent } from './agent/agent.ts'
import { heldTo, writePrompt } from './agent/answer-prompt.ts'
import { passageLine, shownMemory } from './agent/shown.ts'
import { clockText } from './agent/tools/times.ts'
import type { RunnableTool, ToolContext } from './agent/tools/tool.ts'
import type { Conversations } from './conversations.ts'
import { type Citation, citationOf, type PassageFinder } from './documents/documents.ts'
import { checkReads, checkText, findMemory, findSpace, forget, maxTextBytes, remember, type Memory } from './memory.ts'
import type { Generated, Message, ModelSlot, TextOptions } from './model.ts'
import { isStarter } from './starter/is-starter.ts'
import { mended } from './starter/mended.ts'
import { asksForBefore } from './starter/prompt-order.ts'
import { memoryLine, type ShownMemory } from './starter/prompt.ts'
import { promptBudget } from './context/prompt-budget.ts'
import type { Recall } from './context/recall.ts'
import { isSecret } from './context/learn/secrets.ts'
import type { Learner } from './context/learn/learner.ts'
import type { ShortTerm } from './context/short-term/short-term.ts'
import { contentTerms, termsOf } from './context/text/terms.ts'
import { clipped, withinBudget } from './context/token-budget.ts'

export type Answer = {
  readonly text: string
  /** Ids of the memories it rests on, or that it wrote or removed. */
  readonly memories: readonly string[]
  /** Passages of documents it rests on. */
  readonly documents: readonly Citation[]
  /** Tools that were used for it. */
  readonly steps: readonly AgentStep[]
  readonly model: string | null
  readonly tokens: { readonly prompt: number; readonly completion: number }
  readonly conversation: string
}

/** `space`: where what is to be remembered is kept; personal, if it is not given. `approve`: asks the person whether a tool may be used; without it none is that was not allowed before. */
export type AskOptions = { conversation?: string | undefined; space?: string | undefined; signal?: AbortSignal | undefined; onToken?: ((piece: string) => void) | undefined; approve?: ToolContext['approve'] }

export type Reply = Generated & Pick<Answer, 'memories' | 'documents'> & { readonly steps: readonly AgentStep[] }

/** How to go on from a conversation that somebody else keeps. */
export type ReplyOptions = TextOptions & {
  /** Keeps the last question and its answer in this conversation, and acts on "remember …" and "forget …". Without it nothing on this device changes. */
  keepIn?: string | undefined
}

export type Assistant = {
  /** Answers, and stores both turns on this device before it returns. @throws `InvalidText`, `TextTooLong`, `KeeperCannotRead`, `StoreFailed` */
  ask(text: string, options?: AskOptions): Promise<Answer>
  /**
   * Goes on from `messages`, whose last question the memories are looked up for. The system's words in it follow the assistant's own. What no model wrote is not heard by `onToken`.
   * @throws KinmeshError `NoModel`: tools and schemas take one; `InvalidText`, `TextTooLong`, `KeeperCannotRead`, `StoreFailed`, and those of the model
   */
  reply(messages: readonly Message[], options?: ReplyOptions): Promise<Reply>
}

export type AssistantParts = {
  device: DeviceId
  sync: Sync
  recall: Recall
  /** Not on every platform. */
  documents?: PassageFinder | undefined
  conversations: Conversations
  shortTerm: ShortTerm
  model: ModelSlot
  /** What a model may use when somebody talks to the assistant; programs bring their own. */
  tools: readonly RunnableTool[]
  /** Those of other programs, as they are now: each asks for its permission by itself. */
  foreignTools?: () => Promise<readonly RunnableTool[]>
  /** Learns from what is said, when nobody waits; none learns nothing. */
  learner?: Pick<Learner, 'isOn' | 'hold' | 'leaveOut'> | undefined
  log: Logger
  clock: () => number
}

/** Memories an answer may rest on: as many as a person reads at a glance. */
const memoriesPerAnswer = 5
/** Passages of documents: each has as many words as several memories. */
const passagesPerAnswer = 3
/** Of one, where no model reads it, in characters. */
const maxQuoted = 300
/** Most of what memories may take of a prompt that one of them may take, and of what passages may take: the rest of a long one is not shown. */
const oneShare = 0.5
/** Memories looked through for the one that "forget …" means. */
const forgetCandidates = 20
const noModel = 'No language model is in use, so I answer from memory only.'
/** As it was said before there was one that comes with kinmesh, too. */
const saidWithoutModel = /No language model is (?:in use|installed), so I answer from memory only\.$/
/** Memories that are shown so. */
const nearestShown = 3
const keptBack = 'It looks like a secret, so it stays on this device: forget it and choose a space (/space personal, kinmesh remember --space personal) to have it on all of them.'
const nothingKept = 'I remember and forget nothing that is said this way: say it with kinmesh remember or kinmesh forget, or have the program say "store": true.'

/** Whether the code wrote an answer, and no model: to a wish to remember or forget, or from memory alone. By its words, as nothing else of it is stored. */
export function isWrittenByCode(answer: string): boolean {
  return saidWithoutModel.test(answer) || /\bThis comes nearest:\n/.test(answer) || /^(I will remember: |I forgot: |I forgot nothing[:,])/.test(answer)
}

export function createAssistant(parts: AssistantParts): Assistant {
  const { conversations, shortTerm, clock, sync, learner } = parts
  /** Keeps a question, and what is to be learned of it: of a wish nothing. */
  const hear = (conversation: string, asked: string, space?: string) => conversations.append(conversation, 'user', asked, clock(), learner?.isOn && !isWish(asked) ? { space } : undefined)
  return {
    async ask(text, { conversation = conversations.newId(), space, signal, onToken, approve } = {}) {
      const asked = checkText(text)
      checkReads(sync)
      if (space !== undefined) findSpace(sync, space)
      const goOn = learner?.hold()
      try {
        const { earlier, turns } = await shortTerm.of(conversation)
        const turn = hear(conversation, asked, space)
        const reply = (await command(parts, asked, { turnId: turn.id, space })) ?? (await answer(parts, [...turns, { role: 'user', text: asked }], { signal, onToken }, { turnId: turn.id, space, approve, earlier }))
        conversations.append(conversation, 'assistant', reply.text, clock())
        shortTerm.fold(conversation)
        leaveOut(parts, turn.id, reply.steps)
        return { text: reply.text, memories: reply.memories, documents: reply.documents, steps: reply.steps, model: parts.model.current?.name ?? null, tokens: reply.tokens, conversation }
      } finally {
        goOn?.()
      }
    },
    async reply(messages, { keepIn, ...options } = {}) {
      checkReads(sync)
      const last = messages.at(-1)
      const asked = last?.role === 'user' ? last.text : undefined
      const goOn = learner?.hold()
      try {
        const turn = keepIn === undefined || asked === undefined ? undefined : hear(keepIn, checkText(asked))
        // What has a form to keep to, or tools, is a program's question, and no wish of a person.
        const wish = asked !== undefined && !needsModel(options) && isWish(asked.trim()) ? asked.trim() : undefined
        const done = wish === undefined ? undefined : turn ? await command(parts, wish, { turnId: turn.id }) : byCode(nothingKept, [])
        const reply = done ?? (await answer(parts, messages, options))
        if (keepIn !== undefined && reply.text !== '') conversations.append(keepIn, 'assistant', reply.text, clock())
        return reply
      } finally {
        goOn?.()
      }
    }
  }
}

/** What a tool kept or forgot for the user is not learned beside that. */
function leaveOut({ conversations, learner }: AssistantParts, turnId: string, steps: readonly AgentStep[]): void {
  for (const { tool, arguments: given } of steps) {
    if (tool === 'remember' || tool === 'forget') conversations.learned(turnId)
    if (tool === 'forget' && typeof given['query'] === 'string') learner?.leaveOut(given['query'])
  }
}

function needsModel({ tools = [], schema }: TextOptions): boolean {
  return tools.length > 0 || schema !== undefined
}

const rememberPattern = /^(?:please[,\s]+)?remember(?:\s+that\b|\s*:|(?=\s))[\s:,]*(.+)$/isu
const forgetPattern = /^(?:please[,\s]+)?forget(?:\s+(?:that|about)\b|\s*:|(?=\s))[\s:,]*(.+)$/isu

/** A question ("remember when …?") is none. */
function isWish(text: string): boolean {
  return !text.endsWith('?') && (rememberPattern.test(text) || forgetPattern.test(text))
}

/** A question that is kept. `space`: where what comes of it is to be kept. `earlier`: what the conversation was about before the turns that are shown; nobody said it in these words, so nothing is learned from it. */
type Asked = Pick<ToolContext, 'turnId' | 'space' | 'approve'> & { readonly earlier?: string | undefined }

/** "remember …" and "forget …" do what they say, model or no model. */
async function command(parts: AssistantParts, text: string, { turnId, space }: Asked): Promise<Reply | undefined> {
  if (!isWish(text)) return undefined
  const toRemember = rememberPattern.exec(text)?.[1]
  if (toRemember !== undefined) {
    const task = /^to\s+(.+)$/isu.exec(toRemember)?.[1]
    const said = task === undefined ? ({ text: toRemember, kind: 'fact' } as const) : ({ text: task, kind: 'task' } as const)
    const memory = await remember(parts.sync, parts.device, { ...said, ref: turnId }, { space, now: parts.clock() })
    const isKeptBack = space === undefined && memory.space === 'device' && isSecret(memory.text)
    return byCode(`I will remember: ${memory.text}${isKeptBack ? `\n${keptBack}` : ''}`, [memory.id])
  }
  const toForget = forgetPattern.exec(text)?.[1]
  return toForget === undefined ? undefined : forgetByWords(parts, toForget)
}

/** Acts on one clear match only: an exact text, or the single memory that has all the words. */
async function forgetByWords({ sync, recall, learner }: AssistantParts, words: string): Promise<Reply> {
  const named = findMemory(sync, words.trim())
  const notLearned = learner?.leaveOut(named?.text ?? words) ?? 0
  if (named) return forgotten(await forget(sync, named.id))
  const found = await recall.recall(words, forgetCandidates, { everything: true })
  const wanted = contentTerms(words)
  const exact = found.filter(memory => plain(memory.text) === plain(words))
  const full = found.filter(memory => hasWords(memory, wanted))
  const matches = exact.length > 0 ? exact : full
  const [only] = matches
  if (only && matches.length === 1) return forgotten(await forget(sync, only.id))
  if (!only && notLearned > 0) return byCode(`I forgot: ${words.trim()}`, [])
  if (!only) return byCode('I forgot nothing: no memory has all of these words. See what there is with "kinmesh memories".', [])
  const lines = matches.slice(0, memoriesPerAnswer).map(memory => `  ${memory.id}  ${memory.text}`)
  return byCode(`I forgot nothing, because several memories fit. Say which one:\n${lines.join('\n')}\nfor example: forget ${only.id}`, matches.map(memory => memory.id))
}

function forgotten(memory: Memory): Reply {
  return byCode(`I forgot: ${memory.text}`, [memory.id])
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim()
}

function hasWords(memory: Memory, wanted: readonly string[]): boolean {
  const terms = new Set(termsOf(memory.text))
  return wanted.every(term => terms.has(term))
}

/** A text that no model wrote. */
function byCode(text: string, memories: readonly string[], documents: readonly Citation[] = []): Reply {
  return { text, memories, documents, tokens: { prompt: 0, completion: 0 }, finish: 'end', calls: [], refusals: [], steps: [] }
}

/** What is known, without a model. */
function fromMemory(memories: readonly ShownMemory[], documents: readonly Citation[]): string {
  const parts = [
    ...(memories.length > 0 ? [`From memory:\n${memories.map(({ text, day }) => `- ${text} (${day})`).join('\n')}`] : []),
    ...(documents.length > 0 ? [`From documents:\n${documents.map(quotedPassage).join('\n')}`] : [])
  ]
  return parts.length > 0 ? `${parts.join('\n')}\n${noModel}` : `I have no memory about that. ${noModel}`
}

/** A line for each. */
function nearest(memories: readonly ShownMemory[], documents: readonly Citation[]): string {
  return [...memories.slice(0, nearestShown).map(({ text, day }) => `- ${text} (${day})`), ...documents.slice(0, 1).map(quotedPassage)].join('\n')
}

function quotedPassage(passage: Citation): string {
  return passageLine({ ...passage, text: passage.text.length > maxQuoted ? `${passage.text.slice(0, maxQuoted).toWellFormed()} …` : passage.text })
}

/** Goes on from a conversation, with the memories and passages of documents that fit its last question. `asked`: that question, where the assistant's own tools may be used for it. */
async function answer({ recall, documents: finder, model: slot, tools, foreignTools, log, clock }: AssistantParts, messages: readonly Message[], options: TextOptions, asked?: Asked): Promise<Reply> {
  const question = messages.findLast(({ role }) => role === 'user')?.text ?? ''
  const model = await slot.ready()
  // What was so before does not hold any more, and only the starter is told by the order which is which.
  const everything = model !== null && isStarter(model) && asksForBefore(question)
  const found = await recall.recall(question.slice(0, maxTextBytes), memoriesPerAnswer, { everything })
  const passages = (finder?.find(question.slice(0, maxTextBytes), passagesPerAnswer) ?? []).map(citationOf)
  if (!model) {
    if (needsModel(options)) throw new KinmeshError('NoModel', 'no language model is installed, and tools and schemas take one: kinmesh model pull OWNER/NAME')
    return byCode(fromMemory(found.map(shownMemory), passages), found.map(({ id }) => id), passages)
  }
  const { memories: most, documents: mostQuoted, count } = await promptBudget(model)
  const shown = found.map(memory => ({ id: memory.id, ...shownMemory(memory) })).map(memory => ({ ...memory, text: clipped(memory.text, most * oneShare) }))
  const fitting = await withinBudget(shown, memoryLine, { most, count })
  const memories = fitting.map(({ id }) => id)
  const documents = await withinBudget(passages.map(each => ({ ...each, text: clipped(each.text, mostQuoted * oneShare) })), passageLine, { most: mostQuoted, count })
  const prompt = writePrompt(model, messages, { memories: fitting, documents, now: clockText(new Date(clock())), earlier: asked?.earlier })
  if (!asked) return { ...(await model.generate(prompt, heldTo(model, prompt, options))), memories, documents, steps: [] }
  const said = messages.flatMap(({ role, text }) => (role === 'user' ? [text] : []))
  // What the starter says may have to be mended, and is shown when it is whole: it is a line.
  const { onToken, ...quiet } = options
  const done = await runAgent(model, prompt, [...tools, ...((await foreignTools?.()) ?? [])], { said, ...asked, signal: options.signal }, isStarter(model) ? quiet : options, log)
  const all = [...new Map([...documents, ...done.documents].map(each => [each.id, each])).values()]
  const text = isStarter(model) ? mended(question, done.text, nearest(fitting, passages)) : done.text
  if (isStarter(model) && text !== '') onToken?.(text)
  return { ...done, text, memories: [...new Set([...memories, ...done.memories])], documents: all }
}
