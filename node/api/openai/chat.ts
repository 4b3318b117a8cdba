import { KinmeshError } from '../../../mesh/errors.ts'
import type { TextOptions } from '../../model.ts'
import type { DeviceParts } from '../../parts.ts'
import type { ChatBody } from './chat-body.ts'
import { chatRequestOf } from './chat-request.ts'
import { type Answered, type Chunk, chunksOf, completionOf, type Head } from './completion.ts'
import { ParamError, type Status, inRequest, openAiErrorOf } from './errors.ts'
import { eventOf, eventStream, keepAlive, keepAliveMs, lastEvent } from './event-stream.ts'
import { assistantId, modelNamed } from './models.ts'
import { WaitingText } from './waiting-text.ts'

/** How long the status of a stream waits for its first word, in ms: what fails before is told by the status. Clients wait for a status for minutes at most. */
const statusWithinMs = 10_000

type Hearing = Pick<TextOptions, 'signal' | 'onToken'>
type Write = (hearing: Hearing) => Promise<Answered>

export type ChatOptions = {
  readonly signal: AbortSignal
  /** Says that the answer goes on after it was given; gives what ends it. */
  readonly hold: () => () => void
  /** What the device says of an error. */
  readonly statusOf: (error: unknown) => Status
}

/** Answers one request for the next message of a conversation. @throws KinmeshError what is wrong with it, before anything was said */
export async function chat(parts: DeviceParts, body: ChatBody, { signal, hold, statusOf }: ChatOptions): Promise<Response> {
  const write = await writerOf(parts, body)
  const head: Head = { id: `chatcmpl-${crypto.randomUUID()}`, created: Math.floor(parts.clock() / 1000), model: body.model }
  const oneCall = !body.parallel_tool_calls
  if (!body.stream) return Response.json(completionOf(head, await write({ signal }), oneCall))

  const left = new AbortController()
  const chunks = chunksOf(head, body.stream_options?.include_usage ?? false, oneCall)
  const waiting = new WaitingText<Chunk[]>()
  const onToken = (piece: string) => {
    if (waiting.say(piece)) return
    waiting.fail(new KinmeshError('ClientTooSlow', 'more of the answer waits for the client than is held: read it more quickly, or ask for fewer tokens'))
    left.abort()
  }
  write({ signal: AbortSignal.any([signal, left.signal]), onToken })
    .then(answer => {
      // What no model wrote comes as a whole.
      waiting.say(answer.text.slice(waiting.said))
      waiting.end(chunks.last(answer))
    })
    .catch((error: unknown) => waiting.fail(error))
  await waiting.something(statusWithinMs)
  waiting.checkBegun()
  const leave = hold()
  let isOver = false
  const end = () => {
    isOver = true
    left.abort()
    leave()
  }
  const failed = (error: unknown) => {
    if (isOver || signal.aborted) return ''
    const told = openAiErrorOf(error, statusOf(error))
    parts.log.warn('an answer failed while it was written', { reason: String(told.body.error.code) })
    return eventOf(told.body)
  }
  return new Response(eventStream(events(waiting, chunks, failed), end), { headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' } })
}

/** `failed`: the last event, for a client that is still there. */
async function* events(waiting: WaitingText<Chunk[]>, chunks: ReturnType<typeof chunksOf>, failed: (error: unknown) => string): AsyncGenerator<string, void> {
  yield eventOf(chunks.first())
  try {
    for (;;) {
      const next = waiting.take()
      if (next && 'text' in next) yield eventOf(chunks.text(next.text))
      else if (next) {
        for (const chunk of next.end) yield eventOf(chunk)
        yield lastEvent
        return
      } else if (!(await waiting.something(keepAliveMs))) yield keepAlive
    }
  } catch (error) {
    yield failed(error)
  }
}

/** @throws KinmeshError `NoModel` · `NoSuchModel` · `BadRequest` */
async function writerOf(parts: DeviceParts, body: ChatBody): Promise<Write> {
  const { messages, options } = chatRequestOf(body)
  const { store, metadata } = body
  if (metadata && !store) throw new ParamError('metadata', 'says where "store": true keeps a conversation: leave it out')
  if (body.model === assistantId) {
    const conversation = store ? (metadata?.conversation ?? parts.conversations.newId()) : undefined
    return told(async hearing => {
      const reply = await parts.assistant.reply(messages, { ...options, ...hearing, keepIn: conversation })
      return { ...reply, about: { memories: [...reply.memories], documents: [...reply.documents], ...(conversation === undefined ? {} : { conversation }) } }
    })
  }
  if (store) throw new ParamError('store', `only what is said to the model ${assistantId} is kept: leave it out`)
  const model = await modelNamed(parts, body.model)
  return told(hearing => model.generate(messages, { ...options, ...hearing, whole: true }))
}

/** In the words of the request. */
function told(write: Write): Write {
  return async hearing => {
    try {
      return await write(hearing)
    } catch (error) {
      throw inRequest(error)
    }
  }
}
