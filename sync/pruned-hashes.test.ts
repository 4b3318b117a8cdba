import { test } from 'uvu'
import * as assert from 'uvu/assert'
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
  await take(set, await phone.write({ 'd.0': 'other' }), await phone.checkpoint())
  const log = { ...state.logRow(phone.id), lowest: 2 }
  state.logs.set(phone.id, log)
  await state.context.store.commit({ space: state.id, logs: [log], prune: [{ author: phone.id, below: 2 }] })
  assert.is(state.pruned.get(phone.id, 1), undefined)
})

test.run()
