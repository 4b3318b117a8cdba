import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { MembershipLog } from '../mesh/membership.ts'
import { isKinmeshError } from '../mesh/errors.ts'
import { MemoryNet, type TestDevice, copyOf, linkAll, startDevice, startMesh, textsOf, until, untilSynced } from './devices.fixtures.ts'
import { decodeFrame } from './frames.ts'
import { checkpointEntries, newcomerBytes } from './limits.ts'
import { wasRemoved } from './own-spaces.ts'
import { createMemoryStore } from './store-memory.ts'
import type { Store } from './store.ts'

async function withMesh(names: string[], body: (net: MemoryNet, ...devices: TestDevice[]) => Promise<void>): Promise<void> {
  const net = new MemoryNet()
  const devices = await startMesh(net, ...names)
  try {
    await body(net, ...devices)
  } finally {
    for (const device of devices) await device.stop()
  }
}

const fails = async (code: string, work: () => Promise<unknown>): Promise<void> => {
  try {
    await work()
  } catch (error) {
    assert.ok(isKinmeshError(error, code), `expected ${code}, got ${String(error)}`)
    return
  }
  assert.unreachable(`expected ${code}`)
}

test('what one device remembers appears on the others, and synced is said only then', () =>
  withMesh(['laptop', 'mini', 'phone'], async (_net, laptop, mini, phone) => {
    await laptop!.personal.put({ text: 'the key is under the mat' })
    await until('the mini PC has it', () => textsOf(mini!).length === 1)
    await mini!.personal.put({ text: 'milk' })
    await untilSynced(laptop!, mini!, phone!)
    assert.equal(textsOf(phone!), ['milk', 'the key is under the mat'])
    assert.ok(phone!.sync.peers().every(peer => peer.lagMs === undefined || peer.lagMs < 10_000))
  }))

test('a write that the others lack is never called synced', () =>
  withMesh(['a', 'b'], async (net, a, b) => {
    await untilSynced(a!, b!)
    net.intercept = (_from, _to, frame) => (decodeFrame(frame).type === 'entry' ? undefined : frame)
    await a!.personal.put({ text: 'held back' })
    assert.not(a!.sync.peers()[0]!.synced)
    await until('b knows that it lacks something', () => !b!.sync.peers()[0]!.synced)
    assert.equal(b!.personal.count, 0)
  }))

test('the newer of two concurrent versions wins everywhere, and the other stays readable', () =>
  withMesh(['a', 'b'], async (net, a, b) => {
    const { id } = await a!.personal.put({ text: 'pizza on Friday' })
    await untilSynced(a!, b!)
    net.unlink(a!.identity.id, b!.identity.id)
    await b!.personal.put({ text: 'pasta on Friday' }, id)
    await a!.personal.put({ text: 'soup on Friday' }, id)
    linkAll(net, [a!, b!])
    await untilSynced(a!, b!)
    const [onA, onB] = [a!.personal.get(id)!, b!.personal.get(id)!]
    assert.equal(onA, onB)
    assert.equal(new Set([onA.value['text'], ...onA.others.map(other => other.value['text'])]), new Set(['pasta on Friday', 'soup on Friday']))
    assert.ok(onA.others.every(other => other.hlc < onA.hlc || (other.hlc === onA.hlc && other.device < onA.device)))
  }))

test('a removed memory is gone from the view and from the author\'s own log state on every device', () =>
  withMesh(['a', 'b', 'c'], async (_net, a, b, c) => {
    const { id } = await a!.personal.put({ text: 'a secret to forget' })
    await untilSynced(a!, b!, c!)
    await b!.personal.remove(id)
    const space = a!.personal.id
    const holds = (device: TestDevice) => device.store.versions(space, id).some(row => row.body !== null)
    await until('no device holds its text any more', () => ![a!, b!, c!].some(holds))
    await untilSynced(a!, b!, c!)
    assert.equal([a!, b!, c!].map(device => device.personal.count), [0, 0, 0])
    await fails('NoSuchItem', () => c!.personal.remove(id))
  }))

