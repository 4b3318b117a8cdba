import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { MemoryNet, type TestDevice, startMesh, until, untilSynced } from './devices.fixtures.ts'

test('who was told of its removal tells those who do not know of it, and of one that does not count it is freed', async () => {
  const net = new MemoryNet()
  const [a, b, c] = (await startMesh(net, 'a', 'b', 'c')) as [TestDevice, TestDevice, TestDevice]
  await untilSynced(a, b, c)
  net.unlink(a.identity.id, c.identity.id)
  net.unlink(b.identity.id, c.identity.id)
  await b.sync.removeDevice(a.identity.id)
  await until('a knows', () => a.sync.removed)
  await c.sync.removeDevice(b.identity.id)
  assert.ok(c.sync.members().some(({ id }) => id === a.identity.id))
  net.link(a.identity.id, c.identity.id)
  await until('both know that whoever removed a had been removed', () => !a.sync.removed && a.sync.members().length === 2)
  await until('a has the new key', () => a.personal.state.keyring.current() !== undefined)
  await a.personal.put({ text: 'a member again' })
  await untilSynced(a, c)
  for (const device of [a, b, c]) await device.stop()
})

test.run()
