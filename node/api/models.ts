import * as v from 'valibot'
import type { DeviceId } from '../../mesh/types.ts'
import type { PeerPull, WantedModel } from '../model/share/share.ts'
import { modelSummary } from '../model/store/model-summary.ts'
import { kinds, recipeSchema, sourceSchema } from '../model/store/manifest.ts'
import { toShownError } from '../pairing.ts'
import type { DeviceParts } from '../parts.ts'
import { findDevice, peersOf } from '../status.ts'
import { errorSchema, idSchema } from './schemas.ts'
import { route, streamRoute, type Route } from './route.ts'

const holderSchema = v.object({ id: v.string(), name: v.string() })
const modelSchema = v.object({
  id: v.string(), name: v.string(), kind: v.picklist(kinds), bytes: v.number(), licence: v.nullable(v.string()), recipe: v.nullable(recipeSchema), source: sourceSchema, madeAt: v.number()
})
const wantedSchema = v.strictObject({
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200)),
  endpoint: v.nullable(v.pipe(v.string(), v.maxLength(500))),
  revision: v.nullable(v.pipe(v.string(), v.maxLength(128))),
  kind: v.nullable(v.picklist(kinds)),
  recipe: v.nullable(recipeSchema),
  /** The only device to ask, by name or id. */
  from: v.optional(idSchema)
})
const pullEventSchema = v.variant('event', [
  v.object({
    event: v.literal('progress'), phase: v.picklist(['list', 'fetch', 'convert', 'check']), bytes: v.number(), totalBytes: v.number(), bytesPerSecond: v.nullable(v.number()), leftMs: v.nullable(v.number()),
    device: v.nullable(holderSchema)
  }),
  v.object({ event: v.literal('pulled'), model: modelSchema, wasThere: v.boolean(), devices: v.array(holderSchema) }),
  v.object({ event: v.literal('none'), /** Devices that could not be asked. */ away: v.array(holderSchema) }),
  v.object({ event: v.literal('failed'), error: errorSchema.entries.error })
])
type PullEvent = v.InferInput<typeof pullEventSchema>

export const modelRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/models/others',
    summary: 'The models that the connected devices hold.',
    reply: v.object({ devices: v.array(v.object({ device: holderSchema, models: v.array(modelSchema), problem: v.nullable(v.string()) })) }),
    async handle(parts, { signal }) {
      const told = await parts.models.others(signal)
      return { devices: told.map(({ device, offers, problem }) => ({ device: holder(parts, device), models: offers.map(modelSummary), problem })) }
    }
  }),
  streamRoute({
    method: 'post',
    path: '/api/models/pull',
    summary: 'Get a model from the other devices; `none` when they have nothing that is meant, or nothing newer. Leaving the stream stops the work, and what came stays for the next time.',
    body: wantedSchema,
    reply: pullEventSchema,
    handle(parts, { body: { from, ...wanted }, signal }) {
      return pulling(parts, wanted, from === undefined ? null : findDevice(parts.sync.members(), from).id, signal)
    }
  })
]

/** A slow reader gets the newest progress and misses what was in between, so nothing piles up. */
async function* pulling(parts: DeviceParts, wanted: WantedModel, from: DeviceId | null, signal: AbortSignal): AsyncGenerator<PullEvent> {
  let newest: PullEvent | undefined
  let changed = Promise.withResolvers<undefined>()
  const onProgress: PeerPull['onProgress'] = ({ device, ...progress }) => {
    newest = { event: 'progress', ...progress, device: device === null ? null : holder(parts, device) }
    changed.resolve(undefined)
  }
  const ended = parts.models.pull(wanted, { from, signal, onProgress }).then(
    (pulled): PullEvent => (pulled ? { event: 'pulled', model: modelSummary(pulled.model), wasThere: pulled.wasThere, devices: pulled.devices.map(device => holder(parts, device)) } : { event: 'none', away: peersOf(parts).filter(({ connected, role }) => !connected && role !== 'keeper').map(({ id, name }) => ({ id, name })) }),
    (error: unknown): PullEvent => {
      const shown = toShownError(error)
      parts.log.warn('a model could not be had from the other devices', { reason: shown.code })
      return { event: 'failed', error: shown }
    }
  )
  for (;;) {
    const end = await Promise.race([ended, changed.promise])
    changed = Promise.withResolvers()
    if (newest) yield newest
    newest = undefined
    if (end) {
      yield end
      return
    }
  }
}

function holder({ sync }: DeviceParts, id: string): { id: string; name: string } {
  return { id, name: sync.members().find(member => member.id === id)?.name ?? id }
}
