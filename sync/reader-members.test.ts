import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { MemoryNet, linkAll, startDevice, startMesh, textsOf, until, untilSynced } from './devices.fixtures.ts'

test('a device that is added while another one makes a new key gets that key too', async () => {
  const net = new MemoryNet()
  const [a, b, c] = await startMesh(net, 'a', 'b', 'c')
  const d = await startDevice(net, 'd')
  net.remove(c!.identity.id)
  net.unlink(a!.identity.id, b!.identity.id)
  await a!.sync.removeDevice(c!.identity.id) // and makes a key for a and b
  await d.sync.adopt(await b!.sync.admit(d.card))
  await a!.personal.put({ text: 'sealed with the new key' })
  linkAll(net, [a!, b!, d])
  await until('d reads what a wrote', () => textsOf(d).includes('sealed with the new key'))
  await untilSynced(a!, b!, d)
  for (const device of [a!, b!, c!, d]) await device.stop()
})

test('what a device wrote counts nowhere once its admission turns out to be void', async () => {
  const net = new MemoryNet()
  const [a, b, c] = await startMesh(net, 'a', 'b', 'c')
  const d = await startDevice(net, 'd')
  await untilSynced(a!, b!, c!)
  net.unlink(a!.identity.id, b!.identity.id)
  net.unlink(a!.identity.id, c!.identity.id)
  await d.sync.adopt(await c!.sync.admit(d.card))
  linkAll(net, [b!, c!, d])
  await d.personal.put({ text: 'of a device that nobody may let in' })
  await until('b has it', () => textsOf(b!).length === 1)
  await a!.sync.removeDevice(c!.identity.id) // knows nothing of d, whose admission falls with c
  net.link(a!.identity.id, b!.identity.id)
  await until('both know the same members', () => a!.personal.state.membership.version() === b!.personal.state.membership.version())
  await untilSynced(a!, b!)
  assert.equal([textsOf(a!), textsOf(b!)], [[], []])
  for (const device of [a!, b!, c!, d]) await device.stop()
})

test.run()
