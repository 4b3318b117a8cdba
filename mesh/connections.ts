import type { Connection } from '@libp2p/interface'
import { isRelayed, relayThrough } from './component-guards.ts'
import { maxConnectionsPerDevice, strangerTimeoutMs, type Gate } from './gate.ts'
import type { Logger } from './log.ts'
import type { Timers } from './timers.ts'
import type { DeviceId } from './types.ts'

/**
 * Two connections that were opened within this time are both sides dialling at once. A later one means that the other side
 * lost the earlier (it restarted, or its network changed), though nobody told this side.
 */
export const simultaneousMs = 5_000

/** A relayed connection outlives its direct successor by this much: WebRTC is arranged over it, and channels move over without a gap. */
export const retireMs = 2_000

/** For what was sent last to reach the other side. */
const dismissTimeoutMs = 1_000

type Tracked = { readonly connection: Connection; readonly relayed: boolean; readonly openedAt: number; heardAt: number }
type Options = { self: DeviceId; gate: Gate; log: Logger; clock: () => number; timers: Timers; onPeer(peer: DeviceId, connected: boolean): void }

/** The open connections, one of them the preferred of each device. */
export class Connections {
  readonly #options: Options
  readonly #byDevice = new Map<DeviceId, Tracked[]>()
  readonly #strangers = new Set<Connection>()
  readonly #vouched = new Set<Connection>()
  readonly #retiring = new Map<Connection, unknown>()
  readonly #lastSeen = new Map<DeviceId, number>()

  constructor(options: Options) {
    this.#options = options
  }

  add(connection: Connection): void {
    const { gate, clock, log } = this.#options
    const peer = connection.remotePeer.toString()
    const now = clock()
    if (!gate.isMember(peer)) return this.#addStranger(connection)
    const before = this.#byDevice.get(peer) ?? []
    const relayed = isRelayed(connection)
    const isFresh = ({ openedAt }: Tracked) => now - openedAt < simultaneousMs
    if (relayed && before.some(tracked => !tracked.relayed && isFresh(tracked))) {
      connection.abort(new Error('there is a direct connection'))
      return
    }
    // A direct connection replaces relayed ones, however fresh.
    const lost = before.filter(tracked => !isFresh(tracked) || (tracked.relayed && !relayed))
    const kept = [...before.filter(tracked => !lost.includes(tracked)), { connection, relayed, openedAt: now, heardAt: now }]
    const surplus = kept.splice(0, kept.length - maxConnectionsPerDevice)
    this.#byDevice.set(peer, kept)
    this.#lastSeen.set(peer, now)
    // Whoever talks over a lost connection has to learn that it talks to nobody.
    if (before.length > 0 && lost.length === before.length) this.#options.onPeer(peer, false)
    for (const { connection: old, relayed: wasRelayed } of [...lost, ...surplus]) {
      if (wasRelayed && !relayed) this.#retire(old)
      else old.abort(new Error('the device connected anew'))
    }
    log.debug('connected', { peer, addr: connection.remoteAddr.toString(), direction: connection.direction })
    if (lost.length === before.length) this.#options.onPeer(peer, true)
  }

  remove(connection: Connection): void {
    const peer = connection.remotePeer.toString()
    const before = this.#byDevice.get(peer)
    if (!before?.some(tracked => tracked.connection === connection)) return
    this.#lastSeen.set(peer, this.#options.clock())
    const left = before.filter(tracked => tracked.connection !== connection)
    if (left.length > 0) {
      this.#byDevice.set(peer, left)
      return
    }
    this.#byDevice.delete(peer)
    this.#options.log.debug('disconnected', { peer })
    this.#options.onPeer(peer, false)
  }

  /** Cuts every connection that the gate would not let in now. */
  enforce(): void {
    for (const connection of [...this.#retiring.keys()]) {
      if (!this.#options.gate.isMember(connection.remotePeer.toString())) connection.abort(new Error('no longer a member'))
    }
    for (const [peer, tracked] of [...this.#byDevice]) {
      if (this.#options.gate.isMember(peer)) continue
      this.#byDevice.delete(peer)
      this.#lastSeen.delete(peer)
      this.#options.onPeer(peer, false)
      for (const { connection } of tracked) connection.abort(new Error('no longer a member'))
    }
  }

  isConnected(peer: DeviceId): boolean {
    return this.preferred(peer) !== undefined
  }

  /** The relay between this device and `peer`, when there is no direct connection. */
  relayTo(peer: DeviceId): DeviceId | undefined {
    const connection = this.preferred(peer)
    return connection && relayThrough(connection)
  }

  lastSeen(peer: DeviceId): number {
    return this.isConnected(peer) ? this.#options.clock() : (this.#lastSeen.get(peer) ?? 0)
  }

  /** Both sides choose alike: the connection that the device with the smaller id dialled, of these the newest. */
  preferred(peer: DeviceId): Connection | undefined {
    const { self } = this.#options
    const open = (this.#byDevice.get(peer) ?? []).map(({ connection }) => connection).filter(({ status }) => status === 'open')
    const dialledBySmaller = (connection: Connection) => (connection.direction === 'outbound') === self < peer
    return open.findLast(dialledBySmaller) ?? open.at(-1)
  }

  /** Bytes came in over this connection. */
  heard(connection: Connection): void {
    const tracked = this.#byDevice.get(connection.remotePeer.toString())?.find(other => other.connection === connection)
    if (tracked) tracked.heardAt = this.#options.clock()
  }

  /** Connections over which nothing came in since `before` (Unix ms). */
  silentSince(before: number): Connection[] {
    return [...this.#byDevice.values()].flat().filter(({ heardAt }) => heardAt < before).map(({ connection }) => connection)
  }

  /** Nothing came in from this device since `since` (Unix ms). */
  isSilent(peer: DeviceId, since: number): boolean {
    return (this.#byDevice.get(peer) ?? []).every(({ heardAt }) => heardAt < since)
  }

  get strangers(): number {
    return this.#strangers.size
  }

  /** The stranger on this connection proved that it holds the code: it may stay until pairing ends. */
  vouch(connection: Connection): void {
    if (this.#strangers.has(connection)) this.#vouched.add(connection)
  }

  /** Pairing is over: a stranger has nothing more to do here, and a new member connects anew. */
  async dismiss(connection: Connection): Promise<void> {
    if (!this.#strangers.has(connection)) return
    try {
      await connection.close({ signal: AbortSignal.timeout(dismissTimeoutMs) })
    } catch (error) {
      connection.abort(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #retire(connection: Connection): void {
    const { timers } = this.#options
    this.#retiring.set(connection, timers.set(() => connection.abort(new Error('a direct connection took over')), retireMs))
    connection.addEventListener('close', () => {
      timers.clear(this.#retiring.get(connection))
      this.#retiring.delete(connection)
    }, { once: true })
  }

  #addStranger(connection: Connection): void {
    const { gate, timers, log } = this.#options
    const peer = connection.remotePeer.toString()
    if (!gate.ajar) {
      connection.abort(new Error('not a member'))
      return
    }
    this.#strangers.add(connection)
    log.debug('stranger connected', { peer })
    const timer = timers.set(() => {
      if (!this.#vouched.has(connection)) connection.abort(new Error('a stranger that did not pair in time'))
    }, strangerTimeoutMs)
    connection.addEventListener('close', () => {
      timers.clear(timer)
      this.#vouched.delete(connection)
      this.#strangers.delete(connection)
    }, { once: true })
  }
}
