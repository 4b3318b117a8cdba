import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { rejects } from '../../../tools/assert.ts'
import { type Objective, parameterCount } from '../objective.ts'
import { type Optimizer, adamW, norm, sgd } from './optimizer.ts'
import type { ImageBatch } from '../image-objective.ts'
import { pointData, softmaxObjective } from './testing/softmax-objective.ts'
import { type TrainingOptions, type TrainingProgress, train } from './train.ts'

const objective = softmaxObjective(4, 3)
const zeros = () => new Float32Array(parameterCount(objective.parameters))
const points = pointData(60, { batchImages: 8 })
const holdout = pointData(30, { batchImages: 10, seed: 2 })

type Options = TrainingOptions<ImageBatch>
/** AdamW over the points for 40 steps, unless it is said otherwise. */
const run = (other: Partial<Options> = {}, over: Objective<ImageBatch> = objective, data = points.data) =>
  train(over, data, { parameters: zeros(), optimizer: adamW(objective.parameters), schedule: { rate: 0.05, warmUp: 3, shape: 'cosine' }, length: { steps: 40 }, ...other })
const losses = ({ record }: Awaited<ReturnType<typeof run>>) => [...record.steps()].map(({ loss }) => loss)
const failsWith = (work: Promise<unknown>, code: string) => rejects(work, (error: unknown) => isKinmeshError(error, code)) as Promise<Error>
const bits = (vector: Float32Array) => [...new Uint32Array(vector.buffer)]

test('it learns, and the same options give the same numbers', async () => {
  const [first, second] = [zeros(), zeros()]
  const [a, b] = [await run({ parameters: first }), await run({ parameters: second })]
  const trace = losses(a)
  assert.equal([a.steps, a.end, trace.length, a.best, a.notes], [40, 'done', 40, null, []])
  assert.ok(Math.abs(trace[0]! - Math.log(3)) < 1e-6 && trace.at(-1)! < 0.6 * trace[0]!, trace.join())
  assert.equal([losses(b), bits(second)], [trace, bits(first)])
})

test('a step is the mean over all labels of its batches, however they lie in them', async () => {
  // Batches of 7, 7, 7 and 2 labels, and all 23 at once: one step of gradient descent, once through the data.
  const changed = async (batchImages: number, batchesPerStep: number) => {
    const parameters = zeros()
    const report = await run({ parameters, optimizer: sgd(objective.parameters), schedule: { rate: 1 }, length: { epochs: 1 }, batchesPerStep, clipNorm: Infinity }, objective, pointData(23, { batchImages }).data)
    const [step] = [...report.record.steps()]
    return { step: step!, parameters, steps: report.steps }
  }
  const [parts, whole] = [await changed(7, 4), await changed(23, 1)]
  assert.equal([parts.steps, whole.steps, parts.step.labels, whole.step.labels], [1, 1, 23, 23])
  assert.ok(Math.abs(parts.step.loss - whole.step.loss) < 1e-12)
  assert.ok(parts.parameters.every((value, at) => Math.abs(value - whole.parameters[at]!) < 1e-6))
  // In f64, written out: the slope of the biases at the beginning is a third less the share of the class.
  const shares = [8, 8, 7].map(count => count / 23 - 1 / 3)
  assert.ok(shares.every((share, at) => Math.abs(whole.parameters[12 + at]! - share) < 1e-6), [...whole.parameters].join())
  assert.ok(Math.abs(whole.step.norm - norm(whole.parameters)) < 1e-6)
})

test('each step has its own gradient: two of them are one and then another one', async () => {
  const { data } = pointData(23, { batchImages: 23 })
  const options = { schedule: { rate: 1 }, clipNorm: Infinity }
  const [twice, once] = [zeros(), zeros()]
  await run({ ...options, parameters: twice, optimizer: sgd(objective.parameters), length: { steps: 2 } }, objective, data)
  for (const _ of [1, 2]) await run({ ...options, parameters: once, optimizer: sgd(objective.parameters), length: { steps: 1 } }, objective, data)
  assert.ok(twice.every((value, at) => Math.abs(value - once[at]!) < 1e-6))
})

