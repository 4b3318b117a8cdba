import * as v from 'valibot'
import type { Sync } from '../../sync/types.ts'
import { whenAborted } from '../feed.ts'
import type { DeviceParts } from '../parts.ts'
import { defaultProposal as usual, robustRules } from '../federated/new-task.ts'
import { proposedTask, shownTerms, taskStatus } from '../federated/federated-status.ts'
import type { DeviceNames } from '../federated/plain-words.ts'
import { readTask, type Task } from '../federated/task.ts'
import { maxRank } from '../model/adapter-config.ts'
import { maxIdleMinutes } from '../settings.ts'
import { route, streamRoute, type Route } from './route.ts'
import { countSchema } from './schemas.ts'

/** Entries of a history that are shown at once. */
const maxShown = 1000
const whole = (least: number, most: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most))
const hashSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'is no SHA-256 in hex'))
/** Checked by `readTask`, which names the field. */
const taskSchema = v.custom<Record<string, unknown>>(value => typeof value === 'object' && value !== null, 'is no task')
const termsSchema = v.object({ task: v.looseObject({ id: v.string(), name: v.string() }), terms: v.string(), words: v.array(v.object({ about: v.string(), text: v.string() })) })
const refusalSchema = v.object({ name: v.string(), text: v.string() })
const statusSchema = v.object({
  id: v.string(), name: v.string(), model: v.string(), consent: v.picklist(['given', 'none', 'changed', 'left']), height: v.number(), rounds: v.number(),
  others: v.array(v.object({ device: v.string(), name: v.string(), height: v.number(), connected: v.boolean() })),
  refusals: v.array(refusalSchema),
  round: v.nullable(v.object({ number: v.number(), attempt: v.number(), stage: v.string(), coordinator: v.nullable(v.string()), contributions: v.nullable(v.number()), code: v.optional(v.string()), counts: v.record(v.string(), v.number()) })),
  candidate: v.nullable(v.object({ adapter: v.string(), stage: v.string() })),
  judgement: v.nullable(v.string()),
  epsilon: v.nullable(v.object({ spent: v.number(), budget: v.number() }))
})
const allowedSchema = v.object({ idleMinutes: v.number(), onBattery: v.boolean(), onMetered: v.boolean() })
const statusReplySchema = v.object({ tasks: v.array(statusSchema), allowed: allowedSchema })
const adoptionSchema = v.object({ at: v.number(), action: v.string(), task: v.string(), round: v.number(), model: v.string(), before: v.nullable(v.string()), after: v.nullable(v.string()), done: v.boolean() })
const uploadSchema = v.object({ at: v.number(), task: v.string(), round: v.number(), attempt: v.number(), to: v.string(), kind: v.string(), bytes: v.number(), sha256: v.string(), epsilon: v.number() })

