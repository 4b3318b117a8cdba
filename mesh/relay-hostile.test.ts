import type { Libp2p } from 'libp2p'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { nextFrame } from './channel.ts'
import { isKinmeshError } from './errors.ts'
import { identityNamed } from './membership.fixtures.ts'
import { addrOf, bytesOf, connected, Devices, freePorts, memoryBook } from './mesh.fixtures.ts'
import { acquaint, bareNode, echoProtocol, met, type Tampering, tcpProxy, until, via } from './relay.fixtures.ts'
import type { Channel, Mesh } from './types.ts'

const devices = new Devices()
const closing = new Set<() => unknown>()
test.after.each(async () => {
  await devices.stopAll()
  await Promise.all([...closing].map(close => close()))
  closing.clear()
})

/** Pieces that pass unharmed: the handshakes of the relayed connection and the greetings take about thirty each way. */
const unharmed = 60

async function evilRelay(tampering: Tampering): Promise<{ node: Libp2p; id: string; addr: string }> {
  const node = await bareNode('evil', tampering)
  closing.add(() => node.stop())
  return { node, id: node.peerId.toString(), addr: String(node.getMultiaddrs()[0]) }
}

/** Two devices that open no port and know the hostile relay; and an honest one, when they shall. */
async function around(evil: { id: string; addr: string }, { honest }: { honest: boolean }): Promise<{ a: Mesh; b: Mesh; relay: Mesh | undefined }> {
  const relay = honest ? await devices.start('relay') : undefined
  const book = () => memoryBook({ [evil.id]: [evil.addr], ...(relay ? { [relay.identity.id]: [addrOf(relay, 'tcp')] } : {}) })
  const [a, b] = [await devices.start('a', { listen: false, addressBook: book() }), await devices.start('b', { listen: false, addressBook: book() })]
  acquaint(relay ? [a, b, relay] : [a, b], [evil.id])
  return { a, b, relay }
}

const hostile: Record<string, (n: number) => Tampering> = {
  'changes a byte': from => (bytes, n) => [n < from ? bytes : bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte))],
  'leaves a piece out': from => (bytes, n) => (n === from ? [] : [bytes]),
  'sends a piece twice': from => (bytes, n) => (n === from ? [bytes, bytes] : [bytes]),
  'makes bytes up': from => (bytes, n) => (n === from ? [new Uint8Array(70_000).fill(7), bytes] : [bytes]),
  'closes after a while': from => (bytes, n) => (n < from ? [bytes] : 'close')
}

/** Swaps each piece from the `from`th on with the one after it. */
function reordering(from: number): Tampering {
  let held: Uint8Array | undefined
  return (bytes, n) => {
    if (n < from) return [bytes]
    const passed = held ? [bytes, held] : []
    held = held ? undefined : bytes
    return passed
  }
}

for (const [name, tamperingFrom] of Object.entries({ ...hostile, 'reorders pieces': reordering })) {
  test(`a relay that ${name} ends the connection by name, and nothing false is read`, async () => {
    const evil = await evilRelay(tamperingFrom(unharmed))
    const { a, b } = await around(evil, { honest: false })
    await met(a, b)
    assert.is(via(a, b), evil.id)
    const channel = await a.open(b.identity.id, echoProtocol)
    const error = await exchange(channel)
    assert.ok(isKinmeshError(error, 'ChannelClosed'), String(error))
    // With nobody else to help they come back to it.
    await met(a, b)
  })
}

test('two devices leave a relay that ends their connections for one that does not', async () => {
  const evil = await evilRelay(hostile['changes a byte']!(unharmed))
  const { a, b, relay } = await around(evil, { honest: true })
  await met(a, b)
  await until([a, b], () => {
    if (via(a, b) === evil.id) void a.open(b.identity.id, echoProtocol).then(exchange).catch(() => {})
    return via(a, b) === relay!.identity.id
  })
  const channel = await a.open(b.identity.id, echoProtocol)
  await channel.send(bytesOf('honest'))
  assert.equal(await nextFrame(channel), bytesOf('honest'))
})

