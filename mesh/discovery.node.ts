import { mdns, type MulticastDNSComponents } from '@libp2p/mdns'
import type { DeviceId } from './types.ts'

/** Separates kinmesh devices from other libp2p programs of the network. */
export const serviceTag = '_kinmesh._udp.local'
/** Each device asks this often; a device that comes up finds the others by its own first question, at once. */
const intervalMs = 10_000

/**
 * Multicast DNS as a libp2p service. Not as "peer discovery": libp2p would put every id that anybody on the network
 * announces into its peer store, without a bound.
 */
export function discovery(onFound: (id: DeviceId, addrs: string[]) => void) {
  return (components: MulticastDNSComponents) => {
    const service = mdns({ serviceTag, interval: intervalMs })(components)
    service.addEventListener('peer', ({ detail }) => onFound(detail.id.toString(), detail.multiaddrs.map(String)))
    const { start, stop } = service as unknown as { start(): Promise<void>; stop(): Promise<void> }
    return { start: () => start.call(service), stop: () => stop.call(service) }
  }
}
