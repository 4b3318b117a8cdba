import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Rounds } from '../../federated/round/rounds.ts'
import { isKinmeshError } from '../../mesh/errors.ts'
import { identityNamed } from '../../mesh/membership.fixtures.ts'
import { silentLogger } from '../../mesh/log.ts'
import { realTimers } from '../../mesh/timers.ts'
import { rejects } from '../../tools/assert.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { household, type LearningDevice, parameters, smallTask, until } from './devices.fixtures.ts'
import { Exchange } from './exchange.ts'
import { encodeNotes, notesProtocol } from './notes.ts'
import { tryingOrder } from './rollout.ts'
import { manifestOf } from './round-terms.ts'
import { termsHash } from './task.ts'
import { baseOf } from './task-states.ts'

const coded = (...codes: string[]) => (error: unknown) => isKinmeshError(error, ...codes)
const stopped = async (devices: readonly LearningDevice[]) => void (await Promise.all(devices.map(device => device.stop())))
const uploadsOf = async ({ parts }: LearningDevice) => (await parts.uploads.newest(100)).uploads
const task = smallTask()

test('who agreed takes part: rounds are held until there are as many as the terms say, and all come to the weighted mean', () => withTempDir(async dir => {
  const devices = await household(dir, [0.1, 0.2, 0.6])
  devices[2]!.examples = 20
  for (const device of devices) await device.join(task)
  await until(devices, 'two rounds were held', () => devices.every(({ height }) => height === 2))
  assert.is(new Set(devices.map(({ base }) => base)).size, 1)
  const flat = devices[0]!.federated.tasks()[0]!.own!.state.flat
  // Those who were there; the first round may have been held by two.
  assert.ok(flat.every(value => value > 0.25 && value < 0.85 && Math.abs(value - flat[0]!) < 0.01), String(flat[0]))
  for (const device of devices) for (const { bytes, to, epsilon } of await uploadsOf(device)) assert.ok(bytes < 2 * parameters + 512 && devices.some(({ id }) => id === to) && epsilon === 0)
  await stopped(devices)
}))

test('a few measure a new adapter first, and the others follow; a device never takes what it finds worse', () => withTempDir(async dir => {
  const devices = await household(dir, [0.1, 0.1, 0.1])
  const one = smallTask({ rounds: 1 })
  devices[1]!.lossOf = adapter => (adapter === null ? 2 : 3)
  for (const device of devices) await device.join(one)
  await until(devices, 'the round was held and looked at', () => devices.every(({ height, federated }) => height === 1 && federated.tasks()[0]!.own!.state.candidate === null))
  const [adapter] = devices[0]!.measured
  const taken = devices.map(({ inUse }) => inUse)
  assert.is(taken[1], null)
  // Where the one that finds it worse is the first, nobody takes it.
  assert.ok((taken[0] === adapter && taken[2] === adapter) || (taken[0] === null && taken[2] === null), taken.join())
  await stopped(devices)
}))

test('an adapter that another round replaces while it is measured is not taken in its place', () => withTempDir(async dir => {
  const devices = await household(dir, [0.1, 0.3])
  const measured = Promise.withResolvers<void>()
  for (const device of devices) device.measures = measured.promise
  for (const device of devices) await device.join(task)
  await until(devices, 'two rounds were held while the adapter of the first was measured', () => devices.every(({ height }) => height === 2))
  measured.resolve()
  await until(devices, 'what is in use is what the last round led to', () => devices.every(({ base, inUse, federated }) => inUse === base && federated.tasks()[0]!.own!.state.candidate === null))
  await stopped(devices)
}))

test('who leaves while an adapter is measured is done with it', () => withTempDir(async dir => {
  const devices = await household(dir, [0.1, 0.3])
  const [one] = devices as [LearningDevice, LearningDevice]
  const measured = Promise.withResolvers<void>()
  one.measures = measured.promise
  for (const device of devices) await device.join(smallTask({ rounds: 1 }))
  await until(devices, 'the round was held', () => devices.every(({ height }) => height === 1))
  await one.federated.leave(task.id)
  measured.resolve()
  await one.federated.look()
  assert.equal([one.federated.tasks()[0]!.own, one.inUse], [undefined, null])
  await stopped(devices)
}))

