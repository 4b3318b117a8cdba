import { peerIdFromString } from '@libp2p/peer-id'
import type { Connection, MultiaddrConnection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Connections, retireMs, simultaneousMs } from './connections.ts'
import { Gate, maxConnectionsPerDevice, maxStrangers, strangerTimeoutMs } from './gate.ts'
import { silentLogger } from './log.ts'
import { identityNamed } from './membership.fixtures.ts'
import { FakeTime } from './timers.fixtures.ts'

const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(name => identityNamed(name).id).sort()
const [self, member] = [ids[3]!, ids[4]!]

/** As much of a libp2p connection as is looked at here. */
class FakeConnection extends EventTarget {
  status = 'open'
  readonly remoteAddr
  readonly remotePeer
  readonly direction: 'inbound' | 'outbound'
  readonly #onClose: (connection: Connection) => void

  constructor(peer: string, { direction, addr }: { direction: 'inbound' | 'outbound'; addr: string }, onClose: (connection: Connection) => void) {
    super()
    this.remoteAddr = multiaddr(addr)
    this.remotePeer = peerIdFromString(peer)
    this.direction = direction
    this.#onClose = onClose
  }

  abort(): void {
    if (this.status !== 'open') return
    this.status = 'aborted'
    this.dispatchEvent(new Event('close'))
    this.#onClose(this as unknown as Connection)
  }

  async close(): Promise<void> {
    this.abort()
  }
}

function setUp() {
  const time = new FakeTime()
  const events: string[] = []
  const gate: Gate = new Gate(() => connections.strangers)
  const connections: Connections = new Connections({ self, gate, log: silentLogger, clock: time.clock, timers: time, onPeer: (peer, up) => void events.push(`${ids.indexOf(peer)} ${up ? 'up' : 'down'}`) })
  const open = (peer: string, direction: 'inbound' | 'outbound' = 'inbound', addr = '/ip4/127.0.0.1/tcp/1') => {
    const connection = new FakeConnection(peer, { direction, addr }, closed => connections.remove(closed)) as unknown as Connection
    connections.add(connection)
    return connection
  }
  const asks = async (peer: string, addr = '/ip4/127.0.0.1/tcp/1') =>
    !(await gate.gater.denyInboundEncryptedConnection!(peerIdFromString(peer), { remoteAddr: multiaddr(addr) } as MultiaddrConnection))
  return { time, events, gate, connections, open, asks }
}

test('only members may connect and be dialled', async () => {
  const { gate, asks } = setUp()
  gate.setMembers(new Set([member]))
  assert.is(await asks(member), true)
  assert.is(await asks(ids[0]!), false)
  assert.is(await gate.gater.denyDialPeer!(peerIdFromString(ids[0]!)), true)
  assert.is(await gate.gater.denyDialPeer!(peerIdFromString(member)), false)
  assert.is(await gate.gater.denyOutboundEncryptedConnection!(peerIdFromString(ids[0]!), {} as MultiaddrConnection), true)
})

test('strangers may connect while an invite is live, a few at a time, and not for long', async () => {
  const { gate, open, asks, time, connections, events } = setUp()
  const close = gate.welcome()
  const strangers = ids.filter(id => id !== self).slice(0, maxStrangers)
  const opened = []
  for (const stranger of strangers) {
    assert.is(await asks(stranger), true)
    opened.push(open(stranger))
  }
  assert.is(await asks(ids.at(-1)!), false)
  connections.vouch(opened[0]!)
  await time.run(strangerTimeoutMs)
  assert.equal(opened.map(({ status }) => status), ['open', ...strangers.slice(1).map(() => 'aborted')])
  assert.is(await asks(ids.at(-1)!), true)
  await connections.dismiss(opened[0]!)
  assert.is(connections.strangers, 0)
  close()
  close()
  assert.is(await asks(strangers[0]!), false)
  assert.is(open(strangers[0]!).status, 'aborted', 'and a handshake that ends after the invite did is cut')
  assert.equal(events, [], 'strangers are no peers')
  assert.is(time.pending, 0)
})

test('while this device joins it may dial strangers, and none may dial it', async () => {
  const { gate, asks } = setUp()
  const back = gate.venture()
  assert.is(await gate.gater.denyDialPeer!(peerIdFromString(ids[0]!)), false)
  assert.is(await asks(ids[0]!), false)
  back()
  assert.is(await gate.gater.denyDialPeer!(peerIdFromString(ids[0]!)), true)
})

test('removing a member cuts every connection of it', () => {
  const { gate, open, connections, events } = setUp()
  gate.setMembers(new Set([member, ids[5]!]))
  const cut = [open(member), open(member, 'outbound')]
  const kept = open(ids[5]!)
  gate.setMembers(new Set([ids[5]!]))
  connections.enforce()
  assert.equal([...cut, kept].map(({ status }) => status), ['aborted', 'aborted', 'open'])
  assert.equal(events, ['4 up', '5 up', '4 down'])
})

