import { privateKeyFromRaw } from '@libp2p/crypto/keys'
import type { Connection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p, type Libp2p } from 'libp2p'
import { concat } from 'uint8arrays/concat'
import { openTransports } from '#mesh/transports'
import { Addresses, maxAddrsPerDevice, relayedAddr } from './addresses.ts'
import { cardOf } from './card.ts'
import { channelOver } from './channel.ts'
import { relayThrough } from './component-guards.ts'
import { Connections } from './connections.ts'
import { addressTimeoutMs, Dialler, dialTimeoutMs, unreachable } from './dialler.ts'
import { encryption } from './encryption.ts'
import { isKinmeshError, KinmeshError } from './errors.ts'
import { Gate, handshakeTimeoutMs, maxConnections, maxHandshakesPerSecondPerAddress, maxPendingHandshakes } from './gate.ts'
import { answerGreeting, greet, type Greeting, greetingProtocol } from './greeting.ts'
import { silentLogger, type Logger } from './log.ts'
import { sturdyYamux } from './muxer.ts'
import { Inviter } from './pairing-invite.ts'
import { Joiner, type PairingLink } from './pairing-join.ts'
import { pairingProtocol } from './pairing-messages.ts'
import { RelayClient } from './relay-client.ts'
import type { RelayServer } from './relay-server.ts'
import { Relays } from './relays.ts'
import { Supervisor } from './supervisor.ts'
import { realTimers } from './timers.ts'
import type { Channel, ChannelHandler, DeviceCard, DeviceId, Identity, Invite, InviteOptions, JoinOptions, JoinResult, Mesh, MeshOptions, PeerStatus, RelayStatus } from './types.ts'

/** A stream on an open connection: behind a full window (1 MiB) on a link of 1 Mbit/s. */
const openTimeoutMs = 10_000
/** A sign of life, however full the link is. */
const probeTimeoutMs = 20_000
/** Streams of one protocol that one device may hold open. */
const maxStreamsPerProtocol = 8
/** Everything below is best effort: a device that is switched off must not wait for the others. */
export const stopTimeoutMs = 5_000

/** Starts this device's place in the mesh. @throws KinmeshError `PortInUse`, `BadHost`, `BadName`, `BadCertificate` */
export async function createMesh(options: MeshOptions): Promise<Mesh> {
  const mesh = new LibMesh(options, await Addresses.load(options.addressBook, options.log ?? silentLogger))
  try {
    await mesh.start()
  } catch (error) {
    await mesh.stop()
    throw error
  }
  return mesh
}

class LibMesh implements Mesh {
  readonly identity: Identity
  readonly card: DeviceCard
  readonly #options: MeshOptions
  readonly #log: Logger
  readonly #addresses: Addresses
  readonly #gate: Gate
  readonly #connections: Connections
  readonly #supervisor: Supervisor
  readonly #inviter: Inviter
  readonly #joiner: Joiner
  readonly #relays: Relays
  readonly #relayClient: RelayClient
  readonly #dialler: Dialler
  readonly #listeners = new Set<(peer: DeviceId, connected: boolean) => void>()
  #node: Libp2p | undefined
  #relayServer: RelayServer | undefined
  #canUpgrade = false
  #stopping: Promise<void> | undefined

