import type { Libp2p } from 'libp2p'
import type { Connection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { relayedAddr } from './addresses.ts'
import { maxFrameBytes, nextFrame } from './channel.ts'
import { isKinmeshError } from './errors.ts'
import { addrOf, bytesOf, connected, Devices, floodSlowReader, freePorts, memoryBook, recordingLogger } from './mesh.fixtures.ts'
import { acquaint, apart, bareNode, echoProtocol, met, until, via } from './relay.fixtures.ts'
import type { Mesh } from './types.ts'

const devices = new Devices()
const strangers = new Set<Libp2p>()
test.after.each(async () => {
  await Promise.all([devices.stopAll(), ...[...strangers].map(node => node.stop())])
  strangers.clear()
})

async function stranger(): Promise<Libp2p> {
  const node = await bareNode('stranger')
  strangers.add(node)
  return node
}

/** Sends the first message of both protocols, a RESERVE or CONNECT; resolves with the bytes of the answer. */
async function askRelay(connection: Connection, protocol: string): Promise<Uint8Array[] | Error> {
  try {
    const stream = await connection.newStream(protocol)
    stream.send(Uint8Array.of(2, 8, 0))
    return await Array.fromAsync(stream, bytes => bytes.subarray())
  } catch (error) {
    return error as Error
  }
}

async function says(from: Mesh, to: Mesh, text: string): Promise<void> {
  const channel = await from.open(to.identity.id, echoProtocol)
  await channel.send(bytesOf(text))
  assert.equal(await nextFrame(channel), bytesOf(text))
  await channel.close()
}

test('two devices that open no port talk through a third, both ways', async () => {
  const { relay, a, b } = await apart(devices)
  await met(a, b)
  assert.equal([a.addrs(), b.addrs()], [[], []])
  assert.equal([via(a, b), via(b, a)], [relay.identity.id, relay.identity.id])
  assert.equal([via(a, relay), via(relay, a)], [undefined, undefined])
  await says(a, b, 'there')
  await says(b, a, 'and back')
  assert.ok(a.relay().using.includes(relay.identity.id))
  assert.ok(b.peers().find(({ id }) => id === a.identity.id)!.addrs.includes(relayedAddr(relay.identity.id)))
  const { serving, reservations, relayed } = relay.relay()
  assert.equal([serving, reservations], [true, 2])
  // Two when both dialled at once.
  assert.ok(relayed === 1 || relayed === 2, String(relayed))
})

test('16 MiB pass a slow reader through a relay, in bounded memory', async () => {
  const { a, b } = await apart(devices)
  await met(a, b)
  await floodSlowReader(b, a)
})

test('a device that can be reached directly is, and one that comes to be is from then on', async () => {
  const relay = await devices.start('relay')
  const known = () => memoryBook({ [relay.identity.id]: [addrOf(relay, 'tcp')] })
  const port = await freePorts()
  const a = await devices.start('a', { port, addressBook: known() })
  const b = await devices.start('b', { listen: false, addressBook: known() })
  acquaint([relay, a, b])
  await met(a, b)
  await until([a, b], () => via(a, b) === undefined && via(b, a) === undefined)
  assert.is(relay.relay().relayed, 0)
  // Restarted without a port it is found through the relay; with one again, directly.
  const gone = connected(b, a.identity.id, false)
  await devices.stop(a)
  await gone
  const portless = await devices.start('a', { listen: false, addressBook: known() })
  acquaint([portless], [relay.identity.id, b.identity.id])
  await met(portless, b)
  assert.is(via(b, portless), relay.identity.id)
  const left = connected(b, a.identity.id, false)
  await devices.stop(portless)
  await left
  const again = await devices.start('a', { port, addressBook: known() })
  acquaint([again], [relay.identity.id, b.identity.id])
  await met(again, b)
  await until([again, b], () => via(again, b) === undefined && via(b, again) === undefined)
  await says(b, again, 'directly')
})

test('when the relay restarts, devices that only meet through it meet again within seconds', async () => {
  const port = await freePorts()
  const { relay, a, b } = await apart(devices, { relay: { port } })
  await met(a, b)
  const lost = Promise.all([connected(a, b.identity.id, false), connected(b, a.identity.id, false)])
  await devices.stop(relay)
  await lost
  assert.equal(a.relay().using, [])
  const again = await devices.start('relay', { port })
  acquaint([again], [a.identity.id, b.identity.id])
  await connected(again, a.identity.id)
  const backAt = performance.now()
  await met(a, b)
  assert.ok(performance.now() - backAt < 5_000)
  await says(a, b, 'again')
})

test('when one relay goes the other carries on', async () => {
  const [one, two] = [await devices.start('one'), await devices.start('two')]
  const known = () => memoryBook({ [one.identity.id]: [addrOf(one, 'tcp')], [two.identity.id]: [addrOf(two, 'tcp')] })
  const [a, b] = [await devices.start('a', { listen: false, addressBook: known() }), await devices.start('b', { listen: false, addressBook: known() })]
  acquaint([one, two, a, b])
  await met(a, b)
  await until([a, b], () => a.relay().using.length === 2 && b.relay().using.length === 2)
  const used = via(a, b) === one.identity.id ? one : two
  const other = used === one ? two : one
  await devices.stop(used)
  await until([a, b], () => via(a, b) === other.identity.id && via(b, a) === other.identity.id)
  await says(a, b, 'still here')
})

test('strangers get neither a reservation nor a connection, even while an invite is live', async () => {
  const log = recordingLogger()
  const { relay, a, b } = await apart(devices, { relay: { log } })
  await met(a, b)
  await relay.invite({ confirm: async () => true, admit: async () => [] })
  const node = await stranger()
  const connection = await node.dial(multiaddr(addrOf(relay, 'tcp')))
  for (const protocol of ['/libp2p/circuit/relay/0.2.0/hop', '/libp2p/circuit/relay/0.2.0/stop']) {
    const answer = await askRelay(connection, protocol)
    assert.ok(answer instanceof Error, `reset, without an answer, not ${String(answer)}`)
    assert.ok(log.lines.some(({ message, fields }) => message.includes('stranger asked') && fields?.['protocol'] === protocol))
  }
  assert.is(relay.relay().reservations, 2)
})

test('a removed device loses its reservation and what runs through the relay at once', async () => {
  const { relay, a, b } = await apart(devices)
  await met(a, b)
  const cut = Promise.all([connected(b, a.identity.id, false), connected(a, b.identity.id, false)])
  relay.setMembers(new Set([relay.identity.id, b.identity.id]))
  assert.is(relay.relay().reservations, 1)
  await cut
  await refuses(b.open(a.identity.id, echoProtocol), 'Unreachable')
  await until([relay], () => relay.relay().relayed === 0)
})

test('a reservation that is renewed stays, however often, and one that is not ends', async () => {
  const reservationTtlMs = 1_500
  const relay = await devices.start('relay', { relay: { reservationTtlMs } })
  const node = await stranger()
  acquaint([relay], [node.peerId.toString()])
  const connection = await node.dial(multiaddr(addrOf(relay, 'tcp')))
  let renewedAt = 0
  for (let n = 0; n < 4; n++) {
    assert.ok(Array.isArray(await askRelay(connection, '/libp2p/circuit/relay/0.2.0/hop')))
    renewedAt = performance.now()
    await until([], () => performance.now() - renewedAt > 1_000 || relay.relay().reservations === 0)
    assert.is(relay.relay().reservations, 1, `after ${n} renewals`)
  }
  await until([], () => relay.relay().reservations === 0)
  assert.ok(performance.now() - renewedAt >= reservationTtlMs - 100)
})

test('a full relay refuses by name, and takes the next when there is room', async () => {
  const { relay, a, b } = await apart(devices, { relay: { relay: { maxReservations: 1 } } })
  const isRefused = (mesh: Mesh) => mesh.relay().refused.some(({ relay: id, reason }) => id === relay.identity.id && reason === 'RelayFull')
  await until([a, b], () => isRefused(a) !== isRefused(b) && relay.relay().reservations === 1)
  // One of the two can be found there, and that is enough for both.
  await met(a, b)
  await says(a, b, 'one reservation')
  await says(b, a, 'is enough')
})

test('a device has its share of a relay and no more', async () => {
  const { relay, a, b } = await apart(devices, { relay: { relay: { maxRelayedPerDevice: 1 } } })
  await met(a, b)
  const log = recordingLogger()
  const c = await devices.start('c', { listen: false, log, addressBook: memoryBook({ [relay.identity.id]: [addrOf(relay, 'tcp')] }) })
  acquaint([relay, a, b, c])
  await until([c], () => c.relay().using.includes(relay.identity.id))
  await refuses(c.open(a.identity.id, echoProtocol), 'Unreachable')
  assert.ok(log.lines.some(({ message, fields }) => message === 'not reached through a relay' && String(fields?.['error']).includes('RelayFull')))
  assert.is(relay.relay().relayed, 1)
  await says(a, b, 'undisturbed')
})

test('a device told not to relay does not, and says so', async () => {
  const { relay, a, b } = await apart(devices, { relay: { relay: false } })
  await Promise.all([connected(a, relay.identity.id), connected(b, relay.identity.id)])
  await refuses(a.open(b.identity.id, echoProtocol), 'Unreachable')
  assert.is(relay.relay().serving, false)
  assert.equal([...a.relay().using, ...b.relay().using], [])
})

test('a connection that floods a relay leaves room for others', async () => {
  const { relay, a, b } = await apart(devices)
  const known = () => memoryBook({ [relay.identity.id]: [addrOf(relay, 'tcp')] })
  const [c, d] = [await devices.start('c', { listen: false, addressBook: known() }), await devices.start('d', { listen: false, addressBook: known() })]
  acquaint([relay, a, b, c, d])
  await Promise.all([met(a, b), met(c, d)])
  const flood = await a.open(b.identity.id, echoProtocol)
  let flooding = true
  const drained = (async () => {
    for await (const _ of flood.frames);
  })()
  const flooded = (async () => {
    while (flooding) await flood.send(new Uint8Array(maxFrameBytes))
    await flood.close()
  })()
  const times: number[] = []
  for (let n = 0; n < 10; n++) {
    const startedAt = performance.now()
    await says(c, d, `edit ${n}`)
    times.push(performance.now() - startedAt)
  }
  flooding = false
  await Promise.all([flooded, drained])
  // All five devices share this process, and the flood its only thread: seconds would be starving, not waiting.
  assert.ok(Math.max(...times) < 5_000, `slowest ${Math.max(...times)} ms`)
})

async function refuses(promise: Promise<unknown>, code: string): Promise<void> {
  const error: unknown = await promise.then(() => undefined, (cause: unknown) => cause)
  assert.ok(isKinmeshError(error, code), `${String(error)} instead of ${code}`)
}

test.run()
