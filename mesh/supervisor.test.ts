import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { silentLogger } from './log.ts'
import { maxBackoffMs, maxImproveMs, minBackoffMs, probeEveryMs, silenceMs, sleepMs, Supervisor, tickMs, wakePatienceMs, yieldMs } from './supervisor.ts'
import { FakeTime } from './timers.fixtures.ts'

type SetUp = { self?: string; reachable?: () => boolean; direct?: () => boolean; random?: () => number }

function setUp({ self = 'a', reachable = () => false, direct = () => true, random = () => 1 }: SetUp = {}) {
  const time = new FakeTime()
  const connected = new Set<string>()
  const relayed = new Set<string>()
  const improvements: { peer: string; at: number }[] = []
  const dials: { peer: string; at: number }[] = []
  const probes: number[] = []
  const silent = new Set<string>()
  const supervisor = new Supervisor({
    self, random, log: silentLogger, clock: time.clock, timers: time,
    isConnected: peer => connected.has(peer),
    isRelayed: peer => relayed.has(peer),
    isSilent: peer => silent.has(peer),
    async improve(peer) {
      improvements.push({ peer, at: time.now })
      if (!direct()) throw new Error('no route')
      relayed.delete(peer)
      supervisor.connected(peer)
    },
    async dial(peer) {
      dials.push({ peer, at: time.now })
      if (!reachable()) throw new Error('no route')
      connected.add(peer)
      if (!direct()) relayed.add(peer)
      supervisor.connected(peer)
    },
    probe: since => void probes.push(since)
  })
  return { time, connected, relayed, silent, dials, improvements, probes, supervisor }
}

test('an absent device is dialled for ever, after 1 s at first and every 60 s at last', async () => {
  const { time, dials, supervisor } = setUp()
  const start = time.now
  supervisor.setMembers(new Set(['a', 'b']))
  await time.run(24 * 3600_000)
  const gaps = dials.map(({ at }, index) => at - (dials[index - 1]?.at ?? start))
  assert.equal(gaps.slice(0, 9), [0, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000])
  assert.is(Math.max(...gaps), maxBackoffMs)
  assert.ok(dials.length > 1400)
  assert.ok(dials.every(({ peer }) => peer === 'b'), 'never itself')
  supervisor.stop()
})

test('jitter takes up to half of each wait away', async () => {
  const { time, dials, supervisor } = setUp({ random: () => 0 })
  supervisor.setMembers(new Set(['b']))
  await time.run(2_000)
  assert.equal(dials.map(({ at }) => at - dials[0]!.at), [0, 1_000])
  supervisor.stop()
})

test('the device with the greater id yields, so that two do not dial at once', async () => {
  const { time, dials, supervisor } = setUp({ self: 'z' })
  const start = time.now
  supervisor.setMembers(new Set(['b']))
  await time.run(1_000)
  assert.equal(dials, [{ peer: 'b', at: start + yieldMs }])
  supervisor.stop()
})

test('the greater id does not wait where the other knows no address of it', async () => {
  const { time, dials, supervisor } = setUp({ self: 'c' })
  const start = time.now
  supervisor.setMembers(new Set(['b']))
  supervisor.dialNow('b', { yields: false })
  await time.run(1_000)
  assert.equal(dials, [{ peer: 'b', at: start }])
  supervisor.stop()
})

test('a lost device is dialled again within a second, and from the shortest wait on', async () => {
  let reachable = true
  const { time, dials, connected, supervisor } = setUp({ reachable: () => reachable })
  supervisor.setMembers(new Set(['b']))
  await time.run(100_000)
  assert.is(dials.length, 1)
  reachable = false
  connected.delete('b')
  const lostAt = time.now
  supervisor.disconnected('b')
  await time.run(minBackoffMs)
  assert.equal(dials.slice(1), [{ peer: 'b', at: lostAt + minBackoffMs }])
  supervisor.stop()
})

test('a device reached through a relay is tried directly, ever more rarely, until that succeeds', async () => {
  let direct = false
  const { time, dials, improvements, supervisor } = setUp({ reachable: () => true, direct: () => direct })
  const start = time.now
  supervisor.setMembers(new Set(['b']))
  await time.run(24 * 3600_000)
  assert.is(dials.length, 1)
  const gaps = improvements.map(({ at }, index) => at - (improvements[index - 1]?.at ?? start))
  assert.equal(gaps.slice(0, 4), [1_000, 2_000, 4_000, 8_000])
  assert.is(Math.max(...gaps), maxImproveMs)
  improvements.length = 0
  direct = true
  const toldAt = time.now
  supervisor.dialNow('b')
  await time.run(24 * 3600_000)
  assert.equal(improvements, [{ peer: 'b', at: toldAt }], 'a new address is tried at once, and then there is nothing left to improve')
  supervisor.stop()
})

