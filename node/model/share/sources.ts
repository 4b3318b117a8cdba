import { isKinmeshError, KinmeshError } from '../../../mesh/errors.ts'
import type { Logger } from '../../../mesh/log.ts'
import type { Timers } from '../../../mesh/timers.ts'
import type { DeviceId } from '../../../mesh/types.ts'
import { type ModelLink, withoutCode, wrongCode } from './ask.ts'
import { maxTries, patienceMs, retryMs } from './limits.ts'
import { pause, within } from './within.ts'

export type SourcesHost = {
  readonly timers: Timers
  readonly log: Logger
  readonly signal: AbortSignal
  /** Devices that said that they have it. */
  readonly holders: readonly DeviceId[]
  /** Devices that are connected now and may be asked. */
  connected(): readonly DeviceId[]
  /** Calls back once one of them comes or goes. */
  onPeer(listener: () => void): () => void
  /** Opens a stream to a device and makes sure that it has the model; undefined when it has not. */
  open(peer: DeviceId): Promise<ModelLink | undefined>
  /** It sent what it must not. */
  putAside(peer: DeviceId, reason: string): void
}

/** The devices that one model can be had from: one at a time, another one when it fails, and one that comes back when none is left. */
export class Sources {
  readonly #host: SourcesHost
  readonly #failures = new Map<DeviceId, number>()
  /** Of no use for this model. */
  readonly #without = new Set<DeviceId>()
  readonly #holders: Set<DeviceId>
  readonly #used = new Set<DeviceId>()
  #link: ModelLink | undefined
  #triesInVain = 0

  constructor(host: SourcesHost) {
    this.#host = host
    this.#holders = new Set(host.holders)
  }

  /** The devices that bytes came from. */
  get used(): readonly DeviceId[] {
    return [...this.#used]
  }

  /** The device that is asked now. */
  get current(): DeviceId | null {
    return this.#link?.peer ?? null
  }

  /** Bytes came that count. */
  progressed(): void {
    this.#triesInVain = 0
    if (this.#link) this.#used.add(this.#link.peer)
  }

  /** Does `work` with one device, and anew with another one when it fails for what the device or the line did. @throws KinmeshError `PeerLost`, and what else `work` throws */
  async use(work: (link: ModelLink) => Promise<void>): Promise<void> {
    const { signal } = this.#host
    for (;;) {
      let peer: DeviceId | undefined
      try {
        this.#link ??= await this.#next(tried => (peer = tried))
        peer = this.#link.peer
        return await this.#stopped(work(this.#link))
      } catch (error) {
        this.close()
        signal.throwIfAborted()
        if (peer === undefined || !isKinmeshError(error, wrongCode, withoutCode, 'PeerRefused', 'PeerSilent', 'ChannelClosed', 'Unreachable', 'NotAMember')) throw error
        await this.#failed(peer, error)
      }
    }
  }

  close(): void {
    this.#link?.close()
    this.#link = undefined
  }

  /** Nobody waits for an answer when the work is to stop. */
  async #stopped(work: Promise<void>): Promise<void> {
    const stop = () => this.close()
    this.#host.signal.addEventListener('abort', stop, { once: true })
    try {
      await work
    } finally {
      this.#host.signal.removeEventListener('abort', stop)
    }
  }

  async #failed(peer: DeviceId, error: KinmeshError): Promise<void> {
    const { log, timers, signal } = this.#host
    const failures = (this.#failures.get(peer) ?? 0) + 1
    this.#failures.set(peer, failures)
    log.warn('a device does not deliver a model', { peer, reason: error.message })
    if (error.code === wrongCode) this.#host.putAside(peer, error.message)
    if (error.code === wrongCode || error.code === withoutCode) this.#without.add(peer)
    if (![...this.#holders].some(each => !this.#without.has(each))) throw lost(error.message, error)
    if (++this.#triesInVain >= maxTries) throw lost(error.message, error)
    // Another one is asked at once, the same one after a while.
    if (!this.#candidates().some(each => (this.#failures.get(each) ?? 0) < failures)) await pause(retryMs * 2 ** Math.min(failures - 1, 5), timers, signal)
  }

  #candidates(): DeviceId[] {
    const failures = (peer: DeviceId) => this.#failures.get(peer) ?? 0
    return this.#host.connected().filter(peer => !this.#without.has(peer)).sort((a, b) => failures(a) - failures(b))
  }

  async #next(trying: (peer: DeviceId) => void): Promise<ModelLink> {
    for (;;) {
      const [peer] = this.#candidates()
      if (peer === undefined) {
        await this.#someone()
        continue
      }
      trying(peer)
      const link = await this.#host.open(peer)
      if (link) {
        this.#holders.add(peer)
        return link
      }
      await this.#failed(peer, new KinmeshError(withoutCode, 'the other device has it no more'))
    }
  }

  /** Waits until a device comes that may have it. */
  async #someone(): Promise<void> {
    const { timers, signal, onPeer } = this.#host
    const came = Promise.withResolvers<void>()
    const look = () => {
      if (signal.aborted) came.reject(signal.reason as Error)
      else if (this.#candidates().length > 0) came.resolve()
    }
    const stop = onPeer(look)
    signal.addEventListener('abort', look, { once: true })
    try {
      look()
      await within(came.promise, patienceMs, timers, () => lost('none of your connected devices has it any more'))
    } finally {
      stop()
      signal.removeEventListener('abort', look)
    }
  }
}

function lost(reason: string, cause?: unknown): KinmeshError {
  return new KinmeshError('PeerLost', `the model could not be had from your other devices (${reason}): what came is kept, and the same command goes on from there; --from hub gets it from the hub`, { cause })
}
