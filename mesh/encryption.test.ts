import { Socket } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { nextFrame } from './channel.ts'
import { bytesOf, Devices } from './mesh.fixtures.ts'

const devices = new Devices()
test.after.each(() => devices.stopAll())

test('a frame leaves as one piece: a packet, where it is small', async () => {
  const [a, b] = await devices.pair('tcp')
  a.handle('/test/echo/1', async channel => {
    for await (const frame of channel.frames) await channel.send(frame)
  })
  const channel = await b.open(a.identity.id, '/test/echo/1')
  await channel.send(bytesOf('warm'))
  await nextFrame(channel)

  const written: number[] = []
  const write = Socket.prototype.write
  Socket.prototype.write = function (this: Socket, ...args: Parameters<typeof write>) {
    written.push((args[0] as Uint8Array).length)
    return Reflect.apply(write, this, args)
  } as typeof write
  try {
    for (let n = 0; n < 20; n++) {
      await channel.send(new Uint8Array(500))
      await nextFrame(channel)
    }
  } finally {
    Socket.prototype.write = write
  }
  assert.is(written.filter(bytes => bytes > 500).length, 40, String(written))
  assert.equal(written.filter(bytes => bytes <= 2), [], 'a length that leaves by itself')
  await channel.close()
})

test.run()
