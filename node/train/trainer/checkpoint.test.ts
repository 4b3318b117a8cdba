import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { rejects } from '../../../tools/assert.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { fullDisk } from '../testing/full-disk.node.ts'
import { checkpointsIn } from './checkpoint.node.ts'
import type { Checkpoints } from './checkpoint.ts'
import { adamW, sgd } from './optimizer.ts'
import { smallTraining } from './testing/small-training.ts'
import { pointData, softmaxObjective } from './testing/softmax-objective.ts'
import { type TrainingOptions, train } from './train.ts'
import type { ImageBatch } from '../image-objective.ts'
import { imageData } from './image-data.ts'

const none: Checkpoints = { save: async () => undefined, load: async () => undefined }
/** What comes of it when nothing interrupts it. */
const { trace: whole } = await smallTraining(none, 1e9)

const worker = new URL('./testing/training-process.node.ts', import.meta.url).pathname
const crash = new URL('../../model/store/testing/crash.node.ts', import.meta.url).href
const failsWith = (work: () => Promise<unknown>, code: string) => rejects(work, (error: unknown) => isKinmeshError(error, code)) as Promise<Error>

type Ran = { readonly signal: string | null; readonly said: readonly string[] }

/** Trains in a process of its own. `holdAt`: it is ended with kill -9 in the middle of that gradient. `crashAt`: at that change of the disk. */
async function runProcess(dir: string, everySteps: number, { holdAt, crashAt }: { holdAt?: number; crashAt?: number } = {}): Promise<Ran> {
  const env = { ...process.env, ...(crashAt === undefined ? {} : { KINMESH_CRASH_AT: String(crashAt) }) }
  const child = spawn(process.execPath, ['-C', 'development', ...(crashAt === undefined ? [] : ['--import', crash]), worker, dir, String(everySteps), String(holdAt ?? '')], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const said: string[] = []
  const closed = once(child, 'close') as Promise<[number | null, string | null]>
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line)
    if (line === 'holding') child.kill('SIGKILL')
  }
  const [, signal] = await closed
  return { signal, said }
}

test('ended with kill -9 in the middle of a step, again and again, it comes to the same numbers bit for bit', () =>
  withTempDir(async dir => {
    // Two gradients a step, a checkpoint each fifth step: steps 9, 8 (of 5 + 3), 6 and then the rest.
    for (const [holdAt, lastStep] of [[19, 9], [8, 8], [3, 6]] as const) {
      const { signal, said } = await runProcess(dir, 5, { holdAt })
      assert.equal([signal, said.at(-2), said.at(-1)], ['SIGKILL', `step ${lastStep}`, 'holding'])
    }
    const { signal, said } = await runProcess(dir, 5)
    assert.equal([signal, said[0], said.at(-2)], [null, 'step 6', 'notes 0'])
    assert.is(said.at(-1), whole)
    const again = await runProcess(dir, 5)
    assert.equal(again.said, ['notes 0', whole], 'a training that is done is done')
  }))

test('ended with kill -9 at any change of the disk, it comes to the same numbers, and nothing is left half-written', () =>
  withTempDir(async home => {
    let ended = 0
    const endedAt = async (crashAt: number) => {
      const dir = join(home, String(crashAt))
      const { signal } = await runProcess(dir, 10, { crashAt })
      if (signal === null) return
      ended++
      const { report, trace } = await smallTraining(checkpointsIn(dir), 10)
      assert.equal([report.notes, trace === whole], [[], true], `ended at ${crashAt}`)
      const left = readdirSync(dir)
      // A third one may be there for as long as nothing else is saved.
      assert.ok(left.join() === (left.length === 3 ? '10 20 30' : '20 30').split(' ').map(step => `step-0000000000${step}.checkpoint`).join(), `ended at ${crashAt}: ${left.join()}`)
    }
    for (let from = 1; ended === from - 1; from += 4) await Promise.all([0, 1, 2, 3].map(n => endedAt(from + n)))
    assert.ok(ended > 35, `only ${ended} changes were seen`)
  }))

test('cancelled at any step, it goes on to the same numbers; two checkpoints are kept', () =>
  withTempDir(async dir => {
    const store = checkpointsIn(dir)
    for (let step = 1; ; step++) {
      const abort = new AbortController()
      const { report, trace } = await smallTraining(store, 1e9, { signal: abort.signal, onProgress: progress => void (progress.step === step && abort.abort()) })
      if (report.end === 'cancelled') {
        assert.is(report.steps, step)
        assert.equal(readdirSync(dir), [step - 1, step].filter(each => each > 0).map(each => `step-${String(each).padStart(12, '0')}.checkpoint`))
      } else {
        assert.is(trace, whole)
        break
      }
    }
  }))