test('offline edits of every device meet when they are linked again', () =>
  withMesh(['a', 'b', 'c'], async (net, ...devices) => {
    for (const device of devices) for (const other of devices) net.unlink(device.identity.id, other.identity.id)
    await Promise.all(devices.flatMap(device => Array.from({ length: 200 }, (_, index) => device.personal.put({ text: `${device.name} ${index}` }))))
    linkAll(net, devices)
    await untilSynced(...devices)
    assert.is(devices[2]!.personal.count, 600)
  }))

test('entries reach a device through a third one when two never meet', () =>
  withMesh(['a', 'b', 'c'], async (net, a, b, c) => {
    net.unlink(a!.identity.id, c!.identity.id)
    await a!.personal.put({ text: 'through b' })
    await until('c has it', () => c!.personal.count === 1)
    await untilSynced(a!, b!, c!)
  }))

test('entries that came another way free the log for the next question', () =>
  withMesh(['a', 'b', 'c'], async (net, a, b, c) => {
    await untilSynced(a!, b!, c!)
    const lost = new Set([a!.identity.id, b!.identity.id])
    let asked = false
    net.intercept = (from, to, frame) => {
      const { type } = decodeFrame(frame)
      if (from === c!.identity.id && to === b!.identity.id && type === 'want') asked = true
      return to === c!.identity.id && type === 'entry' && lost.has(from) ? undefined : frame
    }
    await a!.personal.put({ text: 'one' })
    await until('c asks b for what a wrote', () => asked)
    await c!.personal.receive(a!.store.entries(a!.personal.id, a!.identity.id, 1, 9).map(row => row.bytes))
    assert.is(c!.personal.count, 1)
    lost.delete(b!.identity.id)
    await a!.personal.put({ text: 'two' })
    await until('c has it from b', () => c!.personal.count === 2)
  }))

test('a restart brings everything back, and what was missed comes afterwards', async () => {
  const net = new MemoryNet()
  const [a, b] = (await startMesh(net, 'a', 'b')) as [TestDevice, TestDevice]
  await a.personal.put({ text: 'before' })
  await untilSynced(a, b)
  await b.stop()
  await a.personal.put({ text: 'meanwhile' })
  const again = await startDevice(net, 'b', { identity: b.identity, store: b.store })
  assert.equal(textsOf(again), ['before'])
  linkAll(net, [a, again])
  await untilSynced(a, again)
  assert.equal(textsOf(again), ['before', 'meanwhile'])
  await again.personal.put({ text: 'after' })
  await untilSynced(a, again)
  assert.is(a.personal.count, 3)
  await a.stop()
  await again.stop()
})

test('checkpoints sum logs up, pruning drops what every device has, and a newcomer takes the snapshot', async () => {
  const net = new MemoryNet()
  const [a, b] = (await startMesh(net, 'a', 'b')) as [TestDevice, TestDevice]
  for (let round = 0; round < checkpointEntries + 20; round++) {
    const item = await a.personal.put({ text: `note ${round}` })
    if (round % 3 === 0) await a.personal.put({ text: `note ${round}, second thought` }, item.id)
  }
  await untilSynced(a, b)
  const log = () => b.personal.state.logRow(a.identity.id)
  assert.ok(log().checkpoint >= checkpointEntries, `b took the checkpoint at ${log().checkpoint}`)
  const c = await startDevice(net, 'c')
  await c.sync.adopt(await a.sync.admit(c.card))
  const offers: string[] = []
  net.intercept = (_from, to, frame) => {
    if (to === c.identity.id) offers.push(decodeFrame(frame).type)
    return frame
  }
  linkAll(net, [a, b, c])
  await untilSynced(a, b, c)
  assert.ok(offers.includes('snapshot') && offers.includes('part'), 'c took a snapshot')
  assert.equal(textsOf(c), textsOf(a))
  await c.personal.put({ text: 'and a word of c' })
  const [first] = a.personal.list({ limit: 1 })
  await a.personal.put({ text: 'rewritten after the snapshot' }, first!.id)
  await untilSynced(a, b, c)
  assert.is(c.personal.get(first!.id)!.value['text'], 'rewritten after the snapshot')
  for (const device of [a, b, c]) await device.stop()
})

