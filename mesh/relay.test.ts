import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { nextFrame } from './channel.ts'
import { addrOf, bytesOf, connected, Devices, memoryBook } from './mesh.fixtures.ts'
import type { ChannelHandler, Mesh, MeshOptions } from './types.ts'

const devices = new Devices()
test.after.each(() => devices.stopAll())

const echo: ChannelHandler = async channel => {
  for await (const frame of channel.frames) await channel.send(frame)
}

/** Two devices that open no port, and a relay that both reach. */
async function apart(options: { relay?: Partial<MeshOptions>; a?: Partial<MeshOptions>; b?: Partial<MeshOptions> } = {}): Promise<{ relay: Mesh; a: Mesh; b: Mesh }> {
  const relay = await devices.start('relay', options.relay)
  const book = () => memoryBook({ [relay.identity.id]: [addrOf(relay, 'tcp')] })
  const a = await devices.start('a', { listen: false, addressBook: book(), ...options.a })
  const b = await devices.start('b', { listen: false, addressBook: book(), ...options.b })
  const everyone = new Set([relay, a, b].map(mesh => mesh.identity.id))
  for (const mesh of [relay, a, b]) {
    mesh.handle('/test/echo/1', echo)
    mesh.setMembers(everyone)
  }
  return { relay, a, b }
}

test('two devices that open no port talk through a third', async () => {
  const { relay, a, b } = await apart()
  await Promise.all([connected(a, b.identity.id), connected(b, a.identity.id)])
  assert.equal([a.addrs(), b.addrs()], [[], []])
  for (const [from, to] of [[a, b], [b, a]] as const) {
    const channel = await from.open(to.identity.id, '/test/echo/1')
    await channel.send(bytesOf('over'))
    assert.equal(await nextFrame(channel), bytesOf('over'))
    assert.is(from.peers().find(({ id }) => id === to.identity.id)!.via, relay.identity.id)
  }
  assert.ok(a.relay().using.includes(relay.identity.id))
  assert.is(relay.relay().relayed, 1)
})

test.run()
