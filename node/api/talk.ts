import * as v from 'valibot'
import { KinmeshError } from '../../mesh/errors.ts'
import type { Question } from '../agent/tools/tool.ts'
import type { Answer } from '../assistant.ts'
import { Feed } from '../feed.ts'
import { toShownError } from '../pairing.ts'
import { answerSchema, conversationSchema, doneSchema, errorSchema, idSchema, textSchema, turnSchema } from './schemas.ts'
import { route, streamRoute, type Route } from './route.ts'

/** Conversations listed at once. */
const maxListed = 1000
const askSchema = v.strictObject({ text: textSchema, conversation: v.optional(idSchema), space: v.optional(idSchema) })
/** `asks`: a person reads the stream and answers what it asks. */
const askStreamSchema = v.strictObject({ ...askSchema.entries, asks: v.optional(v.boolean(), false) })
const askEventSchema = v.variant('event', [
  v.object({ event: v.literal('token'), text: v.string() }),
  v.object({ event: v.literal('permission'), ref: v.string(), tool: v.string(), from: v.string(), shown: v.string(), arguments: v.record(v.string(), v.unknown()) }),
  v.object({ event: v.literal('answer'), answer: answerSchema }),
  v.object({ event: v.literal('failed'), error: errorSchema.entries.error })
])

export const talkRoutes: Route[] = [
  route({
    method: 'post',
    path: '/api/ask',
    summary: 'Ask. The question and the answer are stored on this device and nowhere else.',
    body: askSchema,
    reply: answerSchema,
    async handle({ assistant, reminders }, { body, signal }) {
      reminders.used()
      return sent(await assistant.ask(body.text, { ...body, signal }))
    }
  }),
  streamRoute({
    method: 'post',
    path: '/api/ask/stream',
    summary: 'Ask, and get the answer piece by piece. Leaving the stream stops the work. With `asks`, a tool that nobody allowed waits for an answer (/api/permissions/asked/:ref); without, it is refused.',
    body: askStreamSchema,
    reply: askEventSchema,
    handle({ assistant, reminders, questions, log }, { body: { asks, ...body }, signal }) {
      reminders.used()
      const approve = ({ tool, from, shown, arguments: given }: Question) => {
        const { ref, answer } = questions.ask(signal)
        events.push({ event: 'permission', ref, tool, from, shown, arguments: { ...given } })
        return answer
      }
      const events = new Feed<v.InferInput<typeof askEventSchema>>()
      assistant
        .ask(body.text, { ...body, signal, ...(asks ? { approve } : {}), onToken: piece => events.push({ event: 'token', text: piece }) })
        .then(answer => events.push({ event: 'answer', answer: sent(answer) }))
        .catch((error: unknown) => {
          const shown = toShownError(error)
          log.warn('a question failed', { reason: shown.code })
          events.push({ event: 'failed', error: shown })
        })
        .finally(() => events.end())
      return events.read(signal)
    }
  }),
  route({
    method: 'get',
    path: '/api/conversations',
    summary: 'Conversations held on this device, the last used first.',
    reply: v.object({ conversations: v.array(conversationSchema) }),
    handle: async ({ conversations }) => ({ conversations: conversations.list(maxListed) })
  }),
  route({
    method: 'get',
    path: '/api/conversations/:id',
    summary: 'What was said in one conversation.',
    reply: v.object({ id: v.string(), turns: v.array(turnSchema) }),
    async handle({ conversations }, { params }) {
      const id = params['id'] ?? ''
      const turns = conversations.turns(id)
      if (turns.length === 0) throw noSuchConversation()
      return { id, turns }
    }
  }),
  route({
    method: 'delete',
    path: '/api/conversations/:id',
    summary: 'Delete a conversation. What was remembered from it stays.',
    reply: doneSchema,
    async handle({ conversations }, { params }) {
      if (!conversations.remove(params['id'] ?? '')) throw noSuchConversation()
      return { done: true as const }
    }
  })
]

function noSuchConversation(): KinmeshError {
  return new KinmeshError('NoSuchConversation', 'there is no such conversation on this device: list them with kinmesh conversations')
}

function sent({ memories, steps, ...answer }: Answer): v.InferInput<typeof answerSchema> {
  return { ...answer, memories: [...memories], steps: steps.map(step => ({ ...step, arguments: { ...step.arguments } })) }
}
