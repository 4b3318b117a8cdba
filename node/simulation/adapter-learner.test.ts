import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { checkExperiment, type ExperimentInput } from '../../federated/simulation/experiment.ts'
import { seededRandom } from '../../federated/simulation/random.ts'
import { encodeConversation } from '../train/examples/conversation-tokens.ts'
import type { Combining } from '../../federated/simulation/local-task.ts'
import { initialParameters } from '../train/trainer/initial-parameters.ts'
import { isKinmeshError } from '../../mesh/errors.ts'
import { rejects } from '../../tools/assert.ts'
import { readFolderText } from '../model/convert.node.ts'
import { weightFile } from '../model/graph/decoder.ts'
import { withTempDir } from '../testing/temp.node.ts'
import type { AdapterLearning } from './adapter-learner.ts'
import { conversationSet, packedBatches } from './conversation-set.ts'
import type { Learner } from './learner.ts'
import { openLearner } from './open-learner.node.ts'
import { runExperiment } from './run-experiment.node.ts'
import { tinyStarter } from './starter.fixtures.ts'
import { readStarter } from './starter.node.ts'
import { userTexts } from './users.ts'

const local = { epochs: 1, batch: 4, optimizer: { name: 'sgd', momentum: 0 }, rate: 0.5, proximal: 0 } as const
const users = { examples: 6, heldOut: 2, topics: 0.5, styles: 2 }
const given: ExperimentInput = { task: 'starter', rounds: 2, clients: 3, users, adapter: { rank: 4 }, split: { kind: 'by-speaker' }, local: { batch: 4, rate: 0.02, optimizer: { name: 'adamw', decay: 0 } } }
const filesOf = (dir: string) => Object.fromEntries(readdirSync(dir).sort().map(name => [name, readFileSync(join(dir, name), 'utf8')]))
const coded = (code: string, problem = /./) => (error: unknown) => isKinmeshError(error, code) && problem.test(error.message)

async function meanLoss(learner: Learner, parameters: Float32Array): Promise<number> {
  let [sum, count] = [0, 0]
  for (let part = 0; part < learner.assessParts; part++) {
    const { loss, labels } = await learner.assess(parameters, part)
    sum += loss
    count += labels
  }
  return sum / count
}

test('rounds with the starter\'s task: held-out answers get likelier, the same files by one thread or two, and the manifest names the model by its hashes', () => withTempDir(async dir => {
  const model = await tinyStarter(dir, 8)
  const { records } = await runExperiment(checkExperiment({ ...given, model }), { out: join(dir, 'one'), threads: 1 })
  assert.ok(records[2]!.loss! < 0.95 * records[0]!.loss!, records.map(({ loss }) => loss).join())
  assert.equal(records.map(({ accuracy }) => accuracy), [null, null, null])
  await runExperiment(checkExperiment(given), { out: join(dir, 'other'), threads: 2, model })
  const [one, other] = [filesOf(join(dir, 'one')), filesOf(join(dir, 'other'))]
  assert.equal(one, other)
  assert.not.ok(Object.values(one).some(text => text.includes(dir)))
  const { data, experiment, split } = JSON.parse(one['manifest.json']!) as { data: { name: string; sha256: string }[]; experiment: Record<string, unknown>; split: { examples: number } }
  assert.ok(data.some(({ name }) => name === 'model/model.onnx') && data.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256)))
  assert.equal([experiment['users'], experiment['adapter'], experiment['model'], experiment['aggregation'], split.examples], [users, { rank: 4, alpha: 16 }, undefined, 'ffa', 18])
}))

