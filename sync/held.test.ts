import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { MemoryNet, linkAll, startDevice, until, untilSynced } from './devices.fixtures.ts'
import { preImageMs } from './limits.ts'

test('a held deletion that nobody decides on is carried out after 30 days, and subscribers are told', async () => {
  const net = new MemoryNet()
  let now = Date.now()
  const a = await startDevice(net, 'a', { clock: () => now, pace: { checkpointEvery: 512, housekeepingMs: 5 } })
  const b = await startDevice(net, 'b', { clock: () => now })
  await b.sync.adopt(await a.sync.admit(b.card))
  linkAll(net, [a, b])
  const items = await b.personal.putMany(Array.from({ length: 60 }, (_, index) => ({ text: `note ${index}` })))
  await untilSynced(a, b)
  await Promise.all(items.slice(0, 40).map(item => b.personal.remove(item.id)))
  await until('a holds it', () => a.sync.held().length === 1)
  assert.is(a.personal.count, 60)
  now += preImageMs
  await a.personal.put({ text: 'one more' })
  assert.is(a.personal.count, 61)
  let told = 0
  a.personal.subscribe(() => told++)
  now += 1
  await until('nothing is held', () => a.sync.held().length === 0)
  await until('a subscriber is told', () => told > 0)
  assert.is(a.personal.count, 21)
  await a.stop()
  await b.stop()
})

test.run()
