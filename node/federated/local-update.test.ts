import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { frozenFactor } from '../../federated/aggregation/frozen-factor.ts'
import { loraMethod } from '../../federated/aggregation/lora-methods.ts'
import { weightedMean } from '../../federated/aggregation/weighted-mean.ts'
import { isKinmeshError } from '../../mesh/errors.ts'
import { rejects } from '../../tools/assert.ts'
import { readAdapter } from '../model/adapter.ts'
import { folderFiles } from '../model/file-source.node.ts'
import { adaptableLinears } from '../model/graph/low-rank.ts'
import { openThreadedModel } from '../model/worker/threaded-model.node.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { encodeAdapter } from '../train/adapter-files/adapter-file.ts'
import { writeAdapter } from '../train/adapter-files/adapter-file.node.ts'
import { answer } from '../train/fine-tune/fine-tune.fixtures.ts'
import { talk, tinyModel, upTo } from './federated.fixtures.ts'
import { holdoutLosses } from './holdout.ts'
import { afterRound } from './after-round.ts'
import { type LocalTraining, localUpdate } from './local-update.ts'
import { SharedAdapter } from './shared-adapter.ts'

const maxMemoryBytes = 2 ** 30
const shape = { rank: 4, alpha: 8, seed: 'a seed' }
const training: LocalTraining = { length: { steps: 40 }, rate: 0.02 }

test('what two devices learned apart is averaged, becomes files, and the model answers through it; the loss of what was held back falls', () => withTempDir(async dir => {
  const model = await tinyModel(dir)
  const shared = new SharedAdapter(model.text.config, shape)
  const [one, other] = [await talk(model, upTo(30)), await talk(model, upTo(20, 100))]
  const start = shared.beginning()
  const updates = []
  for (const [participant, examples] of [['one', one], ['other', other]] as const) {
    const update = await localUpdate(shared, start, training, 1000, { model, examples, maxMemoryBytes })
    assert.equal([update.examples, update.steps, update.parameters, update.delta.values.length, update.delta.factor], [examples.training.count, 40, shared.parameters, shared.parameters, 1])
    updates.push({ participant, weight: update.examples, values: update.delta.values })
  }
  const flat = afterRound(start, weightedMean(updates))

  // The same by the aggregation of whole adapters.
  const { layers } = loraMethod('ffa').aggregate(updates.map(({ participant, weight, values }) => ({ participant, weight, layers: shared.layers(afterRound(start, values)) })))
  assert.equal(layers, shared.layers(flat))

  const out = join(dir, 'adapter')
  await writeAdapter(out, encodeAdapter(model.text.config, shared.trained(flat), model.name))
  const files = folderFiles(out)
  const adapter = await readAdapter(files.open, model.text.config)
  await files.close()
  // node/model has A and B turned, and the scale in B.
  for (const { name, inputs, outputs, rank, a, b } of shared.layers(flat)) {
    const low = adapter.linears.get(name)!
    assert.equal(a, frozenFactor(shape.seed, { name, inputs }, rank))
    for (let of = 0; of < rank; of++) {
      for (let input = 0; input < inputs; input++) assert.is(low.a[input * rank + of], a[of * inputs + input])
      for (let output = 0; output < outputs; output++) assert.is(low.b[of * outputs + output], b[output * rank + of])
    }
  }

  const [before, after] = await holdoutLosses(model, one, [undefined, adapter], { maxMemoryBytes })
  assert.ok(after!.loss < before!.loss / 2, `${before!.loss} before, ${after!.loss} after`)
  assert.equal([before!.labels, before!.examples], [after!.labels, after!.examples])
  await model.close()

  const asked = await openThreadedModel({ dir: join(dir, 'made'), name: 'tiny', threads: 1 })
  const { text } = await asked.generate([{ role: 'user', text: 'say 7' }], { adapter: await asked.loadAdapter(out), maxTokens: 8, sampling: { temperature: 0 } })
  assert.is(text, answer)
  await asked.close()
}))

