import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KinmeshError, isKinmeshError } from '../mesh/errors.ts'
import { identityNamed } from '../mesh/membership.fixtures.ts'
import { rejects } from '../tools/assert.ts'
import { isRecovering } from './carry-over.ts'
import { MemoryNet, type TestDevice, copyOf, linkAll, startDevice, startMesh, textsOf, until, untilSynced } from './devices.fixtures.ts'
import { haveIntervalMs } from './limits.ts'
import { Recovery } from './recovery.ts'
import { PeerHeights } from './peer-heights.ts'
import { coded, take, texts } from './receive-checks.fixtures.ts'
import { scene } from './receive.fixtures.ts'
import { keyOf, rig } from './session.fixtures.ts'
import { LocalSpace } from './space.ts'
import type { Commit } from './store.ts'

type Forked = { net: MemoryNet; a: TestDevice; b: TestDevice; phone: TestDevice }
const toldOf = (device: TestDevice, phone: TestDevice) => device.sync.faults().some(fault => fault.kind === 'Equivocation' && fault.device === phone.identity.id)

/** A phone was copied: `a` took what one copy wrote, and `b` what the other did. No copy runs any more. */
async function forked(): Promise<Forked> {
  const net = new MemoryNet()
  const [a, b, phone] = (await startMesh(net, 'a', 'b', 'phone')) as [TestDevice, TestDevice, TestDevice]
  await phone.personal.put({ text: 'common' })
  await untilSynced(a, b, phone)
  const copy = copyOf(phone.store)
  for (const other of [b, phone]) net.unlink(a.identity.id, other.identity.id)
  await phone.personal.put({ text: 'to b' })
  await phone.personal.put({ text: 'to b as well' })
  await until('b has them', () => textsOf(b).length === 3)
  await phone.stop()
  const second = await startDevice(net, 'phone', { identity: phone.identity, store: copy })
  net.link(a.identity.id, second.identity.id)
  await second.personal.put({ text: 'to a' })
  await second.personal.put({ text: 'to a as well' })
  await until('a has them', () => textsOf(a).length === 3)
  await second.stop()
  return { net, a, b, phone: second }
}

test('two devices that hold two branches of a log prove it to each other, and tell', async () => {
  const { net, a, b, phone } = await forked()
  net.link(a.identity.id, b.identity.id)
  await until('both tell', () => [a, b].every(device => toldOf(device, phone)))
  assert.equal([a, b].map(device => device.personal.state.logRow(phone.identity.id).frozen), [true, true])
  assert.not(a.sync.peers().some(({ synced }) => synced))
  for (const device of [a, b]) await device.stop()
})

test('once the device whose log forked is removed all hold the branch that the removal names, and nothing of the other is lost', async () => {
  const { net, a, b, phone } = await forked()
  net.link(a.identity.id, b.identity.id)
  await until('both tell', () => [a, b].every(device => toldOf(device, phone)))
  await a.sync.removeDevice(phone.identity.id)
  await until('b holds what the removal names', () => a.personal.state.logRow(phone.identity.id).head.join() === b.personal.state.logRow(phone.identity.id).head.join())
  await until('nothing is lost', () => textsOf(b).length === 5 && textsOf(a).length === 5)
  await untilSynced(a, b)
  assert.equal(textsOf(a), ['common', 'to a', 'to a as well', 'to b', 'to b as well'])
  assert.equal([a, b].map(device => device.personal.state.logRow(phone.identity.id).frozen), [false, false])
  for (const device of [a, b]) await device.stop()
})

test('a removal that comes before the proof is enough', async () => {
  const { net, a, b, phone } = await forked()
  await a.sync.removeDevice(phone.identity.id)
  net.link(a.identity.id, b.identity.id)
  await until('nothing is lost', () => textsOf(b).length === 5 && textsOf(a).length === 5)
  await untilSynced(a, b)
  assert.not([a, b].some(device => toldOf(device, phone)))
  for (const device of [a, b]) await device.stop()
})

test('a keeper goes over to the branch that counts', async () => {
  const { net, a, b, phone } = await forked()
  const keeper = await startDevice(net, 'keeper')
  await keeper.sync.adopt(await b.sync.admit(keeper.card, 'keeper'))
  net.link(b.identity.id, keeper.identity.id)
  await until('the keeper has what b has', () => (keeper.sync.kept()?.entries ?? 0) >= 3)
  linkAll(net, [a, b, keeper])
  await until('both tell', () => [a, b].every(device => toldOf(device, phone)))
  await a.sync.removeDevice(phone.identity.id)
  await until('nothing is lost', () => textsOf(b).length === 5 && textsOf(a).length === 5)
  await until('all say that they are in sync, the keeper as well', () => [a, b, keeper].every(device => device.sync.peers().every(peer => !peer.connected || peer.synced)))
  for (const device of [a, b, keeper]) await device.stop()
})

