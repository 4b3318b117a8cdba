import { connect } from 'node:net'
import { multiaddr } from '@multiformats/multiaddr'

/** A device on the same network answers in milliseconds, one across the world within a second. */
const tryTimeoutMs = 2_000

export type Target = { readonly host: string; readonly port: number }
/** `open`: something listens; `refused`: the machine is on, and nothing listens; `silent`: no answer, or no way there. */
export type Reach = Target & { readonly reach: 'open' | 'refused' | 'silent' }

/** What of a multiaddr can be tried without speaking its protocol: TCP and WebSocket addresses, not through a relay. */
export function tcpTarget(addr: string): Target | undefined {
  const components = multiaddr(addr).getComponents()
  const host = components.find(({ name }) => name === 'ip4' || name === 'ip6')?.value
  const port = components.find(({ name }) => name === 'tcp')?.value
  const relayed = components.some(({ name }) => name === 'p2p-circuit')
  return host === undefined || port === undefined || relayed ? undefined : { host, port: Number(port) }
}

/** Opens a TCP connection and closes it again. */
export function tryTcp({ host, port }: Target): Promise<Reach> {
  const { promise, resolve } = Promise.withResolvers<Reach>()
  const socket = connect({ host, port, timeout: tryTimeoutMs })
  const found = (reach: Reach['reach']) => {
    socket.destroy()
    resolve({ host, port, reach })
  }
  socket.once('connect', () => found('open'))
  socket.once('timeout', () => found('silent'))
  socket.once('error', (error: NodeJS.ErrnoException) => found(error.code === 'ECONNREFUSED' ? 'refused' : 'silent'))
  return promise
}
