import { KinmeshError } from '../../mesh/errors.ts'
import type { Channel, ChannelHandler, DeviceId, Identity, PeerStatus } from '../../mesh/types.ts'
import type { RoundMesh } from './links.ts'

/** For tests: devices in one process, joined by channels in memory. Frames keep their order, and take a turn of the event loop each. */
export class MemoryNet {
  readonly #devices = new Map<DeviceId, MemoryMesh>()
  /** Sees every frame; a frame for which it gives false is lost. */
  tap: ((from: DeviceId, to: DeviceId, frame: Uint8Array) => boolean | void) | undefined

  join(identity: Identity): MemoryMesh {
    const mesh = new MemoryMesh(this, identity)
    this.#devices.set(identity.id, mesh)
    for (const other of this.#devices.values()) if (other !== mesh) this.#tell(mesh, other, true)
    return mesh
  }

  /** It is gone for the others, as when its process ends. */
  leave(id: DeviceId): void {
    const mesh = this.#devices.get(id)
    if (!mesh) return
    this.#devices.delete(id)
    mesh.drop()
    for (const other of this.#devices.values()) {
      other.drop(id)
      other.tell(id, false)
    }
  }

  get(id: DeviceId): MemoryMesh | undefined {
    return this.#devices.get(id)
  }

  peersOf(id: DeviceId): DeviceId[] {
    return [...this.#devices.keys()].filter(other => other !== id)
  }

  #tell(one: MemoryMesh, other: MemoryMesh, connected: boolean): void {
    one.tell(other.identity.id, connected)
    other.tell(one.identity.id, connected)
  }
}

export class MemoryMesh implements RoundMesh {
  readonly identity: Identity
  readonly #net: MemoryNet
  readonly #handlers = new Map<string, ChannelHandler>()
  readonly #listeners = new Set<(peer: DeviceId, connected: boolean) => void>()
  readonly #channels = new Set<MemoryChannel>()

  constructor(net: MemoryNet, identity: Identity) {
    this.#net = net
    this.identity = identity
  }

  peers(): PeerStatus[] {
    return this.#net.peersOf(this.identity.id).map(id => ({ id, connected: true, addrs: [], lastSeen: 0 }))
  }

  handle(protocol: string, handler: ChannelHandler): void {
    this.#handlers.set(protocol, handler)
  }

  onPeer(listener: (peer: DeviceId, connected: boolean) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  async open(peer: DeviceId, protocol: string): Promise<Channel> {
    const other = this.#net.get(peer)
    const handler = other?.handlerOf(protocol)
    if (!other || !handler || this.#net.get(this.identity.id) !== this) throw new KinmeshError('Unreachable', `${peer} cannot be reached`)
    const tap = (from: DeviceId, to: DeviceId, frame: Uint8Array) => this.#net.tap?.(from, to, frame) !== false
    const [near, far] = [new MemoryChannel(peer, this.identity.id, tap), new MemoryChannel(this.identity.id, peer, tap)]
    near.other = far
    far.other = near
    this.#channels.add(near)
    other.#channels.add(far)
    void handler(far)
    return near
  }

  handlerOf(protocol: string): ChannelHandler | undefined {
    return this.#handlers.get(protocol)
  }

  tell(peer: DeviceId, connected: boolean): void {
    for (const listener of this.#listeners) listener(peer, connected)
  }

  /** Its channels with another device end in order, as when one of two connections goes. */
  end(peer: DeviceId): void {
    for (const channel of this.#channels) {
      if (channel.peer !== peer) continue
      this.#channels.delete(channel)
      void channel.close()
    }
  }

  drop(peer?: DeviceId): void {
    for (const channel of this.#channels) {
      if (peer !== undefined && channel.peer !== peer) continue
      this.#channels.delete(channel)
      channel.abort()
    }
  }
}

class MemoryChannel implements Channel {
  readonly peer: DeviceId
  readonly frames: AsyncIterable<Uint8Array>
  other: MemoryChannel | undefined
  readonly #self: DeviceId
  readonly #tap: (from: DeviceId, to: DeviceId, frame: Uint8Array) => boolean
  readonly #inbox: Uint8Array[] = []
  #state: 'open' | 'ended' | 'broken' = 'open'
  #changed = Promise.withResolvers<void>()

  constructor(peer: DeviceId, self: DeviceId, tap: (from: DeviceId, to: DeviceId, frame: Uint8Array) => boolean) {
    this.peer = peer
    this.#self = self
    this.#tap = tap
    this.frames = { [Symbol.asyncIterator]: () => ({ next: () => this.#next() }) }
  }

  async send(frame: Uint8Array): Promise<void> {
    if (this.#state !== 'open') throw new KinmeshError('ChannelClosed', 'closed')
    if (frame.length > 64 * 1024) throw new KinmeshError('FrameTooLarge', `${frame.length} bytes`)
    const copy = frame.slice()
    if (this.#tap(this.#self, this.peer, copy)) setImmediate(() => this.other?.deliver(copy))
  }

  /** What was sent before arrives before the end. */
  async close(): Promise<void> {
    this.end('ended')
    setImmediate(() => this.other?.end('ended'))
  }

  abort(): void {
    this.end('broken')
    this.other?.end('broken')
  }

  end(how: 'ended' | 'broken'): void {
    if (this.#state === 'open') this.#state = how
    this.#wake()
  }

  deliver(frame: Uint8Array): void {
    if (this.#state !== 'open') return
    this.#inbox.push(frame)
    this.#wake()
  }

  async #next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const frame = this.#inbox.shift()
      if (frame) return { done: false, value: frame }
      if (this.#state === 'broken') throw new KinmeshError('ChannelClosed', 'broken')
      if (this.#state === 'ended') return { done: true, value: undefined }
      await this.#changed.promise
    }
  }

  #wake(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers<void>()
  }
}
