import { KinmeshError } from '../../../mesh/errors.ts'
import type { Channel, ChannelHandler, DeviceId, Mesh } from '../../../mesh/types.ts'
import type { Random } from '../../random.fixtures.ts'
import { VirtualEnd } from './virtual-channel.ts'
import type { Life, VirtualTime } from './virtual-time.ts'

/** As in mesh/mesh.ts. */
const openTimeoutMs = 10_000
/** A broken connection is dialled again within these, ms. */
const redialMs = [20, 1500] as const

export type FrameFault = 'lost' | 'twice' | 'swapped'

/** One direction of a link. */
type Way = { delayMs: number; jitterMs: number; stalled: boolean; lastAt: number; held: (() => void)[]; fault: FrameFault | undefined; left: number; swapped: (() => void) | undefined }
/** What lies between two runs of devices: the road, whether or not a connection uses it. */
type Link = { cut: boolean; there: Way; back: Way; redialling: boolean; connection: Connection | undefined }

class Connection {
  readonly ends = new Map<VirtualNode, Set<VirtualEnd>>()
  /** Sides that hold it for open. */
  readonly sides: Set<VirtualNode>

  constructor(a: VirtualNode, b: VirtualNode) {
    this.sides = new Set([a, b])
    this.ends.set(a, new Set()).set(b, new Set())
  }
}

/** A network in virtual time. What it does to frames and connections follows from the random numbers that it is given. */
export class VirtualNet {
  readonly time: VirtualTime
  readonly random: Random
  windowBytes = 256 * 1024
  delayMs = 2
  jitterMs = 3
  readonly nodes = new Set<VirtualNode>()
  readonly #links = new Map<string, Link>()
  #numbers = 0

  constructor(time: VirtualTime, random: Random) {
    this.time = time
    this.random = random
  }

