import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from './errors.ts'
import { addrOf, bytesOf, connected, Devices, memoryBook, nextFrame } from './mesh.fixtures.ts'
import { identityNamed } from './membership.fixtures.ts'
import type { ChannelHandler } from './types.ts'

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

test.run()
