import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { identityNamed } from '../mesh/membership.fixtures.ts'
import { installSnapshot } from './checkpoint.ts'
import { type Entry, noHash } from './entry.ts'
import { prune } from './housekeeping.ts'
import { haveIntervalMs } from './limits.ts'
import { faults, take, texts } from './receive-checks.fixtures.ts'
import { type Scene, scene } from './receive.fixtures.ts'
import { cutRemoved } from './reader-members.ts'
import { type Rig, keyOf, rig } from './session.fixtures.ts'
import { setAside } from './set-aside.ts'
import { createMemoryStore } from './store-memory.ts'
import type { BaseRow } from './store.ts'

// The laptop is this device, the phone its peer. The log is the mini PC's: three entries, and a checkpoint.

type Log = Scene & { readonly entries: readonly Entry[]; readonly checkpoint: Entry; readonly bases: readonly BaseRow[]; install(): Promise<void> }

/** `before`: what the checkpoint lists, where it is not all of them. */
async function logOfMini(before?: Uint8Array): Promise<Log> {
  const set = await scene()
  const { mini, state } = set
  const entries = [await mini.write({ 'a.0': 'one' }), await mini.write({ 'b.0': 'two' }), await mini.write({ 'c.0': 'three' })]
  const { bases, root } = mini.summary()
  const checkpoint = await mini.checkpoint(undefined, before ? { before } : {})
  return { ...set, entries, checkpoint, bases, install: () => state.exclusive(() => installSnapshot(state, mini.id, checkpoint, root, [...bases])) }
}

/** The phone holds one entry of the log, with this hash, and asks for what comes after it; the types of what it gets. */
async function answer({ hand, mini, settle }: Rig, head: Uint8Array, height = 1): Promise<string[]> {
  await hand.send({ type: 'have', space: 0, logs: [{ author: keyOf(mini), height, head }], more: false })
  await settle()
  hand.inbox.length = 0
  await hand.send({ type: 'want', space: 0, author: keyOf(mini), from: height + 1, credit: 3 })
  await settle()
  return hand.inbox.flatMap(frame => (frame.type === 'nack' ? [`${frame.code} ${frame.seq}`] : frame.type === 'snapshot' || frame.type === 'entry' ? [frame.type] : []))
}

/** A list that does not go back as far as it should. */
const nothing = new Uint8Array()

test('who took a log as a snapshot refuses to pass that on, once, to a peer whose entries lie too far back to compare', async () => {
  const set = await logOfMini(nothing)
  await set.install()
  const it = await rig({ set })
  const [first] = set.entries
  assert.equal(await answer(it, first!.hash), ['NotKept 4'])
  assert.equal(await answer(it, first!.hash), ['snapshot'], 'nobody knows better')
  await it.stop()
})

for (const how of ['pruned', 'snapshot'] as const) {
  test(`a snapshot follows at once where the peer's end is known (${how}); where it is of another branch it is the proof, and the peer's entry is asked for`, async () => {
    const set = await logOfMini()
    if (how === 'snapshot') await set.install()
    else {
      await take(set, ...set.entries, set.checkpoint)
      await prune(set.state, () => 4)
    }
    const it = await rig({ set })
    assert.is(it.state.logRow(set.mini.id).lowest, 4)
    assert.equal(await answer(it, set.entries[0]!.hash), ['snapshot'])
    const other = await set.mini.write({ 'z.0': 'of another branch' }, { seq: 1, prevHash: noHash, aside: true })
    await it.hand.send({ type: 'have', space: 0, logs: [{ author: keyOf(set.mini), height: 1, head: other.hash }], more: false })
    await it.settle()
    assert.equal(it.hand.all('want').map(({ from, credit }) => [from, credit]), [[1, 1]])
    assert.equal(await answer(it, other.hash), ['snapshot'])
    await it.hand.entries(other)
    await it.settle()
    assert.ok(it.state.logRow(set.mini.id).frozen)
    await it.stop()
  })
}

test('entries of another branch than the peer has are shown to it up to its height, and none beyond', async () => {
  const set = await logOfMini()
  await take(set, ...set.entries)
  const it = await rig({ set })
  assert.equal(await answer(it, set.entries[1]!.hash), [])
  await it.stop()
})

test('the entry before the first one that is left is known by it', async () => {
  const set = await logOfMini()
  await set.install()
  const it = await rig({ set })
  assert.equal(await answer(it, set.entries[2]!.hash, 3), ['entry'])
  await it.stop()
})

for (const connected of [false, true]) {
  test(`a snapshot that is held back is asked for again after a while, ${connected ? 'but not while the author is there, who knows' : 'when the author does not come'}`, async () => {
    const set = await logOfMini()
    await take(set, set.entries[0]!)
    const it = await rig({ set, connected: connected ? [set.mini.id] : [] })
    await it.hand.have([set.mini, 4])
    await it.time.run(haveIntervalMs / 2)
    const wants = () => it.hand.all('want').map(({ from }) => from)
    await it.settle()
    assert.equal(wants(), [2])
    await it.hand.send({ type: 'nack', space: 0, author: keyOf(set.mini), seq: 4, code: 'NotKept' })
    await it.settle()
    assert.equal([wants(), it.side.session.gap], [[], true])
    for (let ticks = 0; ticks < 2; ticks++) {
      await it.time.run(haveIntervalMs)
      await it.settle()
    }
    assert.equal(wants(), connected ? [] : [2])
    await it.stop()
  })
}

