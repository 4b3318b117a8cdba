import type { createLibp2p } from 'libp2p'
import type { CertificateStore } from './certificate.ts'
import type { Logger } from './log.ts'
import type { RelayServer } from './relay-server.ts'
import type { DeviceId, RelayLimits } from './types.ts'

type Libp2pOptions = NonNullable<Parameters<typeof createLibp2p>[0]>

export type TransportOptions = {
  /** First of three: TCP, WebSocket, webrtc-direct. 0: any three in a row that are free. */
  port: number
  host: string
  certificate: CertificateStore | undefined
  mdns: boolean
  webrtc: boolean
  /** False: no port is opened, and others reach this device through a relay. */
  listen: boolean
  /** Relay between members, where the platform can, with these limits different from the usual ones. */
  relay: Partial<RelayLimits> | undefined
  isMember(id: DeviceId): boolean
  log: Logger
  /** Called for each device that multicast finds, as often as it is seen. */
  onFound(id: DeviceId, addrs: string[]): void
}

export type TransportSetup = {
  transports: NonNullable<Libp2pOptions['transports']>
  /** Multiaddrs to listen at. */
  listen: string[]
  /** Started and stopped with the transports. */
  services: NonNullable<Libp2pOptions['services']>
  /** What this device relays; undefined when it does not. */
  relayServer: RelayServer | undefined
  /** Can make a relayed connection to another such device into a WebRTC one. */
  canUpgrade: boolean
}

/** Ports that a device takes, from `port` on. */
export const portsPerDevice = 3
