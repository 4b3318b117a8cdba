import type { Tool } from '../../model/grammar/tool-grammar.ts'
import type { Message } from '../../model.ts'
import type { Check, Example, Target } from '../example.ts'
import type { Maker } from '../maker.ts'
import { answerPrompt, maxShownMessage, quotationOf } from '../prompt.ts'
import { renderConversation } from '../render.ts'
import { builtInTools } from '../tools.ts'
import { type Manner, typed } from '../typed.ts'
import { type Subject, isThing } from '../voice.ts'
import { capital } from '../words/made-up.ts'
import * as more from '../phrasings/common.ts'

/** What a task makes; `generate` adds what it knows itself. */
export type Draft = Pick<Example, 'messages' | 'memories' | 'tools' | 'learns' | 'targets'>

/** Of an example: long ones have at least 2.0 bytes a token, and 512 tokens of context. */
const maxBytes = 1000
const encoder = new TextEncoder()

/** Beside its memories and the message, what the system's words have at most. In bytes. */
const aroundMemories = 90

/** Not too long to be learned in one piece, however its memories are arranged: what arranges them is learned from these examples, which must not depend on it. */
export function fits({ messages, memories, tools }: Pick<Draft, 'messages' | 'memories' | 'tools'>): boolean {
  const [, ...turns] = messages
  const last = messages.findLast(({ role }) => role === 'user')?.text ?? ''
  const bytes = [renderConversation(turns, tools), last.slice(0, maxShownMessage), ...memories.map(quotationOf)].reduce((sum, text) => sum + encoder.encode(text).length + 1, aroundMemories)
  return bytes <= maxBytes
}

/** All built-in tools most of the time; else some of them, or none. `needed` are there in any case. Their names take half of a context: where examples are learned, most leave the room to what there is to learn. */
export function someTools(m: Maker, ...needed: readonly string[]): readonly Tool[] {
  if (m.dice.chance(m.split === 'train' ? 0.35 : 0.72)) return builtInTools
  if (needed.length === 0 && m.dice.chance(0.6)) return []
  const kept = builtInTools.filter(({ name }) => needed.includes(name) || m.dice.chance(0.5))
  return m.dice.chance(0.5) ? kept : m.dice.shuffle(kept)
}

/** A conversation as it grows: turns of the user, and what the assistant has to say to them. */
export class Talk {
  readonly messages: Message[]
  readonly targets: Target[] = []
  readonly #memories: Example['memories']
  readonly #now: string

  constructor(m: Maker, memories: Example['memories']) {
    this.#memories = memories
    this.#now = m.now
    this.messages = [answerPrompt({ memories, now: m.now, asked: [] })]
  }

  /** One turn of each more, if the conversation stays short enough; else it stays as it was, and false is the answer. */
  goesOn(text: string, answer: string, check: Check, tools: readonly Tool[]): boolean {
    const talk = this.user(text).answer(answer, check)
    if (fits({ messages: talk.messages, memories: this.#memories, tools })) return true
    this.messages.length -= 2
    this.targets.length -= 1
    return false
  }

  user(text: string): this {
    this.messages.push({ role: 'user', text })
    return this
  }

  answer(text: string, check: Check): this {
    this.targets.push({ index: this.messages.length, check })
    this.messages.push({ role: 'assistant', text })
    return this
  }

  calls(...calls: readonly { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }[]): this {
    this.targets.push({ index: this.messages.length, check: { kind: 'calls', calls } })
    this.messages.push({ role: 'assistant', text: '', calls })
    return this
  }

  result(name: string, text: string): this {
    this.messages.push({ role: 'tool', name, text })
    return this
  }

  /** Memories are shown for what is asked last. */
  draft(tools: readonly Tool[]): Draft {
    const asked = this.messages.flatMap(({ role, text }) => (role === 'user' ? [text] : []))
    const system = answerPrompt({ memories: this.#memories, now: this.#now, asked })
    return { messages: [system, ...this.messages.slice(1)], memories: this.#memories, tools, learns: false, targets: this.targets }
  }
}

const openings = ['hey,', 'hi,', 'quick question:', 'ok,', 'sorry to bother you,', 'one thing:', 'so,', 'well,', 'hello!', 'good morning,', 'hm,', 'just checking:', 'listen,', 'by the way,', 'wait,', 'oh,', 'question:', 'hey there,']
const endings = ['please', ', please', ', do you know', 'again', 'actually', ', thanks', ', can you help me', ', any idea', ', if you know it', ', please and thank you']

/** A question as it is typed, now and then with something around it. */
export function question(m: Maker, manner: Manner, text: string, keep: readonly string[] = []): string {
  let whole = text
  if (m.dice.chance(0.2)) whole = `${m.heard(openings, nothing, more.openings)} ${whole}`
  if (m.dice.chance(0.1) && !/ (again|right|please|actually)$/.test(text) && !/please/.test(text) && !/^I (forgot|need)/.test(text)) whole = `${whole} ${m.heard(endings, nothing, more.endings)}`
  return typed(m.dice, manner, whole.replaceAll(' ,', ','), /^(I (forgot|need)|tell|give|remind|please)\b/.test(text) ? '.' : '?', keep)
}

export function nothing(name: string): string {
  throw new Error(`nothing is said about the slot <${name}>`)
}

export function sentence(text: string): string {
  return /[.?!]$/.test(text) ? capital(text) : `${capital(text)}.`
}

/** What tells the subject from others: "Ana", "sister". */
export function markOf(subject: Subject): string {
  return isThing(subject) ? subject.noun : (subject.name ?? subject.kin ?? '')
}
