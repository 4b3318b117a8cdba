import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { Random } from '../../../sync/random.fixtures.ts'
import { rejects } from '../../../tools/assert.ts'
import { readAdapter } from '../../model/adapter.ts'
import { folderFiles } from '../../model/file-source.node.ts'
import type { WeightType } from '../../model/float-bits.ts'
import { narrow } from '../../model/float-narrow.ts'
import { adaptableLinears } from '../../model/graph/low-rank.ts'
import { publishedConfig, publishedModel, writeModel } from '../../model/published-model.fixtures.ts'
import { type TensorFiles, openTensors } from '../../model/safetensors.ts'
import { memoryFiles, writeSafetensors } from '../../model/safetensors.fixtures.ts'
import { tinyWeights } from '../../model/testing/tiny-models.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { adapterNames } from '../graphs/decoder-loss.ts'
import type { Parameter } from '../objective.ts'
import { fullDisk } from '../testing/full-disk.node.ts'
import { type TrainedAdapter, encodeAdapter, trainedAdapter } from './adapter-file.ts'
import { writeAdapter } from './adapter-file.node.ts'
import { planMerge } from './merge.ts'
import { mergeFolder } from './merge.node.ts'

const config = publishedConfig
const linears = adaptableLinears(config)
const numbers = (random: Random, length: number, size = 1) => Float32Array.from({ length }, () => (random.next() - 0.5) * size)
const failsWith = (work: () => Promise<unknown>, code: string) => rejects(work, (error: unknown) => isKinmeshError(error, code)) as Promise<Error>

/** An adapter of the layers whose names `isIn` takes. Its scale is no power of two, so that rounding shows. */
function adapterOf(isIn: (name: string) => boolean = () => true, { rank = 3, alpha = 4, size = 1 } = {}): TrainedAdapter {
  const random = new Random(7)
  return { rank, alpha, linears: new Map(linears.filter(({ name }) => isIn(name)).map(({ name, rows, columns }) => [name, { a: numbers(random, rank * columns, size), b: numbers(random, rows * rank, size) }])) }
}

const cases: [string, (name: string) => boolean, unknown][] = [
  ['all layers', () => true, ['down_proj', 'gate_proj', 'k_proj', 'o_proj', 'q_proj', 'up_proj', 'v_proj']],
  ['two kinds', name => /[qv]_proj/.test(name), ['q_proj', 'v_proj']],
  ['one of one layer', name => name === 'model.layers.1.mlp.up_proj', ['model.layers.1.mlp.up_proj']],
  ['a kind in some layers only', name => name.endsWith('q_proj') || name.endsWith('0.mlp.down_proj'), [0, 1].flatMap(layer => [`model.layers.${layer}.self_attn.q_proj`, ...(layer === 0 ? ['model.layers.0.mlp.down_proj'] : [])])]
]
for (const [what, isIn, targets] of cases) {
  test(`what is written is read to the last bit: ${what}`, async () => {
    const adapter = adapterOf(isIn)
    const files = encodeAdapter(config, adapter, 'somebody/tiny')
    const said = JSON.parse(new TextDecoder().decode(files['adapter_config.json'])) as Record<string, unknown>
    assert.equal([said['peft_type'], said['r'], said['lora_alpha'], said['base_model_name_or_path'], said['target_modules']], ['LORA', 3, 4, 'somebody/tiny', targets])
    const read = await readAdapter(memoryFiles(files), config)
    assert.equal([...read.linears.keys()], [...adapter.linears.keys()])
    for (const { name, rows, columns } of linears.filter(({ name }) => isIn(name))) {
      const [{ a, b }, its] = [adapter.linears.get(name)!, read.linears.get(name)!]
      assert.is(its.rank, 3)
      assert.ok(its.a.every((value, at) => value === a[(at % 3) * columns + Math.floor(at / 3)]), name)
      assert.ok(its.b.every((value, at) => value === Math.fround(b[(at % rows) * 3 + Math.floor(at / rows)]! * (4 / 3))), name)
    }
  })
}

test('the adapter in the flat parameters of a training', async () => {
  const isIn = (name: string) => /1\..*[qo]_proj/.test(name)
  const { linears: of } = adapterOf(isIn)
  const parameters = linears.filter(({ name }) => isIn(name)).flatMap(({ name, rows, columns }): Parameter[] => [{ name: adapterNames(name).a, shape: [3, columns], decays: true }, { name: adapterNames(name).b, shape: [rows, 3], decays: true }])
  const flat = Float32Array.from([...of.values()].flatMap(({ a, b }) => [...a, ...b]))
  assert.equal(trainedAdapter(parameters, flat, { rank: 3, alpha: 4 }), adapterOf(isIn))
  assert.throws(() => trainedAdapter(parameters.slice(0, 1), flat, { rank: 3, alpha: 4 }), /has no .*lora_B/)
})

