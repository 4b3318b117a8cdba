import type { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import type { Connection } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Logger } from './log.ts'
import type { DeviceId } from './types.ts'

/** What libp2p hands to a transport; its services get more. */
export type Components = Parameters<ReturnType<typeof circuitRelayTransport>>[0]
type Registrar = Components['registrar']
type ConnectionManager = Components['connectionManager']

/** The device through which the bytes of a connection pass. WebRTC that was only arranged through one is direct. */
export function relayThrough({ remoteAddr }: { remoteAddr: Multiaddr }): DeviceId | undefined {
  const components = remoteAddr.getComponents()
  const circuit = components.findIndex(({ name }) => name === 'p2p-circuit')
  if (circuit < 0 || components.some(({ name }) => name === 'webrtc')) return undefined
  return components.slice(0, circuit).findLast(({ name }) => name === 'p2p')?.value ?? ''
}

export function isRelayed(connection: { remoteAddr: Multiaddr }): boolean {
  return relayThrough(connection) !== undefined
}

/** `target` with some members replaced, for a library part that is given all of it. */
export function replacing<T extends object>(target: T, replacements: Partial<T>): T {
  return new Proxy(target, {
    get(_, name) {
      if (Object.hasOwn(replacements, name)) return replacements[name as keyof T]
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    }
  })
}

/** Protocols of libp2p answer anybody who is connected; these shall not answer a stranger who may connect while an invite is live. */
export function membersOnly(registrar: Registrar, isMember: (id: DeviceId) => boolean, log: Logger): Registrar {
  return replacing(registrar, {
    handle: (protocol, handler, options) => registrar.handle(protocol, (stream, connection) => {
      const peer = connection.remotePeer.toString()
      if (isMember(peer)) return handler(stream, connection)
      log.warn('stranger asked for more than pairing', { peer, protocol })
      stream.abort(new Error('not a member'))
    }, options)
  })
}

/** A relay is reached directly and reaches others directly: no relays through relays, and none is dialled on the way. */
export function directOnly(manager: ConnectionManager): ConnectionManager {
  const direct = (...peer: Parameters<ConnectionManager['getConnections']>): Connection[] =>
    manager.getConnections(...peer).filter(connection => connection.status === 'open' && !isRelayed(connection))
  return replacing(manager, {
    getConnections: direct,
    async openConnection(peer) {
      const found = 'toMultihash' in peer ? direct(peer).at(-1) : undefined
      if (found) return found
      throw new Error('no direct connection to the relay')
    }
  })
}
