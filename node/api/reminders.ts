import * as v from 'valibot'
import { KinmeshError } from '../../mesh/errors.ts'
import { momentOrDuration } from '../agent/tools/times.ts'
import { whenAborted } from '../feed.ts'
import { checkReads, checkText, forget, printable } from '../memory.ts'
import type { DeviceParts } from '../parts.ts'
import { route, streamRoute, type Route } from './route.ts'
import { textSchema } from './schemas.ts'

const reminderSchema = v.object({ id: v.string(), text: v.string(), due: v.number(), kind: v.picklist(['reminder', 'timer']) })

export const reminderRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/reminders',
    summary: 'Reminders and timers that nobody was told yet, the next one first.',
    reply: v.object({ reminders: v.array(reminderSchema) }),
    async handle({ reminders, sync }) {
      checkReads(sync)
      return { reminders: reminders.pending() }
    }
  }),
  route({
    method: 'post',
    path: '/api/reminders',
    summary: 'Be reminded: `when` in words, as "tomorrow at 5" or "in 20 minutes", in the time zone of this device. It is told once, on the device that is in use.',
    body: v.strictObject({ text: textSchema, when: textSchema, kind: v.optional(v.picklist(['reminder', 'timer']), 'reminder') }),
    reply: reminderSchema,
    async handle({ reminders, clock }, { body: { text, when, kind } }) {
      reminders.used()
      const due = momentOrDuration(when, new Date(clock()), kind)
      if (!due) throw new KinmeshError('NotUnderstood', kind === 'timer' ? `"${printable(when)}" cannot be read as how long: say it as "10 minutes" or "1 hour 30 minutes"` : `"${printable(when)}" cannot be read as a time: say it as "tomorrow at 5", "on Friday at 9:30" or "in 20 minutes"`)
      return reminders.set(kind, checkText(text), due.getTime())
    }
  }),
  route({
    method: 'delete',
    path: '/api/reminders/:id',
    summary: 'Forget a reminder or a timer that waits.',
    reply: v.object({ forgotten: reminderSchema }),
    async handle({ reminders, sync }, { params: { id = '' } }) {
      const forgotten = reminders.pending().find(each => each.id === id)
      if (!forgotten) throw new KinmeshError('NoSuchReminder', `no reminder "${printable(id)}" waits: list them with kinmesh reminders`)
      await forget(sync, id)
      return { forgotten }
    }
  }),
  streamRoute({
    method: 'get',
    path: '/api/reminders/due',
    summary: 'What falls due, as long as somebody reads: whoever reads shows it to a person, and then it was told.',
    reply: reminderSchema,
    handle: (parts, { signal }) => due(parts, signal)
  })
]

async function* due({ reminders }: DeviceParts, signal: AbortSignal): AsyncGenerator<v.InferInput<typeof reminderSchema>> {
  const waiting: v.InferInput<typeof reminderSchema>[] = []
  let came = Promise.withResolvers<void>()
  const stop = reminders.onDue(reminder => {
    waiting.push(reminder)
    came.resolve()
  })
  const aborted = whenAborted(signal)
  try {
    while (!signal.aborted) {
      came = Promise.withResolvers()
      yield* waiting.splice(0)
      if (waiting.length === 0) await Promise.race([came.promise, aborted])
    }
  } finally {
    stop()
  }
}