  /** Another run of a device, or the first. */
  node(id: DeviceId, life: Life): VirtualNode {
    const node: VirtualNode = new VirtualNode(id, life, this, this.#numbers++)
    this.nodes.add(node)
    return node
  }

  /** A run ends. The others notice soon, as its machine says so, or late, by its silence. */
  remove(node: VirtualNode): void {
    this.nodes.delete(node)
    const withinMs = this.random.chance(0.7) ? 2000 : 80_000
    for (const other of this.nodes) this.time.after(this.random.next() * withinMs, () => this.#notice(node, other))
  }

  link(a: VirtualNode, b: VirtualNode): Link {
    const key = a.number < b.number ? `${a.number} ${b.number}` : `${b.number} ${a.number}`
    let link = this.#links.get(key)
    if (!link) {
      link = { cut: false, there: this.#way(), back: this.#way(), redialling: false, connection: undefined }
      this.#links.set(key, link)
    }
    return link
  }

  way(from: VirtualNode, to: VirtualNode): Way {
    const link = this.link(from, to)
    return from.number < to.number ? link.there : link.back
  }

  /** Whether they are members of one mesh, on a road that is open: then they connect. */
  consider(a: VirtualNode, b: VirtualNode): void {
    const link = this.link(a, b)
    if (link.redialling || !this.#mayConnect(a, b, link)) return
    link.redialling = true
    // A device and its clone take turns, and need not do so every second.
    const pace = a.connected.has(b.id) || b.connected.has(a.id) ? 10 : 1
    this.time.after(pace * (redialMs[0] + this.random.next() * (redialMs[1] - redialMs[0])), () => {
      link.redialling = false
      if (this.#mayConnect(a, b, link)) this.#connect(a, b, link)
    })
  }

  considerAll(node: VirtualNode): void {
    for (const other of this.nodes) if (other !== node) this.consider(node, other)
  }

  /** The road is closed; each side notices after a while of its own. */
  cut(a: VirtualNode, b: VirtualNode): void {
    this.link(a, b).cut = true
    this.break(a, b)
  }

  heal(a: VirtualNode, b: VirtualNode): void {
    const link = this.link(a, b)
    link.cut = false
    for (const way of [link.there, link.back]) {
      way.stalled = false
      way.left = 0
      for (const carry of way.held.splice(0)) carry()
      way.swapped?.()
      way.swapped = undefined
    }
    this.consider(a, b)
  }

  /** The connection breaks, as when an address changes. */
  break(a: VirtualNode, b: VirtualNode): void {
    for (const [near, far] of [[a, b], [b, a]] as const) this.time.after(this.random.next() * 2000, () => this.#notice(far, near))
  }

  /** Frames get no further that way, and nobody is told. */
  stall(from: VirtualNode, to: VirtualNode): void {
    this.way(from, to).stalled = true
  }

  tamper(from: VirtualNode, to: VirtualNode, fault: FrameFault, frames: number): void {
    Object.assign(this.way(from, to), { fault, left: frames })
  }

  /** Whether it would change anything between them. */
  canSuffer(fault: 'cut' | 'heal' | 'break' | 'stall' | 'delay' | 'tamper', from: VirtualNode, to: VirtualNode): boolean {
    const { cut, connection, there, back } = this.link(from, to)
    const way = this.way(from, to)
    switch (fault) {
      case 'cut': return !cut
      case 'heal': return cut || [there, back].some(({ stalled, left, swapped }) => stalled || left > 0 || swapped !== undefined)
      case 'break': return connection !== undefined
      case 'stall': return !cut && !way.stalled
      case 'tamper': return !cut && way.left === 0
      case 'delay': return true
    }
  }

  open(from: VirtualNode, to: DeviceId, protocol: string, signal: AbortSignal | undefined): Promise<Channel> {
    const unreachable = () => new KinmeshError('Unreachable', 'the device is not connected')
    return new Promise((resolve, reject) => {
      const target = from.connected.get(to)
      const connection = target && this.link(from, target).connection
      if (!target || !connection || signal?.aborted) return reject(unreachable())
      const [near, far] = this.#channel(from, target, connection)
      const cancel = from.life.after(openTimeoutMs, () => {
        near.abort()
        reject(unreachable())
      })
      signal?.addEventListener('abort', () => reject(unreachable()), { once: true })
      this.#carry(from, target, connection, () => {
        const handler = target.handlers.get(protocol)
        if (!handler) return far.abort()
        void handler(far)
        this.#carry(target, from, connection, () => {
          cancel()
          resolve(near)
        })
      })
    })
  }

  #way(): Way {
    return { delayMs: this.delayMs * (0.5 + this.random.next()), jitterMs: this.jitterMs, stalled: false, lastAt: 0, held: [], fault: undefined, left: 0, swapped: undefined }
  }

  #mayConnect(a: VirtualNode, b: VirtualNode, link: Link): boolean {
    if (link.cut || a.id === b.id || !this.nodes.has(a) || !this.nodes.has(b) || a.life.asleep || b.life.asleep) return false
    if (a.connected.get(b.id) === b && b.connected.get(a.id) === a) return false
    return a.members.has(b.id) && b.members.has(a.id)
  }

