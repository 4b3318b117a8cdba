import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../mesh/errors.ts'
import { newItemId, noSuchItem, shardOfId } from './item-id.ts'
import { maxIdChars, maxShards } from './limits.ts'

test('new ids name their shard, differ, and can be read aloud', () => {
  const ids = new Set<string>()
  for (const shard of [0, 9, 10, 35, 36, 1295, 1296, maxShards - 1]) {
    for (let count = 0; count < 100; count++) {
      const id = newItemId(shard)
      assert.match(id, /^[0-9abcdefghjkmnpqrstvwxyz]{12}\.[0-9a-z]{1,3}$/)
      assert.is(shardOfId(id), shard)
      ids.add(id)
    }
  }
  assert.is(ids.size, 800)
})

test('every character is drawn about as often as any other', () => {
  const counts = new Map<string, number>()
  for (let count = 0; count < 2000; count++) for (const char of newItemId(0).slice(0, 12)) counts.set(char, (counts.get(char) ?? 0) + 1)
  assert.is(counts.size, 32)
  for (const [char, count] of counts) assert.ok(count > 500 && count < 1000, `${char}: ${count} of 24000, where 750 are due`)
})

test('ids that others chose are taken when they name a shard, in one way', () => {
  for (const [id, shard] of [['a.0', 0], ['shopping-list_1.10', 36], ['__proto__.0', 0], [`${'x'.repeat(maxIdChars - 2)}.0`, 0]] as const) assert.is(shardOfId(id), shard, id)
})

test('other texts are no ids', () => {
  for (const text of ['', '.', '.0', 'a', 'a.', 'a.00', 'a.01', 'a.A', 'A.0', 'a.0.0', 'a b.0', 'ä.0', 'a.0\n', '\na.0', 'a.zzz', `a.${maxShards.toString(36)}`, 'a.1000', 'a.-1', `${'x'.repeat(maxIdChars - 1)}.0`]) {
    assert.is(shardOfId(text), undefined, JSON.stringify(text))
  }
})

test('the error for an item that is not there names it, cut to size', () => {
  const error = noSuchItem('x'.repeat(1000))
  assert.ok(isKinmeshError(error, 'NoSuchItem'))
  assert.ok(error.message.length < 200 && !error.message.includes('\n'))
})

test.run()
