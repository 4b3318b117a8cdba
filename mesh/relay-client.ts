import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { serviceDependencies, type Connection, type PeerId, type Transport } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { directOnly, membersOnly, replacing, type Components } from './component-guards.ts'
import { KinmeshError } from './errors.ts'
import type { Logger } from './log.ts'
import { maxReservationsHeld } from './relays.ts'
import type { DeviceId } from './types.ts'

/** Connections that others open to this device through one relay: every member of a full mesh. */
const maxInboundRelayed = 64
/** Asking a relay for a reservation, or for a device: two round trips. */
export const relayTimeoutMs = 5_000

/** The part of the library's transport that keeps reservations; it renews them by itself. */
type Reservations = {
  addRelay(relay: PeerId, type: 'configured'): Promise<unknown>
  cancelReservations(): void
  addEventListener(type: 'relay:removed', listener: (event: CustomEvent<{ relay: PeerId }>) => void): void
}

type Options = { isMember(id: DeviceId): boolean; log: Logger; onLost(relay: DeviceId): void }

/** Asks relays: for a reservation, and for connections to devices that have one. */
export class RelayClient {
  readonly #options: Options
  #reservations: Reservations | undefined
  #transports: Components['transportManager'] | undefined
  #stopped = false

  constructor(options: Options) {
    this.#options = options
  }

  /** A libp2p transport. */
  readonly transport = (components: Components): Transport => {
    const { isMember, log, onLost } = this.#options
    const guarded = replacing(components, {
      connectionManager: directOnly(components.connectionManager),
      registrar: membersOnly(components.registrar, isMember, log),
      // A device that is sought through a relay where it has no reservation would make one by itself.
      transportManager: replacing(components.transportManager, { listen: () => Promise.reject(new Error('reservations are asked for in one place')) })
    })
    const transport = circuitRelayTransport({
      maxInboundStopStreams: maxInboundRelayed,
      reservationCompletionTimeout: relayTimeoutMs,
      // Of the library's queue (4.2.13), those that wait behind another never get their turn.
      reservationConcurrency: maxReservationsHeld
    })(guarded)
    const { reservationStore } = transport as Transport & { reservationStore: Reservations }
    reservationStore.addEventListener('relay:removed', ({ detail }) => onLost(detail.relay.toString()))
    this.#reservations = reservationStore
    this.#transports = components.transportManager
    return withoutIdentify(transport)
  }

  /** Makes or renews a reservation. @throws KinmeshError `RelayFull`, `RelayRefused` */
  async reserve(relay: DeviceId): Promise<void> {
    try {
      await this.#reservations?.addRelay(peerIdFromString(relay), 'configured')
    } catch (cause) {
      throw refusal(cause)
    } finally {
      if (this.#stopped) this.stop()
    }
  }

  /** Once libp2p has stopped: a reservation that was granted meanwhile has a timer of the library's (4.2.13) that would keep the process alive for an hour. */
  stop(): void {
    this.#stopped = true
    this.#reservations?.cancelReservations()
  }

  /** A connection to `peer` through `relay`, to which this device is connected. @throws KinmeshError `RelayFull`, `RelayRefused` */
  async dial(relay: DeviceId, peer: DeviceId, { signal }: { signal: AbortSignal }): Promise<Connection> {
    return this.#dial(`/p2p/${relay}/p2p-circuit/p2p/${peer}`, signal)
  }

  /** WebRTC to `peer`, arranged over the relayed connection that exists. @throws KinmeshError `RelayRefused` */
  async dialWebRtc(peer: DeviceId, via: DeviceId, { signal }: { signal: AbortSignal }): Promise<Connection> {
    return this.#dial(`/p2p/${via}/p2p-circuit/webrtc/p2p/${peer}`, signal)
  }

  /** Not by the libp2p's own dialling: a dial of the same device at its direct addresses would swallow this one. */
  async #dial(addr: string, signal: AbortSignal): Promise<Connection> {
    if (!this.#transports) throw new Error('the mesh has not started')
    try {
      return await this.#transports.dial(multiaddr(addr), { signal })
    } catch (cause) {
      throw refusal(cause)
    }
  }
}

/** They use it to find relays, which here the greeting does; it would answer strangers while an invite is live. */
export function withoutIdentify(transport: Transport): Transport {
  return Object.defineProperty(transport, serviceDependencies, { value: [] })
}

function refusal(cause: unknown): KinmeshError {
  const text = String(cause)
  // The relay refuses a connection as "permission denied" when it is full: both devices are members, or it would not have got so far.
  if (/RESERVATION_REFUSED|PERMISSION_DENIED/.test(text)) return new KinmeshError('RelayFull', 'the relay has no room for another connection: let another device of yours relay, too', { cause })
  return new KinmeshError('RelayRefused', `the relay could not help: ${text}`, { cause })
}
