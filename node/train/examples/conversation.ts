import * as v from 'valibot'
import { sha256Hex } from '#mesh/sha256'
import { quoted } from '../../model/model-errors.ts'
import type { ChatMessage, ToolCallRecord, ToolDescription } from '../../model/text/chat-template.ts'
import { toolName } from '../../model/text/tool-calls.ts'
import { badTrainingData } from '../training-errors.ts'
import type { TextLine } from './json-lines.ts'

/** A conversation to learn from. What the assistant says in it is learned, where `isLearned` does not say otherwise of the message. */
export type TrainingConversation = {
  readonly messages: readonly ChatMessage[]
  readonly isLearned: readonly boolean[]
  readonly tools: readonly ToolDescription[]
}

/** Each turn of the assistant has to be found in the ids, which takes a rendering of all before it. */
export const maxMessages = 256
const maxTools = 128
const maxCalls = 64

const text = v.string('is a text')
const object = v.custom<Record<string, unknown>>(value => typeof value === 'object' && value !== null && !Array.isArray(value), 'is an object')
/** A part that is no text, such as an image, has another type. */
const part = v.object({ type: v.literal('text'), text })
const content = v.union([text, v.array(part)], 'is a text, or a list of parts {"type": "text", "text": …}: kinmesh trains on text alone')
const call = v.object({
  id: v.nullish(v.pipe(text, v.maxLength(64, 'has at most 64 characters'))),
  type: v.nullish(v.literal('function', 'is "function"')),
  function: v.object({ name: v.pipe(text, v.regex(toolName, 'is the name of a tool')), arguments: v.union([text, object], 'is a JSON object, or one in a text') })
}, 'is a call of a function')
/** Other keys may be there as long as they say nothing: a tool that one version leaves out would make another model than was meant. */
const rest = v.null('is a key that is not known here: remove it')
const messageSchema = v.variant('role', [
  v.objectWithRest({ role: v.picklist(['system', 'developer', 'user']), content, name: v.nullish(text) }, rest),
  v.objectWithRest({
    role: v.literal('assistant'), content: v.nullish(content), name: v.nullish(text), reasoning_content: v.nullish(text), weight: v.nullish(v.picklist([0, 1], 'is 0 or 1')),
    tool_calls: v.nullish(v.pipe(v.array(call, 'is a list of calls'), v.maxLength(maxCalls, `has at most ${maxCalls} calls`)))
  }, rest),
  v.objectWithRest({ role: v.literal('tool'), content, tool_call_id: v.nullish(text), name: v.nullish(text) }, rest)
], 'has a role: system, developer, user, assistant or tool')
const tool = v.object({ type: v.literal('function'), function: v.object({ name: v.pipe(text, v.regex(toolName)), description: v.exactOptional(text), parameters: v.exactOptional(object) }) }, 'is a tool as OpenAI describes it')
const lineSchema = v.object({
  messages: v.pipe(v.array(messageSchema, 'is a list of messages'), v.minLength(1, 'is empty'), v.maxLength(maxMessages, `has at most ${maxMessages} messages`)),
  tools: v.nullish(v.pipe(v.array(tool, 'is a list of tools'), v.maxLength(maxTools, `has at most ${maxTools} tools`))),
  functions: v.optional(v.null('is an older form: write "tools" and "tool_calls" instead'))
}, 'is an object {"messages": […]}')
type Message = v.InferOutput<typeof messageSchema>

/**
 * One line of a file as people use it for fine-tuning (OpenAI's form): `{"messages": [{"role", "content"} …], "tools": […]}`, where an assistant's message may have
 * `tool_calls`, and a `weight` of 0 when it is not to be learned.
 * @throws KinmeshError `BadTrainingData`, with the line. It repeats keys, never what was said
 */
export function readConversation({ line, text: json }: TextLine): TrainingConversation {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    // The reason of the parser would quote the line.
    throw badTrainingData(`line ${line} is not JSON: write one object {"messages": […]} on each line`)
  }
  return conversationOf(value, `line ${line}`)
}

/** The same out of JSON that is read already. `where`: what errors call it. @throws KinmeshError `BadTrainingData` */
export function conversationOf(value: unknown, where: string): TrainingConversation {
  const read = v.safeParse(lineSchema, value, { abortEarly: true })
  if (!read.success) throw badTrainingData(`${where}: ${quoted(v.getDotPath(read.issues[0]) ?? 'it')} ${read.issues[0].message}`)
  const { messages, tools } = read.output
  return {
    messages: messages.map((message, index) => messageOf(message, `${where}: messages.${index}`)),
    isLearned: messages.map(message => message.role === 'assistant' && message.weight !== 0),
    tools: tools ?? []
  }
}

function messageOf(message: Message, where: string): ChatMessage {
  const name = message.name ? { name: message.name } : {}
  if (message.role === 'tool') return { role: 'tool', content: textOf(message.content), ...name, ...(message.tool_call_id ? { tool_call_id: message.tool_call_id } : {}) }
  if (message.role !== 'assistant') return { role: message.role === 'developer' ? 'system' : message.role, content: textOf(message.content), ...name }
  const calls = message.tool_calls ?? []
  if (message.content == null && calls.length === 0) throw badTrainingData(`${where} says nothing: give it a content or tool_calls, or leave it out`)
  return {
    role: 'assistant', content: textOf(message.content), ...name,
    ...(message.reasoning_content ? { reasoning_content: message.reasoning_content } : {}),
    ...(calls.length > 0 ? { tool_calls: calls.map((each, index) => callOf(each, `${where}.tool_calls.${index}`)) } : {})
  }
}

function callOf({ id, function: { name, arguments: given } }: v.InferOutput<typeof call>, where: string): ToolCallRecord {
  return { type: 'function', ...(id ? { id } : {}), function: { name, arguments: typeof given === 'string' ? parsed(given, where) : given } }
}

function parsed(text: string, where: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (v.is(object, value)) return value
  } catch {
    // Said below, as for other JSON.
  }
  throw badTrainingData(`${where}.function.arguments is no JSON object: write the arguments as one`)
}

function textOf(content: string | readonly { readonly text: string }[] | null | undefined): string {
  return typeof content === 'string' ? content : (content ?? []).map(({ text }) => text).join('')
}

/** Whether a conversation belongs to the holdout, by its content: it stays where it is when others come. `share`: of all. */
export function isHeldOut({ messages, tools }: TrainingConversation, share: number): boolean {
  return Number.parseInt(sha256Hex(JSON.stringify([messages, tools])).slice(0, 8), 16) / 2 ** 32 < share
}