export const federatedRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/federated',
    summary: 'What this device learns together with the other devices of its person, and when it may.',
    reply: statusReplySchema,
    handle: statusOfAll
  }),
  streamRoute({
    method: 'get',
    path: '/api/federated/events',
    summary: 'The same as it is now, and again whenever it changes.',
    reply: statusReplySchema,
    handle: (parts, { signal }) => changes(parts, signal)
  }),
  route({
    method: 'post',
    path: '/api/federated/terms',
    summary: 'The terms of a new task on the model in use, and what they mean. Nothing is agreed to by this.',
    body: v.strictObject({
      name: v.string(), rank: v.optional(whole(1, maxRank), usual.rank), rounds: v.optional(whole(1, 100_000), usual.rounds), steps: v.optional(whole(1, 10_000), usual.steps),
      rate: v.optional(v.pipe(v.number(), v.minValue(1e-8), v.maxValue(1)), usual.rate), leastExamples: v.optional(whole(1, 1_000_000), usual.leastExamples), secure: v.optional(v.boolean(), false), robust: v.optional(v.nullable(v.picklist(robustRules)), null),
      epsilon: v.optional(v.nullable(v.pipe(v.number(), v.minValue(1e-6))), null)
    }),
    reply: termsSchema,
    handle: async ({ together, sync }, { body }) => termsOf(sync, await proposedTask(together, body))
  }),
  route({
    method: 'post',
    path: '/api/federated/tasks',
    summary: 'A person proposes a task, and agrees to its terms, which they saw (`terms`: their hash). The other devices hear of it and ask their persons.',
    body: v.strictObject({ task: taskSchema, terms: hashSchema }),
    reply: statusSchema,
    handle: (parts, { body }) => join(parts, readTask(body.task), body.terms)
  }),
  route({
    method: 'get',
    path: '/api/federated/tasks/:named/terms',
    summary: 'The terms of a task that this device knows of, and what they mean.',
    reply: termsSchema,
    handle: async ({ together, sync }, { params: { named = '' } }) => termsOf(sync, together.federated.find(named).task)
  }),
  route({
    method: 'post',
    path: '/api/federated/tasks/:named/join',
    summary: 'A person agrees to the terms of a task, which they saw (`terms`: their hash). From now on this device takes part while it may.',
    body: v.strictObject({ terms: hashSchema }),
    reply: statusSchema,
    handle: async (parts, { params: { named = '' }, body }) => join(parts, parts.together.federated.find(named).task, body.terms)
  }),
  route({
    method: 'post',
    path: '/api/federated/tasks/:named/leave',
    summary: 'This device takes no further part. `forget`: what the task has on it goes as well, its adapters included.',
    body: v.strictObject({ forget: v.optional(v.boolean(), false) }),
    reply: v.object({ id: v.string(), name: v.string(), removed: v.number() }),
    async handle({ together: { federated, parts } }, { params: { named = '' }, body: { forget } }) {
      // One that was left before is known from the yes of then.
      const { id, name } = (await parts.consents.of(named))?.task ?? federated.find(named).task
      await federated.leave(id)
      return { id, name, removed: forget ? await federated.forget(id) : 0 }
    }
  }),
  route({
    method: 'post',
    path: '/api/federated/allow',
    summary: 'When this device takes part, for all tasks; what is not given stays as it is.',
    body: v.strictObject({ idleMinutes: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(maxIdleMinutes))), onBattery: v.optional(v.boolean()), onMetered: v.optional(v.boolean()) }),
    reply: allowedSchema,
    async handle(parts, { body }) {
      await parts.together.parts.allow(body)
      void parts.together.federated.look()
      return allowed(parts)
    }
  }),
  route({
    method: 'get',
    path: '/api/federated/history',
    summary: 'Adapters that were adopted, undone and rolled back, and everything that left this device for what is learned together: what, when, to whom, bytes and hash. The newest first; rounds count from 1: of an adapter those that were held to the end, of an upload also those that failed.',
    query: v.strictObject({ limit: v.optional(countSchema(maxShown), '50') }),
    reply: v.object({ adoptions: v.array(adoptionSchema), uploads: v.array(uploadSchema), damaged: v.number(), more: v.boolean() }),
    async handle({ together: { parts } }, { query: { limit } }) {
      const [adoptions, { uploads, damaged, more }] = await Promise.all([parts.adapters.history(), parts.uploads.newest(limit)])
      return { adoptions: [...adoptions].reverse().slice(0, limit), uploads: uploads.map(upload => ({ ...upload, round: upload.round + 1 })), damaged, more: more || adoptions.length > limit }
    }
  }),
  route({
    method: 'post',
    path: '/api/federated/undo',
    summary: 'The model answers again through what it did before the last adapter that was learned together.',
    reply: adoptionSchema,
    handle: ({ together: { federated } }) => federated.undo()
  })
]

async function join(parts: DeviceParts, task: Task, terms: string): Promise<v.InferInput<typeof statusSchema>> {
  await parts.together.federated.join(task, terms)
  return statusOf(parts, task.id)
}

async function statusOfAll(parts: DeviceParts): Promise<v.InferInput<typeof statusReplySchema>> {
  return { tasks: await Promise.all(parts.together.federated.tasks().map(({ task }) => statusOf(parts, task.id))), allowed: allowed(parts) }
}

/** States, not steps: a slow reader gets the newest. */
async function* changes(parts: DeviceParts, signal: AbortSignal): AsyncGenerator<v.InferInput<typeof statusReplySchema>> {
  let changed = Promise.withResolvers<void>()
  const stop = parts.together.federated.onChange(() => changed.resolve())
  const aborted = whenAborted(signal)
  let told = ''
  try {
    while (!signal.aborted) {
      changed = Promise.withResolvers()
      const status = await statusOfAll(parts)
      const text = JSON.stringify(status)
      if (text !== told) yield status
      told = text
      await Promise.race([changed.promise, aborted])
    }
  } finally {
    stop()
  }
}

async function statusOf({ together, sync }: DeviceParts, id: string): Promise<v.InferInput<typeof statusSchema>> {
  const { others, round, refusals, ...status } = await taskStatus(together, together.federated.find(id))
  const nameOf = namesOf(sync)
  const shown = round && { ...round, counts: { ...round.counts } }
  return { ...status, refusals: [...refusals], others: others.map(other => ({ ...other, name: nameOf(other.device) ?? other.device })), round: shown && (shown.code === undefined ? omitCode(shown) : { ...shown, code: shown.code }) }
}

function termsOf(sync: Pick<Sync, 'members'>, task: Task): v.InferInput<typeof termsSchema> {
  const { terms, words } = shownTerms(task, namesOf(sync))
  return { task: { ...task }, terms, words: [...words] }
}

function omitCode<T extends { readonly code?: unknown }>({ code: _, ...rest }: T): Omit<T, 'code'> {
  return rest
}

function namesOf(sync: Pick<Sync, 'members'>): DeviceNames {
  const names = new Map(sync.members().map(({ id, name }) => [id, name]))
  return device => names.get(device)
}

function allowed({ together: { parts } }: DeviceParts): v.InferInput<typeof allowedSchema> {
  const { idleMinutes, onBattery, onMetered } = parts.settings()
  return { idleMinutes, onBattery, onMetered }
}
