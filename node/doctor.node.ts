import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import type { Mesh } from '../mesh/types.ts'
import type { Sync } from '../sync/types.ts'
import { fail, ok, warn, type Check } from './doctor.ts'
import type { Home } from './home.node.ts'

/** Below this much free space, in bytes, a device soon cannot remember any more … */
const lowSpace = 500 * 1024 * 1024
/** … and below this one it may fail at any moment. */
const noSpace = 50 * 1024 * 1024
/** The group and port of mDNS (RFC 6762). */
const mdnsGroup = '224.0.0.251'
const mdnsPort = 5353

export type Examined = {
  home: Home
  sync: Sync
  mesh: Mesh
  online: boolean
  /** Where the API answers; undefined for a command that opened the home by itself. */
  api: string | undefined
  mdns: boolean
  /** ms that the clock is behind what it was at the last run; 0 when it is not. */
  clockBehindMs: number
  /** File of the webrtc-direct certificate. */
  certificateFile: string
}

/** Looks at everything that may keep a device from working, and says what to do about it. */
export async function examine(parts: Examined): Promise<Check[]> {
  return [checkHome(parts.home), await checkSpace(parts.home.dir), checkStore(parts), checkClock(parts), checkPort(parts), await checkNetwork(parts.mdns), checkCertificate(parts), ...checkPeers(parts)]
}

function checkHome({ dir }: Home): Check {
  const mode = statSync(dir).mode & 0o777
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) return warn('home', `${dir} can be read by others on this machine (mode ${mode.toString(8)})`, `chmod 700 ${dir}`)
  return ok('home', dir)
}

async function checkSpace(dir: string): Promise<Check> {
  const { bavail, bsize } = await statfs(dir)
  const free = bavail * bsize
  const text = `${(free / 1e9).toFixed(1)} GB free`
  if (free < noSpace) return fail('disk', text, 'free some disk space: nothing more can be remembered until then')
  return free < lowSpace ? warn('disk', text, 'free some disk space soon') : ok('disk', text)
}

function checkStore({ sync }: Examined): Check {
  if (sync.removed) return fail('store', 'this device was removed from its mesh: it keeps what it has, and no longer syncs', 'stop it and start it again: it then goes on with a new key and what it had, and can be let in with kinmesh invite and kinmesh join')
  const faults = sync.faults()
  const last = faults.at(-1)
  const memories = sync.spaces().reduce((sum, space) => sum + space.count, 0)
  return last ? warn('store', `${memories} memories; ${faults.length} faults, the last: ${last.text}`, 'see kinmesh status for all of them') : ok('store', `${memories} memories`)
}

function checkClock({ clockBehindMs }: Examined): Check {
  if (clockBehindMs === 0) return ok('clock', new Date().toISOString())
  return warn('clock', `the clock is ${Math.round(clockBehindMs / 60_000)} minutes behind what it was when kinmesh last ran`, 'set the clock of this device (on Linux: timedatectl set-ntp true)')
}

function checkPort({ api, online, mesh }: Examined): Check {
  if (!online) return warn('device', 'not running: other devices cannot reach it', 'kinmesh up')
  return ok('device', `API ${api ?? 'within this command'}, mesh at ${mesh.addrs().length} addresses`)
}

async function checkNetwork(mdns: boolean): Promise<Check> {
  const outside = Object.values(networkInterfaces()).flat().filter(each => each && !each.internal && each.family === 'IPv4')
  if (outside.length === 0) return warn('network', 'no network interface but loopback', 'connect this device to the network that the others are in')
  if (!mdns) return ok('network', `${outside.length} addresses; discovery by multicast is off`)
  const reason = await multicastProblem()
  if (reason) return warn('network', `multicast has no route (${reason}), so devices do not find each other by themselves`, `sudo ip route add 224.0.0.0/4 dev ${firstInterface()}, or pair with the full kinmesh: address`)
  return ok('network', `${outside.length} addresses, multicast has a route`)
}

/** Asks the system for a route without sending anything: connecting a UDP socket looks one up. */
async function multicastProblem(): Promise<string | undefined> {
  const socket = createSocket('udp4')
  try {
    socket.connect(mdnsPort, mdnsGroup)
    await once(socket, 'connect')
    return undefined
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  } finally {
    socket.close()
  }
}

function firstInterface(): string {
  return Object.entries(networkInterfaces()).find(([, addresses]) => addresses?.some(each => !each.internal))?.[0] ?? 'eth0'
}

function checkCertificate({ home, certificateFile, online }: Examined): Check {
  if (home.read(certificateFile)) return ok('certificate', 'the address for browsers stays the same over restarts')
  return online ? warn('certificate', 'there is no certificate file, so the address for browsers changes at each start', `check that ${home.path(certificateFile)} can be written`) : ok('certificate', 'made when this device first runs')
}

function checkPeers({ sync, mesh, online }: Examined): Check[] {
  if (!online) return []
  const seen = new Map(mesh.peers().map(peer => [peer.id, peer.lastSeen]))
  return sync.peers().map(({ id, name, connected, synced }) => {
    const check = `peer ${name}`
    if (connected) return ok(check, synced ? 'connected, in sync' : 'connected, syncing')
    const last = seen.get(id) ?? 0
    return warn(check, last > 0 ? `away since ${new Date(last).toISOString()}` : 'not seen since this device started', 'start kinmesh there, in the same network')
  })
}
