import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import { checkExperiment, type ExperimentInput } from '../../federated/simulation/experiment.ts'
import { rejects } from '../../tools/assert.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { writeSpeeches, writeSpots } from './data.fixtures.ts'
import { readExperimentFile, runExperiment } from './run-experiment.node.ts'

const spots: ExperimentInput = { task: 'mnist-2nn', rounds: 3, clients: 8, fraction: 0.5, local: { batch: 10, rate: 0.1 }, seed: 5 }
const names = ['accuracy.svg', 'loss.svg', 'manifest.json', 'results.csv', 'results.jsonl']
const filesOf = (dir: string) => Object.fromEntries(readdirSync(dir).sort().map(name => [name, readFileSync(join(dir, name), 'utf8')]))
const coded = (code: string, problem = /./) => (error: unknown) => isKinmeshError(error, code) && problem.test(error.message)

const cases: Record<string, Partial<ExperimentInput>> = {
  'steps in graphs, a fault now and then': { split: { kind: 'dirichlet', alpha: 1 }, clock: { dropout: 0.2, spread: 0.5, jitter: 0.3, deadlineSeconds: 1.5 }, compression: { name: 'int8' } },
  'FedProx and momentum, all in one batch': { split: { kind: 'pathological' }, local: { batch: null, rate: 0.1, proximal: 0.1, optimizer: { name: 'sgd', momentum: 0.5 } }, server: { name: 'fedadam' } },
  'convolutions, a robust rule': { task: 'mnist-cnn', rounds: 1, robust: { name: 'trimmed-mean' }, local: { batch: 20, rate: 0.1, optimizer: { name: 'adamw' } } },
  'characters by who says them': { task: 'shakespeare', rounds: 1, clients: 4, fraction: 1, split: { kind: 'by-speaker' }, local: { batch: 10, rate: 0.1 } },
  'ten sources': { task: 'synthetic', clients: 10, split: { kind: 'by-speaker' }, privacy: { clipNorm: 1, noiseMultiplier: 0.1, evenIfDrowned: true } }
}
for (const [what, more] of Object.entries(cases)) {
  test(`two runs give the same files, to the last byte, by one thread or three: ${what}`, () => withTempDir(async dir => {
    writeSpots(dir, { training: 330, heldOut: 60 })
    writeSpeeches(dir)
    const run = async (out: string, threads: number) => {
      await runExperiment(checkExperiment({ ...spots, ...more, data: dir }), { out: join(dir, out), threads })
      return filesOf(join(dir, out))
    }
    const once = await run('one', 1)
    assert.equal(Object.keys(once), names.filter(name => name !== 'accuracy.svg' || more.task !== 'shakespeare'))
    assert.equal(await run('other', 3), once)
    assert.not.match(Object.values(once).join(), /NaN|undefined/)
    assert.not.ok(Object.values(once).some(text => text.includes(dir)), 'where files lay is nobody\'s business')
  }))
}

test('it learns, and the manifest says what was done with which data', () => withTempDir(async dir => {
  writeSpots(dir, { training: 330, heldOut: 60 })
  const rounds: number[] = []
  const { records, reached } = await runExperiment(checkExperiment({ ...spots, rounds: 30, target: 0.9 }), { data: dir, out: join(dir, 'out'), threads: 1, onRound: ({ round }) => rounds.push(round) })
  assert.ok(reached !== null && reached > 0, JSON.stringify(records.at(-1)))
  assert.equal(rounds, [...rounds.keys()])
  const { experiment, data, split, model, result, surroundings } = JSON.parse(readFileSync(join(dir, 'out', 'manifest.json'), 'utf8')) as Record<string, Record<string, unknown> & { length?: number }>
  assert.is(experiment!['seed'], 5)
  assert.not.ok('data' in experiment!)
  assert.is(data!.length, 4)
  assert.equal([split!['clients'], split!['examples']], [8, 330])
  assert.is(model!['parameters'], 32 * 200 + 200 + 200 * 200 + 200 + 2010)
  assert.equal([result!['reachedTargetInRound'], result!['rounds']], [reached, reached])
  assert.is(surroundings!['node'], process.version)
  const lines = readFileSync(join(dir, 'out', 'results.jsonl'), 'utf8').trimEnd().split('\n').map(line => (JSON.parse(line) as { accuracy: number }).accuracy)
  assert.equal(lines, records.map(({ accuracy }) => accuracy))
  // What was written can be run again as it is.
  writeFileSync(join(dir, 'experiment.json'), JSON.stringify(experiment))
  await runExperiment(await readExperimentFile(join(dir, 'experiment.json')), { data: dir, out: join(dir, 'again'), threads: 2 })
  assert.equal(filesOf(join(dir, 'again')), filesOf(join(dir, 'out')))
}))

