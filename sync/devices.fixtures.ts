import { KinmeshError } from '../mesh/errors.ts'
import { createIdentity } from '../mesh/identity.ts'
import type { Logger } from '../mesh/log.ts'
import type { Channel, ChannelHandler, DeviceCard, DeviceId, Identity, Mesh } from '../mesh/types.ts'
import type { LocalSpace } from './space.ts'
import { createMemoryStore } from './store-memory.ts'
import type { Store } from './store.ts'
import { type SyncOptions, openSync } from './sync.ts'
import type { Sync } from './types.ts'

type Streams = Pick<Mesh, 'handle' | 'open' | 'onPeer' | 'peers'>

/** A network in memory: frames arrive in order, whole, a turn of the event loop later, while two devices are linked. */
export class MemoryNet {
  readonly #nodes = new Map<DeviceId, Node>()
  readonly #links = new Set<string>()
  /** Sees every frame; returns the frame to deliver, another one, or nothing to drop it. */
  intercept: ((from: DeviceId, to: DeviceId, frame: Uint8Array) => Uint8Array | undefined) | undefined

  node(id: DeviceId): Streams {
    const node = new Node(id, this)
    this.#nodes.set(id, node)
    return node
  }

  linked(a: DeviceId, b: DeviceId): boolean {
    return this.#links.has(linkKey(a, b))
  }