test('where nobody can tell, nobody takes it', () => withTempDir(async dir => {
  const devices = await household(dir, [0.1, 0.1])
  for (const device of devices) device.labels = 0
  for (const device of devices) await device.join(smallTask({ rounds: 1 }))
  const own = (device: LearningDevice) => device.federated.tasks()[0]!.own!
  await until(devices, 'both said that they cannot tell', () => devices.every(device => own(device).state.candidate?.own === 'unknown'))
  assert.equal(devices.map(device => [device.inUse, device.federated.stage(own(device))]), [[null, 'wait'], [null, 'wait']])
  assert.match(own(devices[0]!).judgement ?? '', /holds nothing back/)
  await stopped(devices)
}))

test('one that comes later gets the adapter as it is, and nobody trains for it again', () => withTempDir(async dir => {
  const devices = await household(dir, [0.1, 0.3, 0.5])
  for (const device of devices.slice(0, 2)) await device.join(task)
  await until(devices, 'two rounds were held', () => devices.slice(0, 2).every(({ height }) => height === 2))
  const uploads = (await uploadsOf(devices[0]!)).length
  await devices[2]!.join(task)
  await until(devices, 'it has the adapter, and took it', () => devices[2]!.height === 2 && devices[2]!.inUse !== null)
  assert.equal([devices[2]!.base, (await uploadsOf(devices[2]!)).length, (await uploadsOf(devices[0]!)).length], [devices[0]!.base, 0, uploads])
  await stopped(devices)
}))

test('one that is told of others ahead while it looks whether it may proposes no round of what was before', () => withTempDir(async dir => {
  const devices = await household(dir, [0.1, 0.3, 0.5])
  // The one that is to propose the round after the one it missed.
  const order = tryingOrder(`${task.id} 1`, devices.map(({ id }) => id))
  const [last, one, other] = order.map(id => devices.find(device => device.id === id)) as [LearningDevice, LearningDevice, LearningDevice]
  const [trained, looked] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  for (const device of [one, other]) device.trains = trained.promise
  last.looks = looked.promise
  const single = smallTask({ rounds: 1 })
  for (const device of [one, other]) await device.join(single)
  await until(devices, 'a round of two is under way', () => one.federated.rounds(task.id).some(({ stage }) => stage === 'update'))
  await last.join(single)
  trained.resolve()
  await until(devices, 'it was told that the others are ahead', () => [...last.federated.participants(single).values()].filter(({ height }) => height === 1).length === 2)
  looked.resolve()
  await until(devices, 'it has what came of the round', () => last.height === 1)
  assert.equal([one, other, last].map(({ federated }) => federated.rounds(task.id).length), [1, 1, 0])
  await stopped(devices)
}))

test('a device that may not takes no part, says why, and has the result; the others go on without it', () => withTempDir(async dir => {
  const devices = await household(dir, [0.1, 0.2, 0.3])
  devices[2]!.examples = 0
  for (const device of devices) await device.join(task)
  await until(devices, 'two rounds were held', () => devices.every(({ height }) => height === 2))
  assert.equal((await uploadsOf(devices[2]!)).length, 0)
  assert.equal((await devices[2]!.federated.refusals(task)).map(({ name }) => name), ['TooFewExamples'])
  devices[2]!.model = '6'.repeat(64)
  assert.equal((await devices[2]!.federated.refusals(task)).map(({ name }) => name), ['WrongModel'])
  await stopped(devices)
}))

test('by the median, one device that gives nonsense moves nothing', () => withTempDir(async dir => {
  const devices = await household(dir, [0.1, 0.2, 9])
  // None may before all have joined, so that it is a round of three.
  for (const device of devices) [device.settings, device.saidAt] = [{ ...device.settings, idleMinutes: 60 }, device.parts.clock()]
  for (const device of devices) await device.join(smallTask({ rounds: 1, aggregation: 'median' }))
  await until(devices, 'all know of all', () => devices.every(({ federated }) => federated.tasks()[0]!.others.size === 2))
  for (const device of devices) device.settings = { ...device.settings, idleMinutes: 0 }
  for (const device of devices) void device.federated.look()
  await until(devices, 'the round was held', () => devices.every(({ height }) => height === 1))
  for (const { federated } of devices) assert.ok(federated.tasks()[0]!.own!.state.flat.every(value => Math.abs(value - 0.2) < 0.01), String(federated.tasks()[0]!.own!.state.flat[0]))
  await stopped(devices)
}))

