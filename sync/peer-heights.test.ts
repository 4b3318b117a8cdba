import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KinmeshError, isKinmeshError } from '../mesh/errors.ts'
import { inactiveMs } from './limits.ts'
import { PeerHeights } from './peer-heights.ts'
import { createMemoryStore } from './store-memory.ts'

const never = () => 0
const start = 100 * inactiveMs

test('heights are kept per device and author; the last word counts, a lower one too', () => {
  const heights = new PeerHeights(createMemoryStore(), 's', () => start)
  assert.is(heights.height('phone', 'laptop'), 0)
  heights.note('phone', 'laptop', 7)
  heights.note('phone', 'mini', 3)
  heights.note('tablet', 'laptop', 9)
  assert.equal([heights.height('phone', 'laptop'), heights.height('phone', 'mini'), heights.height('tablet', 'mini')], [7, 3, 0])
  const { words } = heights
  heights.note('tablet', 'laptop', 0)
  assert.equal([heights.height('tablet', 'laptop'), heights.held('phone'), heights.held('tablet')], [0, ['laptop', 'mini'], []])
  assert.equal([heights.hasTold('tablet', 'laptop', words), heights.hasTold('phone', 'laptop', words), heights.hasTold('tablet', 'mini', 0)], [true, false, false])
})

test('the lowest height is what every device holds: 0 while one never spoke of the log', () => {
  const heights = new PeerHeights(createMemoryStore(), 's', () => start)
  heights.note('phone', 'laptop', 7)
  heights.note('tablet', 'laptop', 9)
  const lowest = (...devices: string[]) => heights.lowest('laptop', devices, () => start)
  assert.equal([lowest('phone', 'tablet'), lowest('tablet'), lowest('phone', 'mini')], [7, 9, 0])
  assert.is(lowest(), Number.MAX_SAFE_INTEGER)
})

test('a device that was away for too long does not count, until it speaks again; a newcomer has its time', () => {
  let now = start
  const heights = new PeerHeights(createMemoryStore(), 's', () => now)
  heights.note('phone', 'laptop', 1)
  heights.note('tablet', 'laptop', 9)
  now += inactiveMs
  heights.note('tablet', 'mini', 4)
  assert.is(heights.lowest('laptop', ['phone', 'tablet'], never), 1)
  now += 1
  assert.is(heights.lowest('laptop', ['phone', 'tablet'], never), 9)
  assert.is(heights.lowest('laptop', ['phone', 'tablet', 'mini'], device => (device === 'mini' ? now - 5 : 0)), 0)
  heights.note('phone', 'laptop', 2)
  assert.is(heights.lowest('laptop', ['phone', 'tablet'], never), 2)
})

test('what was heard while the clock was ahead ages from the moment at which it was set back', async () => {
  const store = createMemoryStore()
  let now = start + 12 * inactiveMs
  const heights = new PeerHeights(store, 's', () => now)
  heights.note('phone', 'laptop', 1)
  await heights.save()
  now = start
  assert.is(heights.lowest('laptop', ['phone'], never), 1)
  await heights.save()
  assert.equal(store.acks('s'), [{ device: 'phone', author: 'laptop', height: 1, at: start }])
  now += inactiveMs + 1
  assert.is(heights.lowest('laptop', ['phone'], never), Number.MAX_SAFE_INTEGER)
})

test('what was saved outlives a restart, with the time of the word; spaces are apart', async () => {
  const store = createMemoryStore()
  let now = start
  const heights = new PeerHeights(store, 's', () => now)
  heights.note('phone', 'laptop', 1)
  heights.note('phone', 'laptop', 5)
  await heights.save()
  assert.equal(store.acks('s'), [{ device: 'phone', author: 'laptop', height: 5, at: start }])
  now += inactiveMs + 1
  const again = new PeerHeights(store, 's', () => now)
  assert.is(again.height('phone', 'laptop'), 5)
  assert.is(again.lowest('laptop', ['phone'], never), Number.MAX_SAFE_INTEGER)
  assert.is(new PeerHeights(store, 't', () => now).height('phone', 'laptop'), 0)
})

test('nothing new costs no write', async () => {
  let commits = 0
  const memory = createMemoryStore()
  const heights = new PeerHeights({ ...memory, commit: batch => (commits++, memory.commit(batch)) }, 's', () => start)
  await heights.save()
  heights.note('phone', 'laptop', 1)
  await heights.save()
  await heights.save()
  assert.is(commits, 1)
})

test('what could not be saved is saved the next time, unless a newer word came', async () => {
  const memory = createMemoryStore()
  let full = true
  let during = () => {}
  const heights = new PeerHeights({
    ...memory,
    async commit(batch) {
      during()
      if (full) throw new KinmeshError('StoreFailed', 'the disk is full')
      await memory.commit(batch)
    }
  }, 's', () => start)
  heights.note('phone', 'laptop', 1)
  heights.note('tablet', 'laptop', 2)
  during = () => heights.note('tablet', 'laptop', 3)
  const failed = await heights.save().then(() => undefined, (error: unknown) => error)
  assert.ok(isKinmeshError(failed, 'StoreFailed'))
  full = false
  let rows = 0
  during = () => rows++
  await heights.save()
  await heights.save()
  assert.is(rows, 1)
  assert.equal(new Map(memory.acks('s').map(({ device, height }) => [device, height])), new Map([['phone', 1], ['tablet', 3]]))
})

test.run()