for (const [what, bytes, isSummedUp] of [['little', newcomerBytes / 2, false], ['much', newcomerBytes, true]] as const) {
  test(`an author that has written ${what} since its last checkpoint is asked for all of it by a newcomer`, async () => {
    const net = new MemoryNet()
    const a = await startDevice(net, 'a')
    const [c, d] = [await startDevice(net, 'c'), await startDevice(net, 'd')]
    const texts = Array.from({ length: 8 }, (_, index) => `${index} ${'x'.repeat(bytes / 8)}`)
    await a.personal.putMany(texts.map(text => ({ text })))
    for (const newcomer of [c, d]) await newcomer.sync.adopt(await a.sync.admit(newcomer.card))
    linkAll(net, [a, c, d])
    await untilSynced(a, c, d)
    assert.equal([textsOf(c), textsOf(d)], [textsOf(a), textsOf(a)])
    const { height, checkpoint } = a.personal.state.logRow(a.identity.id)
    assert.is(checkpoint, isSummedUp ? height : 0, 'there is one checkpoint for both, or none')
    assert.is(c.personal.state.logRow(a.identity.id).lowest, isSummedUp ? height : 1)
    for (const device of [a, c, d]) await device.stop()
  })
}

test('an author that expects a newcomer sums up what it has written, before anybody asks', async () => {
  const a = await startDevice(new MemoryNet(), 'a')
  const checkpoint = () => a.personal.state.logRow(a.identity.id).checkpoint
  await a.personal.put({ text: 'little' })
  await a.sync.expectNewcomer()
  assert.is(checkpoint(), 0, 'entries are as quick')
  await a.personal.putMany(Array.from({ length: 8 }, (_, index) => ({ text: `${index} ${'x'.repeat(newcomerBytes / 8)}` })))
  const { height } = a.personal.state.logRow(a.identity.id)
  await a.sync.expectNewcomer()
  assert.is(checkpoint(), height + 1)
  await a.stop()
  await a.sync.expectNewcomer()
})

test('a removed device is cut off, reads nothing that is written afterwards, and its late entries do not count', async () => {
  const net = new MemoryNet()
  const [a, b, thief] = (await startMesh(net, 'a', 'b', 'thief')) as [TestDevice, TestDevice, TestDevice]
  await thief.personal.put({ text: 'written while trusted' })
  await untilSynced(a, b, thief)
  net.unlink(a.identity.id, thief.identity.id)
  await thief.personal.put({ text: 'b has this, a does not' })
  await until('b has it', () => b.personal.count === 2)
  net.unlink(a.identity.id, b.identity.id)
  net.unlink(b.identity.id, thief.identity.id)
  await a.sync.removeDevice(thief.identity.id)
  await a.personal.put({ text: 'behind its back' })
  net.link(a.identity.id, b.identity.id)
  await untilSynced(a, b)
  assert.equal(textsOf(b), ['behind its back', 'written while trusted'])
  const space = a.personal.id
  const newest = a.store.entries(space, a.identity.id, 1, 100).at(-1)!
  const keys = await (await MembershipLog.load(a.store.statements(space))).keyring(thief.identity)
  assert.is(keys.current(), undefined)
  const receipt = await thief.personal.receive([newest.bytes])
  assert.is(receipt.accepted.length, 0)
  net.link(b.identity.id, thief.identity.id)
  await until('b ended the session', () => b.sync.peers().every(peer => peer.id !== thief.identity.id))
  assert.equal(textsOf(thief), ['b has this, a does not', 'written while trusted'])
  for (const device of [a, b, thief]) await device.stop()
})

