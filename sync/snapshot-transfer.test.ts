import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { randomBytes, sha256 } from '../mesh/crypto.ts'
import { identityNamed, noHead } from '../mesh/membership.fixtures.ts'
import type { DeviceId } from '../mesh/types.ts'
import { rejects } from '../tools/assert.ts'
import { rootOf } from './base-names.ts'
import type { Entry } from './entry.ts'
import type { Frame, SnapshotBase } from './frames.ts'
import { haveIntervalMs, maxShardBytes, maxShards, maxSnapshotBytes, snapshotPartBytes, snapshotWindowBases } from './limits.ts'
import { type Author, type Scene, range, scene, textsFor } from './receive.fixtures.ts'
import { type Rig, type RigOptions, keyOf, rig } from './session.fixtures.ts'
import { SnapshotFetch } from './snapshot-transfer.ts'
import type { BaseRow } from './store.ts'

type Snapshot = { checkpoint: Entry; bases: BaseRow[] }

/** A log with items in the shards, as of its checkpoint. */
async function snapshotOf(author: Author, shards: readonly number[] = [0, 1, 2]): Promise<Snapshot> {
  for (const shard of shards) await author.write(textsFor(range(20, shard), `${author.seq}`), {}, shard)
  const { bases } = author.summary()
  return { checkpoint: await author.checkpoint(), bases }
}

const listed = (bases: readonly BaseRow[]): SnapshotBase[] => bases.map(({ shard, seq, hash, bytes }) => ({ shard, seq, hash, size: bytes.length }))
const offerOf = (author: Author, { checkpoint, bases }: { checkpoint: Entry; bases: readonly SnapshotBase[] }): Frame => ({ type: 'snapshot', space: 0, author: keyOf(author), checkpoint: checkpoint.bytes, bases, more: false })
const shards = ({ hand }: Rig) => hand.all('fetch').map(({ shard }) => shard)

async function sendBase({ hand }: Rig, author: Author, { shard, seq, bytes }: BaseRow): Promise<void> {
  for (let offset = 0; offset < bytes.length; offset += snapshotPartBytes) {
    await hand.send({ type: 'part', space: 0, author: keyOf(author), seq, shard, offset, bytes: bytes.subarray(offset, offset + snapshotPartBytes) })
  }
}

/** The laptop asked for a log and is offered its snapshot. */
async function offered(it: Rig, author: Author, snapshot: Snapshot, { others = [], ...changes }: Partial<{ checkpoint: Entry; bases: SnapshotBase[]; others: [Author, number][] }> = {}): Promise<void> {
  await it.hand.have([author, Math.max(snapshot.checkpoint.seq, author.seq)], ...others)
  await it.settle()
  await it.hand.send(offerOf(author, { checkpoint: snapshot.checkpoint, bases: listed(snapshot.bases), ...changes }))
  await it.settle()
}

const errorsTold = ({ side }: Rig) => side.told.map(({ error }) => `${error.code} ${error.message}`)

test('a snapshot that its author signed takes the place of the log, and the rest is asked for', async () => {
  const it = await rig()
  const snapshot = await snapshotOf(it.phone)
  const last = await it.phone.write({ 'z.0': 'after the checkpoint' })
  await offered(it, it.phone, snapshot)
  assert.equal(shards(it), [0, 1, 2])
  it.hand.all('want')
  for (const base of snapshot.bases) await sendBase(it, it.phone, base)
  await it.settle()
  assert.equal([it.state.view.count, it.state.logRow(it.phone.id).checkpoint, it.state.logRow(it.phone.id).lowest], [60, 4, 4])
  const [want] = it.hand.all('want')
  assert.equal([want?.from, want?.credit], [5, 1])
  await it.hand.entries(last)
  await it.settle()
  assert.equal([it.state.view.count, errorsTold(it), [...it.side.claims]], [61, [], []])
  await it.stop()
})

