import { webRTC, webRTCDirect } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import { membersOnly, replacing } from './component-guards.ts'
import { withoutIdentify } from './relay-client.ts'
import type { TransportOptions, TransportSetup } from './transports.ts'

// No STUN: the library's default asks public servers for this device's address.
const rtcConfiguration: RTCConfiguration = { iceServers: [] }

/** A page can dial and cannot listen: no port, no certificate, no multicast. Two pages meet through a relay and go on over WebRTC. */
export async function openTransports({ webrtc, isMember, log }: TransportOptions): Promise<TransportSetup> {
  const betweenPages: TransportSetup['transports'][number] = components =>
    withoutIdentify(webRTC({ rtcConfiguration })(replacing(components, { registrar: membersOnly(components.registrar, isMember, log) })))
  return {
    transports: [webSockets(), ...(webrtc ? [webRTCDirect({ rtcConfiguration }), betweenPages] : [])],
    listen: [],
    services: {},
    relayServer: undefined,
    canUpgrade: webrtc
  }
}
