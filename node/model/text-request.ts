import * as v from 'valibot'
import { KinmeshError } from '../../mesh/errors.ts'
import type { Message } from '../model.ts'
import type { Forms } from './grammar/form-grammar.ts'
import type { Tool, ToolChoice } from './grammar/tool-grammar.ts'
import type { ChatMessage, ToolDescription } from './text/chat-template.ts'
import { toolName } from './text/tool-calls.ts'

/** What is asked of a model besides how it samples. */
export type TextRequest = {
  readonly messages: readonly Message[]
  /** JSON schema that the whole answer is held to. */
  readonly schema: unknown
  readonly tools: readonly Tool[]
  readonly choice: ToolChoice
  readonly forms: Forms | undefined
}

/** Messages of one prompt: more than any context holds. */
const maxMessages = 16_384
/** Tools of one prompt; models lose their way far below. */
const maxTools = 128
/** Texts that an answer may be: each is compared with each. And their characters, of all together: more than a context shows. */
const [maxForms, maxFormChars] = [512, 16_384]

const text = v.string('is a text')
const object = v.custom<Record<string, unknown>>(value => typeof value === 'object' && value !== null && !Array.isArray(value), 'is an object')
const name = v.pipe(text, v.regex(toolName, 'is the name of a tool: 1 to 128 letters, digits and . : / _ -'))
const callId = v.optional(v.pipe(text, v.regex(/^[\w-]{1,64}$/, 'is 1 to 64 letters, digits, _ and -')))
/** No control characters but ends of lines, and no half of a pair: the grammar library ends with them. */
const visible = v.pipe(text, v.regex(/^(?:\n|[^\p{Cc}\p{Cs}])+$/u, 'is a text of visible characters'))
const messageSchema = v.variant('role', [
  v.object({ role: v.picklist(['system', 'user']), text }),
  v.object({ role: v.literal('assistant'), text, calls: v.optional(v.array(v.object({ id: callId, name, arguments: object }))) }),
  v.object({ role: v.literal('tool'), text, callId, name: v.optional(name) })
], 'is one of system, user, assistant and tool')
const formsOf = <const T extends v.GenericSchema<unknown, string>>(form: T) => v.pipe(v.array(form, 'is a list'), v.maxLength(maxForms, `has at most ${maxForms} texts`), v.check(texts => texts.join('').length <= maxFormChars, `has at most ${maxFormChars} characters in all`))
const [lines, begins] = [formsOf(visible), formsOf(v.union([v.literal(''), visible], 'is a text of visible characters, or none'))]
const requestSchema = v.object({
  messages: v.pipe(v.array(messageSchema, 'is a list'), v.maxLength(maxMessages, `has at most ${maxMessages} messages`)),
  schema: v.optional(v.union([v.boolean(), object], 'is a JSON schema: an object or true')),
  tools: v.optional(v.pipe(v.array(v.object({ name, description: v.optional(text), parameters: v.optional(object) }), 'is a list'), v.maxLength(maxTools, `has at most ${maxTools} tools`)), []),
  toolChoice: v.optional(v.union([v.picklist(['auto', 'none', 'required']), v.object({ name })], 'is auto, none, required or {name}'), 'auto'),
  forms: v.optional(v.pipe(v.object({ texts: lines, begins }), v.check(({ texts, begins }) => texts.length + begins.length > 0, 'has a text or a beginning at least')))
})

/** Of what came from elsewhere, perhaps from another thread. @throws KinmeshError `InvalidOption` */
export function readTextRequest(messages: unknown, { schema, tools, toolChoice, forms }: { schema?: unknown; tools?: unknown; toolChoice?: unknown; forms?: unknown }): TextRequest {
  const read = v.safeParse(requestSchema, { messages, schema, tools, toolChoice, forms }, { abortEarly: true })
  if (!read.success) {
    const [issue] = read.issues
    throw new KinmeshError('InvalidOption', `${v.getDotPath(issue) ?? 'the request'} ${issue.message.slice(0, 200)}`)
  }
  const { output } = read
  const twice = output.tools.find((tool, index) => output.tools.findIndex(other => other.name === tool.name) < index)
  if (twice) throw new KinmeshError('InvalidOption', `tools: two are named ${twice.name}: give each a name of its own`)
  const used = output.toolChoice === 'none' ? [] : output.tools
  if (used.length === 0 && output.toolChoice !== 'auto' && output.toolChoice !== 'none') throw new KinmeshError('InvalidOption', 'toolChoice: there are no tools to choose from')
  if (used.length > 0 && output.schema !== undefined) throw new KinmeshError('InvalidOption', 'schema and tools: an answer is either one JSON document or may call tools; leave one of them out, or say toolChoice "none"')
  if (output.forms && output.schema !== undefined) throw new KinmeshError('InvalidOption', 'schema and forms: a JSON document is held to its schema; leave one of them out')
  return { messages: output.messages, schema: output.schema, tools: used, choice: output.toolChoice, forms: output.forms }
}

/** As chat templates read it. What is absent must be absent there. */
export function chatMessageOf(message: Message): ChatMessage {
  const { role, text: content } = message
  if (message.role === 'assistant') {
    const { calls } = message
    return { role, content, ...(calls?.length ? { tool_calls: calls.map(({ id, name: called, arguments: given }) => ({ type: 'function' as const, ...(id === undefined ? {} : { id }), function: { name: called, arguments: given } })) } : {}) }
  }
  if (message.role !== 'tool') return { role, content }
  return { role, content, ...(message.callId === undefined ? {} : { tool_call_id: message.callId }), ...(message.name === undefined ? {} : { name: message.name }) }
}

export function toolDescriptionOf({ name: called, description, parameters = { type: 'object', properties: {} } }: Tool): ToolDescription {
  return { type: 'function', function: { name: called, ...(description === undefined ? {} : { description }), parameters } }
}
