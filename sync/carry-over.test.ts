import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { identityNamed } from '../mesh/membership.fixtures.ts'
import { type Timers, realTimers } from '../mesh/timers.ts'
import { MemoryNet, startDevice, textsOf, until, untilSynced } from './devices.fixtures.ts'
import { newItemId } from './item-id.ts'
import { createMemoryStore } from './store-memory.ts'
import { logRow, versionRow } from './store.contract.ts'
import type { Commit, Store } from './store.ts'
import { openSync } from './sync.ts'

const left = 'a space that was left'

/** Opens a device on a store with one item in a space that was left; returns what then shows, and which spaces there are. */
async function afterOpening(change: (store: Store) => Store): Promise<{ texts: unknown[]; spaces: string[] }> {
  const store = createMemoryStore()
  await store.commit({ space: left, naming: [{ id: left, name: null, into: 'personal' }], logs: [logRow('a', 1)], versions: [versionRow(newItemId(0), 'a', { body: '{"text":"kept"}' })] })
  const sync = await openSync({ identity: identityNamed('one'), card: { name: 'one', place: 'test' }, store: change(store) })
  const texts = sync.space('personal').list().map(item => item.value['text'])
  await sync.stop()
  return { texts, spaces: store.spaces().map(({ id }) => id) }
}

test('items of a space that was left are carried over, and the space goes', async () => {
  const { texts, spaces } = await afterOpening(store => store)
  assert.equal([texts, spaces.includes(left)], [['kept'], false])
})

test('a space that was left stays as long as its view is lost: nothing of it is dropped unseen', async () => {
  const { texts, spaces } = await afterOpening(store => ({ ...store, lostView: space => space === left, versions: () => [], changes: () => [] }))
  assert.equal([texts, spaces.includes(left)], [[], true])
})

/** A device whose housekeeping comes when the test says so, and whose store asks `committed` after each commit and `committing` before it. */
async function joiner(net: MemoryNet, hooks: { committing?: (batch: Commit) => Promise<void>; committed?: (batch: Commit) => Promise<void> }) {
  const housekeepingMs = 12_345
  let due = (): void => undefined
  const timers: Timers = { ...realTimers, set: (act, ms) => (ms === housekeepingMs ? (due = act) : realTimers.set(act, ms)) }
  const memory = createMemoryStore()
  const store: Store = {
    ...memory,
    async commit(batch) {
      await hooks.committing?.(batch)
      await memory.commit(batch)
      await hooks.committed?.(batch)
    }
  }
  const device = await startDevice(net, 'phone', { store, timers, pace: { checkpointEvery: 512, housekeepingMs } })
  return { device, keepHouse: () => due() }
}

/** It leaves its space for the one of a mesh: from here on that one has the name. */
const leavesItsSpace = (batch: Commit): boolean => batch.naming?.some(({ into }) => into !== undefined) ?? false

test('housekeeping in the moment of joining, before the new space is open, loses nothing of what the device had', async () => {
  const net = new MemoryNet()
  const laptop = await startDevice(net, 'laptop')
  const { device: phone, keepHouse } = await joiner(net, {
    async committed(batch) {
      if (!leavesItsSpace(batch)) return
      keepHouse()
      await settled()
    }
  })
  await phone.personal.put({ text: 'from before' })
  await phone.sync.adopt(await laptop.sync.admit(phone.card))
  assert.equal(textsOf(phone), ['from before'])
  net.link(laptop.identity.id, phone.identity.id)
  await untilSynced(laptop, phone)
  assert.equal(textsOf(laptop), ['from before'])
  for (const device of [laptop, phone]) await device.stop()
})

test('housekeeping in the moment of joining, once the new space is open, loses nothing that is still on its way to the disk', async () => {
  const net = new MemoryNet()
  const laptop = await startDevice(net, 'laptop')
  const written = Promise.withResolvers<void>()
  let leaving = false
  let late: Promise<unknown> | undefined
  // Two commits are on their way: the second begins when the first is through, and takes its time.
  const { device: phone, keepHouse } = await joiner(net, {
    async committing({ space, entries = [] }) {
      if (!leaving || space !== former || entries.length === 0) return
      await written.promise
      await settled()
    },
    async committed(batch) {
      if (!leavesItsSpace(batch)) return
      leaving = true
      const first = phone.personal.put({ text: 'in between' })
      await settled()
      late = Promise.all([first, phone.personal.put({ text: 'just in time' })])
    }
  })
  const former = phone.personal.id
  await phone.personal.put({ text: 'from before' })
  const adopted = phone.sync.adopt(await laptop.sync.admit(phone.card))
  await until('the new space is open', () => phone.personal.id !== former)
  await settled()
  keepHouse()
  await settled()
  written.resolve()
  await adopted
  await late
  assert.equal(textsOf(phone).sort(), ['from before', 'in between', 'just in time'])
  for (const device of [laptop, phone]) await device.stop()
})

/** Resolves when all that can go on without a timer has. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await new Promise<void>(resolve => void setImmediate(resolve))
}

test.run()