test('nothing that the author of a removed log signs besides changes what counts of it, or freezes it', async () => {
  const set = await scene()
  const { state, phone } = set
  const first = await phone.write({ 'a.0': 'one' })
  const other = await phone.write({ 'a.0': 'other' }, { seq: 2, aside: true })
  const second = await phone.write({ 'a.0': 'two' })
  await take(set, first)
  await set.membership.remove(identityNamed('laptop'), phone.id, { lastSeq: 2, head: second.hash }, 0)
  const fits = await phone.write({ 'a.0': 'fits nothing' }, { seq: 2, prevHash: new Uint8Array(32), aside: true })
  assert.equal((await take(set, fits)).refused.map(({ error }) => error.code), ['OtherBranch'])
  await take(set, second)
  assert.equal((await take(set, other)).refused, [], 'it is closed')
  assert.equal([state.logRow(phone.id).head, state.logRow(phone.id).frozen], [second.hash, false])
})

test('a device that came back from before it met the others, and summed up what it wrote since, finds what they have of it', async () => {
  const net = new MemoryNet()
  const pace = { checkpointEvery: 3, housekeepingMs: 5 }
  const first = await startDevice(net, 'a', { pace })
  const backup = copyOf(first.store)
  const b = await startDevice(net, 'b', { pace })
  await b.sync.adopt(await first.sync.admit(b.card))
  linkAll(net, [first, b])
  await first.personal.put({ text: 'early' })
  await untilSynced(first, b)
  await first.stop()
  const a = await startDevice(net, 'a', { identity: first.identity, store: backup, pace })
  for (const text of ['1', '2', '3', '4', '5', '6']) await a.personal.put({ text })
  await until('its entries go, for it knows of nobody else', () => a.personal.state.logRow(a.identity.id).lowest > 1)
  await b.sync.adopt(await a.sync.admit(b.card))
  linkAll(net, [a, b])
  await until('it has what the other one has of its log', () => textsOf(a).includes('early'))
  await untilSynced(a, b)
  assert.equal(textsOf(b), ['1', '2', '3', '4', '5', '6', 'early'])
  for (const device of [a, b]) await device.stop()
})

for (const commits of [0, 1]) {
  test(`a full disk after ${commits} commits leaves the own log as it was, and the next proof begins anew`, async () => {
    const set = await scene()
    const { state, store } = set
    const space = new LocalSpace(state, () => 0)
    await space.put({ text: 'mine' })
    let left = commits
    Object.assign(state.context, { store: { ...store, commit: (batch: Commit) => (left-- > 0 ? store.commit(batch) : Promise.reject(new KinmeshError('StoreFailed', 'the disk is full'))) } })
    const recovery = new Recovery(space, new PeerHeights(store, state.id, state.context.now), { fault: async () => undefined, poke: () => undefined, leaving: () => false, background: () => undefined })
    for (const _ of [1, 2, 3]) await rejects(recovery.recoverOwn('x'), coded('StoreFailed'))
    assert.equal([state.recovering, isRecovering(state), state.logRow(state.self).height, texts(set)], [false, false, 1, ['mine']])
    left = 100
    await recovery.recoverOwn('x')
    assert.equal([state.recovering, isRecovering(state), state.logRow(state.self).height, store.logs(state.id)], [true, true, 0, []])
  })
}

test('what came of one branch while the own log is fetched makes room for another one', async () => {
  const set = await scene()
  const { state, laptop, store } = set
  const space = new LocalSpace(state, () => 0)
  await space.put({ text: 'mine' })
  const recovery = new Recovery(space, new PeerHeights(store, state.id, state.context.now), { fault: async () => undefined, poke: () => undefined, leaving: () => false, background: () => undefined })
  await recovery.recoverOwn('x')
  await take(set, await laptop.write({ 'a.0': 'of one branch' }))
  assert.is(state.logRow(state.self).height, 1)
  await recovery.recoverOwn('y')
  assert.equal([state.recovering, state.logRow(state.self).height], [true, 0])
  const aside = store.spaces().filter(({ name }) => name === null).flatMap(({ id }) => store.changes(id, 0, 10).map(({ body }) => body))
  assert.equal(new Set(aside), new Set(['{"text":"mine"}', '{"text":"of one branch"}']))
})