  link(a: DeviceId, b: DeviceId): void {
    if (!this.#nodes.has(a) || !this.#nodes.has(b)) return
    this.#links.add(linkKey(a, b))
    this.#nodes.get(a)?.peerChanged(b, true)
    this.#nodes.get(b)?.peerChanged(a, true)
  }

  unlink(a: DeviceId, b: DeviceId): void {
    if (!this.#links.delete(linkKey(a, b))) return
    this.#nodes.get(a)?.peerChanged(b, false)
    this.#nodes.get(b)?.peerChanged(a, false)
  }

  /** A device stops: its links and channels break. */
  remove(id: DeviceId): void {
    for (const other of this.#nodes.keys()) this.unlink(id, other)
    this.#nodes.delete(id)
  }

  open(from: Node, to: DeviceId, protocol: string): Channel {
    const target = this.#nodes.get(to)
    const handler = target?.handlers.get(protocol)
    if (!target || !handler || !this.linked(from.id, to)) throw new KinmeshError('Unreachable', `${to} is not linked`)
    const [near, far] = channelPair(from.id, to, (sender, receiver, frame) => (this.intercept ? this.intercept(sender, receiver, frame) : frame))
    from.track(near)
    target.track(far)
    void handler(far)
    return near
  }
}

const linkKey = (a: DeviceId, b: DeviceId): string => [a, b].sort().join(' ')

class Node implements Streams {
  readonly id: DeviceId
  readonly handlers = new Map<string, ChannelHandler>()
  readonly #net: MemoryNet
  readonly #listeners = new Set<(peer: DeviceId, connected: boolean) => void>()
  readonly #channels = new Set<Channel>()
  readonly #peers = new Set<DeviceId>()

  constructor(id: DeviceId, net: MemoryNet) {
    this.id = id
    this.#net = net
  }

  handle(protocol: string, handler: ChannelHandler): void {
    this.handlers.set(protocol, handler)
  }

  async open(peer: DeviceId, protocol: string): Promise<Channel> {
    return this.#net.open(this, peer, protocol)
  }

  onPeer(listener: (peer: DeviceId, connected: boolean) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  peers(): ReturnType<Mesh['peers']> {
    return [...this.#peers].map(id => ({ id, connected: true, addrs: [], lastSeen: 0 }))
  }

  track(channel: Channel): void {
    this.#channels.add(channel)
  }

  peerChanged(peer: DeviceId, connected: boolean): void {
    if (connected) this.#peers.add(peer)
    else this.#peers.delete(peer)
    if (!connected) for (const channel of this.#channels) if (channel.peer === peer) channel.abort(new Error('unlinked'))
    for (const listener of this.#listeners) listener(peer, connected)
  }
}

function channelPair(a: DeviceId, b: DeviceId, pass: (from: DeviceId, to: DeviceId, frame: Uint8Array) => Uint8Array | undefined): [Channel, Channel] {
  const ends = [new End(b), new End(a)] as const
  ends[0].connect(frame => pass(a, b, frame), ends[1])
  ends[1].connect(frame => pass(b, a, frame), ends[0])
  return [ends[0], ends[1]]
}

class End implements Channel {
  readonly peer: DeviceId
  readonly #inbox: Uint8Array[] = []
  #wake: (() => void) | undefined
  #closed: 'no' | 'ended' | 'broken' = 'no'
  #pass: (frame: Uint8Array) => Uint8Array | undefined = frame => frame
  #other: End | undefined

  constructor(peer: DeviceId) {
    this.peer = peer
  }

  connect(pass: (frame: Uint8Array) => Uint8Array | undefined, other: End): void {
    this.#pass = pass
    this.#other = other
  }

  async send(frame: Uint8Array): Promise<void> {
    if (this.#closed !== 'no') throw new KinmeshError('ChannelClosed', 'closed')
    const passed = this.#pass(frame.slice())
    if (passed) setImmediate(() => this.#other?.deliver(passed))
  }

  get frames(): AsyncIterable<Uint8Array> {
    return this.#read()
  }

  async close(): Promise<void> {
    this.end('ended')
    setImmediate(() => this.#other?.end('ended'))
  }

  abort(): void {
    this.end('broken')
    setImmediate(() => this.#other?.end('broken'))
  }

  deliver(frame: Uint8Array): void {
    if (this.#closed !== 'no') return
    this.#inbox.push(frame)
    this.#wake?.()
  }

  end(how: 'ended' | 'broken'): void {
    if (this.#closed === 'no') this.#closed = how
    this.#wake?.()
  }

  #arrival(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve
    })
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const frame = this.#inbox.shift()
      if (frame) yield frame
      else if (this.#closed === 'ended') return
      else if (this.#closed === 'broken') throw new KinmeshError('ChannelClosed', 'broken')
      else await this.#arrival()
    }
  }
}

export type TestDevice = { name: string; identity: Identity; store: Store; sync: Sync; personal: LocalSpace; card: DeviceCard; logged: string[]; stop(): Promise<void> }

type DeviceOptions = { identity?: Identity; store?: Store } & Pick<SyncOptions, 'tap' | 'clock' | 'timers' | 'pace' | 'keeping'>

/** A device on a memory network; give it an identity and a store to start the same device again. */
export async function startDevice(net: MemoryNet, name: string, options: DeviceOptions = {}): Promise<TestDevice> {
  const identity = options.identity ?? (await createIdentity())
  const store = options.store ?? createMemoryStore()
  const logged: string[] = []
  const note = (message: string, fields?: object) => void logged.push(`${message} ${JSON.stringify(fields ?? {})}`)
  const log: Logger = { debug: note, info: note, warn: note, error: note }
  const { tap, clock, timers, pace, keeping } = options
  const sync = await openSync({ identity, card: { name, place: 'test' }, store, mesh: net.node(identity.id), log, ...(tap ? { tap } : {}), ...(clock ? { clock } : {}), ...(timers ? { timers } : {}), ...(pace ? { pace } : {}), ...(keeping ? { keeping } : {}) })
  const card: DeviceCard = { id: identity.id, publicKey: identity.signing.publicKey, encryptionKey: identity.encryption.publicKey, name, place: 'test' }
  const stop = async () => {
    net.remove(identity.id)
    await sync.stop()
  }
  return { name, identity, store, sync, card, logged, stop, get personal() { return sync.space('personal') as LocalSpace } }
}

/** A fresh store of the same content: what a restore from a backup gives. */
export function copyOf(store: Store): Store {
  const copy = createMemoryStore()
  for (const row of store.spaces()) {
    const { id } = row
    const authors = store.logs(id).map(({ author }) => author)
    const statements = store.statements(id).map(bytes => ({ hash: new Uint8Array(32), bytes }))
    const entries = authors.flatMap(author => store.entries(id, author, 0, 1e6).map(row => ({ ...row, author })))
    const bases = authors.flatMap(author => store.bases(id, author).map(base => ({ ...base, author, bytes: store.base(id, author, base.shard) ?? new Uint8Array() })))
    const versions = authors.flatMap(author => store.logVersions(id, author))
    void copy.commit({ space: id, naming: [row], statements, logs: store.logs(id), entries, bases, versions, shards: store.shards(id), acks: store.acks(id) })
  }
  return copy
}

/** Devices of one person, paired by the first, linked each with each. */
export async function startMesh(net: MemoryNet, ...names: string[]): Promise<TestDevice[]> {
  const devices: TestDevice[] = []
  for (const name of names) devices.push(await startDevice(net, name))
  const [first, ...others] = devices
  for (const other of others) if (first) await other.sync.adopt(await first.sync.admit(other.card))
  linkAll(net, devices)
  return devices
}

export function linkAll(net: MemoryNet, devices: readonly TestDevice[]): void {
  for (const [index, a] of devices.entries()) for (const b of devices.slice(index + 1)) net.link(a.identity.id, b.identity.id)
}

function nextTurn(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve)
  })
}

/** Resolves once `condition` holds; looks at every change of the devices and fails after `timeoutMs` saying what it waited for. */
export async function until(what: string, condition: () => boolean, timeoutMs = 10_000): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain until ${what}`)
    await nextTurn()
  }
}

export function textsOf(device: TestDevice): string[] {
  return device.personal.list({ limit: 1e6 }).map(item => String(item.value['text'])).sort()
}

/** Every device says so, and it is so. */
export async function untilSynced(...devices: readonly TestDevice[]): Promise<void> {
  const dump = () => devices.map(device => `\n${device.name} ${[...device.personal.state.logs.values()].map(row => `${devices.find(each => each.identity.id === row.author)?.name}:${row.height}/${row.checkpoint}/${row.lowest}`).join(" ")}`+`\n${device.name}: ${device.personal.count} items, ${device.personal.digest().slice(0, 8)} ${JSON.stringify(device.sync.peers())}\n  ${device.logged.slice(-5).join('\n  ')}`).join('')
  try {
    await until('all devices are synced', () => devices.every(device => device.sync.peers().every(peer => !peer.connected || peer.synced)) && new Set(devices.map(device => device.personal.digest())).size === 1)
  } catch (error) {
    throw new Error(`${String(error)}${dump()}`, { cause: error })
  }
}