/** An honest snapshot, and what is changed of it or about it. */
const wrongs: Record<string, (it: Rig, snapshot: Snapshot) => Promise<void>> = {
  'is not the one that its author signed': (it, snapshot) => offered(it, it.phone, snapshot, { bases: listed(snapshot.bases).map(base => ({ ...base, hash: base.shard === 1 ? randomBytes(32) : base.hash })) }),
  'is not the one that its author signed: a base is left out': (it, snapshot) => offered(it, it.phone, snapshot, { bases: listed(snapshot.bases).slice(1) }),
  'is not signed by its author': async (it, snapshot) => offered(it, it.phone, snapshot, { checkpoint: await it.mini.checkpoint() }),
  'is not signed by its author: a byte is changed': async (it, snapshot) => {
    const bytes = snapshot.checkpoint.bytes.slice()
    bytes[bytes.length - 1]! ^= 1
    await offered(it, it.phone, snapshot, { checkpoint: { ...snapshot.checkpoint, bytes } })
  },
  'does not start at a checkpoint': async (it, snapshot) => offered(it, it.phone, snapshot, { checkpoint: await it.phone.write({ 'q.0': 'no checkpoint' }) }),
  'declares a shard of impossible size': (it, snapshot) => offered(it, it.phone, snapshot, { bases: listed(snapshot.bases).map(base => ({ ...base, size: maxShardBytes + 1 })) }),
  'declares a shard of impossible size: none': (it, snapshot) => offered(it, it.phone, snapshot, { bases: listed(snapshot.bases).map(base => ({ ...base, size: 0 })) }),
  'is not signed by its author: it is of another space': async (it, snapshot) => offered(it, it.phone, snapshot, { checkpoint: await it.phone.checkpoint(undefined, { space: new Uint8Array(32).fill(9), aside: true }) }),
  'lists a shard twice': async (it, snapshot) => {
    const bases = [...listed(snapshot.bases).slice(0, 1), ...listed(snapshot.bases)]
    await offered(it, it.phone, snapshot, { checkpoint: await it.phone.checkpoint(rootOf(bases)), bases })
  },
  'is of more bytes than a log may have': async (it, snapshot) => {
    const bases = Array.from({ length: Math.ceil(maxSnapshotBytes / maxShardBytes) + 1 }, (_, shard) => ({ shard, seq: 1, hash: randomBytes(32), size: maxShardBytes }))
    await offered(it, it.phone, snapshot, { checkpoint: await it.phone.checkpoint(rootOf(bases)), bases })
  },
  'is damaged in shard 1': async (it, snapshot) => {
    await offered(it, it.phone, snapshot)
    for (const base of snapshot.bases) await sendBase(it, it.phone, base.shard === 1 ? { ...base, bytes: base.bytes.map(byte => byte ^ 1) } : base)
  },
  'came in parts that do not fit': async (it, snapshot) => {
    await offered(it, it.phone, snapshot)
    await sendBase(it, it.phone, { ...snapshot.bases[0]!, bytes: new Uint8Array(snapshot.bases[0]!.bytes.length + 1) })
  },
  'came in parts that do not fit: not from the start': async (it, { bases }) => {
    await offered(it, it.phone, { checkpoint: (await snapshotOf(it.phone)).checkpoint, bases: it.phone.summary().bases })
    await it.hand.send({ type: 'part', space: 0, author: keyOf(it.phone), seq: it.phone.seq, shard: bases[0]!.shard, offset: 1, bytes: new Uint8Array(1) })
  }
}

for (const [what, attempt] of Object.entries(wrongs)) {
  test(`a snapshot that ${what}: it is told of and not used, and other logs go on`, async () => {
    const it = await rig()
    const before = await it.mini.write({ 'm.0': 'from before' })
    await it.hand.entries(before)
    await it.settle()
    const digest = it.state.view.digest()
    await attempt(it, await snapshotOf(it.phone))
    await it.settle()
    assert.equal([it.side.ended, it.state.logRow(it.phone.id).height, it.state.view.digest()], [false, 0, digest])
    assert.is(it.side.told.length, 1)
    assert.match(errorsTold(it)[0]!, `WrongSnapshot a snapshot ${what.split(':')[0]}`)
    it.hand.all('want')
    await it.hand.have([it.phone, 99], [it.mini, 2])
    await it.settle()
    assert.equal(it.hand.all('want').map(({ author }) => author), [keyOf(it.mini)], 'the log is not asked for again, others are')
    assert.equal([...it.side.claims], [it.mini.id])
    await it.stop()
  })
}

test('a base that its author signed and that is no canonical update is not used', async () => {
  const it = await rig()
  const bytes = new Uint8Array([1, 2, 3])
  const base = { shard: 0, seq: 1, hash: sha256(bytes), bytes }
  const checkpoint = await it.phone.checkpoint(rootOf([base]))
  await offered(it, it.phone, { checkpoint, bases: [base] })
  await sendBase(it, it.phone, base)
  await it.settle()
  assert.equal([it.side.told.length, it.state.logRow(it.phone.id).height, it.state.view.count], [1, 0, 0])
  await it.stop()
})

