import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeCbor } from '../mesh/codec.ts'
import { KinmeshError } from '../mesh/errors.ts'
import { cardNamed, identityNamed, noHead } from '../mesh/membership.fixtures.ts'
import { rejects } from '../tools/assert.ts'
import { type Entry, readEntry } from './entry.ts'
import { maxEntryBytes } from './limits.ts'
import { type Author, type Scene, foreignKey, scene, startMs } from './receive.fixtures.ts'
import { clientIdOf } from './shard-doc.ts'
import { createMemoryStore } from './store-memory.ts'
import type { Store } from './store.ts'
import { contents, rawItem, rawUpdate } from './yjs-bytes.fixtures.ts'
import { coded, faults, picture, refusals, refusesAll, refusesOne, seqs, take, texts } from './receive-checks.fixtures.ts'

test('entries of several authors are taken, stored and shown', async () => {
  const set = await scene()
  const { phone, mini, state, store } = set
  const receipt = await take(set, await phone.write({ 'a.0': 'milk' }), await mini.write({ 'b.0': 'bread' }), await phone.write({ 'c.0': 'eggs' }))
  assert.equal(seqs(receipt), [[phone.id, 1], [mini.id, 1], [phone.id, 2]])
  assert.equal(refusals(receipt), [])
  assert.equal(texts(set), ['milk', 'bread', 'eggs'])
  assert.equal(store.logs(state.id).map(({ author, height, head }) => [author, height, head]), [[phone.id, 2, phone.head], [mini.id, 1, mini.head]])
  assert.is(receipt.accepted[0]?.at, startMs + 1)
  const again = await set.restart()
  assert.equal(again.view.list('', 10), state.view.list('', 10))
  assert.is(again.view.digest(), state.view.digest())
})

test('more shards in one batch than documents are kept at hand', async () => {
  const set = await scene()
  const entries: Entry[] = []
  for (let shard = 0; shard < 40; shard++) entries.push(await set.phone.write({ [`a.${shard.toString(36)}`]: `text ${shard}` }, {}, shard))
  assert.is((await take(set, ...entries, await set.phone.write({ 'a.0': 'again' }))).accepted.length, 41)
  assert.is(set.state.view.count, 40)
})

test('1 size: an entry over the bound is refused before anything else is looked at', async () => {
  const set = await scene()
  const large = await set.phone.raw(new Uint8Array(maxEntryBytes - 2348).fill(1))
  assert.ok(large.bytes.length <= maxEntryBytes && large.bytes.length > maxEntryBytes - 2048, 'a step of the padding more is too much')
  assert.equal(refusals(await take(set, large)), [[set.phone.id, 1, 'ForeignClient']], 'below the bound it is read')
  const stranger = await set.author('stranger')
  await refusesAll(set, 'MalformedBytes', await stranger.raw(new Uint8Array(maxEntryBytes)))
})

test('2 form: bytes that are no entry', async () => {
  const set = await scene()
  await refusesAll(set, 'MalformedBytes', new Uint8Array([1, 2, 3]))
  await refusesAll(set, 'MalformedBytes', encodeCbor([1, set.state.spaceId]))
})

test('3 space: an entry of another space, whoever signed it', async () => {
  const set = await scene()
  await refusesAll(set, 'WrongSpace', await set.phone.write({ 'a.0': 'x' }, { space: new Uint8Array(32).fill(9) }))
})

test('4 signature: a flipped bit anywhere in what is signed, and nothing of the batch is taken', async () => {
  const set = await scene()
  const good = await set.mini.write({ 'b.0': 'good' })
  const entry = await set.phone.write({ 'a.0': 'x' })
  const spoilt = entry.bytes.slice()
  spoilt[spoilt.length - 70]! ^= 1 // within the sealed payload
  const before = picture(set)
  await rejects(take(set, good, spoilt), coded('BadSignature'))
  assert.equal(picture(set), before)
  const stranger = await set.author('stranger')
  const unsigned = (await stranger.write({ 'c.0': 'x' })).bytes.slice()
  unsigned[unsigned.length - 1]! ^= 1
  await refusesAll(set, 'BadSignature', unsigned)
})

test('4 signature: one author\'s entry with the name of another', async () => {
  const set = await scene()
  const entry = await set.phone.write({ 'a.0': 'x' })
  const at = entry.bytes.findIndex((_, index) => set.phone.identity.signing.publicKey.every((byte, offset) => entry.bytes[index + offset] === byte))
  const forged = entry.bytes.slice()
  forged.set(set.mini.identity.signing.publicKey, at)
  assert.equal(readEntry(forged).author, set.mini.identity.signing.publicKey)
  await refusesAll(set, 'BadSignature', forged)
})

