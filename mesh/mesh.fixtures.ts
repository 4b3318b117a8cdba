import * as assert from 'uvu/assert'
import { openTransports } from '#mesh/transports'
import { channelWindowBytes, maxFrameBytes } from './channel.ts'
import { silentLogger, type Logger } from './log.ts'
import { createMesh } from './mesh.ts'
import { identityNamed } from './membership.fixtures.ts'
import type { AddressBook, DeviceId, Mesh, MeshOptions } from './types.ts'

/** For tests: an address book in memory, with what was saved last. */
export function memoryBook(book: Record<DeviceId, string[]> = {}): AddressBook & { saved: Record<DeviceId, string[]> } {
  const kept = { saved: book, load: async () => kept.saved, save: async (next: Record<DeviceId, string[]>) => void (kept.saved = structuredClone(next)) }
  return kept
}

export type LogLine = { level: string; message: string; fields: Record<string, unknown> | undefined }

export function recordingLogger(): Logger & { lines: LogLine[] } {
  const lines: LogLine[] = []
  const at = (level: string) => (message: string, fields?: Record<string, unknown>) => void lines.push({ level, message, fields })
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/**
 * For tests: real devices on 127.0.0.1, stopped together. Without webrtc-direct unless a test is about it: its native part
 * (node-datachannel 0.33.4) now and then takes the process down when many are stopped in one.
 */
export class Devices {
  readonly #running = new Set<Mesh>()

  async start(name: string, options: Partial<MeshOptions> = {}): Promise<Mesh> {
    const mesh = await createMesh({
      identity: identityNamed(name), name, place: 'test', port: 0, host: '127.0.0.1', addressBook: memoryBook(), mdns: false, webrtc: false, ...options
    })
    this.#running.add(mesh)
    return mesh
  }

  async stop(mesh: Mesh): Promise<void> {
    this.#running.delete(mesh)
    await mesh.stop()
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running].map(mesh => this.stop(mesh)))
  }

  /** Two devices that are members of one mesh and know one kind of address of each other. */
  async pair(transport: 'tcp' | 'ws' | 'webrtc-direct' = 'tcp', options: Partial<MeshOptions> = {}): Promise<[Mesh, Mesh]> {
    const webrtc = transport === 'webrtc-direct'
    const a = await this.start('a', { webrtc, ...options })
    const b = await this.start('b', { webrtc, ...options, addressBook: memoryBook({ [a.identity.id]: [addrOf(a, transport)] }) })
    const members = new Set([a.identity.id, b.identity.id])
    a.setMembers(members)
    b.setMembers(members)
    await Promise.all([connected(a, b.identity.id), connected(b, a.identity.id)])
    return [a, b]
  }
}

const nearPorts = new Set<number>()

/** Three ports in a row that were free a moment ago. */
export async function freePorts(): Promise<number> {
  for (;;) {
    const { listen } = await openTransports({
      port: 0, host: '127.0.0.1', certificate: undefined, mdns: false, webrtc: false, listen: true, relay: undefined, isMember: () => false, log: silentLogger, onFound() {}
    })
    const port = Number(/\/tcp\/(\d+)/.exec(listen[0]!)![1])
    // Nothing listens there yet, so a second call might choose among them again.
    if ([port - 2, port - 1, port, port + 1, port + 2].some(near => nearPorts.has(near))) continue
    nearPorts.add(port)
    return port
  }
}

export function addrOf(mesh: Mesh, transport: 'tcp' | 'ws' | 'webrtc-direct'): string {
  const found = mesh.addrs().find(addr => (transport === 'tcp' ? /\/tcp\/\d+\/p2p/.test(addr) : addr.includes(`/${transport}/`)))
  if (!found) throw new Error(`no ${transport} address among ${mesh.addrs().join(' ')}`)
  return found
}

/** Resolves when `mesh` is (or is not) connected to `peer`. */
export function connected(mesh: Mesh, peer: DeviceId, wanted = true): Promise<void> {
  return until(mesh, () => (mesh.peers().find(({ id }) => id === peer)?.connected ?? false) === wanted)
}

function until(mesh: Mesh, condition: () => boolean): Promise<void> {
  return new Promise(resolve => {
    const check = () => {
      if (!condition()) return
      off()
      resolve()
    }
    const off = mesh.onPeer(() => queueMicrotask(check))
    check()
  })
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Sends 16 MiB from one device to another that reads slowly; at no time may more be under way than the channel's window. */
export async function floodSlowReader(sender: Mesh, reader: Mesh): Promise<void> {
  const protocol = '/test/slow/1'
  const frames = 256
  let [sent, furthest] = [0, 0]
  const done = Promise.withResolvers<void>()
  reader.handle(protocol, async channel => {
    let read = 0
    for await (const frame of channel.frames) {
      assert.is(frame[0], read % 256)
      furthest = Math.max(furthest, sent - ++read)
      await new Promise(resolve => setImmediate(resolve))
    }
    assert.is(read, frames)
    done.resolve()
  })
  const channel = await sender.open(reader.identity.id, protocol)
  for (; sent < frames; sent++) await channel.send(new Uint8Array(maxFrameBytes).fill(sent))
  await channel.close()
  await done.promise
  assert.ok(furthest * maxFrameBytes <= channelWindowBytes, `the sender was ${furthest} frames ahead`)
}