test('a device lost after long tries to get off the relay is dialled again within a second', async () => {
  let reachable = true
  const { time, dials, connected, supervisor } = setUp({ reachable: () => reachable, direct: () => false })
  supervisor.setMembers(new Set(['b']))
  await time.run(3600_000)
  dials.length = 0
  reachable = false
  connected.delete('b')
  const lostAt = time.now
  supervisor.disconnected('b')
  await time.run(minBackoffMs)
  assert.equal(dials, [{ peer: 'b', at: lostAt + minBackoffMs }])
  supervisor.stop()
})

test('a relay that comes is a reason to dial who is away, and nobody else', async () => {
  let reachable = true
  const { time, dials, improvements, supervisor } = setUp({ reachable: () => reachable, direct: () => false })
  supervisor.setMembers(new Set(['b']))
  await time.run(0)
  reachable = false
  supervisor.setMembers(new Set(['b', 'c']))
  await time.run(600_000)
  dials.length = improvements.length = 0
  supervisor.dialAbsent()
  await time.run(0)
  assert.equal(dials.map(({ peer }) => peer), ['c'])
  assert.equal(improvements, [])
  supervisor.stop()
})

test('wake and discovery dial at once, whatever the wait', async () => {
  const { time, dials, probes, supervisor } = setUp()
  supervisor.setMembers(new Set(['b', 'c']))
  await time.run(600_000)
  dials.length = 0
  const wokenAt = time.now
  supervisor.wake()
  await time.run(0)
  assert.equal(dials, [{ peer: 'b', at: wokenAt }, { peer: 'c', at: wokenAt }])
  assert.is(probes.at(-1), wokenAt, 'every connection is asked for a sign of life')
  dials.length = 0
  supervisor.dialNow('c')
  await time.run(0)
  assert.equal(dials, [{ peer: 'c', at: wokenAt }])
  supervisor.stop()
})

test('a clock jump means that the machine slept', async () => {
  const { time, dials, probes, supervisor } = setUp()
  supervisor.setMembers(new Set(['b']))
  await time.run(600_000)
  dials.length = 0
  time.sleep(sleepMs + 1)
  await time.run(tickMs)
  assert.ok(dials.length >= 1 && dials[0]!.at <= time.now)
  assert.is(probes.at(-1), time.now)
  supervisor.stop()
})

test('after a sleep, who was connected and stays silent is dialled anew, and who answers is not', async () => {
  const { time, dials, silent, supervisor } = setUp({ reachable: () => true })
  supervisor.setMembers(new Set(['b', 'c']))
  await time.run(60_000)
  dials.length = 0
  silent.add('b')
  time.sleep(30 * 60_000)
  await time.run(tickMs + wakePatienceMs)
  assert.equal(dials.map(({ peer }) => peer), ['b'])
  await time.run(600_000)
  assert.is(dials.length, 1)
  supervisor.stop()
})

test('a connection that breaks just after a sleep is made anew at once, and only then', async () => {
  const { time, dials, connected, supervisor } = setUp({ reachable: () => true })
  supervisor.setMembers(new Set(['b']))
  await time.run(60_000)
  dials.length = 0
  time.sleep(30 * 60_000)
  supervisor.wake()
  for (const waitMs of [0, minBackoffMs]) {
    const lostAt = time.now
    connected.delete('b')
    supervisor.disconnected('b')
    await time.run(minBackoffMs)
    assert.equal(dials.splice(0), [{ peer: 'b', at: lostAt + waitMs }])
  }
  supervisor.stop()
})

test('silent connections are asked for a sign of life', async () => {
  const { time, probes, supervisor } = setUp()
  await time.run(probeEveryMs * 3)
  assert.equal(probes, [1, 2, 3].map(round => time.now - probeEveryMs * (3 - round) - silenceMs))
  supervisor.stop()
})

test('who is no member any more is not dialled, and stop leaves no timer', async () => {
  const { time, dials, supervisor } = setUp()
  supervisor.setMembers(new Set(['b', 'c']))
  await time.run(10_000)
  supervisor.setMembers(new Set(['c']))
  dials.length = 0
  await time.run(200_000)
  assert.ok(dials.length > 2 && dials.every(({ peer }) => peer === 'c'))
  supervisor.stop()
  assert.is(time.pending, 0)
})

test.run()