  #connect(a: VirtualNode, b: VirtualNode, link: Link): void {
    // One connection per device id: a newer one takes the place of an older, also where a clone had that.
    for (const [near, far] of [[a, b], [b, a]] as const) {
      const former = near.connected.get(far.id)
      if (former) this.#notice(former, near)
    }
    link.connection = new Connection(a, b)
    for (const way of [link.there, link.back]) {
      way.held = []
      way.swapped = undefined
    }
    a.changed(b, true)
    b.changed(a, true)
  }

  /** `near` finds out that its connection to `far` is gone. */
  #notice(far: VirtualNode, near: VirtualNode): void {
    const link = this.link(near, far)
    const { connection } = link
    if (near.connected.get(far.id) !== far || !connection?.sides.delete(near)) return
    for (const end of connection.ends.get(near) ?? []) end.break()
    if (connection.sides.size === 0) link.connection = undefined
    else this.time.after(this.random.next() * 20_000, () => connection.sides.has(far) && this.#notice(near, far))
    near.changed(far, false)
    this.consider(near, far)
  }

  #channel(a: VirtualNode, b: VirtualNode, connection: Connection): [VirtualEnd, VirtualEnd] {
    const end = (near: VirtualNode, far: VirtualNode): VirtualEnd => {
      const made: VirtualEnd = new VirtualEnd(
        far.id, this.windowBytes, (act, lost) => this.#carry(near, far, connection, act, lost), (ms, act) => void near.life.after(ms, act), () => connection.ends.get(near)?.delete(made)
      )
      connection.ends.get(near)?.add(made)
      return made
    }
    const [near, far] = [end(a, b), end(b, a)]
    near.join(far)
    far.join(near)
    return [near, far]
  }

  #carry(from: VirtualNode, to: VirtualNode, connection: Connection, act: () => void, lost?: () => void): void {
    const way = this.way(from, to)
    if (lost && way.left > 0) {
      way.left--
      if (way.fault === 'lost') return lost()
      if (way.fault === 'twice') this.#travel(way, connection, to, act)
      if (way.fault === 'swapped' && !way.swapped) {
        way.swapped = () => this.#travel(way, connection, to, act)
        return
      }
    }
    this.#travel(way, connection, to, act)
    const swapped = lost ? way.swapped : undefined
    if (!swapped) return
    way.swapped = undefined
    swapped()
  }

  #travel(way: Way, connection: Connection, to: VirtualNode, act: () => void): void {
    if (way.stalled) {
      way.held.push(() => this.#travel(way, connection, to, act))
      return
    }
    way.lastAt = Math.max(way.lastAt, this.time.now + way.delayMs + this.random.next() * way.jitterMs)
    to.life.after(way.lastAt - this.time.now, () => {
      if (connection.sides.has(to)) act()
    })
  }
}

/** One run of a device on the network. */
export class VirtualNode implements Pick<Mesh, 'handle' | 'open' | 'onPeer' | 'peers'> {
  readonly id: DeviceId
  readonly life: Life
  readonly number: number
  readonly handlers = new Map<string, ChannelHandler>()
  /** Which run of each device it is connected to. */
  readonly connected = new Map<DeviceId, VirtualNode>()
  members: ReadonlySet<DeviceId> = new Set()
  readonly #net: VirtualNet
  readonly #listeners = new Set<(peer: DeviceId, connected: boolean) => void>()

  constructor(id: DeviceId, life: Life, net: VirtualNet, number: number) {
    this.id = id
    this.life = life
    this.#net = net
    this.number = number
  }

  /** The gate, as Mesh.setMembers: who is none is cut off at once. */
  setMembers(members: ReadonlySet<DeviceId>): void {
    this.members = new Set(members)
    for (const [id, other] of [...this.connected]) if (!members.has(id)) this.#net.break(this, other)
    this.#net.considerAll(this)
  }

  handle(protocol: string, handler: ChannelHandler): void {
    this.handlers.set(protocol, handler)
  }

  open(peer: DeviceId, protocol: string, { signal }: { signal?: AbortSignal } = {}): Promise<Channel> {
    return this.#net.open(this, peer, protocol, signal)
  }

  onPeer(listener: (peer: DeviceId, connected: boolean) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  peers(): ReturnType<Mesh['peers']> {
    return [...this.connected.keys()].map(id => ({ id, connected: true, addrs: [], lastSeen: 0 }))
  }

  changed(other: VirtualNode, connected: boolean): void {
    if (connected) this.connected.set(other.id, other)
    else this.connected.delete(other.id)
    if (!this.life.alive) return
    for (const listener of this.#listeners) listener(other.id, connected)
  }
}
