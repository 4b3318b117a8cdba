import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sha256 } from '../mesh/crypto.ts'
import { MemoryNet, type TestDevice, startDevice, startMesh, textsOf, until, untilSynced } from './devices.fixtures.ts'
import { verifySpace } from './verify.ts'

// A crash between the commit of membership statements, or of a part of a snapshot, and what follows from it.

/** What `from` knows of the membership lies in the store of `to`, which stopped before it did anything about it. */
async function stopAndStore(from: TestDevice, to: TestDevice): Promise<void> {
  await to.stop()
  const statements = from.personal.state.membership.statements().map(bytes => ({ hash: sha256(bytes), bytes }))
  await to.store.commit({ space: to.personal.id, statements })
}

const again = (net: MemoryNet, { name, identity, store }: TestDevice) => startDevice(net, name, { identity, store })

test('a removal that was stored, and not carried out before the crash, is carried out at the next start', async () => {
  const net = new MemoryNet()
  const [laptop, mini, phone] = await startMesh(net, 'laptop', 'mini', 'phone')
  assert.ok(laptop && mini && phone)
  await phone.personal.put({ text: 'before' })
  await untilSynced(laptop, mini, phone)
  net.unlink(laptop.identity.id, mini.identity.id)
  net.unlink(laptop.identity.id, phone.identity.id)
  await phone.personal.put({ text: 'after' })
  await until('the mini PC has it', () => textsOf(mini).length === 2)
  await laptop.sync.removeDevice(phone.identity.id)
  await phone.stop()
  await stopAndStore(laptop, mini)
  const restarted = await again(net, mini)
  assert.equal(textsOf(restarted), ['before'])
  net.link(laptop.identity.id, mini.identity.id)
  await untilSynced(laptop, restarted)
  for (const device of [laptop, restarted]) await device.stop()
})

test('a device that crashed before it made the key which is due makes it at the next start', async () => {
  const net = new MemoryNet()
  const [laptop, mini, phone, tablet] = await startMesh(net, 'laptop', 'mini', 'phone', 'tablet')
  assert.ok(laptop && mini && phone && tablet)
  await untilSynced(laptop, mini, phone, tablet)
  for (const device of [phone, tablet]) await device.stop()
  net.unlink(laptop.identity.id, mini.identity.id)
  // Each new key reaches a device that the other one removed: neither may be used any more.
  await laptop.sync.removeDevice(phone.identity.id)
  await mini.sync.removeDevice(tablet.identity.id)
  await stopAndStore(laptop, mini)
  const restarted = await again(net, mini)
  await restarted.personal.put({ text: 'with a new key' })
  net.link(laptop.identity.id, mini.identity.id)
  await until('the laptop reads it', () => textsOf(laptop).includes('with a new key'))
  for (const device of [laptop, restarted]) await device.stop()
})

test('half a snapshot that a crash left does not show, and the whole comes', async () => {
  const net = new MemoryNet()
  const [laptop, mini] = await startMesh(net, 'laptop', 'mini')
  assert.ok(laptop && mini)
  await laptop.personal.put({ text: 'whole' })
  await untilSynced(laptop, mini)
  await mini.stop()
  const author = laptop.identity.id
  const [version] = mini.store.logVersions(mini.personal.id, author)
  assert.ok(version)
  // As installSnapshot leaves it after its first commit: a base, its versions and their sums, and no row of the log.
  const shards = mini.store.shards(mini.personal.id)
  const bytes = new Uint8Array([1])
  await mini.store.commit({ space: mini.personal.id, dropLogs: [author], versions: [version], shards, bases: [{ author, shard: version.shard, seq: 1, hash: sha256(bytes), bytes }] })
  const restarted = await startDevice(new MemoryNet(), 'mini', { identity: mini.identity, store: mini.store })
  assert.equal(textsOf(restarted), [])
  assert.equal(verifySpace(restarted.personal.state), [])
  await restarted.stop()
  const home = await again(net, mini)
  net.link(laptop.identity.id, mini.identity.id)
  await untilSynced(laptop, home)
  assert.equal(textsOf(home), ['whole'])
  for (const device of [laptop, home]) await device.stop()
})

test.run()
