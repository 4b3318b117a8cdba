import { circuitRelayServer, RELAY_V2_HOP_CODEC, type CircuitRelayService } from '@libp2p/circuit-relay-v2'
import { peerIdFromString } from '@libp2p/peer-id'
import type { PeerId } from '@libp2p/interface'
import { directOnly, membersOnly, replacing, type Components } from './component-guards.ts'
import { handshakeTimeoutMs } from './gate.ts'
import type { Logger } from './log.ts'
import { maxMembers } from './statement.ts'
import type { DeviceId, RelayLimits } from './types.ts'

/** Every other device of a full mesh may wait here: a reservation is one entry of a table. */
export const maxReservations = maxMembers - 1
/** Relayed connections of one device, of those it began and those it was sought for: so many are away at once in no household, and no device takes the relay for itself. */
export const maxRelayedPerDevice = 32
/** Relayed connections in total. Each may hold up to two yamux windows (256 KiB each) of bytes under way. */
export const maxRelayed = 128
/** The library renews five minutes before the end, so a device that is gone is forgotten within the hour. */
export const reservationTtlMs = 3_600_000

const stopProtocol = RELAY_V2_HOP_CODEC.replace('/hop', '/stop')

export type RelayLoad = { readonly reservations: number; readonly relayed: number }
type ServerComponents = Parameters<ReturnType<typeof circuitRelayServer>>[0]
type Options = { limits: Partial<RelayLimits>; isMember(id: DeviceId): boolean; log: Logger }

/** Relays bytes between members of the mesh. Without the library's limits of bytes and minutes: between devices of one household they would only cut large transfers. */
export class RelayServer {
  readonly limits: RelayLimits
  readonly #options: Options
  #service: CircuitRelayService | undefined
  #manager: Components['connectionManager'] | undefined

  constructor(options: Options) {
    this.limits = { maxReservations, maxRelayedPerDevice, maxRelayed, reservationTtlMs, ...options.limits }
    this.#options = options
  }

  /** A libp2p service. */
  readonly service = (components: ServerComponents): CircuitRelayService => {
    const { isMember, log } = this.#options
    const manager = (this.#manager = directOnly(components.connectionManager))
    const { connectionGater } = components
    this.#service = circuitRelayServer({
      hopTimeout: handshakeTimeoutMs,
      maxInboundHopStreams: this.limits.maxRelayed,
      maxOutboundStopStreams: this.limits.maxRelayed,
      reservations: { applyDefaultLimit: false, maxReservations: this.limits.maxReservations, reservationTtl: this.limits.reservationTtlMs }
    })(replacing(components, {
      connectionManager: manager,
      registrar: membersOnly(components.registrar, isMember, log),
      connectionGater: {
        ...connectionGater,
        // Each renewal is a new reservation: one whose timer (of retimeable-signal 1.0) was set anew twice would end by the first setting.
        denyInboundRelayReservation: async device => {
          if ((await connectionGater.denyInboundRelayReservation?.(device)) ?? false) return true
          this.forget(device.toString())
          return false
        },
        denyOutboundRelayedConnection: async (from, to) => this.#isFull(from, to) || ((await connectionGater.denyOutboundRelayedConnection?.(from, to)) ?? false)
      }
    }))
    return this.#service
  }

  load(): RelayLoad {
    return { reservations: this.#service?.reservations.size ?? 0, relayed: this.#streams(undefined, stopProtocol) }
  }

  /** The device left or was removed: nobody is sent to it any more. */
  forget(id: DeviceId): void {
    const device = peerIdFromString(id)
    // Or its end would later take the place of a newer one of this device.
    this.#service?.reservations.get(device)?.signal.clear()
    this.#service?.reservations.delete(device)
  }

  #isFull(from: PeerId, to: PeerId): boolean {
    const { maxRelayed: most, maxRelayedPerDevice: mostPerDevice } = this.limits
    // The request itself is among the hop streams of its sender.
    const full = this.#streams(undefined, stopProtocol) >= most || this.#of(from) > mostPerDevice || this.#of(to) >= mostPerDevice
    if (full) this.#options.log.warn('the relay is full', { from: from.toString(), to: to.toString(), ...this.load() })
    return full
  }

  #of(device: PeerId): number {
    return this.#streams(device, RELAY_V2_HOP_CODEC) + this.#streams(device, stopProtocol)
  }

  #streams(device: PeerId | undefined, protocol: string): number {
    return (this.#manager?.getConnections(device) ?? []).flatMap(({ streams }) => streams).filter(stream => stream.protocol === protocol).length
  }
}