test('the same examples give the same delta; the clip norm holds; a proximal term keeps it nearer', () => withTempDir(async dir => {
  const model = await tinyModel(dir)
  const shared = new SharedAdapter(model.text.config, shape)
  const examples = await talk(model, upTo(20))
  const update = (clipNorm: number, other: Partial<LocalTraining> = {}) => localUpdate(shared, shared.beginning(), { ...training, length: { steps: 5 }, ...other }, clipNorm, { model, examples, maxMemoryBytes })
  const norm = (values: Float32Array) => Math.hypot(...values)
  const free = await update(1000)
  assert.equal((await update(1000)).delta, free.delta)
  const clipped = (await update(0.1)).delta
  assert.ok(free.delta.norm > 0.1 && norm(clipped.values) <= 0.1 && norm(clipped.values) > 0.0999, `${norm(clipped.values)}`)
  const near = await update(1000, { proximal: 100 })
  assert.ok(near.delta.norm < free.delta.norm, `${near.delta.norm} and ${free.delta.norm}`)
  await model.close()
}))

test('a second round goes on from the first, and training is told to stop within a step', () => withTempDir(async dir => {
  const model = await tinyModel(dir)
  const shared = new SharedAdapter(model.text.config, shape)
  const examples = await talk(model, upTo(20))
  const place = { model, examples, maxMemoryBytes }
  const first = afterRound(shared.beginning(), (await localUpdate(shared, shared.beginning(), training, 1000, place)).delta.values)
  const nothing = await localUpdate(shared, first, { length: { steps: 1 }, rate: 1e-12 }, 1000, place)
  assert.ok(nothing.delta.norm < 1e-6, `a training that does not move is where it began: ${nothing.delta.norm}`)
  const stop = new AbortController()
  await rejects(localUpdate(shared, first, training, 1000, { ...place, signal: stop.signal, onProgress: ({ step }) => void (step === 2 && stop.abort('enough')) }), reason => reason === 'enough')
  await rejects(localUpdate(shared, first.subarray(1), training, 1000, place), error => isKinmeshError(error, 'WrongShape'))
  await rejects(localUpdate(shared, first, { ...training, rate: 1e30 }, 1000, place), error => isKinmeshError(error, 'TrainingDiverged', 'NotFinite'))
  await model.close()
}))

test('a vector of a round and the parameters of a training say the same adapter, whatever the order of the trainer', () => withTempDir(async dir => {
  const model = await tinyModel(dir)
  const { config } = model.text
  const shared = new SharedAdapter(config, { ...shape, alpha: 3 })
  const flat = Float32Array.from({ length: shared.parameters }, (_, at) => at)
  const parameters = adaptableLinears(config).map(({ name, rows }) => ({ name: `${name}.lora_B.weight`, shape: [rows, shape.rank], decays: true })).reverse()
  const values = shared.toTraining(parameters, flat)
  assert.not.equal(values, flat)
  const last = adaptableLinears(config).at(-1)!
  assert.equal(values.slice(0, last.rows * shape.rank), flat.slice(-last.rows * shape.rank).map(value => value / 0.75))
  for (const [at, value] of shared.fromTraining(parameters, values).entries()) assert.ok(Math.abs(value - flat[at]!) <= 1e-6 * Math.abs(value))
  assert.throws(() => shared.toTraining(parameters.slice(1), flat), (error: unknown) => isKinmeshError(error, 'WrongShape'))
  assert.throws(() => shared.fromTraining(parameters, values.subarray(1)), (error: unknown) => isKinmeshError(error, 'WrongShape'))
  assert.throws(() => afterRound(flat, flat.subarray(1)), (error: unknown) => isKinmeshError(error, 'WrongShape'))
  assert.throws(() => afterRound(flat, flat.with(3, Infinity)), (error: unknown) => isKinmeshError(error, 'NotFinite'))
  await model.close()
}))

test.run()
