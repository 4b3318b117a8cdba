import type { Connection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import type { Libp2p } from 'libp2p'
import type { Addresses } from './addresses.ts'
import type { Connections } from './connections.ts'
import { KinmeshError } from './errors.ts'
import type { Logger } from './log.ts'
import { relayTimeoutMs, type RelayClient } from './relay-client.ts'
import type { Relays } from './relays.ts'
import type { DeviceId } from './types.ts'

/** One address: a host that is off does not answer at all, and there may be a dozen addresses to try. */
export const addressTimeoutMs = 4_000
/** All addresses of a device together. */
export const dialTimeoutMs = 30_000
/** Direct addresses are tried alone for this long: on a LAN they answer within it, and a relay does not carry what it need not. */
export const headStartMs = 500
/** Both descriptions and the candidates of WebRTC, over a relay. */
const webRtcTimeoutMs = 10_000

type Options = {
  node(): Libp2p | undefined
  addresses: Addresses
  connections: Connections
  relays: Relays
  client: RelayClient
  /** This platform can make a relayed connection into a WebRTC one. */
  canUpgrade(): boolean
  log: Logger
}

/** Finds a way to a device: its own addresses, and relays when these do not lead there soon. */
export class Dialler {
  readonly #options: Options

  constructor(options: Options) {
    this.#options = options
  }

  /** The first connection that comes about. A direct one that comes later replaces a relayed one. @throws KinmeshError `Unreachable` */
  async dial(peer: DeviceId, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<Connection> {
    const deadline = AbortSignal.any([AbortSignal.timeout(dialTimeoutMs), ...(signal ? [signal] : [])])
    const direct = this.#direct(peer, deadline)
    if (this.#relaysTo(peer).length === 0) return direct
    const done = new AbortController()
    try {
      await headStart(direct)
      return await Promise.any([direct, this.#relayed(peer, AbortSignal.any([deadline, done.signal]))])
    } catch (cause) {
      throw unreachable(cause)
    } finally {
      done.abort(new Error('connected otherwise'))
    }
  }

  /** A direct connection to a device that is reached through a relay. @throws KinmeshError `Unreachable` */
  async improve(peer: DeviceId): Promise<void> {
    const { connections, canUpgrade, client } = this.#options
    try {
      await this.#direct(peer, AbortSignal.timeout(dialTimeoutMs))
    } catch (error) {
      const via = connections.relayTo(peer)
      if (!canUpgrade() || via === undefined) throw error
      await client.dialWebRtc(peer, via, { signal: AbortSignal.timeout(webRtcTimeoutMs) })
    }
  }

  async #direct(peer: DeviceId, signal: AbortSignal): Promise<Connection> {
    const { node, addresses } = this.#options
    const addrs = addresses.direct(peer)
    const libp2p = node()
    if (addrs.length === 0 || !libp2p) throw unreachable(new Error('no address known'))
    try {
      const connection = await libp2p.dial(addrs.map(addr => multiaddr(`${addr}/p2p/${peer}`)), { signal, force: true })
      addresses.confirm(peer, connection.remoteAddr.toString())
      return connection
    } catch (cause) {
      throw unreachable(cause)
    }
  }

  async #relayed(peer: DeviceId, signal: AbortSignal): Promise<Connection> {
    let problem = new Error('no relay at hand')
    for (const relay of this.#relaysTo(peer)) {
      const existing = this.#options.connections.preferred(peer)
      if (existing) return existing
      signal.throwIfAborted()
      try {
        return await this.#options.client.dial(relay, peer, { signal: AbortSignal.any([signal, AbortSignal.timeout(relayTimeoutMs)]) })
      } catch (error) {
        this.#options.log.debug('not reached through a relay', { peer, relay, error: String(error) })
        this.#options.relays.failed(relay, peer)
        problem = error instanceof Error ? error : new Error(String(error))
      }
    }
    throw problem
  }

  #relaysTo(peer: DeviceId): DeviceId[] {
    return this.#options.relays.towards(peer, this.#options.addresses.relays(peer))
  }
}

export function unreachable(cause: unknown): KinmeshError {
  return new KinmeshError('Unreachable', 'the other device does not answer: is it on, and on the same network?', { cause })
}

/** Resolves when `dial` has settled, or after its head start. */
async function headStart(dial: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>()
  const timer = setTimeout(late.resolve, headStartMs)
  try {
    await Promise.race([dial, late.promise])
  } catch {
    // Promise.any below reports it, should the relays fail as well
  } finally {
    clearTimeout(timer)
  }
}
