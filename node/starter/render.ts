import type { Message } from '../model.ts'
import type { Tool } from '../model/grammar/tool-grammar.ts'
import type { Tokenizer } from '../model/text/tokenizer.ts'
import { callMarks, specialTokens } from './chat-template.ts'
import type { Example } from './example.ts'
import { spacedJson } from './prompt.ts'
import { pieces } from './tokenizer-files.ts'

/** What the chat template makes of a conversation, written without it: a training reads hundreds of thousands. A test holds the two to the same text. */
export function renderConversation(messages: readonly Message[], tools: readonly Tool[]): string {
  let text = ''
  if (tools.length > 0) text += `<|im_start|>system\nTools:${tools.map(tool => ` ${signature(tool)}`).join('')}\n`
  for (const [index, message] of messages.entries()) {
    const joins = index === 0 && tools.length > 0
    if (joins && message.role !== 'system') text += '<|im_end|>\n'
    if (!joins || message.role !== 'system') text += `<|im_start|>${message.role}\n`
    text += message.text
    if (message.role === 'assistant') for (const { name, arguments: given } of message.calls ?? []) text += `<tool_call>{"name": ${spacedJson(name)}, "arguments": ${spacedJson(given)}}</tool_call>`
    text += '<|im_end|>\n'
  }
  return text
}

function signature({ name, parameters }: Tool): string {
  const required = (parameters?.['required'] ?? []) as readonly string[]
  const keys = Object.keys((parameters?.['properties'] ?? {}) as object)
  return `${name}(${keys.map(key => `${key}${required.includes(key) ? '' : '?'}`).join(', ')})`
}

/** Tokens of an example, and which of them are learned (1): those of the assistant's turns that are targets, with the token that ends the turn. `learned[i]` says whether token i is to be predicted from those before it. */
export type EncodedExample = { readonly ids: readonly number[]; readonly learned: Uint8Array }

/** Pieces that are kept with their tokens: more than the words of the lists, and far below what made-up words would fill memory with. */
const maxCached = 100_000

/** Encodes examples by piece, each piece once: the same tokens as `tokenizer.encode` of the whole text, in a tenth of the time. */
export function createExampleEncoder(tokenizer: Tokenizer): (example: Example) => EncodedExample {
  const cache = new Map<string, readonly number[]>()
  const controls = new Map([...specialTokens, ...callMarks].map(token => [token as string, tokenizer.idOf(token) ?? -1]))
  const [marks, pattern] = [new RegExp(`(${[...controls.keys()].map(token => token.replaceAll('|', '\\|')).join('|')})`), new RegExp(pieces, 'gu')]
  const [start, end] = [controls.get('<|im_start|>'), controls.get('<|im_end|>')]
  const idsOf = (piece: string): readonly number[] => {
    const control = controls.get(piece)
    if (control !== undefined) return [control]
    const known = cache.get(piece)
    if (known) return known
    const ids = tokenizer.encodeText(piece)
    if (cache.size >= maxCached) cache.clear()
    cache.set(piece, ids)
    return ids
  }
  // Control tokens first: a piece of punctuation would reach into them.
  const encode = (text: string) => text.split(marks).flatMap(part => (controls.has(part) ? idsOf(part) : [...part.matchAll(pattern)].flatMap(([piece]) => idsOf(piece))))
  const opening = encode('<|im_start|>assistant\n')

  return ({ messages, tools, targets }) => {
    const ids = encode(renderConversation(messages, tools))
    const learned = new Uint8Array(ids.length)
    // Turns of the assistant, in their order; those that only stand before are not learned.
    const turns = messages.flatMap(({ role }, index) => (role === 'assistant' ? [index] : []))
    const wanted = new Set(targets.map(({ index }) => index))
    let turn = 0
    for (let at = 0; at < ids.length; at++) {
      if (ids[at] !== start || opening.some((id, place) => ids[at + place] !== id)) continue
      const isWanted = wanted.has(turns[turn++] ?? -1)
      at += opening.length
      for (; at < ids.length; at++) {
        if (isWanted) learned[at] = 1
        if (ids[at] === end) break
      }
    }
    return { ids, learned }
  }
}
