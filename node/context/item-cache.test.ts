import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { testSpace } from '../testing/space.ts'
import { ItemCache } from './item-cache.ts'

/** A space, and a cache of the texts in it that tells how many were made. */
function world() {
  const space = testSpace('personal', 'me')
  let made = 0
  const cache = new ItemCache((_, { value }) => (made++, String(value['text'])))
  return { space, made: () => made, textOf: (id: string) => cache.get(space, id) }
}

test('what was read is read once, until it changes; what is gone is gone', async () => {
  const { space, made, textOf } = world()
  const [tea, cake] = [await space.put({ text: 'tea' }), await space.put({ text: 'cake' })]
  assert.equal([textOf(tea.id), textOf(cake.id), textOf(tea.id), made()], ['tea', 'cake', 'tea', 2])
  await space.put({ text: 'green tea' }, tea.id)
  assert.equal([textOf(tea.id), textOf(cake.id), made()], ['green tea', 'cake', 3])
  await space.remove(cake.id)
  assert.equal([textOf(cake.id), textOf('nobody')], [undefined, undefined])
})

test('after more changes than are looked through, all is as it is now', async () => {
  const { space, textOf } = world()
  const { id } = await space.put({ text: 'old' })
  assert.is(textOf(id), 'old')
  await space.putMany(Array.from({ length: 300 }, (_, n) => ({ text: `other ${n}` })))
  await space.put({ text: 'new' }, id)
  assert.is(textOf(id), 'new')
})

test('many items: the latest are right, however many were read before', async () => {
  const { space, textOf } = world()
  const items = await space.putMany(Array.from({ length: 5000 }, (_, n) => ({ text: `text ${n}` })))
  for (const { id, value } of items) assert.is(textOf(id), value['text'])
  assert.is(textOf(items[0]!.id), 'text 0')
})

test.run()
