import { isKinmeshError, KinmeshError } from '../../../mesh/errors.ts'
import type { Logger } from '../../../mesh/log.ts'
import { realTimers, type Timers } from '../../../mesh/timers.ts'
import type { DeviceId, Mesh } from '../../../mesh/types.ts'
import { freeBytes } from '../store/files.node.ts'
import { bytesOf } from '../store/manifest.ts'
import { createMeter } from '../store/meter.ts'
import { createTeller } from '../store/progress.ts'
import { openModelStore } from '../store/store.node.ts'
import type { ModelStore, StoredModel } from '../store/store.ts'
import { ModelLink, type Offer, wrongCode } from './ask.ts'
import { chooseOffer, isMeant } from './choose.ts'
import { fetchModel } from './fetch-model.node.ts'
import { asideMs, listMs, modelsProtocol } from './limits.ts'
import { openOffers } from './offers.node.ts'
import { ModelServer } from './serve.ts'
import type { DeviceOffers, ModelShare, PeerPull, PulledFromPeer, WantedModel } from './share.ts'
import { Sources } from './sources.ts'
import { within } from './within.ts'

export type ModelShareOptions = {
  /** Of the models of this device. */
  dir: string
  mesh: Pick<Mesh, 'handle' | 'open' | 'onPeer' | 'peers'>
  /** The other devices of the same person that may read; none for a device that may not. */
  devices(): readonly DeviceId[]
  log: Logger
  timers?: Timers
  /** Bytes that may still be written below a folder. */
  free?: (dir: string) => Promise<number>
  clock?: () => number
}

/** Shows the models of this device to the others of the same person, and gets theirs. */
export function openModelShare({ dir, mesh, devices, log, timers = realTimers, clock = Date.now, free = freeBytes }: ModelShareOptions): ModelShare {
  /** Devices that sent what they must not, and until when they are not asked. */
  const aside = new Map<DeviceId, number>()
  const stop = new AbortController()
  const pulls = new Set<Promise<unknown>>()
  const server = new ModelServer({ offers: openOffers(dir), timers, log, now: clock, mayAsk: peer => devices().includes(peer) })
  mesh.handle(modelsProtocol, channel => server.serve(channel))

  const putAside = (peer: DeviceId, reason: string) => {
    aside.set(peer, clock() + asideMs)
    log.warn('a device sent something that is no model: it is not asked for models for an hour', { peer, reason })
  }
  const connected = () => {
    const own = new Set(devices())
    return mesh.peers().filter(({ id, connected: isConnected }) => isConnected && own.has(id) && (aside.get(id) ?? 0) <= clock()).map(({ id }) => id)
  }
  const openLink = async (peer: DeviceId, signal: AbortSignal): Promise<{ link: ModelLink; offers: Offer[] }> => {
    const link = new ModelLink(await mesh.open(peer, modelsProtocol, { signal }), { timers, now: clock })
    const leave = () => link.close()
    signal.addEventListener('abort', leave, { once: true })
    try {
      return { link, offers: await within(link.list(), listMs, timers, () => new KinmeshError('PeerSilent', `the other device did not tell of its models within ${listMs / 1000} s`)) }
    } catch (error) {
      link.close()
      throw error
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }
  const offersOf = async (device: DeviceId, signal: AbortSignal): Promise<DeviceOffers> => {
    try {
      const { link, offers } = await openLink(device, signal)
      link.close()
      return { device, offers, problem: null }
    } catch (error) {
      signal.throwIfAborted()
      if (knowsNoModels(error)) return { device, offers: [], problem: null }
      if (isKinmeshError(error, wrongCode)) putAside(device, error.message)
      log.debug('a device does not tell of its models', { peer: device, reason: String(error) })
      return { device, offers: [], problem: isKinmeshError(error) ? error.message : 'it does not answer' }
    }
  }

  const others = (signal: AbortSignal, among = connected()) => Promise.all(among.map(device => offersOf(device, signal)))

  const pull = async (wanted: WantedModel, { from, signal, onProgress }: PeerPull): Promise<PulledFromPeer | undefined> => {
    const among = () => connected().filter(peer => from === null || peer === from)
    let sources: Sources | undefined
    const tell = createTeller(progress => onProgress({ ...progress, device: sources?.current ?? null }))
    const store = await openModelStore(dir, { free })
    const told = await tell('list', undefined, () => others(signal, among()))
    const chosen = chooseOffer(told, wanted)
    if (!chosen) return undefined
    const { offer } = chosen
    const there = await usable(store, offer.id)
    if (there) return { model: there, wasThere: true, devices: [] }
    // Only the hub knows of something newer than what is here.
    const isNoNewer = !chosen.byId && from === null && (await store.list()).models.some(({ id, manifest }) => id !== offer.id && isMeant(manifest, wanted) && manifest.madeAt >= offer.manifest.madeAt)
    if (isNoNewer) return undefined

    sources = new Sources({
      timers, log, signal, connected: among, putAside,
      holders: told.filter(({ offers }) => offers.some(({ id }) => id === offer.id)).map(({ device }) => device),
      onPeer: listener => mesh.onPeer(listener),
      async open(peer) {
        const { link, offers } = await openLink(peer, signal)
        if (offers.some(({ id }) => id === offer.id)) return link
        link.close()
        return undefined
      }
    })
    const staging = await store.stage(`from devices ${offer.id}`)
    try {
      const meter = createMeter(bytesOf(offer.manifest), clock)
      await tell('fetch', meter, () => fetchModel(offer, { store, staging, sources, meter, signal }))
      const check = createMeter(bytesOf(offer.manifest), clock)
      const model = await tell('check', check, () => store.add(staging, offer.manifest, { onBytes: bytes => check.add(bytes, true), signal }))
      return { model, wasThere: false, devices: sources.used }
    } finally {
      sources.close()
      await staging.release()
    }
  }

  return {
    others: signal => others(AbortSignal.any([signal, stop.signal])),
    pull(wanted, options) {
      const running = pull(wanted, { ...options, signal: AbortSignal.any([options.signal, stop.signal]) })
      const settled = running.then(() => undefined, () => undefined).finally(() => pulls.delete(settled))
      pulls.add(settled)
      return running
    },
    async stop() {
      stop.abort(new KinmeshError('Interrupted', 'this device stops: what was fetched is kept'))
      server.stop()
      await Promise.all(pulls)
    }
  }
}

/** A page, or a kinmesh from before there were models to share: the name is that of libp2p's error. */
function knowsNoModels(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof Error && error.cause.name === 'UnsupportedProtocolError'
}

/** What is there already, if it is whole as far as sizes tell. */
async function usable(store: ModelStore, id: string): Promise<StoredModel | undefined> {
  try {
    const opened = await store.open(id)
    opened.release()
    return { id: opened.id, dir: opened.dir, manifest: opened.manifest }
  } catch (error) {
    if (isKinmeshError(error, 'UnknownModelName', 'ModelDamaged')) return undefined
    throw error
  }
}