test('of two connections opened at once both sides prefer the one that the smaller id dialled', () => {
  const { gate, open, connections, events } = setUp()
  gate.setMembers(new Set([member, ids[1]!]))
  const byMember = open(member, 'inbound')
  assert.is(connections.preferred(member), byMember)
  const bySelf = open(member, 'outbound')
  assert.is(connections.preferred(member), bySelf, 'self is smaller')
  open(ids[1]!, 'outbound')
  const bySmaller = open(ids[1]!, 'inbound')
  assert.is(connections.preferred(ids[1]!), bySmaller)
  assert.equal(events, ['4 up', '1 up'], 'and nobody is disturbed')
  bySelf.abort(new Error('test'))
  assert.is(connections.preferred(member), byMember)
  byMember.abort(new Error('test'))
  assert.equal(events, ['4 up', '1 up', '4 down'])
})

test('a device that connects anew has lost what it had before', async () => {
  const { gate, open, connections, events, time } = setUp()
  gate.setMembers(new Set([member]))
  const old = open(member, 'outbound')
  await time.run(simultaneousMs)
  const fresh = open(member, 'inbound')
  assert.is(old.status, 'aborted')
  assert.is(connections.preferred(member), fresh)
  assert.equal(events, ['4 up', '4 down', '4 up'])
})

test(`a device has at most ${maxConnectionsPerDevice} connections: the oldest gives way`, () => {
  const { gate, open } = setUp()
  gate.setMembers(new Set([member]))
  const opened = Array.from({ length: maxConnectionsPerDevice + 2 }, () => open(member))
  assert.equal(opened.map(({ status }) => status), ['aborted', 'aborted', ...Array.from({ length: maxConnectionsPerDevice }, () => 'open')])
})

const viaRelay = `/ip4/127.0.0.1/tcp/1/p2p/${ids[5]}/p2p-circuit/p2p/${member}`

test('a direct connection takes over from a relayed one, which stays a moment longer', async () => {
  const { gate, open, connections, events, time } = setUp()
  gate.setMembers(new Set([member, ids[5]!]))
  const relayed = open(member, 'outbound', viaRelay)
  assert.is(connections.relayTo(member), ids[5])
  const direct = open(member, 'inbound')
  assert.is(connections.preferred(member), direct)
  assert.is(connections.relayTo(member), undefined)
  assert.is(relayed.status, 'open')
  await time.run(retireMs)
  assert.equal([relayed.status, direct.status], ['aborted', 'open'])
  assert.equal(events, ['4 up', '4 down', '4 up'])
  assert.is(time.pending, 0)
})

test('a relayed connection counts for nothing beside a fresh direct one, and replaces one that was lost', async () => {
  const { gate, open, connections, events, time } = setUp()
  gate.setMembers(new Set([member]))
  const direct = open(member)
  assert.is(open(member, 'inbound', viaRelay).status, 'aborted')
  assert.is(connections.preferred(member), direct)
  await time.run(simultaneousMs)
  const relayed = open(member, 'inbound', viaRelay)
  assert.equal([direct.status, connections.preferred(member)], ['aborted', relayed])
  assert.equal(events, ['4 up', '4 down', '4 up'])
})

test('WebRTC that was arranged through a relay is direct', () => {
  const { gate, open, connections } = setUp()
  gate.setMembers(new Set([member]))
  open(member, 'outbound', viaRelay)
  const webrtc = open(member, 'outbound', `/p2p/${ids[5]}/p2p-circuit/webrtc/p2p/${member}`)
  assert.is(connections.preferred(member), webrtc)
  assert.is(connections.relayTo(member), undefined)
})

test('who is removed loses a connection that retires, too', () => {
  const { gate, open, connections, time } = setUp()
  gate.setMembers(new Set([member]))
  const relayed = open(member, 'outbound', viaRelay)
  open(member)
  gate.setMembers(new Set())
  connections.enforce()
  assert.is(relayed.status, 'aborted')
  assert.is(time.pending, 0)
})

test('only members get through relays, even while an invite is live', async () => {
  const { gate, asks } = setUp()
  const [stranger, relay] = [ids[0]!, ids[5]!]
  gate.setMembers(new Set([member, relay]))
  gate.welcome()
  assert.is(await asks(stranger), true)
  assert.is(await asks(stranger, viaRelay), false)
  assert.is(await asks(member, viaRelay), true)
  const id = peerIdFromString
  const { denyInboundRelayReservation, denyOutboundRelayedConnection, denyInboundRelayedConnection } = gate.gater
  assert.equal([await denyInboundRelayReservation!(id(stranger)), await denyInboundRelayReservation!(id(member))], [true, false])
  for (const deny of [denyOutboundRelayedConnection!, denyInboundRelayedConnection!]) {
    assert.equal([await deny(id(stranger), id(member)), await deny(id(member), id(stranger)), await deny(id(member), id(relay))], [true, true, false])
  }
})

test('silence is noticed, and when a device was last seen', async () => {
  const { gate, open, connections, time } = setUp()
  gate.setMembers(new Set([member]))
  assert.is(connections.lastSeen(member), 0)
  const connection = open(member)
  await time.run(100)
  assert.equal(connections.silentSince(time.now), [connection])
  connections.heard(connection)
  assert.equal(connections.silentSince(time.now), [])
  const leftAt = time.now
  connection.abort(new Error('test'))
  await time.run(1000)
  assert.is(connections.lastSeen(member), leftAt)
})

test.run()
