import type { Context, Hono } from 'hono'
import type { DeviceParts } from '../../parts.ts'
import { createAdmission, limits } from '../admission.ts'
import { jsonOf } from '../body.ts'
import type { RouteDoc } from '../route.ts'
import { chat, type ChatOptions } from './chat.ts'
import { chatSchema, unsupported } from './chat-body.ts'
import { checkBody } from './check-body.ts'
import { chunkSchema, completionSchema } from './completion.ts'
import { embeddings, embeddingsReplySchema, embeddingsSchema } from './embeddings.ts'
import { openAiErrorSchema } from './errors.ts'
import { listModels, listedModel, modelListSchema, modelSchema } from './models.ts'

/** A conversation of 1 MiB has some 250,000 tokens; what is larger is refused before it is read. */
export const maxOpenAiBodyBytes = 1024 * 1024

type Input = ChatOptions & { readonly c: Context }
type OpenAiRoute = RouteDoc & { readonly handle: (parts: DeviceParts, input: Input) => Promise<Response> }

export const openAiRoutes: readonly OpenAiRoute[] = [
  {
    method: 'post',
    path: '/v1/chat/completions',
    summary: 'The next message of a conversation, by the model in use as it is asked, or by the assistant (model kinmesh). With `stream` as server-sent events.',
    body: chatSchema, reply: completionSchema, events: chunkSchema, error: openAiErrorSchema, stream: false,
    handle: async (parts, { c, ...options }) => chat(parts, checkBody(chatSchema, await jsonOf(c), unsupported), options)
  },
  {
    method: 'get',
    path: '/v1/models',
    summary: 'What may be named as the model of a request now.',
    reply: modelListSchema, error: openAiErrorSchema, stream: false,
    handle: async parts => Response.json({ object: 'list', data: await listModels(parts) })
  },
  {
    method: 'get',
    // Names have slashes, which some clients leave as they are.
    path: '/v1/models/:id{.+}',
    summary: 'One of them.',
    reply: modelSchema, error: openAiErrorSchema, stream: false,
    handle: async (parts, { c }) => Response.json(await listedModel(parts, c.req.param('id') ?? ''))
  },
  {
    method: 'post',
    path: '/v1/embeddings',
    summary: 'Vectors of texts, by the encoder that was chosen.',
    body: embeddingsSchema, reply: embeddingsReplySchema, error: openAiErrorSchema, stream: false,
    handle: async (parts, { c, signal }) => Response.json(await embeddings(parts, checkBody(embeddingsSchema, await jsonOf(c), new Set()), signal))
  }
]

/** Whether a request is one of those, so that what goes wrong with it is told in OpenAI's words. */
export function isOpenAiPath(path: string): boolean {
  return path === '/v1' || path.startsWith('/v1/')
}

/** Requests beyond what is let in fail with `RateLimited`. */
export function mountOpenAi(app: Hono, parts: DeviceParts, statusOf: ChatOptions['statusOf']): void {
  const admission = createAdmission(limits.openAi, parts.clock)
  for (const route of openAiRoutes) {
    app.on(route.method.toUpperCase(), route.path, async c => {
      const leave = admission.enter()
      let isHeld = false
      const hold = () => {
        isHeld = true
        return leave
      }
      try {
        return await route.handle(parts, { c, signal: c.req.raw.signal, hold, statusOf })
      } finally {
        if (!isHeld) leave()
      }
    })
  }
}