test('a device that is online learns that it was removed', () =>
  withMesh(['a', 'b'], async (_net, a, b) => {
    await untilSynced(a!, b!)
    let allowed: ReadonlySet<string> = new Set()
    b!.sync.onMembers(members => (allowed = members))
    await a!.sync.removeDevice(b!.identity.id)
    await until('b knows', () => b!.sync.removed)
    assert.equal([...allowed], [a!.identity.id], 'others may not know of the removal yet')
    await fails('NoSpaceKey', () => b!.personal.put({ text: 'to nobody' }))
    await fails('CannotRemoveSelf', () => a!.sync.removeDevice(a!.identity.id))
    await fails('NoSuchDevice', () => a!.sync.removeDevice('12D3nobody'))
  }))

test('what a device remembered alone comes along when it joins', async () => {
  const net = new MemoryNet()
  const a = await startDevice(net, 'a')
  const b = await startDevice(net, 'b')
  await a.personal.put({ text: 'from a' })
  const { id } = await b.personal.put({ text: 'from b' })
  await b.sync.space('device').put({ text: 'stays on b' })
  await b.sync.adopt(await a.sync.admit(b.card))
  linkAll(net, [a, b])
  await untilSynced(a, b)
  assert.equal(textsOf(a), ['from a', 'from b'])
  assert.is(a.personal.get(id)!.device, b.identity.id)
  assert.is(b.sync.space('device').count, 1)
  assert.is(a.sync.space('device').count, 0)
  const stranger = await startDevice(net, 'stranger')
  await fails('AlreadyInMesh', async () => b.sync.adopt(await stranger.sync.admit(b.card)))
  for (const device of [a, b, stranger]) await device.stop()
})

test('what is written while a device joins comes along, or is refused', async () => {
  const net = new MemoryNet()
  const a = await startDevice(net, 'a')
  const store = createMemoryStore()
  const commit: Store['commit'] = async batch => {
    await new Promise(resolve => setImmediate(resolve))
    await store.commit(batch)
  }
  const b = await startDevice(net, 'b', { store: { ...store, commit } })
  const former = b.personal
  const statements = await a.sync.admit(b.card)
  const adopted = b.sync.adopt(statements)
  const written: string[] = []
  const writing = async () => {
    for (let nth = 0; nth < 300; nth++) written.push((await former.put({ text: `${written.length}` })).id)
  }
  await Promise.all([adopted, ...Array.from({ length: 3 }, () => fails('DeviceStopped', writing))])
  assert.ok(written.length > 3)
  assert.equal(written.filter(id => !b.personal.get(id)), [])
  for (const device of [a, b]) await device.stop()
})

test('a removed device goes on under a new identity, keeps what it had, and can be let in again', async () => {
  const net = new MemoryNet()
  const [a, b] = (await startMesh(net, 'a', 'b')) as [TestDevice, TestDevice]
  await a.personal.put({ text: 'known to both' })
  await b.sync.space('device').put({ text: 'only here' })
  await untilSynced(a, b)
  assert.not(await wasRemoved(b.store, b.identity))
  await a.sync.removeDevice(b.identity.id)
  await until('b knows', () => b.sync.removed)
  await b.stop()
  assert.ok(await wasRemoved(b.store, b.identity))
  const again = await startDevice(net, 'b', { store: b.store })
  assert.equal(textsOf(again), ['known to both'])
  assert.ok(again.sync.faults().some(fault => fault.kind === 'Removed'))
  assert.equal(again.sync.space('device').list().map(item => item.value['text']), ['only here'])
  await again.sync.adopt(await a.sync.admit(again.card))
  linkAll(net, [a, again])
  await untilSynced(a, again)
  assert.equal(textsOf(a), ['known to both'])
  await a.stop()
  await again.stop()
})

