import { createSocket } from 'node:dgram'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { nextFrame } from './channel.ts'
import { isKinmeshError } from './errors.ts'
import { stopTimeoutMs } from './mesh.ts'
import { addrOf, bytesOf, connected, Devices, floodSlowReader, freePorts, memoryBook, recordingLogger } from './mesh.fixtures.ts'
import { identityNamed } from './membership.fixtures.ts'
import type { ChannelHandler, WireTap } from './types.ts'

const devices = new Devices()
test.after.each(() => devices.stopAll())

const echo: ChannelHandler = async channel => {
  for await (const frame of channel.frames) await channel.send(frame)
}

for (const transport of ['tcp', 'ws', 'webrtc-direct'] as const) {
  test(`two members talk over ${transport}`, async () => {
    const [a, b] = await devices.pair(transport)
    a.handle('/test/echo/1', echo)
    const channel = await b.open(a.identity.id, '/test/echo/1')
    assert.is(channel.peer, a.identity.id)
    await channel.send(bytesOf('one'))
    await channel.send(bytesOf(''))
    await channel.send(bytesOf('two'))
    assert.equal(await nextFrame(channel), bytesOf('one'))
    assert.equal(await nextFrame(channel), bytesOf(''))
    assert.equal(await nextFrame(channel), bytesOf('two'))
    await channel.close()
    assert.is(await nextFrame(channel), undefined)
  })
}

for (const transport of ['tcp', 'ws', 'webrtc-direct'] as const) {
  test(`16 MiB pass a slow reader over ${transport} in bounded memory`, async () => {
    const [a, b] = await devices.pair(transport)
    await floodSlowReader(b, a)
  })
}

test('the tap sees what a mesh sends, by device and protocol', async () => {
  const tapped: string[] = []
  const tap: WireTap = ({ layer, peer, protocol, bytes }) => void tapped.push([layer, peer, protocol, new TextDecoder().decode(bytes)].join(' '))
  const [a, b] = await devices.pair('tcp', { tap })
  a.handle('/test/echo/1', echo)
  const channel = await b.open(a.identity.id, '/test/echo/1')
  await channel.send(bytesOf('canary'))
  await nextFrame(channel)
  assert.equal(tapped.filter(line => line.includes('canary')), [`frame ${a.identity.id} /test/echo/1 canary`, `frame ${b.identity.id} /test/echo/1 canary`])
})

test('strangers are not let in, and cannot be dialled', async () => {
  const a = await devices.start('a')
  const b = await devices.start('b', { addressBook: memoryBook({ [a.identity.id]: [addrOf(a, 'tcp')] }) })
  await refuses(b.open(a.identity.id, '/test/echo/1'), 'NotAMember')
  // b takes a for a member, a does not know b.
  b.setMembers(new Set([a.identity.id, b.identity.id]))
  await refuses(b.open(a.identity.id, '/test/echo/1'), 'Unreachable')
  assert.equal(a.peers(), [])
})

test('while an invite is live a stranger gets nothing but pairing', async () => {
  const log = recordingLogger()
  const a = await devices.start('a', { log })
  a.handle('/test/echo/1', echo)
  await a.invite({ confirm: async () => true, admit: async () => [] })
  const b = await devices.start('b', { addressBook: memoryBook({ [a.identity.id]: [addrOf(a, 'tcp')] }) })
  b.setMembers(new Set([a.identity.id]))
  const answered = await b.open(a.identity.id, '/test/echo/1').then(async channel => {
    await channel.send(bytesOf('let me in'))
    return nextFrame(channel)
  }).catch(() => undefined)
  assert.is(answered, undefined)
  assert.equal(a.peers(), [])
  assert.ok(log.lines.some(({ message }) => message.includes('stranger asked')))
})

test('a removed device is cut off at once, and stays out', async () => {
  const [a, b] = await devices.pair()
  const inbound = Promise.withResolvers<void>()
  a.handle('/test/hold/1', async channel => {
    inbound.resolve()
    for await (const _ of channel.frames);
  })
  const channel = await b.open(a.identity.id, '/test/hold/1')
  await inbound.promise
  const lost = connected(b, a.identity.id, false)
  const removedAt = performance.now()
  a.setMembers(new Set([a.identity.id]))
  assert.equal(a.peers(), [])
  await refuses(nextFrame(channel), 'ChannelClosed')
  await lost
  assert.ok(performance.now() - removedAt < 5_000, 'long before a silent connection would be cut anyway')
  await refuses(a.open(b.identity.id, '/test/hold/1'), 'NotAMember')
  await refuses(b.open(a.identity.id, '/test/hold/1'), 'Unreachable')
})