test('the gradient is shortened to clipNorm, and the record has its length before', async () => {
  const parameters = zeros()
  const { record } = await run({ parameters, optimizer: sgd(objective.parameters), schedule: { rate: 1 }, length: { steps: 1 }, clipNorm: 1e-3 })
  assert.ok(Math.abs(norm(parameters) - 1e-3) < 1e-8)
  assert.ok([...record.steps()][0]!.norm > 0.1)
})

test('the rate follows its schedule, and epochs become steps', async () => {
  const { record, steps } = await run({ length: { epochs: 3 }, batchesPerStep: 2 })
  assert.is(steps, 12) // 8 batches in each epoch
  const rates = [...record.steps()].map(({ rate }) => rate)
  assert.ok(rates[0]! === 0.0125 && rates[3] === 0.05 && rates.at(-1)! < 1e-9, rates.join())
})

/** The losses that the holdout shall have, one evaluation after the other. */
const scripted = (script: readonly number[]): Objective<ImageBatch> => {
  let at = 0
  return { ...objective, loss: async () => ({ loss: script[at++ % script.length]! * 5, labels: 5 }) }
}
const alone = pointData(3, { batchImages: 3, seed: 3 }).data

test('holdout: measured before, in between and at the end; the best parameters are kept', async () => {
  const [best, last, real] = [zeros(), zeros(), zeros()]
  const report = await run({ parameters: best, holdout: { data: alone, everySteps: 15 } }, scripted([9, 7, 8, 7]))
  assert.equal(report.record.evaluations, [{ step: 0, loss: 9 }, { step: 15, loss: 7 }, { step: 30, loss: 8 }, { step: 40, loss: 7 }])
  assert.equal([report.best, report.end], [{ step: 15, loss: 7 }, 'done'])
  await run({ parameters: last, length: { steps: 15 }, schedule: { rate: 0.05 } })
  await run({ parameters: real, schedule: { rate: 0.05 }, holdout: { data: alone, everySteps: 15 } }, scripted([9, 7, 8, 7]))
  assert.equal(bits(real), bits(last))
  const { record } = await run({ parameters: zeros(), holdout: { data: holdout.data, everySteps: 40 } })
  const [before, after] = record.evaluations
  assert.ok(Math.abs(before!.loss - Math.log(3)) < 1e-6 && after!.loss < 0.8 * before!.loss)
})

test('early stop: after so many evaluations in a row that are no better', async () => {
  const report = await run({ holdout: { data: alone, everySteps: 5, patience: 2 } }, scripted([9, 7, 8, 6, 6, 7, 1]))
  assert.equal([report.end, report.steps, report.best], ['early', 25, { step: 15, loss: 6 }])
})

test('cancelled: within a step, with all whole steps done', async () => {
  const abort = new AbortController()
  const [parameters, same] = [zeros(), zeros()]
  const counted: Objective<ImageBatch> = {
    ...objective,
    gradient: (...given) => {
      if (++batches === 12) abort.abort()
      return objective.gradient(...given)
    }
  }
  let batches = 0
  const report = await run({ parameters, batchesPerStep: 3, signal: abort.signal }, counted)
  assert.equal([report.end, report.steps, batches], ['cancelled', 4, 12])
  const middle = new AbortController()
  batches = 0
  const late = await run({ parameters: same, batchesPerStep: 3, signal: middle.signal }, { ...counted, gradient: (...given) => (++batches === 14 && middle.abort(), objective.gradient(...given)) })
  assert.equal([late.end, late.steps, batches], ['cancelled', 4, 14])
  assert.equal(bits(same), bits(parameters))
  const before = await run({ signal: AbortSignal.abort() })
  assert.equal([before.end, before.steps], ['cancelled', 0])
})

test('cancelled: the parameters are the last ones, whatever the holdout says', async () => {
  const abort = new AbortController()
  const [parameters, same] = [zeros(), zeros()]
  const options = { schedule: { rate: 0.05 }, signal: abort.signal, onProgress: ({ step }: TrainingProgress) => void (step === 6 && abort.abort()) }
  const report = await run({ ...options, parameters, holdout: { data: alone, everySteps: 2 } }, scripted([1, 2, 3, 4]))
  await run({ parameters: same, schedule: { rate: 0.05 }, length: { steps: 6 } })
  assert.equal([report.end, report.best, bits(parameters)], ['cancelled', { step: 0, loss: 1 }, bits(same)])
})

