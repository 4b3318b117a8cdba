import * as v from 'valibot'
import { checkField, checkReads, checkText } from '../memory.ts'
import { route, type Route } from './route.ts'
import { textSchema } from './schemas.ts'

/** Things that are put on a list, or taken off it, at once. */
const maxThings = 100
const thingsSchema = v.strictObject({ list: textSchema, items: v.pipe(v.array(textSchema), v.minLength(1), v.maxLength(maxThings)) })
const listSchema = v.object({ list: v.string(), items: v.array(v.string()) })

export const listRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/lists',
    summary: 'The lists that all devices share, with what is on them.',
    reply: v.object({ lists: v.array(listSchema) }),
    async handle({ lists, sync }) {
      checkReads(sync)
      return { lists: lists.names().map(list => ({ list, items: lists.show(list) })) }
    }
  }),
  route({
    method: 'post',
    path: '/api/lists/add',
    summary: 'Put things on a list; one that is there already stays.',
    body: thingsSchema,
    reply: listSchema,
    async handle({ lists }, { body }) {
      const list = checkField('list', body.list)
      await lists.add(list, body.items.map(checkText))
      return { list, items: lists.show(list) }
    }
  }),
  route({
    method: 'post',
    path: '/api/lists/remove',
    summary: 'Take things off a list.',
    body: thingsSchema,
    reply: v.object({ ...listSchema.entries, removed: v.number() }),
    async handle({ lists }, { body: { list, items } }) {
      const removed = await lists.remove(list, items)
      return { list, items: lists.show(list), removed: removed.length }
    }
  })
]