test('a peer that has less of the own log than it told of before ends the recovery', async () => {
  const set = await scene()
  const { state, laptop, phone, store } = set
  const space = new LocalSpace(state, () => 0)
  await space.put({ text: 'mine' })
  const heights = new PeerHeights(store, state.id, state.context.now)
  const recovery = new Recovery(space, heights, { fault: async () => undefined, poke: () => undefined, leaving: () => false, background: () => undefined })
  heights.note(phone.id, state.self, 5)
  await recovery.recoverOwn('x')
  heights.note(phone.id, state.self, 0)
  await recovery.keepHouse()
  assert.ok(state.recovering, 'nothing of the log is here yet')
  heights.note(phone.id, state.self, 5)
  await take(set, await laptop.write({ 'a.0': 'of the log' }))
  await recovery.keepHouse()
  assert.ok(state.recovering, 'there is more')
  heights.note(phone.id, state.self, 1)
  await recovery.keepHouse()
  assert.equal([state.recovering, new Set(texts(set))], [false, new Set(['of the log', 'mine'])])
})

test('a recovery ends when each member has said that nothing of the own log is left', async () => {
  const set = await scene()
  const { state, phone, mini, store, restart } = set
  await new LocalSpace(state, () => 0).put({ text: 'mine' })
  const began = (each: typeof state) => {
    const [space, heights] = [new LocalSpace(each, () => 0), new PeerHeights(store, each.id, each.context.now)]
    return { heights, recovery: new Recovery(space, heights, { fault: async () => undefined, poke: () => undefined, leaving: () => false, background: () => undefined }) }
  }
  const first = began(state)
  first.heights.note(phone.id, state.self, 5)
  first.heights.note(mini.id, state.self, 0)
  await first.recovery.recoverOwn('x')
  first.heights.note(phone.id, state.self, 0)
  await first.recovery.keepHouse()
  assert.ok(state.recovering, 'the mini PC may have come by it since')
  await first.heights.save()
  // Words of an earlier run count for nothing.
  const again = await restart()
  const { heights, recovery } = began(again)
  heights.note(mini.id, again.self, 0)
  await recovery.keepHouse()
  assert.ok(again.recovering)
  await rejects(new LocalSpace(again, () => 0).put({ text: 'now' }), (error: unknown) => isKinmeshError(error, 'Recovering') && error.message.includes('connect it to phone, or remove'))
  heights.note(phone.id, again.self, 0)
  await recovery.keepHouse()
  assert.equal([again.recovering, isRecovering(again), texts({ ...set, state: again })], [false, false, ['mine']])
})

test('one and the same entry makes a device fetch its own log twice at most; then its person is told', async () => {
  const { state } = await scene()
  const told: string[] = []
  const space = new LocalSpace(state, () => 0)
  const recovery = new Recovery(space, new PeerHeights(state.context.store, state.id, state.context.now), {
    fault: async kind => void told.push(kind),
    poke: () => undefined, leaving: () => false,
    background: () => undefined
  })
  for (const proof of ['x', 'x', 'x', 'x', 'y']) {
    await recovery.recoverOwn(proof)
    state.recovering = false
  }
  assert.equal(told, ['OwnLogForked', 'OwnLogForked', 'Equivocation', 'Equivocation', 'OwnLogForked'])
})

test('while two peers have two branches of the own log, neither is asked again and again', async () => {
  const set = await scene()
  const { laptop } = set
  await take(set, await laptop.write({ 'a.0': 'mine' }))
  const it = await rig({ set })
  const other = await laptop.write({ 'b.0': 'of another branch' }, { seq: 2, prevHash: new Uint8Array(32).fill(7), aside: true })
  const asked = async () => {
    await it.hand.send({ type: 'have', space: 0, logs: [{ author: keyOf(laptop), height: 2, head: other.hash }], more: false })
    await it.settle()
    return it.hand.all('want').map(({ from }) => from)
  }
  assert.equal(await asked(), [2])
  await it.hand.entries(other)
  await it.settle()
  assert.equal([it.side.forked, await asked()], [1, []])
  await it.time.run(haveIntervalMs)
  assert.equal(await asked(), [2], 'it may have got another one since')
  await it.stop()
})

test.run()
