import type { Call, Message, TextOptions } from '../../model.ts'
import type { ChatBody } from './chat-body.ts'
import { ParamError } from './errors.ts'
import { jsonObjectOf } from './json-object.ts'

/** Tokens of an answer for which nothing is said: a long text. A model that does not find its end is kept from writing its context full. */
export const defaultMaxTokens = 4096

export type ChatRequest = { readonly messages: readonly Message[]; readonly options: Omit<TextOptions, 'signal' | 'onToken' | 'adapter' | 'whole'> }

type Given = ChatBody['messages'][number]
type Content = Extract<Given, { role: 'user' | 'system' | 'developer' }>['content']

/** What a model is asked, of a body that passed its schema. @throws KinmeshError `BadRequest` naming what does not go together */
export function chatRequestOf(body: ChatBody): ChatRequest {
  const { temperature, top_p: topP, presence_penalty: presencePenalty, frequency_penalty: frequencyPenalty, seed, stop } = body
  if (body.max_tokens !== undefined && body.max_completion_tokens !== undefined && body.max_tokens !== body.max_completion_tokens) throw new ParamError('max_tokens', 'max_completion_tokens says something else: leave one of them out')
  if (body.stream_options && !body.stream) throw new ParamError('stream_options', 'is for streams only: say "stream": true, or leave it out')
  const tools = toolsOf(body)
  const schema = schemaOf(body)
  if (schema !== undefined && tools.length > 0 && body.tool_choice !== 'none') throw new ParamError('response_format', 'an answer is either a JSON document or may call tools: leave one of them out, or say "tool_choice": "none"')
  return {
    messages: messagesOf(body.messages),
    options: {
      maxTokens: body.max_completion_tokens ?? body.max_tokens ?? defaultMaxTokens,
      stop: stop === undefined ? [] : typeof stop === 'string' ? [stop] : stop,
      // Only what is said: for the rest the makers of the model know better.
      sampling: Object.fromEntries(Object.entries({ temperature, topP, presencePenalty, frequencyPenalty, seed: seed === undefined ? undefined : naturalSeed(seed) }).filter(([, value]) => value !== undefined)),
      schema, tools, toolChoice: choiceOf(body)
    }
  }
}

function messagesOf(given: readonly Given[]): Message[] {
  const called = new Map<string, string>()
  return given.map((message, index): Message => {
    const at = `messages[${index}]`
    if (message.role === 'tool') {
      const name = called.get(message.tool_call_id)
      if (name === undefined) throw new ParamError(`${at}.tool_call_id`, 'no message of the assistant before has a call of this id')
      return { role: 'tool', text: textOf(message.content), callId: message.tool_call_id, name }
    }
    if (message.role !== 'assistant') return { role: message.role === 'developer' ? 'system' : message.role, text: textOf(message.content) }
    const calls = (message.tool_calls ?? []).map(({ id, function: { name, arguments: json } }, place): Call => {
      const parsed = jsonObjectOf(json)
      if (!parsed) throw new ParamError(`${at}.tool_calls[${place}].function.arguments`, 'is the JSON of an object, of at most 64 levels')
      called.set(id, name)
      return { id, name, arguments: parsed }
    })
    if (calls.length === 0 && message.content == null && message.refusal == null) throw new ParamError(`${at}.content`, 'is missing, and there are no tool_calls')
    return { role: 'assistant', text: textOf(message.content ?? message.refusal ?? ''), ...(calls.length > 0 ? { calls } : {}) }
  })
}

function textOf(content: Content): string {
  return typeof content === 'string' ? content : content.map(({ text }) => text).join('')
}

function toolsOf({ tools, tool_choice: choice }: ChatBody): NonNullable<TextOptions['tools']> {
  const names = tools.map(tool => tool.function.name)
  const twice = names.findIndex((name, index) => names.indexOf(name) < index)
  if (twice >= 0) throw new ParamError(`tools[${twice}].function.name`, `another tool is named ${names[twice]} as well`)
  if (typeof choice === 'object' && !names.includes(choice.function.name)) throw new ParamError('tool_choice', `none of the tools is named ${choice.function.name}`)
  if (choice === 'required' && tools.length === 0) throw new ParamError('tool_choice', 'there are no tools to choose from')
  return tools.map(({ function: { name, description, parameters } }) => ({ name, description, parameters }))
}

function choiceOf({ tool_choice: choice }: ChatBody): TextOptions['toolChoice'] {
  return typeof choice === 'object' ? { name: choice.function.name } : choice
}

function schemaOf({ response_format: format }: ChatBody): unknown {
  if (format === undefined || format.type === 'text') return undefined
  return (format.type === 'json_schema' ? format.json_schema.schema : undefined) ?? { type: 'object' }
}

/** Negative seeds count from the other end of what a sampler takes. */
function naturalSeed(seed: number): number {
  return seed < 0 ? seed + 2 ** 53 : seed
}
