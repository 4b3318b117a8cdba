import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FakeTime } from '../mesh/timers.fixtures.ts'
import { MemoryNet, type TestDevice, linkAll, startDevice, textsOf } from './devices.fixtures.ts'
import { type Frame, decodeFrame, encodeFrame } from './frames.ts'
import { startMs } from './receive.fixtures.ts'
import { type Random, seededTest } from './random.fixtures.ts'

// A member that forwards the logs of others, and lies: devices that meet it and one honest forwarder agree all the same.

export const deadlineMs = 300_000

type Lie = (frame: Frame, random: Random, told: Frame[]) => Frame | undefined

const spoil = (bytes: Uint8Array, random: Random): Uint8Array => {
  const copy = bytes.slice()
  if (copy.length > 0) copy[random.below(copy.length)]! ^= 1 << random.below(8)
  return copy
}

const lies: Record<string, Lie> = {
  'withholds every entry and every snapshot': frame => (frame.type === 'entry' || frame.type === 'snapshot' || frame.type === 'part' ? undefined : frame),
  'withholds some': (frame, random) => (frame.type === 'entry' && random.chance(0.5) ? { ...frame, entries: random.some(frame.entries, 0.5) } : frame),
  'turns the order round': (frame, random) => (frame.type === 'entry' ? { ...frame, entries: random.shuffle(frame.entries) } : frame.type === 'snapshot' ? { ...frame, bases: frame.bases.toReversed() } : frame),
  'corrupts entries': (frame, random) => (frame.type === 'entry' && random.chance(0.3) ? { ...frame, entries: frame.entries.map(entry => spoil(entry, random)) } : frame),
  'corrupts snapshots': (frame, random) => (frame.type === 'part' && random.chance(0.5) ? { ...frame, bytes: spoil(frame.bytes, random) } : frame.type === 'snapshot' && random.chance(0.3) ? { ...frame, checkpoint: spoil(frame.checkpoint, random) } : frame),
  'serves snapshots of the past': (frame, _random, told) => {
    if (frame.type !== 'snapshot') return frame
    told.push(frame)
    return told.find(old => old.type === 'snapshot' && old.author.join() === frame.author.join()) ?? frame
  },
  'tells of more than there is': frame => (frame.type === 'have' ? { ...frame, logs: frame.logs.map(log => ({ ...log, height: log.height + 100_000 })) } : frame),
  'acknowledges what it never had': frame => (frame.type === 'ack' ? { ...frame, heights: frame.heights.map(log => ({ ...log, height: 1e9 })) } : frame.type === 'have' ? { ...frame, logs: frame.logs.map(log => ({ ...log, height: 1e9 })) } : frame),
  'tells of less than there is': frame => (frame.type === 'have' ? { ...frame, logs: [] } : frame.type === 'ack' ? undefined : frame),
  'lies about digests': frame => (frame.type === 'digest' ? { ...frame, digest: 'f'.repeat(64) } : frame)
}

for (const [what, lie] of Object.entries(lies)) {
  seededTest(`a forwarder that ${what} keeps nobody from agreeing, and nothing is lost`, 'liar', 1, async random => {
    const net = new MemoryNet()
    const time = new FakeTime()
    time.now = startMs
    const options = { clock: time.clock, timers: time, pace: { checkpointEvery: 12, housekeepingMs: 1000 } }
    const start = (name: string) => startDevice(net, name, options)
    const [a, b, honest, liar] = [await start('a'), await start('b'), await start('honest'), await start('liar')]
    const devices = [a, b, honest, liar]
    let log: Uint8Array[] = []
    for (const other of [b, honest, liar]) log = await a.sync.admit(other.card)
    for (const other of [b, honest, liar]) await other.sync.adopt(log)
    const told: Frame[] = []
    net.intercept = (from, _to, bytes) => {
      const frame = from === liar.identity.id ? lie(decodeFrame(bytes), random, told) : undefined
      return from !== liar.identity.id ? bytes : frame && encodeFrame(frame)
    }
    const expected: string[] = []
    const write = async (device: TestDevice, text: string) => {
      expected.push(text)
      const written = device.personal.put({ text })
      await agree(time, `${text} is on disk`, () => textsOf(device).includes(text))
      await written
    }
    // The writers never meet each other: what they know of one another comes through the two forwarders, the liar first.
    for (const forwarder of [liar, honest]) for (const writer of [a, b]) linkAll(net, [forwarder, writer])
    for (let round = 0; round < 30; round++) {
      await write(a, `a ${round}`)
      await write(b, `b ${round}`)
      if (round % 10 === 5) {
        for (const writer of [a, b]) net.unlink(honest.identity.id, writer.identity.id)
        for (const writer of [a, b]) linkAll(net, [honest, writer])
      }
    }
    const shown = () => [a, b, honest].map(device => textsOf(device).join())
    const all = expected.toSorted().join()
    await agree(time, 'the honest agree', () => shown().every(texts => texts === all))
    // Whoever comes later gets everything, whatever the liar acknowledged in the meantime.
    const newcomer = await start('newcomer')
    await newcomer.sync.adopt(await a.sync.admit(newcomer.card))
    linkAll(net, [newcomer, liar])
    linkAll(net, [newcomer, a])
    await agree(time, 'the newcomer has all', () => textsOf(newcomer).join() === all)
    for (const device of [a, b, honest]) assert.ok(device.sync.faults().length < 20, `${device.name}: ${device.sync.faults().length} faults`)
    for (const device of [...devices, newcomer]) await device.stop()
  })
}

/** Time goes twenty times as fast as the true one: signatures take true time, and deadlines are half a minute. */
async function agree(time: FakeTime, what: string, condition: () => boolean): Promise<void> {
  const start = Date.now()
  for (let at = start; !condition(); ) {
    const elapsedMs = Date.now() - at
    at += elapsedMs
    if (at - start > 30_000) throw new Error(`ten minutes went by in vain until ${what}`)
    await time.run(20 * elapsedMs)
  }
}

test.run()