test('masked, the devices come to the same mean; with noise each upload is paid for, until the budget is spent', () => withTempDir(async dir => {
  const devices = await household(dir, [0.1, 0.2, 0.6])
  const masked = smallTask({ id: 'masked', secure: { threshold: 2 }, bytesPerParameter: 8, rounds: 1 })
  for (const device of devices) await device.join(masked)
  const heights = () => devices.map(({ federated }) => federated.tasks().find(({ task: { id } }) => id === 'masked')?.own?.state.height)
  await until(devices, 'the masked round was held', () => heights().every(height => height === 1))
  const flats = devices.map(({ federated }) => federated.tasks()[0]!.own!.state.flat)
  for (const flat of flats) assert.equal(flat, flats[0])
  // Those who were there, which may have been two.
  const [mean = NaN] = flats[0]!
  assert.ok([0.3, 0.15, 0.35, 0.4].some(expected => Math.abs(mean - expected) < 1e-4) && flats[0]!.every(value => Math.abs(value - mean) < 1e-4), String(mean))
  for (const device of devices) await device.federated.leave('masked')

  const noisy = smallTask({ id: 'noisy', rounds: 1000, privacy: { noiseMultiplier: 4, sampleRate: 1, noiseIn: 'each', budget: { epsilon: 2, delta: 1e-5 } } })
  for (const device of devices) await device.join(noisy)
  const hasSpent = ({ federated }: LearningDevice) => federated.tasks().find(({ task: { id } }) => id === 'noisy')?.own?.refusals.some(({ name }) => name === 'BudgetSpent')
  await until(devices, 'too few may give more', () => devices.filter(hasSpent).length >= 2)
  for (const device of devices) {
    const uploads = (await uploadsOf(device)).filter(({ task: id }) => id === 'noisy')
    const spent = uploads.reduce((sum, { epsilon }) => sum + epsilon, 0)
    assert.ok(uploads.length > 0 && uploads.every(({ epsilon }) => epsilon > 0) && spent > 1 && spent <= 2, `${uploads.length}, ${spent}`)
  }
  await stopped(devices)
}))

test('a process that ends in the middle goes on with its next one', () => withTempDir(async dir => {
  const devices = await household(dir, [0.1, 0.2, 0.3])
  const long = smallTask({ rounds: 6 })
  for (const device of devices) await device.join(long)
  for (const round of [1, 2, 3]) {
    await until(devices, `${round} rounds were held`, () => devices[0]!.height >= round)
    await devices[2]!.stop()
    await devices[2]!.start()
  }
  await until(devices, 'all were held', () => devices.every(({ height }) => height === 6))
  assert.is(new Set(devices.map(({ base }) => base)).size, 1)
  await stopped(devices)
}))

test('a device whose yes is damaged on its disk starts, and takes part in nothing until somebody says yes again', () => withTempDir(async dir => {
  const devices = await household(dir, [0.1, 0.2])
  for (const device of devices) await device.join(task)
  await until(devices, 'two rounds were held', () => devices.every(({ height }) => height === 2))
  const [one] = devices as [LearningDevice]
  await one.stop()
  const [file] = readdirSync(one.dir).filter(name => name.endsWith('.consent'))
  writeFileSync(join(one.dir, file!), '{"format":1')
  await one.start()
  assert.equal(one.federated.tasks().filter(({ own }) => own), [])
  await one.join(task)
  assert.is(one.height, 2)
  await stopped(devices)
}))

test('who left takes no further part; who agreed to other terms is none of the cohort', () => withTempDir(async dir => {
  const devices = await household(dir, [0.1, 0.2, 0.3])
  const long = smallTask({ rounds: 1000 })
  for (const device of devices) await device.join(long)
  await until(devices, 'one round was held', () => devices[2]!.height >= 1)
  await devices[2]!.federated.leave(long.id)
  const uploads = (await uploadsOf(devices[2]!)).length
  const height = devices[0]!.height
  await until(devices, 'the others went on', () => devices[0]!.height > height + 2)
  assert.is((await uploadsOf(devices[2]!)).length, uploads)
  await devices[2]!.join(smallTask({ rounds: 999 }))
  assert.equal([devices[0]!.federated.participants(long).size, devices[2]!.federated.participants(smallTask({ rounds: 999 })).size], [1, 0])
  await rejects(devices[2]!.federated.join(long, termsHash(task)), coded('TermsChanged'))
  await rejects(devices[2]!.federated.forget(long.id), coded('TaskJoined'))
  await rejects(devices[2]!.federated.leave('never heard of'), coded('NoSuchTask'))
  await stopped(devices)
}))

