import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { installSnapshot } from './checkpoint.ts'
import { dropLog } from './drop-log.ts'
import { knownHash } from './entry-checks.ts'
import { prune } from './housekeeping.ts'
import { refusals, take } from './receive-checks.fixtures.ts'
import { type Scene, scene } from './receive.fixtures.ts'

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
  const { state, phone, hashes } = await pruned()
  assert.equal(hashes.map((_, index) => knownHash(state, phone.id, index + 1)), hashes)
  assert.equal([0, 7].map(seq => knownHash(state, phone.id, seq)), [undefined, undefined])
})

test('another entry at the place of one that went proves that the log forked', async () => {
  const set = await pruned()
  const { state, phone } = set
  const other = await phone.write({ 'c.0': 'other' }, { seq: 2, aside: true })
  assert.equal(refusals(await take(set, other)), [[phone.id, 2, 'LogFrozen']])
  assert.ok(state.logRow(phone.id).frozen)
})

test('hashes of a log that was dropped say nothing of the one that took its place', async () => {
  const set = await pruned()
  const { state, phone } = set
  await dropLog(state, phone.id)
  phone.seq = 0
  phone.head = new Uint8Array(32)
  phone.docs.clear()
  phone.boot++
  const others = [await phone.write({ 'd.0': 'other' }), await phone.write({ 'e.0': 'other' }), await phone.checkpoint()]
  const { root, bases } = phone.summary(3)
  await state.exclusive(() => installSnapshot(state, phone.id, others[2]!, root, bases))
  assert.equal([1, 2, 3].map(seq => knownHash(state, phone.id, seq)), [undefined, others[1]!.hash, others[2]!.hash], 'an entry names the one before it')
})

test('hashes of a log that was dropped are known again when the same one comes back as a snapshot', async () => {
  const set = await pruned()
  const { state, phone, hashes } = set
  const entry = await phone.write({ 'c.0': 'c' })
  await take(set, entry)
  await dropLog(state, phone.id, state.pruned.noting(phone.id, 8))
  assert.is(knownHash(state, phone.id, 1), undefined)
  const { root, bases } = phone.summary()
  const checkpoint = await phone.checkpoint()
  await state.exclusive(() => installSnapshot(state, phone.id, checkpoint, root, [...bases]))
  assert.equal([...hashes, entry.hash].map((_, index) => knownHash(state, phone.id, index + 1)), [...hashes, entry.hash])
})

test.run()
