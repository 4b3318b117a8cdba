import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import { realTimers } from '../../mesh/timers.ts'
import { rejects } from '../../tools/assert.ts'
import { againMs } from './driver.ts'
import { readPieceFrame } from './frames.ts'
import { askMs } from './links.ts'
import { coordinatorOf } from './order.ts'
import { readMessage } from './wire.ts'
import { areSame, furthest, plainMean, TestNet } from './devices.fixtures.ts'

// Real devices in one process: real keys, bytes, chunks and arithmetic over channels in memory.

test('three devices with 200,000 values have the same mean, to the bit', async () => {
  const net = await new TestNet(3, 200_000).start()
  const { devices: [a, b, c] } = net
  await a!.rounds.propose(net.manifest)
  await Promise.all(net.devices.map(device => device.ended()))
  for (const { results: [result], progress } of net.devices) {
    assert.is(progress?.stage, 'decided', JSON.stringify(progress))
    assert.ok(areSame(result!.mean, a!.results[0]!.mean))
    assert.equal(result!.value.offers.map(({ author }) => author), [a!.id, b!.id, c!.id])
    assert.ok(result!.included && result!.acceptedBy.length >= 2)
  }
  assert.ok(furthest(a!.results[0]!.mean, plainMean(net.devices)) < 1e-6)
  await net.stop()
})

test('the same in secret, and compressed', async () => {
  for (const [change, error] of [[{ secure: true }, 3e-6], [{ compression: { name: 'int8' } }, 1 / 127]] as const) {
    const net = await new TestNet(3, 20_000, change).start()
    await net.devices[0]!.rounds.propose(net.manifest)
    await Promise.all(net.devices.map(device => device.ended()))
    for (const { results: [result], progress } of net.devices) {
      assert.is(progress?.stage, 'decided', JSON.stringify(progress))
      assert.is(result!.value.offers.length, 3)
      assert.ok(furthest(result!.mean, plainMean(net.devices)) < error)
    }
    await net.stop()
  }
})

test('what was made and is not stored yet is not made once more, however slow the disk is', async () => {
  for (const secure of [false, true]) {
    const net = new TestNet(3, 10, { secure })
    let [made, isSlow] = [0, true]
    const releases: (() => void)[] = []
    for (const device of net.devices) {
      // What was not answered is said again, and work begun again, between any two things that are stored.
      const saving: (() => void)[] = []
      const release = () => {
        for (const go of saving.splice(0)) go()
      }
      releases.push(release)
      const timers = {
        ...realTimers,
        set: (act: () => void, ms: number) => realTimers.set(ms !== againMs ? act : () => {
          act()
          release()
        }, ms === againMs ? 50 : ms)
      }
      const store = { ...device.store, save: async (round: string, state: Uint8Array) => {
        if (isSlow) await new Promise<void>(resolve => { saving.push(resolve) })
        await device.store.save(round, state)
      } }
      const policy = { ...device.policy, update: (async (...args) => {
        made++
        return device.policy.update(...args)
      }) as typeof device.policy.update }
      await device.start(net.net.join(device.identity), { timers, store, policy })
    }
    await net.devices[0]!.rounds.propose(net.manifest)
    await Promise.all(net.devices.map(device => device.ended()))
    assert.equal(net.devices.map(({ progress }) => [progress?.stage, progress?.attempt, progress?.counts]), net.devices.map(() => ['decided', 0, {}]))
    assert.equal([made, ...net.devices.map(({ uploads }) => uploads.length)], [3, 1, 1, 1])
    isSlow = false
    const stopped = net.stop()
    for (const release of releases) release()
    await stopped
  }
})

test('a round that is proposed while its device stops is not begun', async () => {
  const net = await new TestNet(3, 10).start()
  const { rounds } = net.devices[0]!
  const proposed = rejects(rounds.propose(net.manifest), error => isKinmeshError(error, 'DeviceStopped'))
  await rounds.stop()
  await proposed
  assert.equal(rounds.list(), [])
  await net.stop()
})

test('what others say before this device has made up its mind is heard then, and not when they say it again', async () => {
  const net = new TestNet(3, 10)
  const coordinator = coordinatorOf(net.manifest, 0)
  const heard = Promise.withResolvers<void>()
  const offered = new Set<string>()
  net.net.tap = (from, to, frame) => {
    if (to === coordinator && readPieceFrame(frame) === undefined) void readMessage(frame).then(({ type }) => {
      if (type === 'offer') offered.add(from)
      if (offered.size === 2) heard.resolve()
    })
  }
  // Nothing is said again.
  const timers = { ...realTimers, set: (act: () => void, ms: number) => (ms === againMs ? undefined : realTimers.set(act, ms)) }
  for (const device of net.devices) {
    const policy = { ...device.policy, answer: async (...args: Parameters<typeof device.policy.answer>) => {
      if (device.id === coordinator) await heard.promise
      return device.policy.answer(...args)
    } }
    await device.start(net.net.join(device.identity), { timers, policy })
  }
  await net.devices.find(({ id }) => id !== coordinator)!.rounds.propose(net.manifest)
  await Promise.all(net.devices.map(device => device.ended()))
  for (const { progress, results: [result] } of net.devices) assert.equal([progress?.stage, progress?.attempt, result?.value.offers.length], ['decided', 0, 3])
  await net.stop()
})

for (const how of ['breaks', 'ends'] as const) test(`what is lost with a stream that ${how} is asked for again, long before a device counts as silent`, async () => {
  const net = new TestNet(3, 10, { updateMs: 3_600_000, stepMs: 3_600_000, roundMs: 7_200_000 })
  const broken = new Set<string>()
  net.net.tap = (from, to, frame) => {
    const line = `${from} ${to}`
    if (readPieceFrame(frame)?.type !== 'want' || broken.has(line)) return true
    broken.add(line)
    setImmediate(() => {
      if (how === 'ends') return net.net.get(to)!.end(from)
      net.net.get(from)!.drop(to)
      net.net.get(to)!.drop(from)
    })
    return false
  }
  // Nobody counts as silent.
  const timers = { ...realTimers, set: (act: () => void, ms: number) => (ms === askMs ? undefined : realTimers.set(act, ms)) }
  for (const device of net.devices) await device.start(net.net.join(device.identity), { timers })
  await net.devices[0]!.rounds.propose(net.manifest)
  await Promise.all(net.devices.map(device => device.ended()))
  assert.equal(net.devices.map(({ progress, results: [result] }) => [progress?.stage, progress?.attempt, result?.value.offers.length]), net.devices.map(() => ['decided', 0, 3]))
  assert.ok(broken.size > 0)
  await net.stop()
})

test.run()