test('a snapshot nobody asked for is ignored, and so are parts nobody ordered', async () => {
  const it = await rig()
  const snapshot = await snapshotOf(it.phone)
  await it.hand.send(offerOf(it.phone, { ...snapshot, bases: listed(snapshot.bases) }))
  for (const base of snapshot.bases) await sendBase(it, it.phone, base)
  await it.settle()
  assert.equal([shards(it), it.state.logRow(it.phone.id).height, errorsTold(it)], [[], 0, []])
  await it.stop()
})

test('a snapshot of a device that never was a member is not used, were it asked for', async () => {
  const set = await scene()
  const stranger = await set.author('stranger')
  stranger.key = set.phone.key
  const { checkpoint, bases } = await snapshotOf(stranger)
  const fetch = new SnapshotFetch(set.state, stranger.id, { above: 0, arrived: new Map(), order: () => undefined })
  const offer = offerOf(stranger, { checkpoint, bases: listed(bases) }) as Frame & { type: 'snapshot' }
  await rejects(fetch.offered(offer), /is of a device that is no member/)
})

test('a snapshot of a device that is no member, or beyond what counts of a removed one, is not used', async () => {
  const set = await scene()
  const snapshot = await snapshotOf(set.phone)
  await set.membership.remove(identityNamed('laptop'), set.phone.id, { lastSeq: 2, head: noHead }, 0)
  const it = await rig({ set })
  await offered(it, it.phone, snapshot)
  assert.equal([shards(it), it.state.logRow(it.phone.id).height, errorsTold(it), [...it.side.claims]], [[], 0, [], []])
  await it.hand.have([it.phone, 2])
  await it.settle()
  assert.equal(it.hand.all('want').map(({ from, credit }) => [from, credit]), [[1, 2], [1, 2]], 'the peer may have learned of the removal')
  await it.stop()
})

test('a snapshot that entries overtook before it was offered is nobody\'s fault, and the rest is asked for', async () => {
  const it = await rig()
  const first = await it.phone.write({ 'a.0': 'one' })
  const { bases } = it.phone.summary()
  const checkpoint = await it.phone.checkpoint()
  const third = await it.phone.write({ 'b.0': 'two' })
  await it.phone.write({ 'b.0': 'three' })
  await it.hand.have([it.phone, 4])
  await it.settle()
  await it.side.space.receive([first, checkpoint, third].map(({ bytes }) => bytes))
  const digest = it.state.view.digest()
  it.hand.all('want')
  await it.hand.send(offerOf(it.phone, { checkpoint, bases: listed(bases) }))
  await it.settle()
  assert.equal([it.side.told, it.state.view.digest(), it.state.logRow(it.phone.id).height], [[], digest, 3])
  assert.equal(it.hand.all('want').map(({ from, credit }) => [from, credit]), [[4, 1]])
  await it.stop()
})

test('a snapshot that entries overtook while it came does not take the log back', async () => {
  const it = await rig()
  const entries = [await it.phone.write({ 'a.0': 'one' })]
  const { bases } = it.phone.summary()
  const checkpoint = await it.phone.checkpoint()
  entries.push(checkpoint, await it.phone.write({ 'b.0': 'two' }))
  await it.phone.write({ 'b.0': 'three' })
  await offered(it, it.phone, { checkpoint, bases })
  assert.equal(shards(it), [0])
  it.hand.all('want')
  await it.side.space.receive(entries.map(({ bytes }) => bytes))
  const digest = it.state.view.digest()
  await sendBase(it, it.phone, bases[0]!)
  await it.settle()
  assert.equal([it.side.told, it.state.view.digest(), it.state.logRow(it.phone.id).height], [[], digest, 3])
  assert.equal(it.hand.all('want').map(({ from, credit }) => [from, credit]), [[4, 1]])
  await it.stop()
})

test('an offer older than what is here is not used, whoever repeats it; the true answer still counts', async () => {
  const it = await rig()
  const old = await snapshotOf(it.phone, [0])
  await it.side.space.receive([...it.store.entries(it.state.id, it.phone.id, 0, 9)].map(({ bytes }) => bytes))
  const newer = await snapshotOf(it.phone, [0])
  await offered(it, it.phone, newer)
  for (const base of newer.bases) await sendBase(it, it.phone, base)
  await it.settle()
  const digest = it.state.view.digest()
  const rest = await it.phone.write({ 'z.0': 'rest' })
  await it.hand.have([it.phone, it.phone.seq])
  await it.settle()
  it.hand.all('want')
  for (let round = 0; round < 5; round++) await it.hand.send(offerOf(it.phone, { ...old, bases: listed(old.bases) }))
  await it.settle()
  assert.equal([it.hand.all('want'), shards(it), it.state.view.digest(), errorsTold(it)], [[], [0], digest, []])
  await it.hand.entries(rest)
  await it.settle()
  assert.is(it.state.logRow(it.phone.id).height, it.phone.seq)
  await it.stop()
})

