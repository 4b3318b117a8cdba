import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KinmeshError } from '../../mesh/errors.ts'
import { Devices } from '../../mesh/mesh.fixtures.ts'
import { apart } from '../../mesh/relay.fixtures.ts'
import { failedStart, type Check } from './check.ts'
import { checkClock } from './clock.ts'
import { checkInterface, checkMulticast, isNear, type LocalAddress } from './network.node.ts'
import { checkPeers } from './peers.node.ts'
import { checkPort } from './port.node.ts'
import { checkRelay } from './relay.ts'
import { type Reach, tcpTarget, tryTcp } from './reach.node.ts'
import { diskCheck } from './store.node.ts'

const hour = 3_600_000
const eth: LocalAddress = { interface: 'eth0', address: '192.168.1.5', cidr: '192.168.1.5/24' }
const vpn: LocalAddress = { interface: 'tun0', address: '10.8.0.2', cidr: '10.8.0.2/24' }

/** That the check says `result`, with every one of `words` in its text or fix, and a fix unless all is well. */
function finds(check: Check | undefined, result: Check['result'], ...words: string[]): void {
  assert.ok(check)
  assert.is(check.result, result, JSON.stringify(check))
  assert.is(check.fix === undefined, result === 'ok', JSON.stringify(check))
  for (const word of words) assert.ok(`${check.text} ${check.fix}`.includes(word), `${word} in ${JSON.stringify(check)}`)
}

test('clock: behind the last run, and against other devices', () => {
  finds(checkClock(0, []), 'ok')
  finds(checkClock(3 * 24 * hour, []), 'warn', '3 days behind')
  finds(checkClock(0, [{ name: 'laptop', clockOffsetMs: 1500 }, { name: 'phone', clockOffsetMs: undefined }]), 'ok', 'laptop')
  finds(checkClock(0, [{ name: 'laptop', clockOffsetMs: 3 * hour }]), 'warn', '3 hours behind that of laptop', 'the clock that is wrong')
  finds(checkClock(0, [{ name: 'laptop', clockOffsetMs: -hour }, { name: 'phone', clockOffsetMs: -hour }]), 'warn', '60 minutes ahead of that of laptop, phone', 'of this device')
  finds(checkClock(0, [{ name: 'laptop', clockOffsetMs: 0 }, { name: 'phone', clockOffsetMs: -hour }]), 'warn', 'phone', 'the clock that is wrong')
})

test('disk: little room, and none', () => {
  finds(diskCheck(5e9), 'ok', '5.0 GB')
  finds(diskCheck(3e8), 'warn', 'soon')
  finds(diskCheck(1e7), 'fail', 'nothing more')
})

test('interface: none, loopback, one made up, one that is gone, a virtual one', () => {
  finds(checkInterface([eth], undefined), 'ok', 'eth0 192.168.1.5')
  finds(checkInterface([], undefined), 'warn', 'but loopback')
  finds(checkInterface([eth], '127.0.0.1'), 'warn', '--host 0.0.0.0')
  finds(checkInterface([{ interface: 'wlan0', address: '169.254.7.7', cidr: '169.254.7.7/16' }], undefined), 'warn', 'DHCP')
  finds(checkInterface([eth], '192.168.1.9'), 'fail', '192.168.1.9', '192.168.1.5')
  finds(checkInterface([eth, vpn], '10.8.0.2'), 'warn', 'tun0')
  finds(checkInterface([eth, vpn], '192.168.1.5'), 'ok', 'eth0')
})

test('multicast: off, no route, the wrong interface', () => {
  finds(checkMulticast({ local: [eth], host: undefined, route: undefined }), 'ok', 'off')
  finds(checkMulticast({ local: [eth], host: undefined, route: { problem: 'ENETUNREACH' } }), 'warn', 'ENETUNREACH', 'dev eth0')
  finds(checkMulticast({ local: [eth, vpn], host: undefined, route: { address: vpn.address } }), 'warn', 'tun0', 'dev eth0')
  finds(checkMulticast({ local: [eth, vpn], host: undefined, route: { address: eth.address } }), 'ok', 'eth0')
  const wifi: LocalAddress = { interface: 'wlan0', address: '192.168.7.5', cidr: '192.168.7.5/24' }
  finds(checkMulticast({ local: [eth, wifi], host: wifi.address, route: { address: eth.address } }), 'warn', 'dev wlan0')
})