test('what is not finite, or for another model, is not written', () => {
  const spoilt = adapterOf()
  spoilt.linears.get('model.layers.0.mlp.up_proj')!.b[5] = Number.NaN
  assert.throws(() => encodeAdapter(config, spoilt), (error: unknown) => isKinmeshError(error, 'BadAdapter') && error.message.includes('model.layers.0.mlp.up_proj.lora_B'))
  for (const other of [new Map(), new Map([['lm_head', { a: new Float32Array(), b: new Float32Array() }]])]) assert.throws(() => encodeAdapter(config, { rank: 3, alpha: 4, linears: other }), (error: unknown) => isKinmeshError(error, 'AdapterMismatch'))
  assert.throws(() => encodeAdapter(config, { ...adapterOf(), rank: 4 }), /numbers for/)
  for (const odd of [{ rank: 0 }, { alpha: 0 }, { alpha: Infinity }]) assert.throws(() => encodeAdapter(config, { ...adapterOf(), ...odd }), RangeError)
})

test('the folder of an adapter appears whole or not at all', () =>
  withTempDir(async home => {
    const dir = join(home, 'learned')
    const files = encodeAdapter(config, adapterOf())
    for (const room of [0, 100, 2000]) {
      const giveBack = await fullDisk(room)
      await failsWith(() => writeAdapter(dir, files), 'DiskFull')
      giveBack()
      assert.equal(readdirSync(home), [])
    }
    await writeAdapter(dir, files)
    assert.equal(readdirSync(dir).map(name => [name, Buffer.from(files[name as keyof typeof files]).equals(readFileSync(join(dir, name)))]), [['adapter_config.json', true], ['adapter_model.safetensors', true]])
    await failsWith(() => writeAdapter(dir, files), 'FolderExists')
    assert.equal(readdirSync(home), ['learned'])
  }))

/** A published model with weights of this type, and an adapter for it, in folders. */
async function folders(home: string, type: WeightType, size = 0.5): Promise<{ model: string; adapter: string }> {
  const weights = Object.fromEntries([...tinyWeights(config)].map(([name, { shape, data }]) => [name, { dtype: type, shape, bytes: narrow(type, data) }]))
  const model = writeModel(join(home, 'published'), { ...publishedModel(), 'model.safetensors': writeSafetensors(weights), 'README.md': 'of the unmerged one', '.hidden': '' })
  await writeAdapter(join(home, 'adapter'), encodeAdapter(config, adapterOf(name => !name.endsWith('k_proj'), { size })))
  return { model, adapter: join(home, 'adapter') }
}

async function withTensors<T>(dir: string, use: (tensors: TensorFiles) => Promise<T>): Promise<T> {
  const files = folderFiles(dir)
  try {
    return await use(await openTensors(files.open))
  } finally {
    await files.close()
  }
}
const allOf = (dir: string) => withTensors(dir, async tensors => new Map(await Promise.all(tensors.names().map(async name => [name, { ...tensors.info(name), data: await tensors.readRows(name, 0, tensors.info(name).shape[0] ?? 1) }] as const))))
/** The least step between numbers of this type near 1. */
const steps: Readonly<Record<WeightType, number>> = { F32: 2 ** -23, F16: 2 ** -10, BF16: 2 ** -7 }

for (const type of ['F32', 'F16', 'BF16'] as const) {
  test(`merged and unmerged: ${type}`, () =>
    withTempDir(async home => {
      const { model, adapter } = await folders(home, type)
      const told: number[] = []
      const merged = await mergeFolder('merge', model, adapter, join(home, 'merged'), { onProgress: bytes => void told.push(bytes) })
      const [before, after] = [await allOf(model), await allOf(join(home, 'merged'))]
      assert.is(told.at(-1), readFileSync(join(home, 'merged', 'model.safetensors')).length)
      assert.equal([...after.keys()], [...before.keys()])
      const { linears: learned, rank, alpha } = adapterOf(name => !name.endsWith('k_proj'), { size: 0.5 })
      let [change, rounding] = [0, 0]
      for (const [name, { data, dtype, shape }] of after) {
        const [was, low] = [before.get(name)!, learned.get(name.replace('.weight', ''))]
        assert.equal([dtype, shape], [type, was.shape])
        for (const [at, value] of data.entries()) {
          const [row, column] = [Math.floor(at / shape[1]!), at % shape[1]!]
          const delta = low ? (alpha / rank) * Array.from({ length: rank }, (_, k) => low.b[row * rank + k]! * low.a[k * shape[1]! + column]!).reduce((sum, each) => sum + each, 0) : 0
          if (!low) assert.is(value, was.data[at])
          else assert.ok(Math.abs(value - was.data[at]! - delta) < 4 * steps[type] * Math.max(1, Math.abs(value)), `${name} ${at}`)
          change = Math.max(change, Math.abs(delta))
          rounding = Math.max(rounding, Math.abs(value - was.data[at]! - delta))
        }
      }
      // The scale is in B as f32 there, and in f64 here.
      assert.ok(Math.abs(merged.change - change) < 1e-6 && Math.abs(merged.rounding - rounding) < 1e-6 && merged.rounding > 0, JSON.stringify([merged, change, rounding]))
      assert.ok(merged.lost > 0 && merged.lost < merged.rounding / 0.01)
      assert.equal(readdirSync(join(home, 'merged')).sort(), ['LICENSE', 'config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'])

      const taken = await mergeFolder('unmerge', join(home, 'merged'), adapter, join(home, 'unmerged'))
      const again = await allOf(join(home, 'unmerged'))
      const off = Math.max(...[...again].flatMap(([name, { data }]) => [...data].map((value, at) => Math.abs(value - before.get(name)!.data[at]!))))
      assert.ok(off <= merged.rounding + taken.rounding, `${off}, ${merged.rounding} + ${taken.rounding}`)
    }))
}