test('5 membership: a stranger writes nothing, with a key of ours or without', async () => {
  const set = await scene()
  const stranger = await set.author('stranger')
  await refusesOne(set, 'NotAMember', await stranger.write({ 'a.0': 'x' }, { aside: true }))
  await refusesOne(set, 'NotAMember', await stranger.write({ 'a.0': 'x' }, { key: set.phone.key, aside: true }))
  await refusesOne(set, 'NotAMember', await stranger.write({ 'a.0': 'x' }, { seq: 9, aside: true }))
})

test('5 membership: a stranger that becomes a member is taken then', async () => {
  const set = await scene()
  const tablet = await set.author('tablet')
  tablet.key = set.phone.key
  const entry = await tablet.write({ 'a.0': 'x' })
  assert.equal(refusals(await take(set, entry)), [[tablet.id, 1, 'NotAMember']])
  await set.membership.add(identityNamed('laptop'), cardNamed('tablet'), startMs)
  assert.equal(seqs(await take(set, entry)), [[tablet.id, 1]])
})

test('5 role: a keeper writes nothing, were it given the key or not', async () => {
  const set = await scene()
  await set.membership.add(identityNamed('laptop'), cardNamed('nas'), startMs, 'keeper')
  await refusesOne(set, 'NotAWriter', await (await set.author('nas')).write({ 'a.0': 'x' }, { key: set.phone.key }))
})

test('5 role: a reader writes nothing', async () => {
  const set = await scene()
  await set.membership.add(identityNamed('laptop'), cardNamed('frame'), startMs, 'reader')
  await refusesOne(set, 'NotAWriter', await (await set.author('frame')).write({ 'a.0': 'x' }))
})

test('5 membership: a removed device counts up to the entry that its removal names', async () => {
  const set = await scene()
  const { phone } = set
  const entries = [await phone.write({ 'a.0': 'one' }), await phone.write({ 'b.0': 'two' }), await phone.write({ 'c.0': 'three' })] as const
  await set.membership.remove(identityNamed('laptop'), phone.id, { lastSeq: 2, head: noHead }, startMs)
  const receipt = await take(set, ...entries)
  assert.equal(seqs(receipt), [[phone.id, 1], [phone.id, 2]])
  assert.equal(refusals(receipt), [[phone.id, 3, 'RemovedAuthor']])
  await refusesOne(set, 'RemovedAuthor', entries[2])
})

test('6 place: a gap is refused without a fault, and filled later', async () => {
  const set = await scene()
  const { phone } = set
  const entries = [await phone.write({ 'a.0': 'one' }), await phone.write({ 'b.0': 'two' }), await phone.write({ 'c.0': 'three' })] as const
  await refusesOne(set, 'LogGap', entries[1])
  await refusesOne(set, 'LogGap', entries[2])
  assert.equal(faults(set), [])
  assert.equal(seqs(await take(set, ...entries)), [[phone.id, 1], [phone.id, 2], [phone.id, 3]])
})

test('6 place: what is held is ignored, in a batch, resent, pruned or not', async () => {
  const set = await scene()
  const { phone, state, store } = set
  const entries = [await phone.write({ 'a.0': 'one' }), await phone.write({ 'b.0': 'two' })] as const
  assert.equal(seqs(await take(set, entries[0], entries[0], entries[1], entries[0])), [[phone.id, 1], [phone.id, 2]])
  const before = picture(set)
  assert.equal(await take(set, ...entries), { accepted: [], refused: [], removedOwn: [] })
  assert.equal(picture(set), before)
  await store.commit({ space: state.id, prune: [{ author: phone.id, below: 2 }], logs: [{ ...state.logRow(phone.id), lowest: 2 }] })
  const again: Scene = { ...set, state: await set.restart() }
  assert.equal(await take(again, entries[0]), { accepted: [], refused: [], removedOwn: [] })
})

test('6 place: an entry that does not follow the last one freezes the log and tells a person; the honest part stays', async () => {
  const set = await scene()
  const { phone, state } = set
  await take(set, await phone.write({ 'a.0': 'honest' }))
  const broken = await phone.write({ 'b.0': 'x' }, { prevHash: new Uint8Array(32).fill(7), aside: true })
  assert.equal(refusals(await take(set, broken)), [[phone.id, 2, 'LogFrozen']])
  assert.equal(faults(set), [['Equivocation', phone.id]])
  assert.is(state.logRow(phone.id).frozen, true)
  assert.is(state.logRow(phone.id).height, 1)
  assert.equal(texts(set), ['honest'])
})

test('6 place: a first entry that claims to follow something freezes the log', async () => {
  const set = await scene()
  assert.equal(refusals(await take(set, await set.phone.write({ 'a.0': 'x' }, { prevHash: new Uint8Array(32).fill(7) }))), [[set.phone.id, 1, 'LogFrozen']])
  assert.equal(faults(set), [['Equivocation', set.phone.id]])
})

