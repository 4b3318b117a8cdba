import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { circuitRelayServer, type CircuitRelayService } from '@libp2p/circuit-relay-v2'
import { privateKeyFromRaw } from '@libp2p/crypto/keys'
import type { Connection, Stream } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { createLibp2p, type Libp2p } from 'libp2p'
import { concat } from 'uint8arrays/concat'
import { channelOver } from './channel.ts'
import { replacing } from './component-guards.ts'
import { answerGreeting, greetingProtocol } from './greeting.ts'
import { silentLogger } from './log.ts'
import { identityNamed } from './membership.fixtures.ts'
import { addrOf, connected, type Devices, memoryBook } from './mesh.fixtures.ts'
import { sturdyYamux } from './muxer.ts'
import type { TransportSetup } from './transports.ts'
import type { ChannelHandler, Mesh, MeshOptions } from './types.ts'

export const echoProtocol = '/test/echo/1'

export const echo: ChannelHandler = async channel => {
  for await (const frame of channel.frames) await channel.send(frame)
}

type ApartOptions = { relay?: Partial<MeshOptions>; end?: Partial<MeshOptions> }

/** Two devices that open no port, and a relay that both reach; all answer with an echo. */
export async function apart(devices: Devices, { relay: forRelay, end }: ApartOptions = {}): Promise<{ relay: Mesh; a: Mesh; b: Mesh }> {
  const relay = await devices.start('relay', forRelay)
  const known = () => ({ listen: false, addressBook: memoryBook({ [relay.identity.id]: [addrOf(relay, 'tcp')] }), ...end })
  const [a, b] = [await devices.start('a', known()), await devices.start('b', known())]
  acquaint([relay, a, b])
  return { relay, a, b }
}

/** Makes all of them members of one mesh. */
export function acquaint(meshes: readonly Mesh[], others: readonly string[] = []): void {
  const everyone = new Set([...meshes.map(({ identity }) => identity.id), ...others])
  for (const mesh of meshes) {
    mesh.handle(echoProtocol, echo)
    mesh.setMembers(everyone)
  }
}

export async function met(a: Mesh, b: Mesh): Promise<void> {
  await Promise.all([connected(a, b.identity.id), connected(b, a.identity.id)])
}

/** Resolves when `condition` holds; it is looked at whenever a connection of one of `meshes` comes or goes, and now and then. */
export async function until(meshes: readonly Mesh[], condition: () => boolean): Promise<void> {
  while (!condition()) {
    const changed = Promise.withResolvers<void>()
    const offs = meshes.map(mesh => mesh.onPeer(() => changed.resolve()))
    const timer = setTimeout(changed.resolve, 20)
    await changed.promise
    clearTimeout(timer)
    for (const off of offs) off()
  }
}

/** The relay between them, as `mesh` sees it. */
export function via(mesh: Mesh, peer: Mesh): string | undefined {
  return mesh.peers().find(({ id }) => id === peer.identity.id)?.via
}

/** What a hostile relay makes of the n-th piece of bytes (from 0) that it ought to pass on: nothing, other bytes, or the end. */
export type Tampering = (bytes: Uint8Array, n: number) => Uint8Array[] | 'close'

/** Bare libp2p under the key of the device `name`: a relay that does what it likes, or a stranger. */
export async function bareNode(name: string, tampering?: Tampering): Promise<Libp2p> {
  const { publicKey, privateKey } = identityNamed(name).signing
  const services: TransportSetup['services'] = tampering ? { relay: tamperingRelay(tampering) } : {}
  const node = await createLibp2p({
    privateKey: privateKeyFromRaw(concat([privateKey, publicKey])),
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [sturdyYamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    services
  })
  if (tampering) {
    await node.handle(greetingProtocol, (stream, connection) => {
      const channel = channelOver(stream, { peer: connection.remotePeer.toString(), protocol: greetingProtocol, log: silentLogger, tap: undefined, onReceived() {} })
      void answerGreeting(channel, { addrs: [], others: [], relays: true }).then(() => channel.close(), (error: Error) => channel.abort(error))
    })
  }
  return node
}

/** The library's relay, but what leaves on its streams passes `tampering` first; not the one message that opens each. */
function tamperingRelay(tampering: Tampering) {
  const tampered = (stream: Stream): Stream => {
    const send = stream.send.bind(stream)
    let sent = 0
    stream.send = data => {
      const n = sent++ - 1
      if (n < 0) return send(data)
      const passed = tampering(data.subarray(), n)
      if (passed !== 'close') return passed.map(bytes => send(bytes)).every(Boolean)
      stream.abort(new Error('the relay ends here'))
      return true
    }
    return stream
  }
  return (components: Parameters<ReturnType<typeof circuitRelayServer>>[0]): CircuitRelayService => {
    const { registrar, connectionManager } = components
    const outgoing = (connection: Connection) => replacing(connection, { newStream: async (...args) => tampered(await connection.newStream(...args)) })
    return circuitRelayServer({ reservations: { applyDefaultLimit: false } })(replacing(components, {
      registrar: replacing(registrar, { handle: (protocol, handler, options) => registrar.handle(protocol, (stream, connection) => handler(tampered(stream), connection), options) }),
      connectionManager: replacing(connectionManager, { getConnections: peer => connectionManager.getConnections(peer).map(outgoing) })
    }))
  }
}

/** A TCP proxy in front of 127.0.0.1:`port` that hands every piece of bytes to `pass` and sends what that returns. */
export async function tcpProxy(port: number, pass: (bytes: Buffer) => Buffer): Promise<{ port: number; close(): void }> {
  const sockets = new Set<Socket>()
  const server = createServer(near => {
    const far = connect(port, '127.0.0.1')
    for (const [from, to] of [[near, far], [far, near]] as const) {
      sockets.add(from)
      from.on('data', bytes => void to.write(pass(bytes)))
      from.on('error', () => to.destroy())
      from.on('close', () => to.destroy())
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    }
  }
}