test('a transfer that broke goes on where it was: only what is missing is ordered', async () => {
  const arrived: RigOptions['arrived'] = new Map()
  const set: Scene = await scene()
  const first = await rig({ set, arrived })
  const snapshot = await snapshotOf(first.phone, [0, 1, 2, 3])
  await offered(first, first.phone, snapshot)
  assert.equal(shards(first), [0, 1, 2, 3])
  for (const base of snapshot.bases.slice(0, 2)) await sendBase(first, first.phone, base)
  await first.settle()
  first.hand.channel.abort(new Error('cut'))
  await first.side.done
  const second = await rig({ set, arrived })
  await offered(second, second.phone, snapshot)
  assert.equal(shards(second), [2, 3])
  for (const base of snapshot.bases.slice(2)) await sendBase(second, second.phone, base)
  await second.settle()
  assert.equal([second.state.view.count, errorsTold(second), arrived.get(second.phone.id)?.size], [80, [], 0])
  await second.stop()
})

test('when a checkpoint moves on in the middle, the client starts over once, and bases with the same hash count', async () => {
  const arrived = new Map<DeviceId, Map<string, Uint8Array>>()
  const it = await rig({ arrived })
  const old = await snapshotOf(it.phone)
  await offered(it, it.phone, old)
  assert.equal(shards(it), [0, 1, 2])
  await sendBase(it, it.phone, old.bases[0]!)
  await sendBase(it, it.phone, old.bases[1]!)
  await it.settle()
  const changed = await snapshotOf(it.phone, [1])
  it.hand.all('want')
  // Every base that is gone is answered: the first answer makes the client start over, the others belong to what it gave up.
  for (const shard of [2, 1]) await it.hand.send({ type: 'nack', space: 0, author: keyOf(it.phone), seq: old.bases[shard]!.seq, code: 'SnapshotGone' })
  await it.settle()
  assert.is(it.hand.all('want').length, 1)
  await it.hand.send(offerOf(it.phone, { ...old, bases: listed(old.bases) }))
  await it.settle()
  assert.equal(shards(it), [], 'the same checkpoint again is no answer')
  await it.hand.send(offerOf(it.phone, { ...changed, bases: listed(changed.bases) }))
  await it.settle()
  assert.equal(shards(it), [1, 2])
  assert.is(arrived.get(it.phone.id)?.size, 1, 'what no snapshot needs is let go')
  await sendBase(it, it.phone, changed.bases[1]!)
  await sendBase(it, it.phone, changed.bases[2]!)
  await it.settle()
  assert.equal([it.state.logRow(it.phone.id).checkpoint, it.state.view.count, errorsTold(it)], [changed.checkpoint.seq, 60, []])
  await it.stop()
})

test('that a base of an attempt that was given up is gone says nothing about the one that is under way', async () => {
  const it = await rig()
  const old = await snapshotOf(it.phone)
  await offered(it, it.phone, old)
  const current = await snapshotOf(it.phone)
  assert.equal(shards(it), [0, 1, 2])
  // An entry that does not fit makes the client ask anew, and the answer is an offer of the newer checkpoint.
  await it.hand.entries(await it.phone.write({ 'z.0': 'after it' }))
  await it.settle()
  await it.hand.send(offerOf(it.phone, { ...current, bases: listed(current.bases) }))
  await it.settle()
  assert.equal(shards(it), [0, 1, 2])
  it.hand.all('want')
  await it.hand.send({ type: 'nack', space: 0, author: keyOf(it.phone), seq: old.bases[0]!.seq, code: 'SnapshotGone' })
  for (const base of current.bases) await sendBase(it, it.phone, base)
  await it.settle()
  assert.equal([it.state.logRow(it.phone.id).checkpoint, it.hand.all('want').map(({ from }) => from), errorsTold(it)], [current.checkpoint.seq, [current.checkpoint.seq + 1], []])
  await it.stop()
})

/** A signed list of bases that nobody has. */
async function promised(author: Author, count: number, size: number): Promise<{ checkpoint: Entry; bases: SnapshotBase[] }> {
  const bases = Array.from({ length: count }, (_, shard) => ({ shard, seq: 1, hash: randomBytes(32), size }))
  return { checkpoint: await author.checkpoint(rootOf(bases)), bases }
}