test('a step of plain descent is rate · alpha / rank of the gradient of the shared numbers, as differences say it', () => withTempDir(async dir => {
  const model = await tinyStarter(dir)
  const { learning } = await readStarter(model, { adapter: { rank: 2, alpha: 6 }, aggregation: 'ffa', users: { ...users, examples: 4 }, clients: 1, seed: 1, local: { ...local, batch: null, rate: 0.001 } })
  // What is learned from is what is measured on.
  const learner = await openLearner({ ...learning, heldOut: learning.training } as AdapterLearning)
  const size = learner.parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0)
  const start = Float32Array.from({ length: size }, (_, at) => 0.05 * Math.sin(at))
  const { delta, loss } = await learner.train(Int32Array.of(0, 1, 2, 3), 1, start)
  assert.ok(Math.abs(loss - await meanLoss(learner, start)) < 1e-4)
  // Along the step itself, where the slope is steepest: |delta|² = rate · scale² · slope · |delta|, as the trainer's numbers are the shared ones over the scale.
  const length = Math.hypot(...delta)
  const moved = (by: number) => meanLoss(learner, start.map((value, at) => value + (by * delta[at]!) / length))
  const slope = (await moved(0.02) - await moved(-0.02)) / 0.04
  assert.ok(Math.abs(length / (-slope * 0.001 * 9) - 1) < 0.02, `${length} for ${-slope * 0.001 * 9}`)
  assert.equal(initialParameters(learner.parameters, 5), new Float32Array(size))
  await learner.close()
}))

for (const aggregation of ['fedit', 'svd', 'stack', 'residual']) {
  test(`by ${aggregation}, A is learned as well: held-out answers get likelier round by round, and each round says how far it is from the mean`, () => withTempDir(async dir => {
    const model = await tinyStarter(dir, 8)
    const { records } = await runExperiment(checkExperiment({ ...given, aggregation, model }), { out: join(dir, 'out'), threads: 2 })
    assert.ok(records[1]!.loss! < records[0]!.loss! && records[2]!.loss! < 0.95 * records[0]!.loss!, records.map(({ loss }) => loss).join())
    const isExact = aggregation === 'stack' || aggregation === 'residual'
    for (const { aggregationError } of records.slice(1)) assert.ok(isExact ? aggregationError === 0 : aggregationError! > 0 && aggregationError! < 1, String(aggregationError))
    assert.is(records[0]!.aggregationError, null)
    assert.is(records[1]!.bytesDown, isExact ? 3 * records[1]!.bytesUp : records[1]!.bytesUp)
  }))
}

for (const personal of [{ kind: 'shared-a' }, { kind: 'shared-b' }, { kind: 'mixed' }] as const) {
  test(`with something of each user's own (${personal.kind}): held-out answers get likelier, the same by one thread or two, and no more goes round than is shared`, () => withTempDir(async dir => {
    const model = await tinyStarter(dir, 8)
    const terms = checkExperiment({ ...given, model, personal, rounds: 3 })
    const { records } = await runExperiment(terms, { out: join(dir, 'one'), threads: 1 })
    assert.ok(records[1]!.loss! < records[0]!.loss! && records[3]!.loss! < 0.95 * records[0]!.loss!, records.map(({ loss }) => loss).join())
    await runExperiment(terms, { out: join(dir, 'other'), threads: 2 })
    assert.equal(filesOf(join(dir, 'one')), filesOf(join(dir, 'other')))
    const bytes = async (other: Partial<ExperimentInput>) => (await runExperiment(checkExperiment({ ...given, model, rounds: 1, ...other }), { out: join(dir, JSON.stringify(other)), threads: 1 })).records[1]!
    const [ffa, fedit, own] = [await bytes({}), await bytes({ aggregation: 'fedit' }), records[1]!]
    assert.is(own.bytesUp, personal.kind === 'shared-a' ? fedit.bytesUp - ffa.bytesUp : ffa.bytesUp)
    assert.is(own.bytesDown, own.bytesUp)
  }))
}