test('a round that is not what the terms call for is refused, and nothing leaves', () => withTempDir(async dir => {
  const devices = await household(dir, [0.1, 0.2, 0.3])
  const [one, two, three] = devices as [LearningDevice, LearningDevice, LearningDevice]
  await three.stop()
  // Neither can hold a round alone.
  await two.join(task)
  const refusals = async (change: object) => {
    const codes: string[] = []
    const failed = Promise.withResolvers<void>()
    const mesh = one.net.join(three.identity)
    const rounds = await Rounds.open(mesh, { log: silentLogger, policy: { answer: async () => undefined, update: async () => ({ delta: new Float32Array(parameters), numExamples: 1 }), upload: async () => undefined, result: async () => undefined }, changed: ({ stage, counts }) => {
      if (stage !== 'failed') return
      codes.push(...Object.keys(counts))
      failed.resolve()
    } })
    const base = manifestOf(task, { number: two.federated.tasks()[0]!.own!.state.number, proposer: three.id, cohort: [two.id, three.id], base: baseOf(task, new Float32Array(parameters)) })
    await rounds.propose({ ...base, ...change })
    await failed.promise
    await rounds.stop()
    one.net.leave(three.id)
    return codes
  }
  for (const [change, code] of [[{ maxAbs: 1000 }, 'RoundNotOfTask'], [{ check: 'own' as const }, 'RoundNotOfTask'], [{ compression: null }, 'RoundNotOfTask'], [{ maxExamples: 5 }, 'RoundNotOfTask'], [{ base: 'a'.repeat(64) }, 'WrongBase'], [{ task: 'another' }, 'NoConsent']] as const) {
    const codes = await refusals(change)
    assert.ok(codes.includes(code), `${JSON.stringify(change)}: ${codes.join()}`)
  }
  assert.equal(await uploadsOf(two), [])
  await stopped([one, two])
}))

test('an adapter that writes what was said since worse than the one before is taken back by itself', () => withTempDir(async dir => {
  const devices = await household(dir, [0.1, 0.2])
  for (const device of devices) await device.join(smallTask({ rounds: 1 }))
  await until(devices, 'both took it', () => devices.every(({ inUse }) => inUse !== null))
  const [one] = devices as [LearningDevice]
  const adapter = one.inUse
  one.lossOf = name => (name === adapter ? 3 : 2)
  one.later = 25 * 3_600_000
  await one.federated.look()
  assert.is(one.inUse, adapter, 'nothing was said since')
  one.saidAt = one.parts.clock() - 1
  one.later += 25 * 3_600_000
  await one.federated.look()
  assert.equal([one.inUse, one.history.at(-1)?.action], [null, 'rolled back'])
  await rejects(one.federated.undo(), coded('NothingToUndo'))
  await stopped(devices)
}))

test('an adapter is taken from nobody who sends other numbers than it names, and told to no stranger', () => withTempDir(async dir => {
  const [one, two] = (await household(dir, [0.1, 0.2])) as [LearningDevice, LearningDevice]
  await one.join(task)
  const flat = new Float32Array(parameters).fill(1)
  const liar = identityNamed('a liar')
  const mesh = one.net.join(liar)
  const exchangeOf = (answers: readonly Uint8Array[]) => {
    mesh.handle(notesProtocol, async channel => {
      for (const answer of answers) await channel.send(answer)
      await channel.close()
    })
    return new Exchange({ mesh: two.parts.mesh, devices: () => [liar.id], notes: () => [], numbers: async () => undefined, heard: () => undefined, log: silentLogger, timers: realTimers })
  }
  const part = (bytes: Uint8Array, more = false) => encodeNotes({ type: 'part', bytes, more })
  const bytes = new Uint8Array(flat.buffer)
  assert.equal(await exchangeOf([part(bytes)]).fetch(liar.id, task, baseOf(task, flat)), flat)
  const wrong: readonly (readonly Uint8Array[])[] = [[part(bytes.with(5, 7))], [part(bytes.subarray(4))], [part(bytes, true), part(bytes)], [part(new Uint8Array(2 * bytes.length))], [encodeNotes({ type: 'gone' })], [Uint8Array.of(1, 2)], []]
  for (const answers of wrong) await rejects(exchangeOf(answers).fetch(liar.id, task, baseOf(task, flat)), coded('WrongBase', 'AdapterNotThere', 'MalformedBytes', 'PeerSilent'))
  // The liar is none of this person's devices for `one`.
  const told = async () => {
    const channel = await mesh.open(one.id, notesProtocol)
    await channel.send(encodeNotes({ type: 'want', task: task.id, base: one.base }))
    for await (const _ of channel.frames) throw new Error('it was told')
  }
  await rejects(told(), coded('ChannelClosed'))
  await stopped([one, two])
}))

test.run()