test('both sides learn where the other listens', async () => {
  const [a, b] = await devices.pair()
  a.handle('/test/echo/1', echo)
  b.handle('/test/echo/1', echo)
  await devices.stop(b)
  // b dialled; a knows b's listening addresses from its greeting, not from the connection.
  assert.equal(new Set(a.peers()[0]!.addrs), new Set(b.addrs().map(addr => addr.replace(/\/p2p\/.*/, ''))))
})

test('a port in use is named, with what to do', async () => {
  const a = await devices.start('a')
  const port = Number(/\/tcp\/(\d+)/.exec(addrOf(a, 'tcp'))![1])
  const udp = createSocket('udp4')
  await new Promise<void>(resolve => udp.bind({ address: '127.0.0.1', port: 0 }, resolve))
  try {
    const cases = [[port, port], [port - 1, port], [port + 1, port + 1], [udp.address().port - 2, udp.address().port]] as const
    for (const [wanted, taken] of cases) {
      const error = await devices.start('b', { port: wanted }).then(() => undefined, (cause: Error) => cause)
      assert.ok(isKinmeshError(error, 'PortInUse'), String(error))
      assert.match(error!.message, new RegExp(`${taken} .*--port`))
    }
  } finally {
    udp.close()
  }
})

test('both sides dialling at once end up talking', async () => {
  // Each has to know beforehand where the other will listen.
  const [portA, portB] = [await freePorts(), await freePorts()]
  const [idA, idB] = [identityNamed('a').id, identityNamed('b').id]
  const a2 = await devices.start('a', { port: portA, addressBook: memoryBook({ [idB]: [`/ip4/127.0.0.1/tcp/${portB}`] }) })
  const b2 = await devices.start('b', { port: portB, addressBook: memoryBook({ [idA]: [`/ip4/127.0.0.1/tcp/${portA}`] }) })
  const events: string[] = []
  a2.onPeer((_, up) => void events.push(`a ${up}`))
  b2.onPeer((_, up) => void events.push(`b ${up}`))
  const members = new Set([idA, idB])
  a2.setMembers(members)
  b2.setMembers(members)
  a2.handle('/test/echo/1', echo)
  b2.handle('/test/echo/1', echo)
  const [fromA, fromB] = await Promise.all([a2.open(idB, '/test/echo/1'), b2.open(idA, '/test/echo/1')])
  await Promise.all([fromA.send(bytesOf('a')), fromB.send(bytesOf('b'))])
  assert.equal(await nextFrame(fromA), bytesOf('a'))
  assert.equal(await nextFrame(fromB), bytesOf('b'))
  assert.equal(events.sort(), ['a true', 'b true'])
})

test('stop ends everything, twice over', async () => {
  const [a, b] = await devices.pair()
  const invite = await a.invite({ confirm: async () => true, admit: async () => [] })
  const channel = b.open(a.identity.id, '/nobody/1')
  await refuses(channel, 'Unreachable')
  const startedAt = performance.now()
  await Promise.all([devices.stop(a), a.stop()])
  assert.ok(performance.now() - startedAt < stopTimeoutMs)
  await refuses(invite.admitted, 'InviteCancelled')
  assert.equal(await a.stop(), undefined)
})

async function refuses(promise: Promise<unknown>, code: string): Promise<void> {
  try {
    await promise
  } catch (error) {
    assert.ok(isKinmeshError(error, code), `${String(error)} instead of ${code}`)
    return
  }
  assert.unreachable(`accepted instead of ${code}`)
}

test('two devices that only ever met a third find each other through it, in whatever order they came', async () => {
  const hub = await devices.start('hub')
  const book = () => memoryBook({ [hub.identity.id]: [addrOf(hub, 'tcp')] })
  const b = await devices.start('b', { addressBook: book() })
  const c = await devices.start('c', { addressBook: book() })
  const everyone = new Set([hub, b, c].map(mesh => mesh.identity.id))
  hub.setMembers(everyone)
  b.setMembers(new Set([hub.identity.id, b.identity.id]))
  await connected(b, hub.identity.id)
  c.setMembers(everyone)
  await connected(c, hub.identity.id)
  // b hears of c last: only now may it ask where c is.
  b.setMembers(everyone)
  await Promise.all([connected(b, c.identity.id), connected(c, b.identity.id)])
})

test.run()
