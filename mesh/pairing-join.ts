import { isKinmeshError, KinmeshError } from './errors.ts'
import type { Logger } from './log.ts'
import { parseAddress, parseCode, parseInvite } from './pairing-code.ts'
import { isRefusal } from './pairing-messages.ts'
import { inviterUnreachable, pairAsNewcomer } from './pairing-newcomer.ts'
import type { Timers } from './timers.ts'
import type { Channel, DeviceCard, DeviceId, JoinOptions, JoinResult } from './types.ts'

/** How long multicast is given to find the inviting device; on a quiet network it takes about 0.3 s. */
export const lookMs = 5_000
/** Devices that multicast found and that a typed code may be tried at: each try costs a handshake. */
export const maxFoundDevices = 32

/** An open pairing channel to a device that may be the inviter. */
export type PairingLink = { channel: Channel; /** Where it was reached. */ addr: string; close(): Promise<void> }

type Options = {
  card: DeviceCard
  log: Logger
  clock: () => number
  timers: Timers
  venture(): () => void
  connect(addrs: string[], signal: AbortSignal): Promise<PairingLink>
  /** Resolves when it is stored. */
  learn(id: DeviceId, addr: string): Promise<void>
}
type Candidate = { key: string; addrs: string[] }

/** The newcomer's search for the device whose invite it holds. */
export class Joiner {
  readonly #options: Options
  readonly #found = new Map<DeviceId, string[]>()
  readonly #stopped = new AbortController()
  readonly #onNews = new Set<() => void>()

  constructor(options: Options) {
    this.#options = options
  }

  /** Multicast found a device. */
  found(id: DeviceId, addrs: string[]): void {
    this.#found.delete(id)
    this.#found.set(id, addrs.slice(0, maxFoundDevices))
    if (this.#found.size > maxFoundDevices) this.#found.delete(this.#found.keys().next().value!)
    for (const tell of this.#onNews) tell()
  }

  stop(): void {
    this.#stopped.abort()
  }

  /** @throws KinmeshError `BadInvite`, `BadCode`, `BadAddress`, `NoInviterFound`, `InviterUnreachable`, `JoinCancelled`, a refusal, and what `store` throws */
  async join(uriOrCode: string, options: JoinOptions): Promise<JoinResult> {
    const isUri = /^\s*kinmesh:/i.test(uriOrCode)
    const target = isUri ? parseInvite(uriOrCode) : { id: undefined, addrs: [], code: parseCode(uriOrCode) }
    const given = (options.addresses ?? []).map(parseAddress)
    const candidates = (): Candidate[] => [
      ...(target.id ? [candidate(target.id, target.addrs)] : []),
      ...given.map(({ addr, id }) => candidate(target.id ?? id, [addr])),
      ...[...this.#found].filter(([id]) => target.id === undefined || target.id === id).map(([id, addrs]) => candidate(id, addrs))
    ].filter(({ addrs }) => addrs.length > 0)
    const signal = AbortSignal.any([this.#stopped.signal, ...(options.signal ? [options.signal] : [])])
    const leave = this.#options.venture()
    try {
      return await this.#seek(candidates, target.code, options, signal)
    } catch (error) {
      if (signal.aborted) throw new KinmeshError('JoinCancelled', 'joining was cancelled', { cause: error })
      throw error
    } finally {
      leave()
    }
  }

  async #seek(candidates: () => Candidate[], code: Uint8Array, options: JoinOptions, signal: AbortSignal): Promise<JoinResult> {
    const until = this.#options.clock() + lookMs
    const tried = new Set<string>()
    let failure: KinmeshError | undefined
    options.onProgress?.('looking')
    for (;;) {
      const next = candidates().find(({ key }) => !tried.has(key))
      if (next) {
        tried.add(next.key)
        const result = await this.#attempt(next, code, options, signal)
        if (!(result instanceof KinmeshError)) return result
        // What a device said tells more than that another one was silent.
        if (!failure || isRefusal(result.code)) failure = result
      } else if ((failure && isRefusal(failure.code)) || !(await this.#news(until, signal))) {
        throw failure ?? new KinmeshError('NoInviterFound', 'found no inviting device on this network: use the URI of the invite, or say where it is with --address')
      }
    }
  }

  /** A failure that another device may make good is returned; others are thrown. */
  async #attempt({ addrs }: Candidate, code: Uint8Array, options: JoinOptions, signal: AbortSignal): Promise<JoinResult | KinmeshError> {
    const { card, timers, log, learn } = this.#options
    options.onProgress?.('connecting')
    let link: PairingLink
    try {
      link = await this.#options.connect(addrs, signal)
    } catch (error) {
      signal.throwIfAborted()
      log.debug('no inviter there', { addr: addrs[0], error: String(error) })
      return inviterUnreachable(error)
    }
    const cancel = () => link.channel.abort(new Error('joining was cancelled'))
    signal.addEventListener('abort', cancel)
    try {
      return await pairAsNewcomer(link.channel, { ...options, card, code, timers, onInviter: inviter => learn(inviter.id, link.addr) })
    } catch (error) {
      signal.throwIfAborted()
      if (isKinmeshError(error) && (error.code === 'InviterUnreachable' || isRefusal(error.code))) return error
      throw error
    } finally {
      signal.removeEventListener('abort', cancel)
      await link.close()
    }
  }

  /** Resolves true when multicast found something, false when `until` (Unix ms) has passed. */
  #news(until: number, signal: AbortSignal): Promise<boolean> {
    const { timers, clock } = this.#options
    const left = until - clock()
    if (left <= 0) return Promise.resolve(false)
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        timers.clear(timer)
        this.#onNews.delete(tell)
        signal.removeEventListener('abort', cancel)
        act()
      }
      const cancel = () => settle(() => reject(new KinmeshError('JoinCancelled', 'joining was cancelled', { cause: signal.reason })))
      const timer = timers.set(() => settle(() => resolve(false)), left)
      const tell = () => settle(() => resolve(true))
      this.#onNews.add(tell)
      if (signal.aborted) cancel()
      else signal.addEventListener('abort', cancel)
    })
  }
}

function candidate(id: DeviceId | undefined, addrs: readonly string[]): Candidate {
  const full = id === undefined ? [...addrs] : addrs.map(addr => `${addr.replace(/\/p2p\/[^/]+$/, '')}/p2p/${id}`)
  return { key: full.join(' '), addrs: full }
}
