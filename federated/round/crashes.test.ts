import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { areSame, furthest, plainMean, type TestDevice, TestNet } from './devices.fixtures.ts'
import { readPieceFrame } from './frames.ts'
import type { RoundManifest } from './manifest.ts'
import type { MessageType, Said } from './messages.ts'
import { coordinatorOf } from './order.ts'
import { parseMessage } from './wire.ts'

// Real devices whose processes end in the middle of a round, and come back or do not.

const values = 64
export const deadlineMs = 600_000

/** Runs a round in which each of `victims` crashes instead of sending its first message for which `isLast` holds. */
async function crashed(count: number, change: Partial<RoundManifest>, victims: (net: TestNet) => { device: TestDevice; isLast(message: Said): boolean }[], comesBack: boolean): Promise<TestNet> {
  const net = new TestNet(count, values, { stepMs: 3000, updateMs: 3000, ...change })
  const waiting = new Map(victims(net).map(victim => [victim.device.id, victim]))
  const gone: Promise<void>[] = []
  net.net.tap = (from, _to, frame) => {
    const victim = waiting.get(from)
    if (!victim || readPieceFrame(frame) || !victim.isLast(parseMessage(frame))) return true
    waiting.delete(from)
    gone.push(net.crash(victim.device).then(() => (comesBack ? net.restart(victim.device) : undefined)))
    return false
  }
  await net.start()
  const dead = new Set(comesBack ? [] : victims(net).map(({ device }) => device.id))
  const living = net.devices.filter(({ id }) => !dead.has(id))
  await living[0]!.rounds.propose({ ...net.manifest, proposer: living[0]!.id })
  await Promise.all(living.map(device => device.ended()))
  await Promise.all(gone)
  assert.is(waiting.size, 0, 'somebody never said what it was to crash at')
  for (const { progress, results: [result] } of living) {
    assert.is(progress?.stage, 'decided', JSON.stringify(progress))
    const contributors = net.devices.filter(({ id }) => result!.value.offers.some(({ author }) => author === id))
    assert.ok(contributors.length >= net.manifest.quorum)
    assert.ok(furthest(result!.mean, plainMean(contributors)) < 3e-6)
    assert.ok(areSame(result!.mean, living[0]!.results[0]!.mean))
  }
  await Promise.all(living.map(device => device.rounds.stop()))
  return net
}

const offerOf = (phase: number) => (message: Said) => message.type === 'offer' && message.phase === phase
const sends = (type: MessageType) => (message: Said) => message.type === type

test('a participant dies before it has given anything, or while it gives it: the others go on', async () => {
  for (const isLast of [offerOf(0), sends('accept')]) {
    await crashed(4, {}, net => [{ device: net.devices.find(({ id }) => id !== coordinatorOf(net.manifest, 0))!, isLast }], false)
  }
})

test('the coordinator dies at each of its words: the same round ends with the next one', async () => {
  for (const type of ['begin', 'joined', 'receipt', 'commit'] as const) {
    await crashed(4, {}, net => [{ device: net.devices.find(({ id }) => id === coordinatorOf(net.manifest, 0))!, isLast: sends(type) }], false)
  }
})

test('an attempt that its coordinator gives up is over for all, who begin the next one', async () => {
  // Masks are gone with a process, so both pass, and the coordinator is left alone. Else the others would stay for as long as a whole attempt may take.
  const { devices } = await crashed(3, { secure: true, stepMs: 1000, updateMs: 3_600_000, roundMs: 7_200_000 }, net => net.devices.filter(({ id }) => id !== coordinatorOf(net.manifest, 0)).map(device => ({ device, isLast: offerOf(1) })), true)
  for (const { progress } of devices) assert.ok(progress!.attempt >= 1 && (progress!.counts['StaleContribution'] ?? 0) < 20, JSON.stringify(progress))
})

test('whoever comes back goes on from what it had stored, the coordinator too', async () => {
  for (const type of ['joined', 'receipt', 'commit', 'decided'] as const) {
    await crashed(3, {}, net => [{ device: net.devices.find(({ id }) => id === coordinatorOf(net.manifest, 0))!, isLast: sends(type) }], true)
  }
  for (const type of ['join', 'offer', 'accept'] as const) {
    await crashed(3, {}, net => [{ device: net.devices.find(({ id }) => id !== coordinatorOf(net.manifest, 0))!, isLast: sends(type) }], true)
  }
})

test('in secret, every set of devices that may drop out, at every phase', async () => {
  for (const [count, quorum] of [[3, 2], [4, 3], [5, 3]] as const) {
    for (const set of Array.from({ length: count - quorum }, (_, fewer) => sets(count, fewer + 1)).flat()) {
      for (const phase of [0, 1, 2, 3, 4]) {
        // The coordinator says its own part to itself, so it goes with what it shows next.
        const isLast = (message: Said) => offerOf(phase)(message) || (message.type === 'show' && message.phase > phase) || message.type === 'commit'
        await crashed(count, { secure: true, quorum, enough: count }, net => set.map(at => ({ device: net.devices[at]!, isLast })), false)
      }
    }
  }
})

/** Sets of `size` of the numbers below `count`. */
function sets(count: number, size: number): number[][] {
  if (size === 0) return [[]]
  return Array.from({ length: count }, (_, first) => first).flatMap(first => sets(first, size - 1).map(rest => [...rest, first]))
}

test.run()