test('no more is on order than the window holds, in bytes and in bases', async () => {
  const large = await rig()
  await offered(large, large.phone, { checkpoint: (await promised(large.mini, 1, 1)).checkpoint, bases: [] }, await promised(large.phone, 9, 1.5 * 1024 * 1024))
  assert.equal(shards(large), [0, 1, 2])
  await large.stop()
  const many = await rig()
  await offered(many, many.phone, { checkpoint: (await promised(many.mini, 1, 1)).checkpoint, bases: [] }, await promised(many.phone, 200, 10))
  assert.is(shards(many).length, snapshotWindowBases)
  await many.stop()
})

test('an offer in several frames is put together, and starts over when its beginning comes again', async () => {
  const it = await rig()
  const snapshot = await snapshotOf(it.phone)
  const [first, ...others] = listed(snapshot.bases)
  await it.hand.have([it.phone, it.phone.seq])
  await it.settle()
  const offer = offerOf(it.phone, { ...snapshot, bases: [first!] })
  await it.hand.send({ ...offer, more: true } as Frame, { ...offer, more: true } as Frame)
  await it.settle()
  assert.equal(shards(it), [])
  await it.hand.send(offerOf(it.phone, { ...snapshot, bases: others }), offer)
  await it.settle()
  assert.equal([shards(it), errorsTold(it)], [[0, 1, 2], []])
  await it.stop()
})

test('an offer without end is cut short', async () => {
  const it = await rig()
  const { checkpoint } = await promised(it.phone, 1, 1)
  await it.hand.have([it.phone, 1])
  await it.settle()
  for (let at = 0; at <= maxShards; at += 512) {
    const bases = Array.from({ length: 512 }, (_, index) => ({ shard: index === 511 ? 0 : 1, seq: 1, hash: randomBytes(32), size: 1 }))
    await it.hand.send({ ...offerOf(it.phone, { checkpoint, bases }), more: true } as Frame)
  }
  await it.settle()
  assert.equal([shards(it), it.state.logRow(it.phone.id).height, it.side.ended], [[], 0, false])
  assert.equal(errorsTold(it), [`WrongSnapshot a snapshot lists more than ${maxShards} shards: it was not used`])
  await it.stop()
})

test('of several logs one orders at a time, and the next is not given up while it waits for its turn', async () => {
  const it = await rig()
  const [ofPhone, ofMini] = [await snapshotOf(it.phone), await snapshotOf(it.mini, [5])]
  await offered(it, it.phone, ofPhone)
  await offered(it, it.mini, ofMini, { others: [[it.phone, it.phone.seq]] })
  assert.equal(shards(it), [0, 1, 2])
  await it.time.run(haveIntervalMs / 2)
  await sendBase(it, it.phone, ofPhone.bases[0]!)
  await sendBase(it, it.phone, ofPhone.bases[1]!)
  await it.hand.barrier()
  await it.time.run(haveIntervalMs / 2)
  await it.hand.barrier()
  assert.equal([shards(it), it.side.released], [[], []])
  await sendBase(it, it.phone, ofPhone.bases[2]!)
  await it.settle()
  assert.equal(shards(it), [5])
  await sendBase(it, it.mini, ofMini.bases[0]!)
  await it.settle()
  assert.equal([it.state.view.count, errorsTold(it)], [80, []])
  await it.stop()
})

test('a transfer that stalls makes room for the next one', async () => {
  const it = await rig()
  const [ofPhone, ofMini] = [await snapshotOf(it.phone), await snapshotOf(it.mini, [5])]
  await offered(it, it.phone, ofPhone)
  await offered(it, it.mini, ofMini)
  await it.time.run(2 * haveIntervalMs)
  await it.hand.barrier()
  assert.equal(shards(it), [0, 1, 2, 5])
  assert.equal(it.side.released.slice(0, 1), [it.phone.id])
  await it.stop()
})

test('entries that come while a snapshot is under way do not end it', async () => {
  const it = await rig()
  const first = await it.phone.write({ 'a.0': 'first' })
  const snapshot = await snapshotOf(it.phone)
  await it.hand.have([it.phone, 1])
  await it.settle()
  await it.hand.send(offerOf(it.phone, { ...snapshot, bases: listed(snapshot.bases) }))
  await it.hand.entries(first)
  for (const base of snapshot.bases) await sendBase(it, it.phone, base)
  await it.settle()
  assert.equal([it.state.view.count, it.state.logRow(it.phone.id).height], [61, 5])
  await it.stop()
})

test.run()
