import * as v from 'valibot'
import { maxStopChars } from '../../model/text/stop-strings.ts'
import { idSchema } from '../schemas.ts'
import { isJsonObject } from './json-object.ts'

/** Messages of one request: more than any context holds. */
const maxMessages = 4096
const maxTools = 128
/** As OpenAI has it. */
const maxStops = 4
/** Parts of one message. */
const maxParts = 1024
/** Calls of one message; models give at most 32 here. */
const maxCalls = 128
/** No context is longer; it ends before. */
const maxTokens = 10_000_000

const text = v.string('is a text')
const flag = v.boolean('is true or false')
const object = v.custom<Record<string, unknown>>(isJsonObject, 'is an object, of at most 64 levels')
const hint = v.optional(v.pipe(text, v.maxLength(1024, 'has at most 1024 characters')))
const toolName = v.pipe(text, v.regex(/^[\w.:/-]{1,128}$/, 'is the name of a tool: 1 to 128 letters, digits and . : / _ -'))
const callId = v.pipe(text, v.regex(/^[\w-]{1,64}$/, 'is the id of a call: 1 to 64 letters, digits, _ and -'))
const amount = (low: number, high: number) => v.optional(v.pipe(v.number('is a number'), v.minValue(low, `is at least ${low}`), v.maxValue(high, `is at most ${high}`)))
const count = v.optional(v.pipe(v.number('is a number'), v.integer('is a whole number'), v.minValue(1, 'is at least 1'), v.maxValue(maxTokens, `is at most ${maxTokens}`)))

const textPart = v.strictObject({ type: v.literal('text'), text })
const content = v.union([text, v.pipe(v.array(textPart), v.maxLength(maxParts))], 'is a text, or a list of parts of type text: pictures, sounds and files are not read')
const call = v.strictObject({ id: callId, type: v.literal('function', 'is function: no other calls are known'), function: v.strictObject({ name: toolName, arguments: text }) })

const messageSchema = v.variant('role', [
  v.strictObject({ role: v.picklist(['system', 'developer', 'user']), content, name: hint }),
  v.strictObject({
    role: v.literal('assistant'), content: v.nullish(content), name: hint, refusal: v.nullish(text), tool_calls: v.nullish(v.pipe(v.array(call, 'is a list'), v.maxLength(maxCalls, `has at most ${maxCalls} calls`))),
    // As answers have them, so that one can be sent back as it came.
    annotations: v.nullish(v.pipe(v.array(v.unknown()), v.maxLength(0, 'is not supported'))), audio: v.nullish(v.never('is not supported')), function_call: v.nullish(v.never('is not supported: use tool_calls'))
  }),
  v.strictObject({ role: v.literal('tool'), content, tool_call_id: callId })
], 'is one of system, developer, user, assistant and tool')

const toolSchema = v.strictObject({
  type: v.literal('function', 'is function: no other tools are known'),
  function: v.strictObject({ name: toolName, description: v.optional(text), parameters: v.optional(object), strict: v.nullish(flag) })
})
const toolChoiceSchema = v.union([v.picklist(['none', 'auto', 'required']), v.strictObject({ type: v.literal('function'), function: v.strictObject({ name: toolName }) })], 'is none, auto, required or a function')
const formatSchema = v.variant('type', [
  v.strictObject({ type: v.picklist(['text', 'json_object']) }),
  v.strictObject({ type: v.literal('json_schema'), json_schema: v.strictObject({ name: v.pipe(text, v.regex(/^[\w-]{1,64}$/, 'is 1 to 64 letters, digits, _ and -')), description: v.optional(text), schema: v.optional(object), strict: v.nullish(flag) }) })
], 'is one of text, json_object and json_schema')

/** What may be asked, and is done; and hints to a service far away, which mean nothing here. */
export const chatSchema = v.strictObject({
  model: v.pipe(text, v.minLength(1), v.maxLength(512)),
  messages: v.pipe(v.array(messageSchema, 'is a list'), v.minLength(1, 'is empty'), v.maxLength(maxMessages, `has at most ${maxMessages} messages`)),
  stream: v.optional(flag, false),
  stream_options: v.optional(v.strictObject({ include_usage: v.nullish(flag), include_obfuscation: v.nullish(flag) })),
  max_tokens: count,
  max_completion_tokens: count,
  temperature: amount(0, 2),
  top_p: amount(0, 1),
  presence_penalty: amount(-2, 2),
  frequency_penalty: amount(-2, 2),
  seed: v.optional(v.pipe(v.number('is a number'), v.safeInteger('is a whole number'))),
  stop: v.optional(v.union([v.pipe(text, v.maxLength(maxStopChars)), v.pipe(v.array(v.pipe(text, v.maxLength(maxStopChars))), v.maxLength(maxStops))], `is a text of at most ${maxStopChars} characters, or a list of up to ${maxStops}`)),
  tools: v.optional(v.pipe(v.array(toolSchema, 'is a list'), v.maxLength(maxTools, `has at most ${maxTools} tools`)), []),
  tool_choice: v.optional(toolChoiceSchema),
  parallel_tool_calls: v.optional(flag, true),
  response_format: v.optional(formatSchema),
  n: v.optional(v.literal(1, 'is 1: one answer at a time is written; ask again for another')),
  store: v.optional(flag, false),
  /** `conversation`: where `store` keeps it; else in one of its own. */
  metadata: v.optional(v.strictObject({ conversation: v.optional(idSchema) })),
  logprobs: v.optional(v.literal(false, 'is not supported')),
  modalities: v.optional(v.pipe(v.array(v.literal('text', 'is text: nothing else is written')), v.maxLength(1))),
  service_tier: v.optional(v.picklist(['auto', 'default'], 'is auto or default')),
  user: hint,
  safety_identifier: hint,
  prompt_cache_key: hint
})
export type ChatBody = v.InferOutput<typeof chatSchema>

/** Of OpenAI's API, and not of this one. */
export const unsupported: ReadonlySet<string> = new Set([
  'audio', 'function_call', 'functions', 'logit_bias', 'moderation', 'prediction', 'prompt_cache_options', 'prompt_cache_retention', 'reasoning_effort', 'top_logprobs', 'verbosity', 'web_search_options'
])