test('where there is one user alone, nothing is different from what all learn; with share 0, each has what it learns alone', () => withTempDir(async dir => {
  const model = await tinyStarter(dir, 8)
  const lossOf = async (other: Partial<ExperimentInput>) => (await runExperiment(checkExperiment({ ...given, model, clients: 1, rounds: 1, ...other }), { out: join(dir, JSON.stringify(other)), threads: 1 })).records.at(-1)!.loss!
  const near = (one: number, other: number) => assert.ok(Math.abs(one - other) < 1e-5 * other, `${one} and ${other}`)
  const [ffa, fedit] = [await lossOf({}), await lossOf({ aggregation: 'fedit' })]
  near(await lossOf({ personal: { kind: 'shared-a' } }), fedit)
  near(await lossOf({ personal: { kind: 'shared-b' } }), fedit)
  near(await lossOf({ personal: { kind: 'mixed', share: 0.3 } }), ffa)
  const three = { clients: 3, rounds: 2 }
  near(await lossOf({ ...three, personal: { kind: 'mixed', share: 1 } }), await lossOf(three))
  // As bench/federated-centralised.ts has each learn alone: the seeds of its rounds, from what it had.
  const { learning } = await readStarter(model, { adapter: { rank: 4, alpha: 16 }, aggregation: 'ffa', users, clients: 3, seed: 1, local: checkExperiment(given).local })
  const learner = await openLearner(learning)
  let [loss, labels] = [0, 0]
  for (const client of [0, 1, 2]) {
    let alone = initialParameters(learner.parameters, 1)
    for (const round of [1, 2]) {
      const { delta } = await learner.train(Int32Array.from({ length: 6 }, (_, at) => 6 * client + at), seededRandom(1, 'local', round, client).word(), alone)
      alone = alone.map((value, at) => value + delta[at]!)
    }
    const counted = await learner.assess(alone, client)
    loss += counted.loss
    labels += counted.labels
  }
  await learner.close()
  near(await lossOf({ ...three, personal: { kind: 'mixed', share: 0 } }), loss / labels)
}))

test('an adapter that was added to the weights does there what it did beside them, and is gone with the next ones', () => withTempDir(async dir => {
  const model = await tinyStarter(dir, 8)
  const terms = { adapter: { rank: 2, alpha: 6 }, users, clients: 1, seed: 1, local }
  const [stack, fedit] = await Promise.all(['stack', 'fedit'].map(async aggregation => {
    const { learning, combining } = await readStarter(model, { ...terms, aggregation })
    return { learner: await openLearner(learning), combining: combining! }
  })) as [{ learner: Learner; combining: Combining }, { learner: Learner; combining: Combining }]
  const beginning = stack.learner.beginning!
  const before = await meanLoss(stack.learner, beginning)
  const { delta } = await stack.learner.train(Int32Array.of(0, 1, 2, 3), 1, beginning)
  const { step } = stack.combining.combine(beginning, [{ participant: 'one', weight: 4, values: delta }])
  const after = await meanLoss(stack.learner, step)
  assert.ok(after < before - 0.01, `${before}, then ${after}`)
  assert.ok(Math.abs(after - await meanLoss(fedit.learner, delta)) < 1e-5 * after)
  assert.is(await meanLoss(stack.learner, beginning), before)
  await Promise.all([stack.learner.close(), fedit.learner.close()])
}))

