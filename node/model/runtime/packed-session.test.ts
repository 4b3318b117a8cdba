import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { rejects } from '../../../tools/assert.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import type { Recipe } from '../graph/decoder.ts'
import { buildDecoder } from '../testing/built-models.node.ts'
import { rowsOfWeights, tinyConfigs, tinyWeights } from '../testing/tiny-models.ts'
import { DecoderSession } from './decoder-session.ts'
import { openOrtSession } from './ort-session.node.ts'
import { openPackedSession } from './packed-session.node.ts'
import type { GraphSession } from './session.ts'

/** Small tensors stay inside of the graph: some of these are not small. */
const config = { ...tinyConfigs['tied head']!, innerSize: 2048 }
const recipe: Recipe = { linear: { bits: 4, block: 32, zeroPoints: false }, embedding: { bits: 4, block: 32, zeroPoints: false }, prompts: { bits: 8, block: null } }
const ids = [3, 17, 42, 5, 5, 60, 0, 29]

async function logitsOf(session: GraphSession): Promise<number[]> {
  const decoder = new DecoderSession(session, config, { slots: 1, positions: 32 })
  const read = await decoder.read(0, 0, ids, [...ids.keys()])
  const logits = [...read, ...(await decoder.step(0, [9], [ids.length]))]
  decoder.close()
  return logits
}

/** Of a tiny model of 4 bits: its graphs, what they give without packed weights, and a way to open one with them. */
async function tiny(dir: string) {
  const built = await buildDecoder(config, recipe, rowsOfWeights(tinyWeights(config)))
  const packed = join(dir, 'packed')
  const notes: string[] = []
  const probe = (session: GraphSession) => new DecoderSession(session, config, { slots: 1, positions: 8 }).read(0, 0, ids, [7])
  const open = (path = built.path, by = probe) => openPackedSession(path, packed, { threads: 1, probe: by, onNote: note => notes.push(note) })
  return { ...built, packed, notes, open, plain: await logitsOf(await openOrtSession(built.path, { threads: 1 })) }
}

test('packed weights give the same to the last bit, the first time and from the disk', () => withTempDir(async dir => {
  const { packed, notes, open, plain, promptsPath } = await tiny(dir)
  assert.equal(await logitsOf(await open()), plain)
  const made = statSync(join(packed, 'model', 'weights.bin')).ino
  assert.equal(await logitsOf(await open()), plain)
  assert.is(statSync(join(packed, 'model', 'weights.bin')).ino, made)
  assert.equal(await logitsOf(await open(promptsPath)), await logitsOf(await openOrtSession(promptsPath, { threads: 1 })))
  assert.equal([readdirSync(packed).sort(), notes.length], [['model', 'prompts'], 2])
  assert.match(notes.join(), 'model.onnx are being laid out')
}))

test('damaged ones are made anew', () => withTempDir(async dir => {
  const { packed, notes, open, plain } = await tiny(dir)
  const weights = join(packed, 'model', 'weights.bin')
  ;(await open()).close()
  const { size } = statSync(weights)
  truncateSync(weights, 100)
  assert.equal(await logitsOf(await open()), plain)
  assert.match(notes.join(), 'longer')
  assert.equal(await logitsOf(await open()), plain)
  assert.is(statSync(weights).size, size)
  writeFileSync(join(packed, 'model', 'graph.onnx'), 'no graph')
  assert.equal(await logitsOf(await open()), plain)
}))

test('of another model, or another machine, they are not used', () => withTempDir(async dir => {
  const { packed, open, plain, path } = await tiny(dir)
  ;(await open()).close()
  const other = await buildDecoder(config, { ...recipe, linear: { bits: 8, block: 32, zeroPoints: false } }, rowsOfWeights(tinyWeights(config)))
  assert.equal(await logitsOf(await open(other.path)), await logitsOf(await openOrtSession(other.path, { threads: 1 })))
  assert.equal(await logitsOf(await open(path)), plain)
  const madeOf = join(packed, 'model', 'made-of.json')
  writeFileSync(madeOf, readFileSync(madeOf, 'utf8').replace(/"processor":\[.*\]/, '"processor":["another"]'))
  writeFileSync(join(packed, 'model', 'graph.onnx'), 'for another processor')
  assert.equal(await logitsOf(await open()), plain)
}))

test('where the kernels read them wrongly they are not used', () => withTempDir(async dir => {
  const { packed, notes, open, plain, path } = await tiny(dir)
  let runs = 0
  assert.equal(await logitsOf(await open(path, async () => Float32Array.of(runs++))), plain)
  assert.match(notes.join(), 'wrongly')
  assert.equal(readdirSync(join(packed, 'model')), ['unfit.json'], 'nothing else takes room')
  // Finding out takes as long as making them: once is enough.
  assert.equal(await logitsOf(await open(path, () => Promise.reject(new Error('is not asked again')))), plain)
  assert.equal(await logitsOf(await open((await tiny(dir)).path)), plain, 'of another model they are made')
}))

test('where they cannot be written the model runs, and says so; what a crash left goes', () => withTempDir(async dir => {
  const { packed, open, plain } = await tiny(dir)
  mkdirSync(join(packed, 'model.making-abc'), { recursive: true })
  ;(await open()).close()
  assert.not(existsSync(join(packed, 'model.making-abc')))
  const blocked = await tiny(join(dir, 'other'))
  mkdirSync(join(dir, 'other'))
  writeFileSync(blocked.packed, 'a file in the place of the folder')
  assert.equal(await logitsOf(await blocked.open()), plain)
  assert.is(blocked.notes.length, 1)
}))

test('a graph that does not load is a named error', () => withTempDir(async dir => {
  const { path, open } = await tiny(dir)
  writeFileSync(path, 'no graph')
  await rejects(open(), (error: unknown) => isKinmeshError(error, 'ModelFailed'))
}))

test.run()
