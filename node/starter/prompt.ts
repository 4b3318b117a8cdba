import type { Message } from '../model.ts'
import { isTold } from './intent/learned.ts'
import { arranged } from './prompt-order.ts'

/** A memory as a prompt shows it. `day`: the day it was observed, `2026-03-10` in the user's time zone. `by`: who said it, where that is another person than the user. */
export type ShownMemory = { readonly day: string; readonly text: string; readonly by?: string | undefined }

/** `now`: the user's local date and time, as `2026-03-10T14:05` (seconds and more are passed over). `asked`: what the user said in the conversation, the last one last; it stands before the memories, which are put in order by all. */
export type PromptContext = { readonly memories: readonly ShownMemory[]; readonly now: string; readonly asked: readonly string[] }

export const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const
export const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'] as const

/** Kinds that are learned from what is said; `list` and `note` come by tools only. */
export const learnedKinds = ['fact', 'preference', 'event', 'task', 'person'] as const

/**
 * What is to be kept of the user's last message. `text`: the user's own words, to the letter, so that code can find them there. `subject`: whom or what they are about: `user`, or a name as the
 * user wrote it; it stands for the "she" in the text. `replaces`: the text of a shown memory that is no longer true.
 */
export type LearnedItem = { readonly text: string; readonly kind: (typeof learnedKinds)[number]; readonly subject: string; readonly replaces?: string | undefined }

/** For `TextOptions.schema`. Nothing to learn is the empty list. */
export const learnedSchema = {
  type: 'array',
  maxItems: 8,
  items: {
    type: 'object',
    properties: { text: { type: 'string' }, kind: { enum: learnedKinds }, subject: { type: 'string' }, replaces: { type: 'string' } },
    required: ['text', 'kind', 'subject'],
    additionalProperties: false
  }
} as const

const learnLine = 'Learn from the last message.'
/**
 * The message that is to be answered stands before the memories as well as behind them: each word of a memory can then look for itself in it, where a question that comes after all memories has to be kept whole in one place
 * to find them (Liu et al. 2023, arXiv:2307.03172: "query-aware contextualization").
 */
const messageMark = 'Message: '
/**
 * Before memories, and before the one that looks like answering the message. That one is written as an answer quotes it: heads that copy what came after the same tokens find it by "You said", and where nothing is written so, "You" goes on with
 * "haven't told me that".
 */
const [memoriesMark, bestMark] = ['Memories:', 'About this:']
/** Characters of it; it comes whole in its place. */
export const maxShownMessage = 160

/** The system message of a conversation. What changes least stands first: tools (written by the chat template), memories, the time. */
export function answerPrompt(context: PromptContext): Message {
  return { role: 'system', text: contextText(context) }
}

/** An answer from memory: what was said, to the letter, as the prompt shows it. Copying is what a model of this size does well, and whoever asked sees what the answer rests on. */
export function quoted(memories: readonly Pick<ShownMemory, 'text' | 'by'>[]): string {
  return memories.map((memory, index) => `${memory.by === undefined && index === 0 ? youSaid : ''}${quotationOf(memory)}`).join('\n')
}

/** Before the first quotation, where it is the user's. */
export const youSaid = 'You said: '

/** One line. What others wrote must not look like the end of the quotation, and as if the user said the rest; nor must their name. */
export function quotationOf({ text, by }: Pick<ShownMemory, 'text' | 'by'>): string {
  if (by === undefined) return `"${oneLine(text)}"`
  const name = oneLine(by).replaceAll('"', "'")
  return `${`${name}: ` === youSaid ? 'Somebody' : name}: "${oneLine(text).replaceAll('"', "'")}"`
}

/** An answer to what no memory tells. */
export const untold = "You haven't told me that."
/** To what is none of the user's. */
export const unknowing = "I don't know that. I only know what you tell me."
/** To work that is beyond it. */
export const unable = "I can't do that, I'm only a small model."

/** The system message that asks what is to be kept of the last message, which is the user's. Messages before it help to understand it. The answer is held to `learnedSchema`; there are no tools. */
export function learnPrompt(context: PromptContext): Message {
  return { role: 'system', text: `${learnLine}\n${contextText(context)}` }
}

export function memoryLine({ day, text, by }: ShownMemory): string {
  // A memory is one line: one that holds more of them could look like several.
  return `- ${day}${by === undefined ? '' : `, ${oneLine(by)}`}: ${oneLine(text)}`
}

/** As the model writes it, with one space after commas and colons: the form in which its examples had it. */
export function learnedText(items: readonly LearnedItem[]): string {
  return spacedJson(items)
}

/** JSON in one line with a space after commas and colons, as Python and chat templates write it. */
export function spacedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spacedJson).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value).filter(([, each]) => each !== undefined).map(([key, each]) => `${JSON.stringify(key)}: ${spacedJson(each)}`).join(', ')}}`
}

function contextText({ memories: unordered, now, asked }: PromptContext): string {
  const last = asked.at(-1)
  // What was told in this conversation is newer than every memory. It stands in its turn, and here only where it answers.
  const said = asked.slice(0, -1).filter(isTold).map((text): ShownMemory => ({ day: now.slice(0, 10), text }))
  const { others: rest, best } = arranged([...unordered, ...said], asked)
  const others = rest.filter(each => !said.includes(each))
  // Without their days: they take half of a line in which every digit is a token, and a model of this size does not compare them. The order says what is newer.
  return [
    ...(last === undefined ? [] : [`${messageMark}${cut(oneLine(last), maxShownMessage)}`]),
    ...(unordered.length === 0 ? [`${memoriesMark} none`] : []),
    ...(others.length > 0 ? [memoriesMark, ...others.map(quotationOf)] : []),
    ...(best ? [bestMark, quoted([best])] : []),
    `Now: ${nowText(now)}`
  ].join('\n')
}

/** The memories that a system message shows, in its order. */
export function shownIn(system: string): Pick<ShownMemory, 'text' | 'by'>[] {
  // Not what stands before them: a message in quotation marks looks like one.
  const [, lines = ''] = /^(?:Memories|About this):\n(.*)/ms.exec(system) ?? []
  return Array.from(lines.matchAll(/^(?:You said: |([^"\n]+): )?"(.*)"$/gm), ([, by, text = '']) => ({ text, by }))
}

/** Of these, those of the user's: what others said is theirs to correct. */
export function replaceable(system: string): string[] {
  return [...new Set(shownIn(system).filter(({ by }) => by === undefined).map(({ text }) => text))]
}

/** The one that looks like answering what was asked, if any does. */
export function bestIn(system: string): Pick<ShownMemory, 'text' | 'by'> | undefined {
  return system.includes(`\n${bestMark}\n`) ? shownIn(system).at(-1) : undefined
}

/** `Tuesday 2026-03-10 14:05` */
export function nowText(now: string): string {
  return `${weekdayOf(now)} ${now.slice(0, 10)} ${now.slice(11, 16)}`
}

export function weekdayOf(day: string): string {
  return weekdays[new Date(`${day.slice(0, 10)}T00:00Z`).getUTCDay()] ?? ''
}

function cut(text: string, most: number): string {
  const chars = Array.from(text)
  return chars.length > most ? `${chars.slice(0, most).join('')}…` : text
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