test('a small adapter is lost in weights of few bits, which is said, and kept in F32', () =>
  withTempDir(async home => {
    const { model, adapter } = await folders(home, 'BF16', 0.01)
    const [own, wide] = [await mergeFolder('merge', model, adapter, join(home, 'a')), await mergeFolder('merge', model, adapter, join(home, 'b'), { type: 'F32' })]
    assert.ok(own.lost > 0.5 && wide.lost < 0.01, JSON.stringify([own, wide]))
    const [before, after] = [await allOf(model), await allOf(join(home, 'b'))]
    assert.equal(after.get('model.norm.weight'), { ...before.get('model.norm.weight')!, dtype: 'F32' })
  }))

test('matrices of several pieces are read and written row by row', async () => {
  const [rows, columns, rank] = [1300, 1000, 2]
  const random = new Random(3)
  const [w, a, b] = [numbers(random, rows * columns), numbers(random, columns * rank), numbers(random, rank * rows)]
  const largest = { read: 0, written: 0 }
  const tensors: TensorFiles = {
    names: () => ['x.weight'], has: () => true, info: () => ({ dtype: 'F32', shape: [rows, columns] }), totalBytes: w.byteLength,
    readRows: async (_, from, count) => {
      largest.read = Math.max(largest.read, count * columns * 4)
      return w.slice(from * columns, (from + count) * columns)
    }
  }
  const pieces: Uint8Array[] = []
  const plan = planMerge(tensors, { id: '', bytes: 0, linears: new Map([['x', { rank, a, b }]]) }, 1)
  const abort = new AbortController()
  await plan.write(async piece => {
    largest.written = Math.max(largest.written, piece.length)
    pieces.push(piece)
  })
  const values = new Float32Array(Uint8Array.from(Buffer.concat(pieces.slice(1))).buffer)
  assert.equal([values.length, pieces.length, Buffer.concat(pieces).length], [w.length, 3, plan.bytes])
  for (const row of [0, 1047, 1048, 1299]) for (const column of [0, 999]) {
    const sum = w[row * columns + column]! + b[row]! * a[column * rank]! + b[rows + row]! * a[column * rank + 1]!
    assert.is(values[row * columns + column], Math.fround(sum))
  }
  assert.ok(largest.read <= 4 * 2 ** 20 && largest.written <= 4 * 2 ** 20)
  const stopped = plan.write(async () => abort.abort(new Error('enough')), abort.signal)
  await rejects(stopped, /enough/)
})

test('another model, weights that overflow, a full disk, a folder that is there, a wish to stop: nothing is left behind', () =>
  withTempDir(async home => {
    const { model, adapter } = await folders(home, 'F16')
    const there = readdirSync(home)
    const merge = (options = {}, from = model, with_ = adapter) => mergeFolder('merge', from, with_, join(home, 'merged'), options)
    await failsWith(() => mergeFolder('merge', model, adapter, join(home, 'adapter')), 'FolderExists')
    await failsWith(() => merge({}, adapter), 'BadModelFile')
    await failsWith(() => merge({}, model, model), 'BadAdapter')
    await rejects(merge({ signal: AbortSignal.abort(new Error('enough')) }), /enough/)
    const abort = new AbortController()
    await rejects(merge({ signal: abort.signal, onProgress: () => abort.abort(new Error('enough')) }), /enough/)
    const giveBack = await fullDisk(5000)
    await failsWith(() => merge(), 'DiskFull')
    giveBack()
    assert.equal(readdirSync(home), there)
    await writeAdapter(join(home, 'loud'), encodeAdapter(config, adapterOf(name => name.endsWith('q_proj'), { size: 1000 })))
    assert.match((await failsWith(() => merge({}, model, join(home, 'loud')), 'AdapterMismatch')).message, /F16 does not hold/)
    writeFileSync(join(model, 'config.json'), '{')
    await failsWith(() => merge(), 'BadModelFile')
    assert.equal(readdirSync(home).sort(), [...there, 'loud'].sort())
  }))

test.run()