/** A device that holds another entry than the log begins with, when the snapshot comes. */
async function onAnotherBranch(): Promise<Log> {
  const set = await logOfMini()
  await take(set, await set.mini.write({ 'z.0': 'of another branch' }, { seq: 1, prevHash: noHash, aside: true }))
  assert.equal(texts(set), ['of another branch'])
  return set
}

const putAside = ({ store }: Scene) => store.spaces().filter(({ name }) => name === null).flatMap(({ id }) => store.changes(id, 0, 10).map(({ body }) => body))

test('of a removed device\'s log, what a snapshot takes the place of is put aside, to be written anew where the snapshot lacks it', async () => {
  const set = await onAnotherBranch()
  await set.membership.remove(identityNamed('laptop'), set.mini.id, { lastSeq: 4, head: set.checkpoint.hash }, 0)
  await set.install()
  assert.equal([texts(set), putAside(set), [...set.state.realigning.keys()]], [['one', 'two', 'three'], ['{"text":"of another branch"}'], [set.mini.id]])
})

test('what is put aside of a log is what it says, whatever its view has lost', async () => {
  const set = await onAnotherBranch()
  const { state, mini, store } = set
  const [row] = store.logVersions(state.id, mini.id)
  await store.commit({ space: state.id, dropVersions: [{ id: row!.id, author: mini.id }] })
  assert.equal(store.logVersions(state.id, mini.id), [])
  await setAside(state, mini.id)
  assert.equal(putAside(set), ['{"text":"of another branch"}'])
})

test('an entry that is on its way to the disk when its author is removed does not stay beyond what counts', async () => {
  const memory = createMemoryStore()
  const [reached, written] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let slow = false
  const set = await scene({ ...memory, commit: async batch => {
    if (slow) {
      reached.resolve()
      await written.promise
    }
    return memory.commit(batch)
  } })
  const { mini, state } = set
  await take(set, await mini.write({ 'a.0': 'counts' }))
  const { head } = mini
  const late = await mini.write({ 'b.0': 'beyond' })
  slow = true
  const taken = take(set, late)
  await reached.promise
  await set.membership.remove(identityNamed('laptop'), mini.id, { lastSeq: 1, head }, 0)
  const cut = cutRemoved(state)
  written.resolve()
  await taken
  assert.equal([await cut, state.logRow(mini.id).height, texts(set)], [[mini.id], 1, ['counts']])
})

for (const branch of ['another branch', 'the branch that counts'] as const) {
  test(`a removed device's log that is of ${branch}, and was summed up beyond what counts: ${branch === 'another branch' ? 'what it said up to there is put aside' : 'the others have all of it'}`, async () => {
    const set = await scene()
    const { mini, state } = set
    await take(set, await mini.write({ 'a.0': 'before' }), await mini.write({ 'b.0': 'the last that counts' }))
    const { head } = mini
    await take(set, await mini.write({ 'c.0': 'beyond' }), await mini.checkpoint())
    await set.membership.remove(identityNamed('laptop'), mini.id, { lastSeq: 2, head: branch === 'another branch' ? mini.head : head }, 0)
    await cutRemoved(state)
    assert.equal([texts(set), putAside(set)], [[], branch === 'another branch' ? ['{"text":"before"}', '{"text":"the last that counts"}'] : []])
    assert.equal([state.logRow(mini.id).height, [...state.realigning.keys()]], [0, branch === 'another branch' ? [mini.id] : []])
  })
}

test('of a member\'s nothing is, where it lies too far back to compare: what its snapshot lacks was removed and forgotten, and would come back', async () => {
  const set = await onAnotherBranch()
  await set.install()
  assert.equal([texts(set), putAside(set), [...set.state.realigning.keys()]], [['one', 'two', 'three'], [], []])
})

/** The peer offers the snapshot. */
async function offer({ hand, mini, settle }: Rig, { checkpoint, bases }: Log): Promise<void> {
  await hand.have([mini, checkpoint.seq])
  await settle()
  await hand.send({ type: 'snapshot', space: 0, author: keyOf(mini), checkpoint: checkpoint.bytes, bases: bases.map(({ bytes, ...base }) => ({ ...base, size: bytes.length })), more: false })
  await settle()
}

test('of a removed device\'s log the snapshot of another branch than what is held here is ordered', async () => {
  const set = await onAnotherBranch()
  await set.membership.remove(identityNamed('laptop'), set.mini.id, { lastSeq: 4, head: set.checkpoint.hash }, 0)
  const it = await rig({ set })
  await offer(it, set)
  assert.equal([it.hand.all('fetch').length, it.state.logRow(set.mini.id).frozen], [1, false])
  await it.stop()
})

for (const from of ['another device', 'its author'] as const) {
  test(`a member's log is kept where ${from} offers the snapshot of another branch${from === 'another device' ? ', and is frozen: two entries of its author say different things' : ': its author finds out by itself'}`, async () => {
    const set = await onAnotherBranch()
    const it = await rig({ set, peer: from === 'its author' ? 'mini' : 'phone' })
    await offer(it, set)
    assert.equal([texts(it), it.hand.all('fetch'), [...it.side.claims], it.side.ended], [['of another branch'], [], [], false])
    assert.equal([it.state.logRow(set.mini.id).frozen, faults(set)], from === 'its author' ? [false, []] : [true, [['Equivocation', set.mini.id]]])
    await it.stop()
  })
}

test.run()