test('6 place: two entries at one place freeze the log for good, restarts included; what it wrote before and the others stay', async () => {
  const set = await scene()
  const { phone, mini } = set
  await take(set, await phone.write({ 'a.0': 'honest' }))
  const twin = await phone.write({ 'b.0': 'told to the mini PC' }, { aside: true })
  await take(set, await phone.write({ 'b.0': 'told to the laptop' }))
  assert.equal(refusals(await take(set, twin)), [[phone.id, 2, 'LogFrozen']])
  assert.equal(faults(set), [['Equivocation', phone.id]])
  assert.equal(texts(set), ['honest', 'told to the laptop'])
  const next = await phone.write({ 'c.0': 'later' })
  for (const state of [set.state, await set.restart()]) {
    const now: Scene = { ...set, state }
    assert.equal(refusals(await take(now, next)), [[phone.id, 3, 'LogFrozen']])
    assert.equal(faults(now).length, 1, 'the person is told once')
  }
  assert.equal(seqs(await take(set, await mini.write({ 'd.0': 'mine' }))), [[mini.id, 1]])
})

test('6 place: two entries at one place within one batch', async () => {
  const set = await scene()
  const twin = await set.phone.write({ 'a.0': 'one' }, { aside: true })
  const receipt = await take(set, await set.phone.write({ 'a.0': 'other' }), twin, await set.mini.write({ 'b.0': 'mine' }))
  assert.equal(texts(set), ['other', 'mine'])
  assert.equal(refusals(receipt), [[set.phone.id, 1, 'LogFrozen']])
})

test('6 place: a fork of the own log is told as such, and freezes nothing', async () => {
  const set = await scene()
  const { laptop } = set
  const twin = await laptop.write({ 'a.0': 'written after the backup' }, { aside: true })
  await take(set, await laptop.write({ 'a.0': 'written after the restore' }))
  await refusesOne(set, 'OwnLogForked', twin)
  await refusesOne(set, 'OwnLogForked', await laptop.write({ 'b.0': 'x' }, { prevHash: new Uint8Array(32).fill(7), aside: true }))
  assert.equal(faults(set), [])
  assert.equal(seqs(await take(set, await laptop.write({ 'b.0': 'own, from a peer' }))), [[laptop.id, 2]])
})

test('7 key: an epoch that this device was not given, and the same entry once it was', async () => {
  const set = await scene()
  const key = foreignKey()
  const entry = await set.phone.write({ 'a.0': 'x' }, { key })
  await refusesOne(set, 'UnknownEpoch', entry)
  const { keyring } = set.state
  set.state.keyring = { current: () => keyring.current(), get: epoch => (epoch.every((byte, index) => byte === key.epoch[index]) ? key.key : keyring.get(epoch)) }
  assert.equal(seqs(await take(set, entry)), [[set.phone.id, 1]])
})

test('7 key: a payload that its key does not open', async () => {
  const set = await scene()
  await refusesOne(set, 'CannotDecrypt', await set.phone.write({ 'a.0': 'x' }, { key: { epoch: set.phone.key.epoch, key: foreignKey().key } }))
})

test('7 key: a sealed payload moved to another place of the log does not open there', async () => {
  const set = await scene()
  const first = await set.phone.write({ 'a.0': 'x' })
  const moved = await set.mini.entry(new Uint8Array())
  // The mini PC signs what the phone sealed: the header is associated data.
  const fields = [1, moved.space, moved.author, moved.seq, moved.prevHash, moved.epoch, first.nonce, first.sealed] as const
  const { hash } = readEntry(encodeCbor([...fields, moved.signature]))
  await refusesOne(set, 'CannotDecrypt', readEntry(encodeCbor([...fields, await set.mini.identity.sign(hash)])))
})

test('8 payload: plain text that is no payload, or of a kind that is unknown', async () => {
  const set = await scene()
  await refusesOne(set, 'MalformedBytes', await set.phone.entry(new Uint8Array([1]), { aside: true }))
  await refusesOne(set, 'MalformedBytes', await set.phone.entry(encodeCbor([9, startMs]), { aside: true }))
})

test('9 update: one that is not made under the boot that it names', async () => {
  const set = await scene()
  const { phone, mini } = set
  const clientId = (author: Author, boot: number) => clientIdOf(set.state.spaceId, author.identity.signing.publicKey, `boot ${boot}`)
  const update = (client: number) => rawUpdate([{ client, clock: 0, structs: [rawItem({ root: 'items', sub: 'a.0' }, contents.any({ object: [['hlc', { int: 5 }]] }))] }])
  await refusesOne(set, 'ForeignClient', await phone.raw(update(clientId(phone, 2)), { aside: true }))
  await refusesOne(set, 'ForeignClient', await phone.raw(update(clientId(mini, 1)), { aside: true }))
  await refusesOne(set, 'ForeignClient', await phone.raw(update(1), { aside: true }))
  assert.equal(seqs(await take(set, await phone.raw(update(clientId(phone, 1))))), [[phone.id, 1]])
})

