import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { installSnapshot } from './checkpoint.ts'
import { knownHash } from './entry-checks.ts'
import { prune } from './housekeeping.ts'
import { listedHashBytes, listedHashes } from './limits.ts'
import { listedAt, listsAgree } from './listed-hashes.ts'
import { refusals, take } from './receive-checks.fixtures.ts'
import { type Scene, scene } from './receive.fixtures.ts'

const known = ({ state, phone }: Scene, count: number) => Array.from({ length: count }, (_, index) => knownHash(state, phone.id, index + 1)?.subarray(0, listedHashBytes))
const begun = (hashes: readonly Uint8Array[]) => hashes.map(hash => hash.subarray(0, listedHashBytes))

/** The phone's log up to its second checkpoint, of which only that one is left. */
async function pruned(): Promise<Scene & { hashes: Uint8Array[] }> {
  const set = await scene()
  const { state, phone } = set
  const entries = []
  for (const round of ['a', 'b']) {
    for (const id of ['a.0', 'b.0']) entries.push(await phone.write({ [id]: round }))
    entries.push(await phone.checkpoint())
    await take(set, ...entries)
    await prune(state, author => state.logRow(author).height)
  }
  assert.is(state.logRow(phone.id).lowest, 6)
  assert.equal(state.context.store.entries(state.id, phone.id, 0, 100).map(({ seq }) => seq), [6])
  return { ...set, hashes: entries.map(({ hash }) => hash) }
}

test('hashes of entries that went are known, over several checkpoints', async () => {
  const set = await pruned()
  assert.equal(known(set, 6), begun(set.hashes))
  assert.equal([0, 7].map(seq => knownHash(set.state, set.phone.id, seq)), [undefined, undefined])
})

test('another entry at the place of one that went proves that the log forked', async () => {
  const set = await pruned()
  const { state, phone } = set
  const other = await phone.write({ 'c.0': 'other' }, { seq: 2, aside: true })
  assert.equal(refusals(await take(set, other)), [[phone.id, 2, 'LogFrozen']])
  assert.ok(state.logRow(phone.id).frozen)
})

test('who takes a log as a snapshot knows the hashes that its checkpoint lists, and lists them in its turn', async () => {
  const set = await scene()
  const { state, phone } = set
  const entries = [await phone.write({ 'a.0': 'a' }), await phone.write({ 'b.0': 'b' })]
  const { root, bases } = phone.summary()
  entries.push(await phone.checkpoint())
  await state.exclusive(() => installSnapshot(state, phone.id, entries[2]!, root, [...bases]))
  assert.equal(known(set, 3), begun(entries.map(({ hash }) => hash)))
  entries.push(await phone.write({ 'c.0': 'c' }), await phone.checkpoint())
  assert.equal(refusals(await take(set, ...entries.slice(3))), [], 'the lists agree')
  await prune(state, author => state.logRow(author).height)
  assert.is(state.logRow(phone.id).lowest, 5)
  assert.equal(known(set, 5), begun(entries.map(({ hash }) => hash)))
})

test('a checkpoint that lists other entries than those before it is not taken', async () => {
  const set = await scene()
  const { phone } = set
  await take(set, await phone.write({ 'a.0': 'a' }), await phone.write({ 'b.0': 'b' }))
  const wrong = await phone.checkpoint(undefined, { before: new Uint8Array(2 * listedHashBytes), aside: true })
  assert.equal(refusals(await take(set, wrong)), [[phone.id, 3, 'CheckpointMismatch']])
  const short = await phone.checkpoint(undefined, { before: phone.head.subarray(0, listedHashBytes), aside: true })
  assert.equal(refusals(await take(set, short)), [], 'one that goes less far back is nobody\'s loss but its author\'s')
})

test('a log lists as many entries as a checkpoint may, and no more', async () => {
  const set = await scene()
  const { state, phone } = set
  const count = listedHashes + 2
  for (let seq = 1; seq <= count; seq++) await take(set, await phone.write({ 'a.0': String(seq) }))
  const list = state.listed.next(phone.id)
  assert.is(list.length, listedHashes * listedHashBytes)
  assert.equal([2, 3, count, count + 1].map(seq => listedAt(list, count + 1, seq)), [undefined, ...[3, count].map(seq => knownHash(state, phone.id, seq)?.subarray(0, listedHashBytes)), undefined])
  assert.equal(refusals(await take(set, await phone.checkpoint())), [])
})

test('lists agree as far back as both go', () => {
  const bytes = (...values: number[]) => Uint8Array.from(values.flatMap(value => Array<number>(listedHashBytes).fill(value)))
  assert.equal([[bytes(1, 2), bytes(2)], [bytes(), bytes(2)], [bytes(1, 2), bytes(1, 2)], [bytes(1, 2), bytes(1)], [bytes(1, 2), bytes(3, 2)]].map(([a, b]) => listsAgree(a!, b!)), [true, true, true, false, false])
})

test.run()