test('space device never goes on the wire', () =>
  withMesh(['a', 'b'], async (net, a, b) => {
    const seen: Uint8Array[] = []
    net.intercept = (_from, _to, frame) => {
      seen.push(frame)
      return frame
    }
    await a!.sync.space('device').put({ text: 'CANARY-7391' })
    await a!.personal.put({ text: 'shared' })
    await untilSynced(a!, b!)
    const spaceId = Buffer.from(a!.sync.space('device').id, 'hex')
    assert.not(seen.some(frame => Buffer.from(frame).includes('CANARY-7391') || Buffer.from(frame).includes(spaceId)))
  }))

test('a device restored from an older copy fetches its own later entries and loses none of what it wrote since', async () => {
  const net = new MemoryNet()
  const [a, b] = (await startMesh(net, 'a', 'b')) as [TestDevice, TestDevice]
  await a.personal.put({ text: 'old' })
  await untilSynced(a, b)
  const backup = copyOf(a.store)
  await a.personal.put({ text: 'after the backup' })
  await untilSynced(a, b)
  await a.stop()
  const restored = await startDevice(net, 'a', { identity: a.identity, store: backup })
  await restored.personal.put({ text: 'written on the restored copy' })
  linkAll(net, [restored, b])
  await untilSynced(restored, b)
  assert.equal(textsOf(b), ['after the backup', 'old', 'written on the restored copy'])
  assert.equal(textsOf(restored), textsOf(b))
  assert.not(b.sync.faults().some(fault => fault.kind === 'Equivocation'))
  await restored.personal.put({ text: 'and on' })
  await untilSynced(restored, b)
  await restored.stop()
  await b.stop()
})

test('a large deletion by another device waits for a person, and either decision reaches every device', () =>
  withMesh(['a', 'b', 'c'], async (_net, a, b, c) => {
    const items = await a!.personal.putMany(Array.from({ length: 150 }, (_, index) => ({ text: `memory ${index}` })))
    await untilSynced(a!, b!, c!)
    const removeAll = (some: typeof items) => Promise.all(some.map(item => c!.personal.remove(item.id)))
    await removeAll(items.slice(0, 120))
    await until('a holds it', () => a!.sync.held().length === 1)
    await until('b holds it', () => b!.sync.held().length === 1)
    assert.equal([a!.personal.count, b!.personal.count, c!.personal.count], [150, 150, 30])
    await a!.sync.settle(a!.sync.held()[0]!.ref, false)
    await untilSynced(a!, b!, c!)
    assert.equal([a!.personal.count, b!.personal.count, c!.personal.count], [150, 150, 150])
    assert.is(b!.sync.held().length, 0)
    await removeAll(items.slice(0, 120))
    await until('b holds it', () => b!.sync.held().length === 1)
    await b!.sync.settle(b!.sync.held()[0]!.ref, true)
    await until('all agree', () => [a!, b!, c!].every(device => device.personal.count === 30))
    await untilSynced(a!, b!, c!)
  }))

test('damage to a view is found by the digest and mended from the logs', async () => {
  const net = new MemoryNet()
  const [a, b] = (await startMesh(net, 'a', 'b')) as [TestDevice, TestDevice]
  const { id } = await a.personal.put({ text: 'right' })
  await untilSynced(a, b)
  await b.stop()
  const [row] = b.store.versions(b.personal.id, id)
  const [shard] = b.store.shards(b.personal.id)
  await b.store.commit({ space: b.personal.id, versions: [{ ...row!, body: '{"text":"wrong"}' }], shards: [{ ...shard!, sum: '7'.repeat(64) }] })
  const damaged = await startDevice(net, 'b', { identity: b.identity, store: b.store })
  assert.is(damaged.personal.get(id)!.value['text'], 'wrong')
  linkAll(net, [a, damaged])
  await until('the view is right again', () => damaged.personal.get(id)?.value['text'] === 'right')
  await untilSynced(a, damaged)
  assert.ok(damaged.sync.faults().some(fault => fault.kind === 'Diverged'))
  await a.stop()
  await damaged.stop()
})

test.run()
