import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { testSpace, testSync } from '../testing/space.ts'
import { failsWith } from '../testing/throws.ts'
import { Lists, maxListItems } from './lists.ts'

const listsOn = (space: ReturnType<typeof testSpace>, device = 'me') => new Lists({ sync: testSync(testSpace('device'), space), device, clock: () => 5 })

test('things come on a list once, in their order, and go off it, whatever their case', async () => {
  const space = testSpace('personal')
  const lists = listsOn(space)
  assert.is((await lists.add('Shopping', ['milk', 'Eggs', 'milk ', 'EGGS'])).length, 2)
  await lists.add('shopping', ['bread', 'Milk'])
  await lists.add('party', ['milk'])
  assert.equal([lists.show('SHOPPING'), lists.show('party'), lists.show('nothing'), lists.names()], [['milk', 'Eggs', 'bread'], ['milk'], [], ['Shopping', 'party']])
  assert.is((await lists.remove('shopping', ['eggs', 'cheese'])).length, 1)
  assert.equal([lists.show('shopping'), lists.show('party')], [['milk', 'bread'], ['milk']])
  assert.equal(space.get(space.list()[0]!.id)?.value, { v: 1, kind: 'list', text: 'milk', subject: 'Shopping', observedAt: 5, source: { device: 'me' } })
})

test('what two devices do at the same time is all done; the same thing of both is one', async () => {
  const space = testSpace('personal')
  const lists = listsOn(space)
  await lists.add('party', ['juice', 'cake'])
  // As it comes from a device that had not seen these.
  for (const text of ['Cake', 'balloons']) await space.put({ v: 1, kind: 'list', text, subject: 'Party' })
  await Promise.all([lists.add('party', ['crisps']), lists.remove('party', ['juice'])])
  assert.equal(lists.show('party'), ['cake', 'balloons', 'crisps'])
  assert.is((await lists.remove('party', ['cake'])).length, 2)
  assert.equal(lists.show('party'), ['balloons', 'crisps'])
})

test('a space that was replaced is looked through anew; other memories are no lists', async () => {
  let space = testSpace('personal')
  const lists = new Lists({ sync: { spaces: () => [space], space: () => space } as never, device: 'me', clock: () => 5 })
  await lists.add('a', ['x'])
  await space.put({ v: 1, kind: 'fact', text: 'y', subject: 'a' })
  assert.equal(lists.show('a'), ['x'])
  space = testSpace('personal')
  assert.equal(lists.show('a'), [])
  await space.put({ v: 1, kind: 'list', text: 'z', subject: 'a' })
  assert.equal(lists.show('a'), ['z'])
})

test('a list has an end', async () => {
  const lists = listsOn(testSpace('personal'))
  await lists.add('a', Array.from({ length: maxListItems }, (_, n) => `thing ${n}`))
  await failsWith('ListTooLong', () => lists.add('a', ['one more']))
})

test.run()