test('9 update: an id of another shard than the payload names', async () => {
  const set = await scene()
  const clientId = clientIdOf(set.state.spaceId, set.phone.identity.signing.publicKey, 'boot 1')
  const update = rawUpdate([{ client: clientId, clock: 0, structs: [rawItem({ root: 'items', sub: 'a.0' }, contents.any({ object: [['hlc', { int: 5 }]] }))] }])
  await refusesOne(set, 'BadRoot', await set.phone.raw(update, {}, 1))
})

test('a bad update leaves nothing behind: what came before it in the batch and other authors are taken, what follows waits', async () => {
  const set = await scene()
  const { phone, mini } = set
  const good = await phone.write({ 'a.0': 'good' })
  const bad = await phone.raw(new Uint8Array([1, 1, 1]), { aside: true })
  const following = await phone.write({ 'c.0': 'follows the bad one' }, { seq: 3, prevHash: bad.hash, aside: true })
  const receipt = await take(set, good, bad, await mini.write({ 'b.0': 'other' }), following)
  assert.equal(seqs(receipt), [[phone.id, 1], [mini.id, 1]])
  assert.equal(refusals(receipt), [[phone.id, 2, 'BadUpdate']])
  assert.equal(texts(set), ['good', 'other'])
  assert.equal(set.store.entries(set.state.id, phone.id, 0, 9).map(row => row.seq), [1])
  assert.equal(seqs(await take(set, await phone.write({ 'c.0': 'instead' }))), [[phone.id, 2]])
})

test('an update of which the second half is bad leaves the first half out of document, store and view', async () => {
  const set = await scene()
  const { phone } = set
  const clientId = clientIdOf(set.state.spaceId, phone.identity.signing.publicKey, 'boot 1')
  const item = (sub: string) => rawItem({ root: 'items', sub }, contents.any({ object: [['hlc', { int: 5 }]] }))
  await take(set, await phone.write({ 'a.0': 'good' }))
  await refusesOne(set, 'BadRoot', await phone.raw(rawUpdate([{ client: clientId, clock: 1, structs: [item('b.0'), item('c.1')] }]), { aside: true }))
  assert.equal(seqs(await take(set, await phone.write({ 'b.0': 'good too' }))), [[phone.id, 2]])
})

test('a disk that fails takes nothing, changes nothing in memory, and the same entries pass afterwards', async () => {
  let broken = false
  const memory = createMemoryStore()
  const store: Store = {
    ...memory,
    async commit(batch) {
      if (broken) throw new KinmeshError('StoreFailed', 'the disk is full')
      await memory.commit(batch)
    }
  }
  const set = await scene(store)
  const first = await set.phone.write({ 'a.0': 'one' })
  await take(set, first)
  const entries = [await set.phone.write({ 'b.0': 'two' }), await set.phone.write({ 'a.0': 'three' }), await set.mini.write({ 'c.0': 'four' })]
  const before = picture(set)
  broken = true
  await rejects(take(set, ...entries), coded('StoreFailed'))
  assert.equal(picture(set), before)
  broken = false
  assert.is((await take(set, ...entries)).accepted.length, 3)
  assert.equal(texts(set), ['three', 'two', 'four'])
})

test('a failure in the middle of a batch is not taken for a refusal', async () => {
  let failures = 0
  const memory = createMemoryStore()
  const set = await scene({ ...memory, commit: batch => (failures-- > 0 ? Promise.reject(new KinmeshError('StoreFailed', 'the disk is full')) : memory.commit(batch)) })
  const entries = [await set.phone.write({ 'a.0': 'one' }), await set.phone.checkpoint(), await set.mini.write({ 'b.0': 'two' })]
  failures = 1
  await rejects(take(set, ...entries), coded('StoreFailed'))
  assert.is((await take(set, ...entries)).accepted.length, 3)
})

test('only a removal may be cleared', async () => {
  const set = await scene()
  await take(set, await set.phone.write({ 'a.0': 'one', 'b.0': 'two' }), await set.phone.remove(['b.0']), await set.phone.set({ 'b.0': null }))
  assert.equal(set.store.versions(set.state.id, 'b.0'), [])
  await refusesOne(set, 'BadUpdate', await set.phone.set({ 'a.0': null }))
  assert.equal(texts(set), ['one'])
})

test.run()