test('an early end comes after as many evaluations, however many of them came before the checkpoint', () =>
  withTempDir(async dir => {
    const { inputs, labels } = pointData(20, { batchImages: 10 })
    // Its loss rises from the first step on: every label is another one than what is trained.
    const holdout = { data: imageData(inputs, labels.map(label => (label + 1) % 3), { batchImages: 10 }), everySteps: 2, patience: 3 }
    const abort = new AbortController()
    const first = await smallTraining(checkpointsIn(dir), 1e9, { holdout, signal: abort.signal, onProgress: ({ step }) => void (step === 5 && abort.abort()) })
    assert.equal([first.report.end, first.report.steps], ['cancelled', 5])
    for (const again of [1, 2]) {
      const { report } = await smallTraining(checkpointsIn(dir), 1e9, { holdout })
      assert.equal([report.end, report.steps, report.best?.step], ['early', 6, 0], `time ${again}`)
    }
  }))

test('by the clock: not more than so many seconds are lost', async () => {
  const saved: number[] = []
  let clock = 0
  const counting: Checkpoints = { load: async () => undefined, save: async (_, { step }) => void saved.push(step) }
  const steps = async (checkpoints: Omit<NonNullable<TrainingOptions<ImageBatch>['checkpoints']>, 'store'>) => {
    saved.length = 0
    await smallTraining(none, 1, { checkpoints: { store: counting, ...checkpoints }, now: () => clock, hold: async () => void (clock += 2000) })
    return [...saved]
  }
  assert.equal(await steps({ everySeconds: 20 }), [5, 10, 15, 20, 25, 30])
  assert.equal(await steps({ everySeconds: 20, everySteps: 3 }), [3, 6, 9, 12, 15, 18, 21, 24, 27, 30])
  assert.equal(await steps({}), [15, 30])
})

/** A folder with the checkpoints of steps 20 and 30. */
async function trained(dir: string): Promise<{ dir: string; last: string; before: string }> {
  await smallTraining(checkpointsIn(dir), 10)
  const [before = '', last = ''] = readdirSync(dir).map(file => join(dir, file))
  return { dir, last, before }
}

test('a damaged checkpoint: the one before is taken, and it is said; with none that is whole there is an error', () =>
  withTempDir(async home => {
    const { dir, last } = await trained(join(home, 'sound'))
    const bytes = readFileSync(last)
    const flipped = (at: number) => Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 1 : byte))
    const spoilt: Uint8Array[] = [...[0, 16, 19, 25, 200, Math.floor(bytes.length / 2), bytes.length - 100, bytes.length - 1].map(flipped), ...[0, 10, 20, 300, bytes.length - 1].map(length => bytes.subarray(0, length)), Buffer.concat([bytes, bytes.subarray(0, 1)])]
    for (const [index, content] of spoilt.entries()) {
      const copy = join(home, String(index))
      cpSync(dir, copy, { recursive: true })
      writeFileSync(join(copy, 'step-000000000030.checkpoint'), content)
      const { report, trace } = await smallTraining(checkpointsIn(copy), 10)
      assert.equal([report.notes.length, trace === whole], [1, true], String(index))
      assert.match(report.notes[0]!, /step-000000000030\.checkpoint is damaged/)
      assert.equal((await smallTraining(checkpointsIn(copy), 10)).report.notes, [], 'what was damaged is written anew')
      for (const file of readdirSync(copy)) writeFileSync(join(copy, file), content)
      assert.match((await failsWith(() => smallTraining(checkpointsIn(copy), 10), 'CheckpointDamaged')).message, /remove the folder to begin anew/)
    }
  }))

test('a damaged checkpoint that the training does not come to again goes with the next one', () =>
  withTempDir(async dir => {
    const { last } = await trained(dir)
    writeFileSync(last, 'spoilt')
    const abort = new AbortController()
    await smallTraining(checkpointsIn(dir), 3, { signal: abort.signal, onProgress: ({ step }) => void (step === 23 && abort.abort()) })
    assert.equal(readdirSync(dir), ['step-000000000020.checkpoint', 'step-000000000023.checkpoint'])
    assert.equal((await smallTraining(checkpointsIn(dir), 3)).report.notes, [])
  }))

