import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { prune } from './housekeeping.ts'
import { inactiveMs } from './limits.ts'
import { PeerHeights } from './peer-heights.ts'
import { scene, startMs } from './receive.fixtures.ts'

const checkpoint = 5000

/** From where on a log is left, after the members said to hold so much of it; who says nothing was away for long. */
async function lowestAfter(whose: 'own' | 'other', told: { phone?: number; mini?: number }): Promise<number> {
  const set = await scene()
  const { state, phone, mini } = set
  const author = whose === 'own' ? state.self : phone.id
  const log = { ...state.logRow(author), height: checkpoint + 3, checkpoint }
  await state.context.store.commit({ space: state.id, logs: [log] })
  state.logs.set(author, log)
  const heights = new PeerHeights(state.context.store, state.id, () => startMs)
  const heightsOf = { [phone.id]: told.phone, [mini.id]: told.mini }
  for (const [device, height] of Object.entries(heightsOf)) if (height !== undefined) heights.note(device, author, height)
  await prune(state, each => heights.lowest(each, [phone.id, mini.id], () => startMs - inactiveMs - 1))
  const stored = state.context.store.logs(state.id).find(row => row.author === author)
  assert.is(stored?.lowest, state.logRow(author).lowest)
  return state.logRow(author).lowest
}

test('entries that every active device holds go', async () => {
  assert.is(await lowestAfter('own', { phone: checkpoint, mini: checkpoint + 3 }), checkpoint)
  assert.is(await lowestAfter('own', { phone: checkpoint - 1, mini: checkpoint }), 1)
})

test('a member that was away for long keeps no entries from going', async () => {
  assert.is(await lowestAfter('own', { phone: checkpoint }), checkpoint)
  assert.is(await lowestAfter('other', { phone: checkpoint }), checkpoint)
})

test.run()