test('peers: where the way to each ends', () => {
  const reached = (host: string, reach: Reach['reach']): Reach => ({ host, port: 4456, reach })
  const peer = { id: 'x', name: 'phone', connected: false, synced: false, role: 'admin' as const, gap: false, lagMs: undefined, clockOffsetMs: undefined }
  const check = (...tries: Reach[]) => checkPeers({ peers: [peer], local: [eth], tries: new Map([['x', tries]]), lastSeen: () => 0 })[0]
  finds(checkPeers({ peers: [{ ...peer, connected: true, synced: true }], local: [], tries: new Map(), lastSeen: () => 0 })[0], 'ok', 'in sync')
  finds(check(), 'warn', 'no address')
  finds(check(reached('192.168.1.7', 'silent'), reached('192.168.1.7', 'open')), 'warn', '192.168.1.7 port 4456 answers', 'removed')
  finds(check(reached('192.168.1.7', 'refused')), 'warn', 'port 4456 is closed', 'kinmesh up')
  finds(check(reached('10.0.0.7', 'silent'), reached('192.168.1.7', 'silent')), 'warn', '192.168.1.7 port 4456 does not answer', 'firewall')
  finds(check(reached('10.0.0.7', 'silent')), 'warn', 'in none of the networks', '192.168.1.5')
})

test('a start that failed is a finding of its layer', () => {
  finds(failedStart(new KinmeshError('PortInUse', 'port 4455 is in use: choose another with --port')), 'fail', 'port 4455 is in use', 'choose another')
  const layer = (code: string) => failedStart(new KinmeshError(code, 'x')).name
  assert.equal(['PortInUse', 'BadHost', 'BadCertificate', 'StoreCorrupt', 'ClockInPast', 'HomeInUse', 'Unheard'].map(layer), ['port', 'interface', 'certificate', 'store', 'clock', 'home', 'start'])
})

test('port: in use, closed, open', async () => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const addr = `/ip4/127.0.0.1/tcp/${port}/ws/p2p/12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp`
  finds(await checkPort({ api: undefined, addrs: undefined, wanted: [port] }), 'fail', String(port), '--port')
  finds(await checkPort({ api: 'http://127.0.0.1:1', addrs: [addr], wanted: [] }), 'ok', String(port))
  server.close()
  await once(server, 'close')
  finds(await checkPort({ api: undefined, addrs: undefined, wanted: [port] }), 'warn', 'not running')
  finds(await checkPort({ api: undefined, addrs: [addr], wanted: [] }), 'fail', `127.0.0.1 port ${port}`, 'firewall')
})

test('what can be tried of an address', async () => {
  assert.equal(tcpTarget('/ip6/fe80::1/tcp/4456/ws'), { host: 'fe80::1', port: 4456 })
  assert.is(tcpTarget('/ip4/10.0.0.1/udp/4457/webrtc-direct'), undefined)
  assert.is(tcpTarget('/ip4/10.0.0.1/tcp/4456/p2p/12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp/p2p-circuit'), undefined)
  assert.ok(isNear('192.168.1.77', [vpn, eth]))
  assert.not.ok(isNear('192.168.2.77', [vpn, eth]))
  assert.not.ok(isNear('fd00::1', [eth]))
  assert.is((await tryTcp({ host: '127.0.0.1', port: 1 })).reach, 'refused')
})

test('relay: full, refused, at work, off', async () => {
  const none = { serving: false, reservations: 0, maxReservations: 0, relayed: 0, maxRelayed: 0, using: [], refused: [] }
  finds(checkRelay(none, id => id), 'ok', 'does not relay')
  finds(checkRelay({ ...none, refused: [{ relay: 'mini PC', reason: 'RelayRefused' }] }, id => id), 'warn', 'mini PC did not relay')
  const devices = new Devices()
  try {
    const { relay, a, b } = await apart(devices, { relay: { relay: { maxReservations: 1 } } })
    const name = (id: string) => (id === relay.identity.id ? 'mini PC' : id)
    // Both ask, one is first.
    const refused = await firstOf([a, b], mesh => mesh.relay().refused.length > 0)
    finds(checkRelay(refused.relay(), name), 'warn', 'full at mini PC', 'let another device')
    const found = await firstOf([refused === a ? b : a], mesh => mesh.relay().using.length > 0)
    finds(checkRelay(found.relay(), name), 'ok', 'found through mini PC')
    finds(checkRelay(relay.relay(), name), 'warn', 'full: 1 of 1')
  } finally {
    await devices.stopAll()
  }
})

/** The first of them for which it holds. Nothing tells of a refusal, so that this looks again and again. */
async function firstOf<T>(all: readonly T[], holds: (each: T) => boolean): Promise<T> {
  for (;;) {
    const found = all.find(holds)
    if (found) return found
    await new Promise(resolve => setImmediate(resolve))
  }
}

test.run()