test('cancelled while the holdout is measured', async () => {
  const abort = new AbortController()
  const report = await run({ signal: abort.signal, holdout: { data: holdout.data, everySteps: 10 } }, { ...objective, loss: (...given) => (abort.abort(), objective.loss(...given)) })
  assert.equal([report.end, report.steps, report.record.evaluations], ['cancelled', 0, []])
})

test('events are heard while it trains', async () => {
  const abort = new AbortController()
  setTimeout(() => abort.abort())
  let clock = 0
  const report = await run({ signal: abort.signal, length: { steps: 1e9 }, now: () => (clock += 30) })
  assert.is(report.end, 'cancelled')
})

test('progress: where it is, how quick, and how long it will take', async () => {
  const told: TrainingProgress[] = []
  let clock = 0
  // Each step takes a second.
  const slow: Objective<ImageBatch> = { ...objective, gradient: (...given) => ((clock += 1000), objective.gradient(...given)) }
  const { record } = await run({ length: { steps: 8 }, now: () => clock, onProgress: progress => void told.push(progress), holdout: { data: holdout.data, everySteps: 4 } }, slow)
  assert.equal(told.map(({ step, of, leftMs }) => [step, of, leftMs]), Array.from({ length: 8 }, (_, at) => [at + 1, 8, (7 - at) * 1000]))
  // 60 examples in eight batches of eight: the last one is not full.
  assert.is(told.at(-1)!.perSecond, 60 / 8)
  assert.is(told.at(-1)!.loss, record.smoothedLoss)
  assert.is(told[5]!.holdoutLoss, record.evaluations[1]!.loss)
  const [first] = [...record.steps()]
  assert.is(told[0]!.loss, first!.loss)
})

/** Objectives that break at the gradient of the fifth step, each in a way of its own. */
const broken: [string, (objective: Objective<ImageBatch>, count: () => number) => Objective<ImageBatch>, Partial<Options>][] = [
  ['the loss is no number', (its, count) => ({ ...its, gradient: async (...given) => (count() === 5 ? { loss: Number.NaN, labels: 8 } : its.gradient(...given)) }), {}],
  ['the loss is infinite', (its, count) => ({ ...its, gradient: async (...given) => (count() === 5 ? { loss: Infinity, labels: 8 } : its.gradient(...given)) }), {}],
  ['the gradient is not finite', (its, count) => ({ ...its, gradient: async (values, batch, into) => (count() === 5 && (into[3] = Number.NaN), its.gradient(values, batch, into)) }), {}],
  ['the holdout is not finite', (its, count) => ({ ...its, gradient: async (...given) => (count(), its.gradient(...given)), loss: async () => ({ loss: Number.NaN, labels: 3 }) }), { holdout: { data: alone, everySteps: 4 } }]
]
for (const [what, spoil, options] of broken) {
  test(`diverged: ${what}`, async () => {
    let count = 0
    const parameters = zeros()
    const { message } = await failsWith(run({ parameters, ...options }, spoil(objective, () => ++count)), 'TrainingDiverged')
    assert.match(message, new RegExp(`step ${count === 5 ? 5 : 1} `))
    assert.ok(parameters.every(Number.isFinite))
  })
}

test('what no training can be is refused', async () => {
  const options: Partial<Options>[] = [
    { length: { steps: 0 } }, { length: { epochs: Number.NaN } }, { length: { steps: 1.5 } }, { batchesPerStep: 0 }, { clipNorm: 0 }, { clipNorm: Number.NaN }, { schedule: { rate: -1 } },
    { holdout: { data: alone, everySteps: 0 } }, { holdout: { data: alone, everySteps: 1, patience: 0 } }
  ]
  for (const each of options) await failsWith(run(each), 'InvalidOption')
  await failsWith(run({}, { ...objective, gradient: async () => ({ loss: 0, labels: 0 }) }), 'BadTrainingData')
  await rejects(run({ parameters: new Float32Array(3) }), /3 numbers for 15/)
  const failing: Optimizer = adamW(objective.parameters.slice(0, 1))
  await rejects(run({ optimizer: failing }), /15 numbers for 12/)
})

test.run()
