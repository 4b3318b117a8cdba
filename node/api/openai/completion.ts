import * as v from 'valibot'
import { KinmeshError } from '../../../mesh/errors.ts'
import type { Generated } from '../../model.ts'
import { citationSchema } from '../schemas.ts'

const finishSchema = v.picklist(['stop', 'length', 'tool_calls'])
const callSchema = v.object({ id: v.string(), type: v.literal('function'), function: v.object({ name: v.string(), arguments: v.string() }) })
const usageSchema = v.object({ prompt_tokens: v.number(), completion_tokens: v.number(), total_tokens: v.number() })
/** Of the assistant only: the memories, and the passages of documents, that its answer rests on. */
const kinmeshSchema = v.optional(v.object({ memories: v.array(v.string()), documents: v.array(citationSchema), conversation: v.optional(v.string()) }))

export const completionSchema = v.object({
  id: v.string(), object: v.literal('chat.completion'), created: v.number(), model: v.string(),
  choices: v.array(v.object({
    index: v.literal(0), finish_reason: finishSchema, logprobs: v.null(),
    message: v.object({ role: v.literal('assistant'), content: v.nullable(v.string()), refusal: v.null(), tool_calls: v.optional(v.array(callSchema)) })
  })),
  usage: usageSchema,
  kinmesh: kinmeshSchema
})
export const chunkSchema = v.object({
  id: v.string(), object: v.literal('chat.completion.chunk'), created: v.number(), model: v.string(),
  choices: v.array(v.object({
    index: v.literal(0), finish_reason: v.nullable(finishSchema), logprobs: v.null(),
    delta: v.object({ role: v.optional(v.literal('assistant')), content: v.optional(v.string()), tool_calls: v.optional(v.array(v.object({ index: v.number(), ...callSchema.entries }))) })
  })),
  usage: v.optional(v.nullable(usageSchema)),
  kinmesh: kinmeshSchema
})
export type Completion = v.InferOutput<typeof completionSchema>
export type Chunk = v.InferOutput<typeof chunkSchema>

/** What all parts of one answer say. `created`: Unix seconds. */
export type Head = { readonly id: string; readonly created: number; readonly model: string }
/** An answer, with what is known of it besides. */
export type Answered = Generated & { readonly about?: NonNullable<Completion['kinmesh']> | undefined }

/** @throws KinmeshError `BadToolCall` */
export function completionOf(head: Head, answer: Answered, oneCall: boolean): Completion {
  const calls = callsOf(answer, oneCall)
  return {
    ...head, object: 'chat.completion',
    choices: [{
      index: 0, finish_reason: finishOf(answer), logprobs: null,
      message: { role: 'assistant', content: answer.text === '' && calls.length > 0 ? null : answer.text, refusal: null, ...(calls.length > 0 ? { tool_calls: calls } : {}) }
    }],
    usage: usageOf(answer), ...(answer.about ? { kinmesh: answer.about } : {})
  }
}

/** The parts of an answer that comes in pieces. `withUsage`: each has a field for it, and one more at the end has it. */
export function chunksOf(head: Head, withUsage: boolean, oneCall: boolean) {
  const chunk = (delta: Chunk['choices'][number]['delta'], finish_reason: Chunk['choices'][number]['finish_reason'] = null): Chunk => ({
    ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason, logprobs: null }], ...(withUsage ? { usage: null } : {})
  })
  return {
    first: () => chunk({ role: 'assistant', content: '' }),
    text: (content: string) => chunk({ content }),
    /** All that follows the text. @throws KinmeshError `BadToolCall` */
    last(answer: Answered): Chunk[] {
      const calls = callsOf(answer, oneCall).map((call, index) => ({ index, ...call }))
      return [
        ...(calls.length > 0 ? [chunk({ tool_calls: calls })] : []),
        { ...chunk({}, finishOf(answer)), ...(answer.about ? { kinmesh: answer.about } : {}) },
        ...(withUsage ? [{ ...head, object: 'chat.completion.chunk' as const, choices: [], usage: usageOf(answer) }] : [])
      ]
    }
  }
}

function callsOf({ calls, refusals, finish }: Generated, oneCall: boolean): v.InferOutput<typeof callSchema>[] {
  const [refusal] = refusals
  // One that is cut off is told by its finish_reason.
  if (refusal && calls.length === 0 && !isCut(finish)) throw new KinmeshError('BadToolCall', `the model wrote a call that cannot be made (${refusal.reason}): ask again, or describe the tools in another way`)
  return calls.slice(0, oneCall ? 1 : undefined).map(({ id, name, arguments: given }) => ({ id: id ?? `call_${crypto.randomUUID()}`, type: 'function', function: { name, arguments: JSON.stringify(given) } }))
}

function finishOf({ finish, calls }: Generated): v.InferOutput<typeof finishSchema> {
  return isCut(finish) ? 'length' : calls.length > 0 ? 'tool_calls' : 'stop'
}

function isCut(finish: Generated['finish']): boolean {
  return finish === 'length' || finish === 'context'
}

function usageOf({ tokens: { prompt, completion } }: Generated): v.InferOutput<typeof usageSchema> {
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}