test('a checkpoint of another training is refused, and what differs is named', () =>
  withTempDir(async dir => {
    await trained(dir)
    const files = () => readdirSync(dir).map(file => readFileSync(join(dir, file)).toString('hex'))
    const before = files()
    const plain = softmaxObjective(4, 3)
    const other: [Partial<TrainingOptions<ImageBatch>>, RegExp][] = [
      [{ schedule: { rate: 0.2, warmUp: 3, shape: 'cosine' } }, /differs: schedule\)/], [{ optimizer: adamW(plain.parameters, { decay: 0.5 }) }, /optimizer/], [{ optimizer: sgd(plain.parameters, { momentum: 0.9 }) }, /optimizer/],
      [{ length: { steps: 31 } }, /steps/], [{ batchesPerStep: 3 }, /batchesPerStep/], [{ clipNorm: 2 }, /clipNorm/], [{ parameters: new Float32Array(15).fill(1e-3) }, /start/],
      [{ holdout: { data: pointData(20, { batchImages: 10, seed: 3 }).data, everySteps: 4, patience: 20 } }, /holdout/], [{ about: { base: 'another' } }, /about/]
    ]
    for (const [options, named] of other) assert.match((await failsWith(() => smallTraining(checkpointsIn(dir), 10, options), 'CheckpointMismatch')).message, named)
    const wider = softmaxObjective(5, 3)
    const { data } = pointData(50, { batchImages: 8 })
    const given = { optimizer: adamW(wider.parameters), schedule: { rate: 0.3 }, length: { steps: 30 }, checkpoints: { store: checkpointsIn(dir) } }
    assert.match((await failsWith(() => train(wider, data, { ...given, parameters: new Float32Array(18) }), 'CheckpointMismatch')).message, /shape/)
    assert.equal(files(), before)
  }))

test('a checkpoint of a later version is refused by name', () =>
  withTempDir(async dir => {
    const { last } = await trained(dir)
    const bytes = readFileSync(last)
    const { createHash } = await import('node:crypto')
    const later = Buffer.from(bytes.subarray(0, -32).toString('latin1').replace('"format":1', '"format":2'), 'latin1')
    writeFileSync(last, Buffer.concat([later, createHash('sha256').update(later).digest()]))
    assert.match((await failsWith(() => smallTraining(checkpointsIn(dir), 10), 'CheckpointMismatch')).message, /format 2/)
  }))

test('a full disk: DiskFull, the checkpoints before are as they were, and it goes on from them', () =>
  withTempDir(async home => {
    for (const room of [0, 30, 700]) {
      const dir = join(home, String(room))
      const abort = new AbortController()
      await smallTraining(checkpointsIn(dir), 6, { signal: abort.signal, onProgress: ({ step }) => void (step === 13 && abort.abort()) })
      const files = readdirSync(dir)
      assert.is(files.length, 2)
      const giveBack = await fullDisk(room)
      try {
        await failsWith(() => smallTraining(checkpointsIn(dir), 6), 'DiskFull')
      } finally {
        giveBack()
      }
      assert.equal(readdirSync(dir), files)
      assert.is((await smallTraining(checkpointsIn(dir), 6)).trace, whole)
    }
  }))

test('a training that diverges leaves the last good checkpoint', () =>
  withTempDir(async dir => {
    let count = 0
    const base = softmaxObjective(4, 3)
    const { data } = pointData(50, { batchImages: 8 })
    const given = { schedule: { rate: 0.1 }, length: { steps: 20 }, checkpoints: { store: checkpointsIn(dir), everySteps: 3 } }
    const failing = { ...base, gradient: async (...args: Parameters<typeof base.gradient>) => (++count === 9 ? { loss: Number.NaN, labels: 8 } : base.gradient(...args)) }
    const error = await failsWith(() => train(failing, data, { ...given, parameters: new Float32Array(15), optimizer: sgd(base.parameters) }), 'TrainingDiverged')
    assert.match(error.message, /step 9 .*checkpoint of step 6 is kept/)
    const report = await train(base, data, { ...given, parameters: new Float32Array(15), optimizer: sgd(base.parameters) })
    assert.is(report.steps, 20)
  }))

test('parameters that overflowed in the last update are not saved', () =>
  withTempDir(async dir => {
    const base = softmaxObjective(4, 3)
    const { data } = pointData(50, { batchImages: 8 })
    await failsWith(() => train(base, data, { parameters: new Float32Array(15), optimizer: sgd(base.parameters), schedule: { rate: 1e300 }, clipNorm: Infinity, length: { steps: 1 }, checkpoints: { store: checkpointsIn(dir) } }), 'TrainingDiverged')
    mkdirSync(dir, { recursive: true })
    assert.equal(readdirSync(dir), [])
  }))

test.run()
