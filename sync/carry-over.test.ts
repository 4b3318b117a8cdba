import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { identityNamed } from '../mesh/membership.fixtures.ts'
import { type Timers, realTimers } from '../mesh/timers.ts'
import { MemoryNet, startDevice, textsOf, untilSynced } from './devices.fixtures.ts'
import { newItemId } from './item-id.ts'
import { createMemoryStore } from './store-memory.ts'
import { logRow, versionRow } from './store.contract.ts'
import type { Store } from './store.ts'
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

test('housekeeping that falls into the moment of joining loses nothing of what the device had', async () => {
  const net = new MemoryNet()
  const laptop = await startDevice(net, 'laptop')
  const housekeepingMs = 12_345
  let keepHouse = (): void => undefined
  const timers: Timers = { ...realTimers, set: (act, ms) => (ms === housekeepingMs ? (keepHouse = act) : realTimers.set(act, ms)) }
  const store = createMemoryStore()
  const joining: Store = {
    ...store,
    async commit(batch) {
      await store.commit(batch)
      // The space that it had has no name any more, and the one that takes its place is not open yet.
      if (!batch.naming?.some(({ into }) => into !== undefined)) return
      keepHouse()
      await settled()
    }
  }
  const phone = await startDevice(net, 'phone', { store: joining, timers, pace: { checkpointEvery: 512, housekeepingMs } })
  await phone.personal.put({ text: 'from before' })
  await phone.sync.adopt(await laptop.sync.admit(phone.card))
  assert.equal(textsOf(phone), ['from before'])
  net.link(laptop.identity.id, phone.identity.id)
  await untilSynced(laptop, phone)
  assert.equal(textsOf(laptop), ['from before'])
  for (const device of [laptop, phone]) await device.stop()
})

/** Resolves when all that can go on without a timer has. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await new Promise<void>(resolve => void setImmediate(resolve))
}

test.run()
