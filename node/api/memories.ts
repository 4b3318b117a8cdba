import * as v from 'valibot'
import { promptBudget } from '../context/prompt-budget.ts'
import { forgetEverywhere } from '../forgetting.ts'
import { checkReads, checkText, findOne, findSpace, remember, toMemory, type Memory } from '../memory.ts'
import { memorySchema, newMemorySchema, pageQuerySchema, pageReplySchema, recallQuerySchema, recallReplySchema } from './schemas.ts'
import { route, type Route } from './route.ts'

/** Passages of documents that one question gets. */
const maxPassages = 20

export const memoryRoutes: Route[] = [
  route({
    method: 'post',
    path: '/api/memories',
    summary: 'Remember. The memory is on disk when this answers.',
    body: newMemorySchema,
    reply: v.object({ id: v.string(), space: v.string(), durable: v.literal(true) }),
    async handle({ sync, id, clock }, { body: { space, ...memory } }) {
      const written = await remember(sync, id, memory, { space, now: clock() })
      return { id: written.id, space: written.space, durable: true as const }
    }
  }),
  route({
    method: 'get',
    path: '/api/memories',
    summary: 'List memories in the order of their ids, a page at a time; `next` continues after this page.',
    query: pageQuerySchema,
    reply: pageReplySchema,
    async handle({ sync }, { query: { space, after, limit } }) {
      const spaces = space === undefined ? sync.spaces() : [findSpace(sync, space)]
      const memories: Memory[] = []
      // `after` names the space too: ids are ordered within a space only.
      const [from, id] = splitCursor(after)
      const first = Math.max(0, spaces.findIndex(each => each.name === from))
      for (const [index, each] of spaces.slice(first).entries()) {
        const room = limit - memories.length
        if (room <= 0) break
        const items = each.list(index === 0 && id !== undefined ? { after: id, limit: room } : { limit: room })
        for (const item of items) memories.push(toMemory(each, item))
      }
      const last = memories.at(-1)
      return { memories, next: last && memories.length === limit ? `${last.space}/${last.id}` : null }
    }
  }),
  route({
    method: 'get',
    path: '/api/recall',
    summary: 'Find memories, best first: those that hold now, or with `asOf` (Unix ms) those that were known then; and without it passages of documents beside them. `tokens`: of the texts of memories together, as the model in use counts them; what does not fit is left out.',
    query: recallQuerySchema,
    reply: recallReplySchema,
    async handle({ recall, documents, sync, model }, { query: { query, k, tokens, asOf } }) {
      checkReads(sync)
      const asked = checkText(query)
      const budget = tokens === undefined ? undefined : { most: tokens, count: (await promptBudget(model.current)).count }
      // When a document said what is known of its file now only.
      const passages = asOf === undefined ? documents.find(asked, Math.min(k, maxPassages)) : []
      return { memories: await recall.recall(asked, k, { asOf, budget }), documents: passages.map(({ headings, ...passage }) => ({ ...passage, headings: [...headings] })) }
    }
  }),
  route({
    method: 'get',
    path: '/api/memories/:id',
    summary: 'One memory.',
    reply: memorySchema,
    handle: async ({ sync }, { params }) => findOne(sync, params['id'] ?? '')
  }),
  route({
    method: 'delete',
    path: '/api/memories/:id',
    summary: 'Forget a memory, on every device that shares it: `gone` are those that hold nothing of it any more, `waiting` those that hear of it when they are connected again.',
    reply: v.object({ forgotten: memorySchema, index: v.boolean(), gone: v.array(v.string()), waiting: v.array(v.string()) }),
    async handle(parts, { params }) {
      const { gone, waiting, ...rest } = await forgetEverywhere(parts, params['id'] ?? '')
      return { ...rest, gone: [...gone], waiting: [...waiting] }
    }
  })
]

function splitCursor(after: string | undefined): [space: string | undefined, id: string | undefined] {
  const slash = after?.indexOf('/') ?? -1
  return after === undefined || slash < 0 ? [undefined, after] : [after.slice(0, slash), after.slice(slash + 1)]
}
