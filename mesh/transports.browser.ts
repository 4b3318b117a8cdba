import { webRTCDirect } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import type { TransportOptions, TransportSetup } from './transports.ts'

/** A page can dial and cannot listen: no port, no certificate, no multicast. */
export async function openTransports({ webrtc }: TransportOptions): Promise<TransportSetup> {
  // No STUN: the library's default asks public servers for this device's address.
  return { transports: [webSockets(), ...(webrtc ? [webRTCDirect({ rtcConfiguration: { iceServers: [] } })] : [])], listen: [], services: {} }
}
