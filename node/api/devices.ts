import * as v from 'valibot'
import { devicesOf, findDevice } from '../status.ts'
import { Feed } from '../feed.ts'
import { toShownError, type JoinStep, type ShownDevice } from '../pairing.ts'
import { deviceSchema, doneSchema, errorSchema, idSchema, shownDeviceSchema } from './schemas.ts'
import { route, streamRoute, type Route } from './route.ts'

/** An invite lives at least long enough to type a code, and at most an hour: it is a key to the house. */
const ttlSchema = v.pipe(v.number(), v.integer(), v.minValue(1000), v.maxValue(3_600_000))
const inviteSchema = v.object({ ref: v.string(), uri: v.string(), code: v.string(), expiresAt: v.number() })
const inviteEventSchema = v.variant('event', [
  v.object({ event: v.literal('newcomer'), device: shownDeviceSchema }),
  v.object({ event: v.literal('admitted'), device: shownDeviceSchema }),
  v.object({ event: v.literal('failed'), error: errorSchema.entries.error })
])
const joinEventSchema = v.variant('event', [
  v.object({ event: v.literal('step'), step: v.picklist(['looking', 'connecting', 'proving', 'waiting-for-confirmation', 'admitted']) }),
  v.object({ event: v.literal('joined'), inviter: shownDeviceSchema, keeper: v.boolean() }),
  v.object({ event: v.literal('failed'), error: errorSchema.entries.error })
])
type JoinEvent = { event: 'step'; step: JoinStep } | { event: 'joined'; inviter: ShownDevice; keeper: boolean } | { event: 'failed'; error: { code: string; message: string } }

export const deviceRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/devices',
    summary: 'The devices of this mesh, this one included.',
    reply: v.object({ devices: v.array(deviceSchema) }),
    handle: async parts => ({ devices: devicesOf(parts) })
  }),
  route({
    method: 'post',
    path: '/api/devices/remove',
    summary: 'Remove a device by name or id: it is cut off, and the others get a new key.',
    body: v.strictObject({ device: idSchema }),
    reply: v.object({ removed: v.object({ id: v.string(), name: v.string() }) }),
    async handle({ sync }, { body }) {
      const { id, name } = findDevice(sync.members(), body.device)
      await sync.removeDevice(id)
      return { removed: { id, name } }
    }
  }),
  route({
    method: 'post',
    path: '/api/invites',
    summary: 'Make an invite. With `unattended` whoever proves the code comes in without being asked about; with `keeper` as a device that holds sealed entries for the others and can read none.',
    body: v.strictObject({ unattended: v.optional(v.boolean(), false), keeper: v.optional(v.boolean(), false), ttlMs: v.optional(ttlSchema) }),
    reply: inviteSchema,
    async handle({ pairing }, { body }) {
      const { ref, uri, code, expiresAt } = await pairing.invite(body)
      return { ref, uri, code, expiresAt }
    }
  }),
  streamRoute({
    method: 'get',
    path: '/api/invites/:ref/events',
    summary: 'What happens to an invite, from its start: a newcomer proved the code (then decide), it was admitted, it failed.',
    reply: inviteEventSchema,
    handle: ({ pairing }, { params, signal }) => pairing.open(params['ref'] ?? '').events.read(signal)
  }),
  route({
    method: 'post',
    path: '/api/invites/:ref/decision',
    summary: 'Let the newcomer in, or not.',
    body: v.strictObject({ accept: v.boolean() }),
    reply: doneSchema,
    async handle({ pairing }, { params, body }) {
      pairing.decide(params['ref'] ?? '', body.accept)
      return { done: true as const }
    }
  }),
  route({
    method: 'delete',
    path: '/api/invites/:ref',
    summary: 'Take an invite back.',
    reply: doneSchema,
    async handle({ pairing }, { params }) {
      pairing.cancel(params['ref'] ?? '')
      return { done: true as const }
    }
  }),
  streamRoute({
    method: 'post',
    path: '/api/join',
    summary: 'Join the mesh of an invite (URI or typed code). Leaving the stream cancels.',
    body: v.strictObject({ invite: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(4096)), addresses: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(256))), v.maxLength(16))) }),
    reply: joinEventSchema,
    handle({ pairing, sync, log }, { body, signal }) {
      const events = new Feed<JoinEvent>()
      pairing
        .join(body.invite, { addresses: body.addresses, signal, onProgress: step => events.push({ event: 'step', step }) })
        .then(inviter => events.push({ event: 'joined', inviter, keeper: sync.kept() !== undefined }))
        .catch((error: unknown) => {
          const shown = toShownError(error)
          log.warn('joining failed', { reason: shown.code })
          events.push({ event: 'failed', error: shown })
        })
        .finally(() => events.end())
      return events.read(signal)
    }
  })
]
