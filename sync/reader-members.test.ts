import { equals } from 'uint8arrays/equals'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { MemoryNet, type TestDevice, linkAll, startDevice, startMesh, textsOf, until, untilSynced } from './devices.fixtures.ts'
import { decodeFrame } from './frames.ts'
import { wasRemoved } from './own-spaces.ts'

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

test('a key is handed over by whoever is there when the one that made it never comes back', async () => {
  const net = new MemoryNet()
  const pace = { checkpointEvery: 512, housekeepingMs: 20 }
  const [a, b, c, d] = [await startDevice(net, 'a'), await startDevice(net, 'b', { pace }), await startDevice(net, 'c'), await startDevice(net, 'd', { pace })]
  for (const other of [b, c]) await other.sync.adopt(await a.sync.admit(other.card))
  await d.sync.adopt(await b.sync.admit(d.card))
  await a.sync.removeDevice(c.identity.id) // and makes a key for a and b
  await a.personal.put({ text: 'sealed with the new key' })
  net.intercept = (from, to, frame) => (from === b.identity.id && to === a.identity.id && decodeFrame(frame).type === 'members' ? undefined : frame)
  net.link(a.identity.id, b.identity.id)
  await until('b reads it', () => textsOf(b).length === 1)
  net.remove(a.identity.id) // which never heard of d
  net.link(b.identity.id, d.identity.id)
  await until('d reads it', () => textsOf(d).length === 1)
  await untilSynced(b, d)
  for (const device of [a, b, c, d]) await device.stop()
})

test('what was sealed with the key of a removal that turned out to be void is read by everybody in the end', async () => {
  const net = new MemoryNet()
  const devices = await startMesh(net, 'a', 'b', 'c', 'd')
  const [a, b, c, d] = devices
  await untilSynced(...devices)
  for (const here of [a!, d!]) for (const there of [b!, c!]) net.unlink(here.identity.id, there.identity.id)
  await b!.sync.removeDevice(a!.identity.id) // and makes a key for b, c and d
  const { epoch } = b!.personal.state.keyring.current()!
  await until('c seals with it', () => equals(c!.personal.state.keyring.current()?.epoch ?? epoch.subarray(1), epoch))
  await c!.personal.put({ text: 'sealed without a' })
  await a!.sync.removeDevice(b!.identity.id) // is older: this counts, and the other does not
  await until('d knows', () => !d!.sync.members().some(({ id }) => id === b!.identity.id))
  net.remove(b!.identity.id)
  linkAll(net, [a!, c!, d!])
  await until('a reads what c wrote', () => textsOf(a!).includes('sealed without a'))
  await untilSynced(a!, c!, d!)
  assert.equal(a!.sync.members().map(({ id }) => id), [a!, c!, d!].map(({ identity }) => identity.id))
  for (const device of devices) await device.stop()
})

test('what a device wrote that was admitted in vain, and is let in by another, is read by everybody', async () => {
  const net = new MemoryNet()
  const [a, b, c] = await startMesh(net, 'a', 'b', 'c')
  const d = await startDevice(net, 'd')
  await untilSynced(a!, b!, c!)
  net.unlink(a!.identity.id, b!.identity.id)
  net.unlink(b!.identity.id, c!.identity.id)
  await b!.sync.removeDevice(a!.identity.id) // and makes a key for b and c
  await d.sync.adopt(await b!.sync.admit(d.card)) // with that key
  await d.personal.put({ text: 'sealed with a key that does not count' })
  await a!.sync.removeDevice(b!.identity.id) // is older: neither the other removal counts nor what b did after it
  await d.sync.adopt(await a!.sync.admit(d.card))
  linkAll(net, [a!, c!, d])
  await until('all read it', () => [a!, c!].every(device => textsOf(device).length === 1))
  await untilSynced(a!, c!, d)
  for (const device of [a!, b!, c!, d]) await device.stop()
})

/** c lets d in, which writes; a, apart from them, knows nothing of that and removes c, so that the admission falls with it. b hears of both. */
async function voidAdmission() {
  const net = new MemoryNet()
  const [a, b, c] = (await startMesh(net, 'a', 'b', 'c')) as [TestDevice, TestDevice, TestDevice]
  const d = await startDevice(net, 'd')
  await untilSynced(a, b, c)
  net.unlink(a.identity.id, b.identity.id)
  net.unlink(a.identity.id, c.identity.id)
  await d.sync.adopt(await c.sync.admit(d.card))
  linkAll(net, [b, c, d])
  await d.personal.put({ text: 'of a device that nobody may let in' })
  await until('both have it', () => [b, c].every(device => textsOf(device).length === 1))
  await a.sync.removeDevice(c.identity.id)
  net.link(a.identity.id, b.identity.id)
  return { net, a, b, c, d }
}

test('what a device wrote counts nowhere once its admission turns out to be void', async () => {
  const { a, b, c, d } = await voidAdmission()
  await until('both know the same members', () => a.personal.state.membership.version() === b.personal.state.membership.version())
  await untilSynced(a, b)
  assert.equal([textsOf(a), textsOf(b)], [[], []])
  for (const device of [a, b, c, d]) await device.stop()
})

test('a device whose admission turned out to be void goes on under a new key: some may still hold what it wrote under the old one', async () => {
  const { net, a, b, c, d } = await voidAdmission()
  await until('d knows', () => d.sync.removed)
  await d.stop()
  assert.ok(await wasRemoved(d.store, d.identity))
  const again = await startDevice(net, 'd', { store: d.store })
  await again.sync.adopt(await a.sync.admit(again.card))
  linkAll(net, [a, b, again])
  await untilSynced(a, b, again)
  assert.equal(textsOf(a), ['of a device that nobody may let in'])
  for (const device of [a, b, c, again]) await device.stop()
})

test.run()