test('a relay that goes silent is noticed, and another one found', async () => {
  const evil = await evilRelay((bytes, n) => (n < unharmed ? [bytes] : []))
  const [port, honest] = [await freePorts(), identityNamed('relay').id]
  const book = () => memoryBook({ [evil.id]: [evil.addr], [honest]: [`/ip4/127.0.0.1/tcp/${port}`] })
  const [a, b] = [await devices.start('a', { listen: false, addressBook: book() }), await devices.start('b', { listen: false, addressBook: book() })]
  acquaint([a, b], [evil.id, honest])
  await met(a, b)
  assert.is(via(a, b), evil.id)
  const relay = await devices.start('relay', { port })
  acquaint([relay], [a.identity.id, b.identity.id])
  const channel = await a.open(b.identity.id, echoProtocol)
  const silenced = exchange(channel)
  await until([a, relay], () => a.relay().using.includes(relay.identity.id) && b.relay().using.includes(relay.identity.id))
  // Asks for a sign of life at once; by itself it does after 45 s of silence.
  a.wake()
  const error: unknown = await silenced
  assert.ok(isKinmeshError(error, 'ChannelClosed'), String(error))
  await until([a, b], () => via(a, b) === relay.identity.id && via(b, a) === relay.identity.id)
})

test('a relay that refuses everyone stands in nobody\'s way', async () => {
  const evil = await evilRelay(() => 'close')
  const { a, b, relay } = await around(evil, { honest: true })
  await met(a, b)
  assert.is(via(a, b), relay!.identity.id)
})

test('neither a relay nor the wire before it sees what is said', async () => {
  const seen: Uint8Array[] = []
  const evil = await evilRelay(bytes => {
    seen.push(bytes.slice())
    return [bytes]
  })
  const proxy = await tcpProxy(Number(/\/tcp\/(\d+)/.exec(evil.addr)![1]), bytes => {
    seen.push(bytes)
    return bytes
  })
  closing.add(() => proxy.close())
  const { a, b } = await around({ id: evil.id, addr: `/ip4/127.0.0.1/tcp/${proxy.port}` }, { honest: false })
  await met(a, b)
  const channel = await a.open(b.identity.id, echoProtocol)
  const secret = 'the canary sings at noon'
  await channel.send(bytesOf(secret))
  assert.equal(await nextFrame(channel), bytesOf(secret))
  const all = Buffer.concat(seen)
  assert.ok(all.length > 1_000)
  assert.ok(all.includes('/yamux') || all.includes('/noise'), 'what is not sealed is seen')
  assert.not.ok(all.includes('canary'))
  assert.not.ok(all.includes(echoProtocol), 'not even which protocol')
})

test('changed bytes between a device and its relay end that connection, and it is made anew', async () => {
  const relay = await devices.start('relay')
  let passed = 0
  const proxy = await tcpProxy(Number(/\/tcp\/(\d+)/.exec(addrOf(relay, 'tcp'))![1]), bytes => {
    passed += bytes.length
    if (passed > 40_000 && passed < 80_000) bytes[bytes.length - 1]! ^= 1
    return bytes
  })
  closing.add(() => proxy.close())
  const book = (addr: string) => memoryBook({ [relay.identity.id]: [addr] })
  const a = await devices.start('a', { listen: false, addressBook: book(`/ip4/127.0.0.1/tcp/${proxy.port}`) })
  const b = await devices.start('b', { listen: false, addressBook: book(addrOf(relay, 'tcp')) })
  acquaint([relay, a, b])
  await met(a, b)
  const lost = connected(a, relay.identity.id, false)
  const error = await exchange(await a.open(b.identity.id, echoProtocol))
  assert.ok(isKinmeshError(error, 'ChannelClosed'), String(error))
  await lost
  await connected(a, relay.identity.id)
  await met(a, b)
})

/** Frames under way at a time: what follows a missing piece is how it is noticed. */
const ahead = 8

/** Sends and reads until that fails; every frame read is one that was sent, in order. */
async function exchange(channel: Channel): Promise<unknown> {
  const frame = (n: number) => bytesOf(`frame ${n} ${'.'.repeat(200)}`)
  try {
    for (let n = 0; ; n++) {
      await channel.send(frame(n))
      if (n < ahead) continue
      const answer = await nextFrame(channel)
      if (answer === undefined) return undefined
      assert.equal(answer, frame(n - ahead))
    }
  } catch (error) {
    return error
  }
}

test.run()
