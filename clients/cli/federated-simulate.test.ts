import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withTempDir } from '../../node/testing/temp.node.ts'
import { document, kinmesh, refused } from './testing/processes.node.ts'

type Simulated = { out: string; rounds: number; reached: number | null; accuracy: number; loss: { before: number; after: number }; bytesUp: number }

const main = new URL('main.ts', import.meta.url).pathname
const small = { task: 'synthetic', rounds: 4, clients: 6, fraction: 0.5, seed: 3, split: { kind: 'by-speaker' }, local: { batch: 10, rate: 0.1 } }
const filesOf = (dir: string) => Object.fromEntries(readdirSync(dir).sort().map(name => [name, readFileSync(join(dir, name), 'utf8')]))

function write(dir: string, experiment: object): string {
  const path = join(dir, 'experiment.json')
  writeFileSync(path, JSON.stringify(experiment))
  return path
}

test('two runs with one seed give identical files, another seed gives others; what came of it is said, or told as one document', () => withTempDir(async dir => {
  const path = write(dir, small)
  const { code, stdout, stderr } = await kinmesh(dir, ['federated', 'simulate', path, '--out', join(dir, 'one')])
  assert.is(code, 0, stderr)
  for (const said of [/✓ synthetic {2}.*one\n/, /4 rounds of 6 clients with 610 parameters; .* up and .* down, 4 s on the clock/, /loss +2\.3026 before, \d\.\d{4} after/, /accuracy {2}0\.\d{4}\n/]) assert.match(stdout, said)
  assert.is(stderr, '', 'progress is for terminals')
  const told = await document<Simulated>(dir, ['federated', 'simulate', path, '--out', join(dir, 'other'), '--threads', '2'])
  assert.equal(filesOf(join(dir, 'one')), filesOf(join(dir, 'other')))
  assert.equal(Object.keys(filesOf(join(dir, 'one'))), ['accuracy.svg', 'loss.svg', 'manifest.json', 'results.csv', 'results.jsonl'])
  const lines = filesOf(join(dir, 'one'))['results.jsonl']!.trimEnd().split('\n').map(line => JSON.parse(line) as { loss: number; accuracy: number; bytesUp: number })
  assert.equal([told.out, told.rounds, told.reached, told.loss, told.accuracy, told.bytesUp], [join(dir, 'other'), 4, null, { before: lines[0]!.loss, after: lines[4]!.loss }, lines[4]!.accuracy, 4 * 3 * 610 * 4])
  await document(dir, ['federated', 'simulate', write(dir, { ...small, seed: 4 }), '--out', join(dir, 'third')])
  assert.is.not(filesOf(join(dir, 'third'))['results.jsonl'], filesOf(join(dir, 'one'))['results.jsonl'])
}))

test('what is wrong with an experiment, its data or its folder is said by name, before anything is trained', () => withTempDir(async dir => {
  const out = ['--out', join(dir, 'out')]
  assert.match(await refused(dir, ['federated', 'simulate', write(dir, { ...small, fractoin: 0.5 }), ...out], 'BadExperiment'), /fractoin: there is no such key; did you mean "fraction"\?/)
  assert.match(await refused(dir, ['federated', 'simulate', write(dir, { ...small, local: { batch: 10, rate: 'fast' } }), ...out], 'BadExperiment'), /local\.rate/)
  assert.match(await refused(dir, ['federated', 'simulate', join(dir, 'none.json'), ...out], 'ExperimentMissing'), /none\.json/)
  assert.match(await refused(dir, ['federated', 'simulate', write(dir, { ...small, task: 'mnist-2nn' }), ...out], 'DataMissing'), /--data DIR/)
  const path = write(dir, small)
  await refused(dir, ['federated', 'simulate', path], 'Usage', { exit: 2 })
  await refused(dir, ['federated', 'simulate', path, ...out, '--threads', '0'], 'Usage', { exit: 2 })
  assert.equal(readdirSync(dir), ['experiment.json'])
  mkdirSync(join(dir, 'out'))
  writeFileSync(join(dir, 'out', 'mine'), 'words')
  assert.match(await refused(dir, ['federated', 'simulate', path, ...out], 'FolderExists'), /name a folder that is not/)
  assert.equal(filesOf(join(dir, 'out')), { mine: 'words' })
}))

test('Ctrl-C ends it with the rounds that were done', () => withTempDir(async dir => {
  const path = write(dir, { ...small, rounds: 1_000_000, clients: 3 })
  const child = spawn(process.execPath, ['-C', 'development', main, 'federated', 'simulate', path, '--out', join(dir, 'out'), '--json', '--verbose'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr] = [heard(child.stdout), heard(child.stderr)]
  const closed = once(child, 'close') as Promise<[number]>
  while (!/round=3\b/.test(stderr())) await Promise.race([once(child.stderr, 'data'), closed.then(() => assert.unreachable(stderr()))])
  child.kill('SIGINT')
  assert.is((await closed)[0], 1)
  const { error } = JSON.parse(stdout()) as { error: { code: string; message: string } }
  assert.is(error.code, 'Interrupted')
  const [, done] = /(\d+) of 1000000 rounds were done, and are in .*out$/.exec(error.message) ?? []
  assert.ok(Number(done) >= 3, error.message)
  assert.equal(readdirSync(dir).sort(), ['experiment.json', 'out'])
  const files = filesOf(join(dir, 'out'))
  assert.is(files['results.jsonl']!.trimEnd().split('\n').length, Number(done) + 1)
  const { result } = JSON.parse(files['manifest.json']!) as { result: { complete: boolean; rounds: number } }
  assert.equal([result.complete, result.rounds], [false, Number(done)])
}))

function heard(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = []
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString('utf8')
}

test.run()
