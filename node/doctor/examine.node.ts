import type { Mesh } from '../../mesh/types.ts'
import type { Sync } from '../../sync/types.ts'
import type { Home } from '../home.node.ts'
import { checkCertificate } from './certificate.node.ts'
import type { Check } from './check.ts'
import { checkClock } from './clock.ts'
import { checkInterface, checkMulticast, localAddresses, multicastRoute } from './network.node.ts'
import { checkPeers } from './peers.node.ts'
import { checkPort } from './port.node.ts'
import { checkRelay } from './relay.ts'
import { tcpTarget, tryTcp } from './reach.node.ts'
import { checkDisk, checkHome, checkStore } from './store.node.ts'

export type Examined = {
  home: Home
  sync: Sync
  mesh: Mesh
  online: boolean
  /** TCP ports that the settings ask for; none for any free ones. */
  ports: readonly number[]
  /** Where the API answers; undefined for a command that opened the home by itself. */
  api: string | undefined
  /** The interface that the settings name; undefined for every one. */
  host: string | undefined
  mdns: boolean
  /** ms that the clock is behind what it was at the last run; 0 when it is not. */
  clockBehindMs: number
  /** Files of the webrtc-direct certificate and of the store. */
  certificateFile: string
  storeFile: string
}

/** Looks at every layer between a person's words and the other devices, from the disk outwards, and says what to do about each. */
export async function examine({ home, sync, mesh, online, ports, api, host, mdns, clockBehindMs, certificateFile, storeFile }: Examined): Promise<Check[]> {
  const local = localAddresses()
  const peers = sync.peers()
  const known = new Map(mesh.peers().map(peer => [peer.id, peer]))
  const away = peers.filter(peer => online && !peer.connected)
  // Everything that waits for a network waits at the same time.
  const [disk, certificate, port, route, tries] = await Promise.all([
    checkDisk(home.dir),
    checkCertificate(home, certificateFile, online ? mesh.addrs() : undefined),
    checkPort({ api, addrs: online ? mesh.addrs() : undefined, wanted: ports }),
    mdns ? multicastRoute() : undefined,
    Promise.all(away.map(async ({ id }) => [id, await Promise.all((known.get(id)?.addrs ?? []).flatMap(addr => tcpTarget(addr) ?? []).map(tryTcp))] as const))
  ])
  return [
    checkHome(home.dir),
    disk,
    checkStore(home.path(storeFile), sync),
    checkClock(clockBehindMs, peers),
    certificate,
    port,
    checkInterface(local, host),
    checkMulticast({ local, host, route }),
    ...(online ? [checkRelay(mesh.relay(), id => peers.find(peer => peer.id === id)?.name ?? id)] : []),
    ...(online ? checkPeers({ peers, local, tries: new Map(tries), lastSeen: id => known.get(id)?.lastSeen ?? 0 }) : [])
  ]
}
