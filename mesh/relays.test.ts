import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KinmeshError } from './errors.ts'
import { silentLogger } from './log.ts'
import { maxRelaysAsked, maxReservationsHeld, Relays, reserveAgainMs } from './relays.ts'
import { FakeTime } from './timers.fixtures.ts'

function setUp(refuses: (relay: string) => string | undefined = () => undefined) {
  const time = new FakeTime()
  const asked: string[] = []
  const direct = new Set(['r1', 'r2', 'r3', 'r4', 'r5'])
  let changes = 0
  const relays = new Relays({
    log: silentLogger, timers: time,
    isDirect: peer => direct.has(peer),
    async reserve(relay) {
      asked.push(relay)
      const code = refuses(relay)
      if (code !== undefined) throw new KinmeshError(code, 'no')
    },
    changed: () => changes++
  })
  return { time, asked, direct, relays, changes: () => changes }
}

test(`a device waits at ${maxReservationsHeld} relays, and at another when one goes`, async () => {
  const { time, asked, relays, changes } = setUp()
  for (const relay of ['r1', 'r2', 'r3']) assert.is(relays.told(relay, true), true)
  assert.is(relays.told('r3', true), false, 'no news')
  await time.run(0)
  assert.equal(relays.using, ['r1', 'r2'])
  relays.gone('r1')
  await time.run(0)
  assert.equal(relays.using, ['r2', 'r3'])
  relays.lost('r2')
  await time.run(0)
  assert.equal([relays.using, asked], [['r3', 'r2'], ['r1', 'r2', 'r3', 'r2']])
  assert.is(changes(), 6)
  assert.is(time.pending, 0)
})

test('a device that does not relay, or is reached through a relay itself, is not asked', async () => {
  const { time, asked, direct, relays } = setUp()
  direct.delete('r1')
  relays.told('r1', true)
  relays.told('r2', false)
  await time.run(0)
  assert.equal([asked, relays.towards('x', [])], [[], []])
})

test('a relay that refused is named with its reason, and asked again a minute later', async () => {
  let full = true
  const { time, asked, relays } = setUp(relay => (relay === 'r1' && full ? 'RelayFull' : undefined))
  relays.told('r1', true)
  await time.run(reserveAgainMs - 1)
  assert.equal([relays.refused, relays.using, asked], [[{ relay: 'r1', reason: 'RelayFull' }], [], ['r1']])
  full = false
  await time.run(1)
  assert.equal([relays.refused, relays.using], [[], ['r1']])
  assert.is(time.pending, 0)
})

test('an answer that comes when the relay has gone changes nothing', async () => {
  const { time, relays, changes } = setUp()
  relays.told('r1', true)
  relays.gone('r1')
  await time.run(0)
  assert.equal([relays.using, relays.refused, changes()], [[], [], 0])
})

test('relays that the device named come first, one that failed comes last, and few are asked', () => {
  const { relays } = setUp()
  for (const relay of ['r1', 'r2', 'r3', 'r4', 'r5']) relays.told(relay, true)
  const order = relays.towards('x', ['r5', 'away'])
  assert.equal(order, ['r5', 'r1', 'r2', 'r3'])
  assert.is(order.length, maxRelaysAsked)
  relays.failed('r5', 'x')
  assert.equal(relays.towards('x', ['r5']), ['r1', 'r2', 'r3', 'r5'])
  assert.equal(relays.towards('r1', []), ['r2', 'r3', 'r4', 'r5'], 'never through the device itself')
})

test('stop leaves no timer', async () => {
  const { time, relays } = setUp(() => 'RelayFull')
  relays.told('r1', true)
  await time.run(0)
  relays.stop()
  assert.is(time.pending, 0)
})

test.run()
