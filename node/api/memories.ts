import * as v from 'valibot'
import { promptBudget } from '../context/prompt-budget.ts'
import { checkReads, checkText, findOne, findSpace, forget, remember, toMemory, type Memory } from '../memory.ts'
import { memorySchema, newMemorySchema, pageQuerySchema, pageReplySchema, recallQuerySchema, recallReplySchema } from './schemas.ts'
import { route, type Route } from './route.ts'

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
    summary: 'Find memories, best first: those that hold now, or with `asOf` (Unix ms) those that were known then. `tokens`: of their texts together, as the model in use counts them; what does not fit is left out.',
    query: recallQuerySchema,
    reply: recallReplySchema,
    async handle({ recall, sync, model }, { query }) {
      checkReads(sync)
      const budget = query.tokens === undefined ? undefined : { most: query.tokens, count: (await promptBudget(model.current)).count }
      return { memories: await recall.recall(checkText(query.query), query.k, { asOf: query.asOf, budget }) }
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
    summary: 'Forget a memory, on every device that shares it. Here its terms and its vector are gone when this answers.',
    reply: v.object({ forgotten: memorySchema }),
    async handle({ sync, recall }, { params }) {
      const forgotten = await forget(sync, params['id'] ?? '')
      await recall.ready()
      return { forgotten }
    }
  })
]

function splitCursor(after: string | undefined): [space: string | undefined, id: string | undefined] {
  const slash = after?.indexOf('/') ?? -1
  return after === undefined || slash < 0 ? [undefined, after] : [after.slice(0, slash), after.slice(slash + 1)]
}
