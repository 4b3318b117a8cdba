import * as v from 'valibot'
import { type Added, type AddProgress, documentKinds, type DocumentKind } from '../documents/documents.ts'
import { toShownError } from '../pairing.ts'
import type { DeviceParts } from '../parts.ts'
import { maxPage } from './schemas.ts'
import { route, streamRoute, type Route } from './route.ts'

/** What systems allow (PATH_MAX of Linux is 4096 bytes). In characters. */
const pathSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(4096), v.check(path => !path.includes('\0'), 'holds a character that no path has'))
const kindNames = Object.keys(documentKinds) as DocumentKind[]
const documentSchema = v.object({ id: v.string(), file: v.string(), kind: v.picklist(kindNames), bytes: v.number(), passages: v.number(), at: v.number() })
const errorEntries = { code: v.string(), message: v.string() }
const addEventSchema = v.variant('event', [
  v.object({ event: v.literal('progress'), done: v.number(), total: v.number(), file: v.string(), page: v.optional(v.number()) }),
  v.object({
    event: v.literal('added'), file: v.string(), added: v.number(), changed: v.number(), unchanged: v.number(), removed: v.number(), skipped: v.number(), passages: v.number(),
    failed: v.array(v.object({ file: v.string(), ...errorEntries }))
  }),
  v.object({ event: v.literal('failed'), error: v.object(errorEntries) })
])
type AddEvent = v.InferInput<typeof addEventSchema>

export const documentRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/documents',
    summary: 'The documents of this device by path, a page at a time; `next` continues after this page.',
    query: v.strictObject({ after: v.optional(pathSchema), limit: v.optional(v.pipe(v.string(), v.regex(/^\d{1,4}$/), v.transform(Number), v.minValue(1), v.maxValue(maxPage)), '100') }),
    reply: v.object({ documents: v.array(documentSchema), next: v.nullable(v.string()) }),
    async handle({ documents }, { query }) {
      const found = documents.list(query)
      return { documents: found, next: found.length === query.limit ? (found.at(-1)?.file ?? null) : null }
    }
  }),
  streamRoute({
    method: 'post',
    path: '/api/documents',
    summary: 'Read a file of this machine, or all of a folder: new and changed ones are taken over, and what is gone from the folder is removed. Leaving the stream stops the work, and what was read stays.',
    body: v.strictObject({ path: pathSchema }),
    reply: addEventSchema,
    handle: (parts, { body: { path }, signal }) => adding(parts, path, signal)
  }),
  route({
    method: 'post',
    path: '/api/documents/remove',
    summary: 'Remove a document, by its path or id, or all of a folder. The files stay where they are.',
    body: v.strictObject({ name: pathSchema }),
    reply: v.object({ removed: v.array(documentSchema) }),
    handle: async ({ documents }, { body: { name } }) => ({ removed: await documents.remove(name) })
  })
]

/** A slow reader gets the newest progress and misses what was in between, so nothing piles up. */
async function* adding({ documents, log }: DeviceParts, path: string, signal: AbortSignal): AsyncGenerator<AddEvent> {
  let newest: AddEvent | undefined
  let changed = Promise.withResolvers<undefined>()
  const onProgress = ({ page, ...progress }: AddProgress) => {
    newest = { event: 'progress', ...progress, ...(page === undefined ? {} : { page }) }
    changed.resolve(undefined)
  }
  const ended = documents.add(path, { signal, onProgress }).then(
    (added: Added): AddEvent => ({ event: 'added', ...added, failed: [...added.failed] }),
    (error: unknown): AddEvent => {
      const shown = toShownError(error)
      log.info('documents could not be added', { reason: shown.code })
      return { event: 'failed', error: shown }
    }
  )
  for (;;) {
    const end = await Promise.race([ended, changed.promise])
    changed = Promise.withResolvers()
    if (newest && !end) yield newest
    newest = undefined
    if (end) {
      yield end
      return
    }
  }
}