test('a training that diverges is refused where it arrives', () => withTempDir(async dir => {
  writeSpots(dir, { training: 330, heldOut: 60 })
  const { records } = await runExperiment(checkExperiment({ ...spots, rounds: 1, local: { batch: 1, rate: 900, epochs: 5 } }), { data: dir, out: join(dir, 'out'), threads: 1 })
  assert.equal([records[1]!.contributors, Object.values(records[1]!.refused).reduce((a, b) => a + b, 0), records[1]!.quorum], [0, 4, false])
}))

test('data that are missing, damaged or not named say so, and no folder is left', () => withTempDir(async dir => {
  const run = (more: Partial<ExperimentInput> = {}, data: string | undefined = dir) => runExperiment(checkExperiment({ ...spots, ...more }), { data, out: join(dir, 'out'), threads: 1 })
  await rejects(run(), coded('DataMissing', /train-images-idx3-ubyte\.gz: give the folder that holds mnist\//))
  await rejects(runExperiment(checkExperiment(spots), { out: join(dir, 'out') }), coded('DataMissing', /--data DIR/))
  writeSpots(dir, { training: 330, heldOut: 60 })
  await rejects(run({ split: { kind: 'by-speaker' } }), coded('BadSplit', /no speakers/))
  await rejects(run({ clients: 331 }), coded('BadSplit'))
  const images = join(dir, 'mnist', 'train-images-idx3-ubyte.gz')
  const whole = readFileSync(images)
  truncateSync(images, 100)
  await rejects(run(), coded('BadTrainingData', /does not unpack/))
  writeFileSync(images, whole)
  rmSync(join(dir, 'mnist', 't10k-labels-idx1-ubyte.gz'))
  mkdirSync(join(dir, 'mnist', 't10k-labels-idx1-ubyte.gz'))
  await rejects(run(), coded('StoreFailed'))
  assert.equal(readdirSync(dir), ['mnist'])
}))

test('a folder that is there already is left as it is; one that is cancelled leaves the rounds before, and none before the first', () => withTempDir(async dir => {
  const given = checkExperiment({ task: 'synthetic', rounds: 50, clients: 5, local: { batch: 10, rate: 0.1 } })
  mkdirSync(join(dir, 'mine'))
  await rejects(runExperiment(given, { out: join(dir, 'mine') }), coded('FolderExists'))
  const cancelledAfter = (last: number, out: string) => {
    const cancel = new AbortController()
    return runExperiment(given, { out: join(dir, out), signal: cancel.signal, onRound: ({ round }) => { if (round === last) cancel.abort(new Error('enough')) } })
  }
  await rejects(cancelledAfter(0, 'none'), /enough/)
  const cut = await cancelledAfter(3, 'cut')
  assert.equal([cut.complete, cut.records.length], [false, 4])
  assert.equal(readdirSync(dir).sort(), ['cut', 'mine'])
  const three = await runExperiment({ ...given, rounds: 3 }, { out: join(dir, 'three') })
  assert.is(three.complete, true)
  const [one, other] = [filesOf(join(dir, 'cut')), filesOf(join(dir, 'three'))]
  assert.equal(one['results.jsonl'], other['results.jsonl'])
  const results = [one, other].map(files => (JSON.parse(files['manifest.json']!) as { result: { complete: boolean; parameters: string } }).result)
  assert.equal(results.map(({ complete }) => complete), [false, true])
  assert.is(results[0]!.parameters, results[1]!.parameters)
}))

test('experiment.json is read from a file, or it is said that there is none', () => withTempDir(async dir => {
  await rejects(readExperimentFile(join(dir, 'experiment.json')), coded('ExperimentMissing'))
  writeFileSync(join(dir, 'experiment.json'), JSON.stringify({ ...spots, roundz: 3 }))
  await rejects(readExperimentFile(join(dir, 'experiment.json')), coded('BadExperiment', /roundz.*did you mean "rounds"/))
}))

test.run()