  constructor(options: MeshOptions, addresses: Addresses) {
    const { identity, log = silentLogger, clock = Date.now } = options
    this.identity = identity
    this.card = cardOf(identity, options.name, options.place)
    this.#options = options
    this.#log = log
    this.#addresses = addresses
    this.#gate = new Gate(() => this.#connections.strangers)
    const shared = { self: identity.id, log, clock, timers: realTimers }
    this.#connections = new Connections({ ...shared, gate: this.#gate, onPeer: (peer, connected) => this.#onPeer(peer, connected) })
    this.#supervisor = new Supervisor({
      ...shared,
      isConnected: peer => this.#connections.isConnected(peer),
      isRelayed: peer => this.#connections.relayTo(peer) !== undefined,
      isSilent: (peer, since) => this.#connections.isSilent(peer, since),
      dial: async peer => void (await this.#dialler.dial(peer)),
      improve: peer => this.#dialler.improve(peer),
      probe: since => this.#probe(since)
    })
    this.#relayClient = new RelayClient({ isMember: id => this.#gate.isMember(id), log, onLost: relay => this.#relays.lost(relay) })
    this.#relays = new Relays({
      ...shared,
      isDirect: peer => this.#connections.isConnected(peer) && this.#connections.relayTo(peer) === undefined,
      reserve: relay => this.#relayClient.reserve(relay),
      changed: () => this.#onRelays()
    })
    this.#dialler = new Dialler({
      node: () => this.#node, addresses, connections: this.#connections, relays: this.#relays, client: this.#relayClient, canUpgrade: () => this.#canUpgrade, log
    })
    this.#inviter = new Inviter({ ...shared, card: this.card, addrs: () => this.addrs(), welcome: () => this.#gate.welcome() })
    this.#joiner = new Joiner({
      ...shared,
      card: this.card,
      venture: () => this.#gate.venture(),
      connect: (addrs, signal) => this.#connectToInviter(addrs, signal),
      learn: (id, addr) => {
        this.#addresses.confirm(id, addr)
        return this.#addresses.flush()
      }
    })
  }

  async start(): Promise<void> {
    const { port, host = '0.0.0.0', certificate, mdns = true, webrtc = true, listen: listens = true, relay = true } = this.#options
    const { transports, listen, services, relayServer, canUpgrade } = await openTransports({
      port, host, certificate, mdns, webrtc,
      listen: listens,
      relay: relay === true ? {} : relay || undefined,
      isMember: id => this.#gate.isMember(id),
      log: this.#log,
      onFound: (id, addrs) => this.#onFound(id, addrs)
    })
    this.#relayServer = relayServer
    this.#canUpgrade = canUpgrade
    const { publicKey, privateKey } = this.identity.signing
    const node = await createLibp2p({
      start: false,
      privateKey: privateKeyFromRaw(concat([privateKey, publicKey])),
      addresses: { listen },
      transports: [...transports, this.#relayClient.transport],
      services,
      connectionEncrypters: [encryption()],
      streamMuxers: [sturdyYamux()],
      connectionGater: this.#gate.gater,
      connectionManager: {
        maxConnections,
        inboundConnectionThreshold: maxHandshakesPerSecondPerAddress,
        maxIncomingPendingConnections: maxPendingHandshakes,
        inboundUpgradeTimeout: handshakeTimeoutMs,
        addressDialTimeout: addressTimeoutMs,
        dialTimeout: dialTimeoutMs,
        // In our order: addresses that worked last come first.
        addressSorter: () => 0,
        // The supervisor reconnects.
        reconnectRetries: 0
      },
      // Its pings kill a connection that is busy with a large transfer; #probe asks only when nothing was heard for long.
      connectionMonitor: { enabled: false },
      nodeInfo: { name: 'kinmesh' }
    })
    this.#node = node
    node.addEventListener('connection:open', ({ detail }) => this.#connections.add(detail))
    node.addEventListener('connection:close', ({ detail }) => {
      const relay = relayThrough(detail)
      if (relay !== undefined) this.#relays.failed(relay, detail.remotePeer.toString())
      this.#connections.remove(detail)
    })
    this.handle(greetingProtocol, async channel => this.#heed(channel.peer, await answerGreeting(channel, this.#greeting(channel.peer))))
    this.#register(pairingProtocol, (stream, connection) => void this.#servePairing(stream, connection), 1)
    try {
      await node.start()
    } catch (cause) {
      if (String(cause).includes('EADDRINUSE')) throw new KinmeshError('PortInUse', `port ${port} or one of the next two is in use by another program: choose another with --port`, { cause })
      throw new KinmeshError('CannotListen', `this device could not open its ports: ${String(cause)}`, { cause })
    }
    this.#log.info('mesh started', { id: this.identity.id, addrs: this.addrs().length, relays: relayServer !== undefined })
  }

  addrs(): string[] {
    return this.#node?.getMultiaddrs().map(String) ?? []
  }

  setMembers(members: ReadonlySet<DeviceId>): void {
    const others = new Set(members)
    others.delete(this.identity.id)
    const newcomers = [...others].filter(id => !this.#gate.isMember(id))
    this.#gate.setMembers(others)
    this.#connections.enforce()
    this.#addresses.retain(others)
    this.#supervisor.setMembers(others)
    // The devices at hand may know where a newcomer is.
    if (newcomers.length > 0) this.#greetOthers(undefined)
  }

  peers(): PeerStatus[] {
    return [...this.#gate.members].map(id => ({
      id,
      connected: this.#connections.isConnected(id),
      addrs: this.#addresses.of(id),
      lastSeen: this.#connections.lastSeen(id),
      via: this.#connections.relayTo(id)
    }))
  }

  relay(): RelayStatus {
    const { reservations, relayed } = this.#relayServer?.load() ?? { reservations: 0, relayed: 0 }
    const { maxReservations, maxRelayed } = this.#relayServer?.limits ?? { maxReservations: 0, maxRelayed: 0 }
    return { serving: this.#relayServer !== undefined, reservations, maxReservations, relayed, maxRelayed, using: this.#relays.using, refused: this.#relays.refused }
  }

  handle(protocol: string, handler: ChannelHandler): void {
    const onStream = (stream: Parameters<typeof channelOver>[0], connection: Connection) => {
      const peer = connection.remotePeer.toString()
      if (!this.#gate.isMember(peer)) {
        this.#log.warn('stranger asked for more than pairing', { peer, protocol })
        stream.abort(new Error('not a member'))
        return
      }
      void this.#serve(this.#channel(stream, connection, protocol), protocol, handler)
    }
    this.#register(protocol, onStream, maxStreamsPerProtocol)
  }

  async open(peer: DeviceId, protocol: string, { signal }: { signal?: AbortSignal } = {}): Promise<Channel> {
    if (!this.#gate.isMember(peer)) throw new KinmeshError('NotAMember', 'this device is not in the mesh: list its devices with `kinmesh devices`')
    const existing = this.#connections.preferred(peer)
    try {
      return await this.#openOn(existing ?? (await this.#dialler.dial(peer, { signal })), protocol, signal)
    } catch (cause) {
      if (isKinmeshError(cause)) throw cause
      throw unreachable(cause)
    }
  }

  onPeer(listener: (peer: DeviceId, connected: boolean) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  async invite(options: InviteOptions): Promise<Invite> {
    return this.#inviter.invite(options)
  }

  async join(uriOrCode: string, options: JoinOptions): Promise<JoinResult> {
    const result = await this.#joiner.join(uriOrCode, options)
    // The inviter hardly knows yet where we are.
    this.#supervisor.dialNow(result.inviter.id, { yields: false })
    return result
  }

  wake(): void {
    this.#supervisor.wake()
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    this.#supervisor.stop()
    this.#inviter.stop()
    this.#joiner.stop()
    this.#relays.stop()
    const stopped = Promise.all([this.#node?.stop(), this.#addresses.flush()])
    const late = Promise.withResolvers<void>()
    const timer = setTimeout(() => late.reject(new Error('not stopped in time')), stopTimeoutMs)
    try {
      await Promise.race([stopped, late.promise])
    } catch (error) {
      this.#log.warn('the mesh did not stop cleanly', { error: String(error) })
    } finally {
      clearTimeout(timer)
      this.#relayClient.stop()
    }
  }

  #onPeer(peer: DeviceId, connected: boolean): void {
    if (connected) {
      this.#supervisor.connected(peer)
      const connection = this.#connections.preferred(peer)
      if (connection) void this.#greet(connection, openTimeoutMs)
    } else {
      this.#supervisor.disconnected(peer)
      this.#relayServer?.forget(peer)
      this.#relays.gone(peer)
    }
    for (const listener of this.#listeners) {
      try {
        listener(peer, connected)
      } catch (error) {
        this.#log.error('a listener to peers failed', { error: String(error) })
      }
    }
  }

  #onFound(id: DeviceId, addrs: string[]): void {
    this.#joiner.found(id, addrs)
    if (this.#gate.isMember(id) && this.#addresses.hint(id, addrs)) this.#supervisor.dialNow(id)
  }

  /** This device can be found elsewhere: tell the others, and look for those that only a relay leads to. */
  #onRelays(): void {
    if (this.#stopping) return
    this.#greetOthers(undefined)
    this.#supervisor.dialAbsent()
  }

  async #connectToInviter(addrs: string[], signal: AbortSignal): Promise<PairingLink> {
    if (!this.#node) throw new Error('the mesh has not started')
    // Never over a connection that is there for something else: it ends with pairing.
    const connection = await this.#node.dial(addrs.map(addr => multiaddr(addr)), { signal, force: true })
    this.#connections.vouch(connection)
    const close = () => this.#connections.dismiss(connection)
    try {
      return { channel: await this.#openOn(connection, pairingProtocol, signal), addr: connection.remoteAddr.toString(), close }
    } catch (error) {
      await close()
      throw error
    }
  }

  async #servePairing(stream: Parameters<typeof channelOver>[0], connection: Connection): Promise<void> {
    const channel = this.#channel(stream, connection, pairingProtocol)
    await this.#serve(channel, pairingProtocol, () => this.#inviter.serve(channel, () => this.#connections.vouch(connection)))
    await this.#connections.dismiss(connection)
  }

  /** Only the dialling side learns an address from the connection itself; this tells the other side, and what has changed. */
  async #greet(connection: Connection, timeoutMs: number): Promise<boolean> {
    const peer = connection.remotePeer.toString()
    try {
      const channel = await this.#openOn(connection, greetingProtocol, undefined, timeoutMs)
      const timer = setTimeout(() => channel.abort(new Error('no answer to a greeting')), timeoutMs)
      try {
        this.#heed(peer, await greet(channel, this.#greeting(peer)))
        await channel.close()
      } finally {
        clearTimeout(timer)
      }
      return true
    } catch (error) {
      this.#log.debug('device did not answer a greeting', { peer, error: String(error) })
      return false
    }
  }

  #greeting(peer: DeviceId): Greeting {
    const others = [...this.#gate.members].filter(id => id !== peer).map(id => ({ id, addrs: this.#addresses.known(id) }))
    const relayed = this.#relays.using.map(relayedAddr)
    const addrs = [...this.addrs().slice(0, maxAddrsPerDevice - relayed.length), ...relayed]
    return { addrs, others: others.filter(told => told.addrs.length > 0), relays: this.#relayServer !== undefined }
  }

  /** What a device says of itself is believed and passed on; what it says of others is tried. */
  #heed(peer: DeviceId, { addrs, others, relays }: Greeting): void {
    for (const { id, addrs: told } of others) if (this.#gate.isMember(id) && this.#addresses.hint(id, told)) this.#supervisor.dialNow(id)
    if (this.#addresses.learn(peer, addrs)) this.#greetOthers(peer)
    if (this.#connections.isConnected(peer) && this.#relays.told(peer, relays)) this.#supervisor.dialAbsent()
  }

  #greetOthers(except: DeviceId | undefined): void {
    for (const id of this.#gate.members) {
      const connection = id === except ? undefined : this.#connections.preferred(id)
      if (connection) void this.#greet(connection, openTimeoutMs)
    }
  }

  #probe(since: number): void {
    for (const connection of this.#connections.silentSince(since)) {
      void this.#greet(connection, probeTimeoutMs).then(alive => {
        if (!alive) connection.abort(new Error('no sign of life'))
      })
    }
  }

  async #openOn(connection: Connection, protocol: string, signal: AbortSignal | undefined, timeoutMs = openTimeoutMs): Promise<Channel> {
    const timeout = AbortSignal.timeout(timeoutMs)
    try {
      const stream = await connection.newStream(protocol, { signal: signal ? AbortSignal.any([signal, timeout]) : timeout, maxOutboundStreams: maxStreamsPerProtocol })
      return this.#channel(stream, connection, protocol)
    } catch (cause) {
      // A connection on which nothing can be opened is dead, though TCP may take a quarter of an hour to notice.
      if (timeout.aborted) connection.abort(new Error(`no answer within ${timeoutMs} ms`))
      throw unreachable(cause)
    }
  }

  #channel(stream: Parameters<typeof channelOver>[0], connection: Connection, protocol: string): Channel {
    const { log, tap } = { log: this.#log, tap: this.#options.tap }
    return channelOver(stream, { peer: connection.remotePeer.toString(), protocol, log, tap, onReceived: () => this.#connections.heard(connection) })
  }

  async #serve(channel: Channel, protocol: string, handler: ChannelHandler): Promise<void> {
    try {
      await handler(channel)
      await channel.close()
    } catch (error) {
      this.#log.warn('a channel failed', { peer: channel.peer, protocol, error: String(error) })
      channel.abort(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #register(protocol: string, onStream: (stream: Parameters<typeof channelOver>[0], connection: Connection) => void, maxInboundStreams: number): void {
    if (!this.#node) throw new Error('the mesh has not started')
    const registered = this.#node.handle(protocol, onStream, { maxInboundStreams, maxOutboundStreams: maxStreamsPerProtocol })
    registered.catch(error => this.#log.error('could not answer a protocol', { protocol, error: String(error) }))
  }
}