test('conversations become batches of one shape: every label once, of its own conversation, as the template writes it', () => withTempDir(async dir => {
  const text = await readFolderText(await tinyStarter(dir))
  const { training } = userTexts({ ...users, examples: 12 }, 2, 4)
  const set = conversationSet(training, text)
  assert.equal([set.count, [...set.speakers]], [24, [...Array<number>(12).fill(0), ...Array<number>(12).fill(1)]])
  const [seen, texts]: [string[], string[]] = [[], []]
  for (const batch of packedBatches(set, Int32Array.from({ length: 24 }, (_, at) => at), 2)) {
    assert.equal([batch.rows, batch.length, batch.ids.length], [2, set.length, 2 * set.length])
    for (let at = 0; at < batch.ids.length; at++) {
      const isFirst = batch.positions[at] === 0
      if (at % batch.length > 0) assert.is(batch.segments[at] !== batch.segments[at - 1], isFirst, 'what stands in a row together does not see each other')
      if (batch.labels[at]! < 0) continue
      const start = at - batch.positions[at]!
      assert.is(batch.segments[start], batch.segments[at])
      // All before it, and what is to come.
      const ids = [...batch.ids.subarray(start, at + 1), batch.labels[at]!]
      seen.push(ids.join())
      texts.push(text.tokenizer.decode(ids))
    }
  }
  const labels = training.flat().flatMap(conversation => encodeConversation(text, conversation, 0)).flatMap(({ learned }) => learned).reduce((sum, { from, to }) => sum + to - from, 0)
  assert.is(seen.length, labels)
  assert.is(new Set(seen).size, labels)
  for (const address of ['my dear', 'sir']) assert.ok(texts.some(each => each.endsWith(`, ${address}!`)))
  assert.not.ok(texts.some(each => !/\nassistant|assistant\n/.test(each)), 'nothing is learned before a turn of the assistant')
  assert.throws(() => conversationSet(training, { ...text, config: { ...text.config, maxPositions: 8 } }), coded('BadTrainingData', /fits into 8 tokens/))
}))

test('without a model, with a damaged one, or with keys of another task, it says so', () => withTempDir(async dir => {
  const run = (model?: string) => runExperiment(checkExperiment(given), { out: join(dir, 'out'), threads: 1, model })
  await rejects(run(), coded('NoModel', /--model DIR/))
  await rejects(run(join(dir, 'none')), coded('BadManifest', /none is no model directory/))
  const damaged = await tinyStarter(dir)
  rmSync(join(damaged, weightFile))
  await rejects(run(damaged), coded('BadModelFile', /get or make the model again/))
  assert.throws(() => checkExperiment({ ...given, task: 'synthetic' }), coded('BadExperiment', /adapter: only the task starter has one/))
  assert.throws(() => checkExperiment({ ...given, aggregation: 'stak' }), coded('BadExperiment', /did you mean "stack"/))
  for (const [key, other] of [['server', { server: { name: 'fedadam' } }], ['compression', { compression: { name: 'int8' } }], ['robust', { robust: { name: 'median' } }], ['privacy', { privacy: { clipNorm: 1, noiseMultiplier: 1 } }]] as const) {
    assert.throws(() => checkExperiment({ ...given, aggregation: 'svd', ...other }), coded('BadExperiment', new RegExp(`${key}: beside "aggregation": "svd"`)))
    assert.ok(checkExperiment({ ...given, aggregation: 'ffa', ...other }))
  }
  assert.throws(() => checkExperiment({ ...given, aggregation: 'fedit', robust: { name: 'median' } }), coded('BadExperiment', /robust: beside/))
  for (const [other, problem] of [[{ aggregation: 'stack' }, /aggregation: beside "personal"/], [{ split: { kind: 'iid' } }, /personal: .*by-speaker/]] as const) {
    for (const kind of ['shared-a', 'mixed'] as const) assert.throws(() => checkExperiment({ ...given, personal: { kind }, ...other }), coded('BadExperiment', problem))
  }
  assert.throws(() => checkExperiment({ ...given, personal: { kind: 'shared-c' as 'shared-a' } }), coded('BadExperiment', /personal\.kind: .*none of shared-a, shared-b, mixed/))
  assert.throws(() => checkExperiment({ ...given, personal: { kind: 'mixed', share: 1.5 } }), coded('BadExperiment', /personal\.share/))
  assert.throws(() => checkExperiment({ ...given, target: 0.5 }), coded('BadExperiment', /no accuracy/))
  assert.throws(() => checkExperiment({ ...given, users: { ...users, styles: 9 } }), coded('BadExperiment', /users\.styles: 8 at most/))
  assert.equal(readdirSync(dir).sort(), ['model', 'published'])
}))

test.run()
