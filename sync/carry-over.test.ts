import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { identityNamed } from '../mesh/membership.fixtures.ts'
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

test.run()
