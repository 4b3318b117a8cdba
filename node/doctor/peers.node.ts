import type { DeviceId } from '../../mesh/types.ts'
import type { PeerSync } from '../../sync/types.ts'
import { ok, warn, type Check } from './check.ts'
import { isNear, type LocalAddress } from './network.node.ts'
import type { Reach } from './reach.node.ts'

export type PeerFacts = {
  readonly peers: readonly PeerSync[]
  readonly local: readonly LocalAddress[]
  /** What came of knocking at the known addresses of those that are away. */
  readonly tries: ReadonlyMap<DeviceId, readonly Reach[]>
  /** Unix ms; 0: never. */
  lastSeen(id: DeviceId): number
}

/** One check for each other device: how it is, or at which step the way to it ends. */
export function checkPeers({ peers, local, tries, lastSeen }: PeerFacts): Check[] {
  return peers.map(({ id, name, connected, synced }) => {
    const check = `peer ${name}`
    if (connected) return ok(check, synced ? 'connected, in sync' : 'connected, syncing')
    const seen = lastSeen(id)
    const away = seen > 0 ? `away since ${new Date(seen).toISOString()}` : 'not seen since this device started'
    const { text, fix } = wayTo(tries.get(id) ?? [], local)
    return warn(check, `${away}; ${text}`, fix)
  })
}

/** The best that any of its addresses gave says where the way ends. */
function wayTo(tries: readonly Reach[], local: readonly LocalAddress[]): { text: string; fix: string } {
  const [open, refused] = (['open', 'refused'] as const).map(reach => tries.find(each => each.reach === reach))
  if (open) return { text: `${at(open)} answers, and lets this device not in or is another program`, fix: 'look at kinmesh devices there: it may have removed this device, or run an older kinmesh' }
  if (refused) return { text: `${refused.host} is on, and its port ${refused.port} is closed`, fix: 'start kinmesh there (kinmesh up); if it runs, see kinmesh doctor there' }
  const near = tries.find(({ host }) => isNear(host, local))
  if (near) return { text: `${at(near)} does not answer`, fix: `wake that device, or allow TCP port ${near.port} in its firewall` }
  const [far] = tries
  const here = local.map(({ address }) => address).join(', ') || 'none'
  if (far) return { text: `${at(far)} does not answer, and is in none of the networks of this device (${here})`, fix: 'connect both to one network, or check which interface this device uses' }
  return { text: 'no address of it is known', fix: 'start kinmesh there, in the same network' }
}

function at({ host, port }: Reach): string {
  return `${host} port ${port}`
}
