import * as v from 'valibot'
import { whenAborted } from '../feed.ts'
import type { ModelSlot } from '../model.ts'
import type { DeviceParts } from '../parts.ts'
import { keepingOf, peersOf, spacesOf, type ShownPeer } from '../status.ts'
import { checkSchema, doneSchema, heldSchema, modelStateSchema, peerSchema, spaceSchema, statusReplySchema } from './schemas.ts'
import { route, streamRoute, type Route } from './route.ts'

const eventSchema = v.variant('event', [
  v.object({ event: v.literal('space'), space: spaceSchema }),
  v.object({ event: v.literal('peers'), peers: v.array(peerSchema) })
])

export const systemRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/status',
    summary: 'This device: who it is, whom it is connected to, what it holds.',
    reply: statusReplySchema,
    async handle(parts) {
      const { id, name, online, sync, mesh, model } = parts
      return {
        device: { id, name },
        online,
        removed: sync.removed,
        peers: peersOf(parts),
        spaces: spacesOf(parts),
        keeping: keepingOf(parts),
        ...modelState(model),
        addrs: mesh.addrs(),
        held: sync.held().map(held => ({ ...held })),
        faults: sync.faults().map(fault => ({ ...fault }))
      }
    }
  }),
  streamRoute({
    method: 'get',
    path: '/api/events',
    summary: 'Each space and the peers as they are now, and again whenever they change.',
    reply: eventSchema,
    handle: (parts, { signal }) => changes(parts, signal)
  }),
  route({
    method: 'get',
    path: '/api/held',
    summary: 'Large deletions by other devices that wait for a person.',
    reply: v.object({ held: v.array(heldSchema) }),
    handle: async ({ sync }) => ({ held: sync.held().map(held => ({ ...held })) })
  }),
  route({
    method: 'post',
    path: '/api/held/:ref',
    summary: 'Carry out a held deletion (`accept`) or undo it, on every device.',
    body: v.strictObject({ accept: v.boolean() }),
    reply: doneSchema,
    async handle({ sync }, { params, body }) {
      await sync.settle(params['ref'] ?? '', body.accept)
      return { done: true as const }
    }
  }),
  route({
    method: 'get',
    path: '/api/doctor',
    summary: 'Look at everything that may be wrong, and say what to do about it.',
    reply: v.object({ checks: v.array(checkSchema) }),
    handle: async parts => ({ checks: await parts.examine() })
  }),
  route({
    method: 'post',
    path: '/api/model/reload',
    summary: 'Take the model and the encoder that are chosen now; the model before answers until it is loaded.',
    reply: modelStateSchema,
    async handle({ model, recall }) {
      recall.reload()
      await model.reload()
      return modelState(model)
    }
  }),
  route({
    method: 'post',
    path: '/api/shutdown',
    summary: 'Stop this device.',
    reply: doneSchema,
    async handle(parts) {
      parts.shutdown()
      return { done: true as const }
    }
  })
]

function modelState({ current, problem }: ModelSlot): v.InferInput<typeof modelStateSchema> {
  return { model: current?.name ?? null, modelProblem: problem }
}

/** Tells states, not steps: a slow reader gets the newest and misses what was in between, so nothing piles up. */
async function* changes(parts: DeviceParts, signal: AbortSignal): AsyncGenerator<v.InferInput<typeof eventSchema>> {
  const { sync } = parts
  const told = new Map<string, string>()
  let changed = Promise.withResolvers<void>()
  const wake = () => changed.resolve()
  const unsubscribe = new Map<string, { space: unknown; stop: () => void }>()
  const stopPeers = sync.onPeers(wake)
  const stopMembers = sync.onMembers(wake)
  const aborted = whenAborted(signal)
  try {
    while (!signal.aborted) {
      changed = Promise.withResolvers()
      for (const space of sync.spaces()) {
        const known = unsubscribe.get(space.name)
        if (known?.space === space) continue
        known?.stop()
        unsubscribe.set(space.name, { space, stop: space.subscribe(wake) })
      }
      for (const space of spacesOf(parts)) if (isNew(told, space.name, space)) yield { event: 'space', space }
      const peers: ShownPeer[] = peersOf(parts)
      if (isNew(told, 'peers', peers)) yield { event: 'peers', peers }
      await Promise.race([changed.promise, aborted])
    }
  } finally {
    stopPeers()
    stopMembers()
    for (const { stop } of unsubscribe.values()) stop()
  }
}

function isNew(told: Map<string, string>, name: string, state: unknown): boolean {
  const text = JSON.stringify(state)
  if (told.get(name) === text) return false
  told.set(name, text)
  return true
}
