import type { ConnectionGater } from '@libp2p/interface'
import { isRelayed } from './component-guards.ts'
import type { DeviceId } from './types.ts'

/** Connections in total: every member of a full mesh (64) once or twice. */
export const maxConnections = 160
/** Connections of one device: both sides dialled at once, and a broken one that was not noticed yet. */
export const maxConnectionsPerDevice = 4
/** Strangers at a time, while an invite is live: one joins, a few probe. */
export const maxStrangers = 4
/** How long a stranger may stay before it has proven that it holds the code. */
export const strangerTimeoutMs = 15_000
/** Connections that one address may begin per second. Each costs a Diffie-Hellman and a signature check, about 1 ms. */
export const maxHandshakesPerSecondPerAddress = 10
/** Handshakes at a time. */
export const maxPendingHandshakes = 16
/** From the first byte to a proven device id. */
export const handshakeTimeoutMs = 10_000

/** Who may connect: members, and while an invite is live a few strangers, whom only pairing answers. */
export class Gate {
  readonly #strangers: () => number
  #members: ReadonlySet<DeviceId> = new Set()
  #welcomes = 0
  #joins = 0

  /** @param strangers how many non-members are connected now */
  constructor(strangers: () => number) {
    this.#strangers = strangers
  }

  setMembers(members: ReadonlySet<DeviceId>): void {
    this.#members = new Set(members)
  }

  get members(): ReadonlySet<DeviceId> {
    return this.#members
  }

  isMember(id: DeviceId): boolean {
    return this.#members.has(id)
  }

  /** Lets strangers connect until the returned function is called: an invite is live. */
  welcome(): () => void {
    this.#welcomes++
    return once(() => this.#welcomes--)
  }

  /** Lets this device dial non-members until the returned function is called: it joins. */
  venture(): () => void {
    this.#joins++
    return once(() => this.#joins--)
  }

  /** May `id` have a connection that `id` opened? */
  admits(id: DeviceId): boolean {
    return this.isMember(id) || (this.#welcomes > 0 && this.#strangers() < maxStrangers)
  }

  /** May this device open a connection to `id`? */
  permits(id: DeviceId): boolean {
    return this.isMember(id) || this.#joins > 0
  }

  /** True while somebody who is no member may be connected. */
  get ajar(): boolean {
    return this.#welcomes > 0 || this.#joins > 0
  }

  /** As libp2p asks: before each dial, and as soon as Noise has proven who is there. */
  readonly gater: ConnectionGater = {
    denyDialPeer: peer => !this.permits(peer.toString()),
    denyOutboundEncryptedConnection: peer => !this.permits(peer.toString()),
    // A stranger pairs directly: through a relay it would be a member that brings it in.
    denyInboundEncryptedConnection: (peer, connection) => !(isRelayed(connection) ? this.isMember(peer.toString()) : this.admits(peer.toString())),
    denyInboundRelayReservation: peer => !this.isMember(peer.toString()),
    denyOutboundRelayedConnection: (from, to) => !this.isMember(from.toString()) || !this.isMember(to.toString()),
    denyInboundRelayedConnection: (relay, from) => !this.isMember(relay.toString()) || !this.isMember(from.toString()),
    // Browsers deny private and insecure addresses by default; these are the ones that a mesh at home has.
    denyDialMultiaddr: () => false
  }
}

function once(act: () => void): () => void {
  let done = false
  return () => {
    if (!done) act()
    done = true
  }
}
