import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Random } from '../../sync/random.fixtures.ts'
import { rejects } from '../../tools/assert.ts'
import type { DecoderConfig } from '../model/decoder-config.ts'
import { folderFiles } from '../model/file-source.node.ts'
import { adaptableLinears } from '../model/graph/low-rank.ts'
import { ropeTables } from '../model/graph/rope.ts'
import { readHubConfig } from '../model/hub-config.ts'
import { openOrtSession } from '../model/runtime/ort-session.node.ts'
import { openTensorFile, openTensors } from '../model/safetensors.ts'
import { type Weights, oracleLogits } from '../model/testing/decoder-oracle.ts'
import { tinyConfigs, tinyWeights } from '../model/testing/tiny-models.ts'
import { type Base, DecoderObjective } from './decoder-objective.ts'
import { type Learned, adapterNames, decoderLoss, lossInputs } from './graphs/decoder-loss.ts'
import { type Parameter, type TokenBatch, notLearned, parameterCount, sizeOf } from './objective.ts'
import { plainBase, roundedBase } from './testing/bases.ts'
import { array64, interpret, known } from './testing/interpreter.ts'

const open = (model: Uint8Array) => openOrtSession(model, { threads: 2, asWritten: true })
/** Some of the linear layers, and of rank 3. */
function adapterOf(config: DecoderConfig): Learned & { kind: 'adapter' } {
  return { kind: 'adapter', rank: 3, scale: 0.75, linears: new Set(adaptableLinears(config).map(({ name }) => name).filter((_, index) => index % 3 !== 1)) }
}

/** Examples of these lengths, one behind the other in each row; the rest is filling. */
function batchOf(config: DecoderConfig, rows: readonly (readonly number[])[], length: number, random: Random): TokenBatch {
  const [ids, labels, positions, segments] = Array.from({ length: 4 }, () => new Int32Array(rows.length * length)) as [Int32Array, Int32Array, Int32Array, Int32Array]
  for (const [row, examples] of rows.entries()) {
    let at = row * length
    for (const [segment, size] of [...examples, length - examples.reduce((sum, each) => sum + each, 0)].entries()) {
      const isFilling = segment === examples.length
      for (let place = 0; place < size; place++, at++) {
        ids[at] = isFilling ? 0 : random.below(config.vocabSize)
        positions[at] = place
        segments[at] = segment
        labels[at] = isFilling || place === size - 1 || random.chance(0.2) ? notLearned : random.below(config.vocabSize)
      }
    }
  }
  return { rows: rows.length, length, ids, labels, positions, segments, tokens: rows.flat().reduce((sum, each) => sum + each, 0) }
}

function valuesOf(parameters: readonly Parameter[], weights: Weights, random: Random): Float32Array {
  return Float32Array.from(parameters.flatMap(({ name, shape }) => Array.from(weights.get(name)?.data ?? Array.from({ length: sizeOf(shape) }, () => random.next() - 0.5))))
}

/** As the formula says it, example by example, in f64. */
function oracleLoss(config: DecoderConfig, weights: Weights, { rows, length, ids, labels, segments }: TokenBatch): number {
  let loss = 0
  for (let row = 0; row < rows; row++) {
    const all = Array.from({ length }, (_, place) => row * length + place)
    for (const segment of new Set(all.map(at => segments[at]))) {
      const own = all.filter(at => segments[at] === segment)
      const logits = oracleLogits(config, weights, own.map(at => ids[at]!))
      for (const [place, at] of own.entries()) {
        const label = labels[at]!
        if (label !== notLearned) loss += Math.log(logits[place]!.reduce((sum, value) => sum + Math.exp(value), 0)) - logits[place]![label]!
      }
    }
  }
  return loss
}

/** Their gradients are compared with finite differences as well, which takes a while: everything that families do differently is in one of them. */
const probed = new Set(['tied head', 'biases everywhere', 'normed heads (qwen3)', 'a head of its own', 'no positions on one layer (smollm3)'])

for (const [name, config] of Object.entries(tinyConfigs)) {
  test(`loss and gradients: ${name}`, async () => {
    const random = new Random(3)
    const weights = tinyWeights(config)
    const batch = batchOf(config, [[7, 4], [9]], 12, random)
    for (const learned of [{ kind: 'all' }, adapterOf(config)] satisfies Learned[]) {
      const base = plainBase(weights)
      const gradients: Float32Array[] = []
      for (const checkpoint of [false, true]) {
        const objective = new DecoderObjective({ config, learned, base, checkpoint, open })
        const values = valuesOf(objective.parameters, weights, new Random(5))
        const into = new Float32Array(values.length).fill(1)
        const { loss, labels } = await objective.gradient(values, batch, into)
        assert.is(labels, batch.labels.filter(label => label !== notLearned).length)
        const alone = await objective.loss(values, batch)
        assert.ok(Math.abs(alone.loss - loss) < 1e-5 * loss)
        if (learned.kind === 'all') close(loss, oracleLoss(config, weights, batch), 2e-6)
        gradients.push(into.map(value => value - 1))
        if (!checkpoint && probed.has(name)) await checkSlopes(config, learned, base, objective.parameters, values, batch, gradients[0]!)
        await objective.close()
      }
      const [kept, again] = gradients as [Float32Array, Float32Array]
      for (const [at, value] of kept.entries()) close(again[at]!, value, 1e-5)
    }
  })
}

function close(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${actual}, not ${expected}`)
}

/** Compares some gradients with finite differences of the loss in f64. */
async function checkSlopes(config: DecoderConfig, learned: Learned, base: Base, parameters: readonly Parameter[], values: Float32Array, batch: TokenBatch, gradient: Float32Array): Promise<void> {
  const { rows, length } = batch
  const graph = decoderLoss(config, { shape: batch, picked: rows * length, learned, base: base.format, checkpoint: false, gradients: false })
  const { cos, sin } = ropeTables(config.rope, config.headDim, length)
  const places = array64([rows * length], Array.from({ length: rows * length }, (_, place) => place))
  const fixed = Object.fromEntries([
    ...(['ids', 'positions', 'segments'] as const).map(name => [lossInputs[name], array64([rows, length], batch[name])] as const),
    [lossInputs.labels, array64([rows * length], batch.labels)], [lossInputs.picked, places], [lossInputs.places, places],
    ...Object.entries({ cos, sin }).map(([name, data]) => [lossInputs[name as 'cos'], array64([length, config.headDim / 2], data)] as const),
    ...(await Promise.all(graph.base.map(async input => [input.name, array64(input.shape, (await base.tensor(input)).data as Float32Array)] as const)))
  ])
  const lossAt = (flat: Float64Array) => {
    let from = 0
    const given = Object.fromEntries(parameters.map(({ name, shape }) => [name, array64(shape, flat.subarray(from, (from += sizeOf(shape))))]))
    return known(interpret(graph.model, { ...fixed, ...given }), graph.loss).data[0]!
  }
  const random = new Random(11)
  for (let probe = 0; probe < 3; probe++) {
    const at = random.below(values.length)
    const moved = (by: number) => lossAt(Float64Array.from(values).with(at, values[at]! + by))
    const slope = (moved(1e-5) - moved(-1e-5)) / 2e-5
    assert.ok(Math.abs(slope - gradient[at]!) < 1e-4 * Math.max(1, Math.abs(slope)), `parameter ${at}: ${slope} by differences, ${gradient[at]}`)
  }
}

for (const format of [{ bits: 4, block: 32, zeroPoints: true }, { bits: 4, block: 32, zeroPoints: false }, { bits: 8, block: 64, zeroPoints: true }] as const) {
  test(`over weights of ${format.bits} bits, blocks of ${format.block}${format.zeroPoints ? ', zero points' : ''}, an adapter has the loss and gradient that it has over the same weights in f32`, async () => {
    for (const config of [tinyConfigs['tied head']!, tinyConfigs['widths that are no multiple of a block']!, tinyConfigs['a head of its own']!]) {
      const { base, unpacked } = roundedBase(tinyWeights(config), format)
      const batch = batchOf(config, [[7, 4], [9]], 12, new Random(3))
      const results: { loss: number; gradient: Float32Array }[] = []
      for (const each of [base, plainBase(unpacked)]) {
        const objective = new DecoderObjective({ config, learned: adapterOf(config), base: each, checkpoint: true, headPiece: 1000, open })
        const values = valuesOf(objective.parameters, unpacked, new Random(5))
        const gradient = new Float32Array(values.length)
        results.push({ ...(await objective.gradient(values, batch, gradient)), gradient })
        await objective.close()
      }
      const [packed, plain] = results as [(typeof results)[0], (typeof results)[0]]
      close(packed.loss, plain.loss, 1e-6)
      for (const [at, value] of plain.gradient.entries()) close(packed.gradient[at]!, value, 1e-5)
    }
  })
}

test('with A frozen, B alone is a parameter, and has the loss and gradient that it has when both are learned', async () => {
  for (const config of [tinyConfigs['tied head']!, tinyConfigs['biases everywhere']!]) {
    const weights = tinyWeights(config)
    const batch = batchOf(config, [[7, 4], [9]], 12, new Random(3))
    const learned = adapterOf(config)
    const both = new DecoderObjective({ config, learned, base: plainBase(weights), checkpoint: false, open })
    const values = valuesOf(both.parameters, weights, new Random(5))
    const wanted = new Float32Array(values.length)
    const { loss } = await both.gradient(values, batch, wanted)
    const parts = slices(both.parameters)
    const frozenA = new Map([...learned.linears].map(name => [name, values.slice(...parts.get(adapterNames(name).a)!)]))
    for (const checkpoint of [false, true]) {
      const alone = new DecoderObjective({ config, learned: { ...learned, frozenA }, base: plainBase(weights), checkpoint, open })
      assert.equal(alone.parameters.map(({ name }) => name), both.parameters.map(({ name }) => name).filter(name => name.endsWith('lora_B.weight')))
      const own = Float32Array.from(alone.parameters.flatMap(({ name }) => [...values.slice(...parts.get(name)!)]))
      const gradient = new Float32Array(own.length)
      close((await alone.gradient(own, batch, gradient)).loss, loss, 1e-6)
      for (const [name, [from, to]] of slices(alone.parameters)) for (const [at, value] of wanted.slice(...parts.get(name)!).entries()) close(gradient.subarray(from, to)[at]!, value, 1e-5)
      await alone.close()
    }
    const lacking = new DecoderObjective({ config, learned: { ...learned, frozenA: new Map() }, base: plainBase(weights), checkpoint: false, open })
    await rejects(lacking.loss(new Float32Array(parameterCount(lacking.parameters)), batch), /frozen A/)
    await lacking.close()
    await both.close()
  }
})

/** From where to where each lies in the flat vector. */
function slices(parameters: readonly Parameter[]): Map<string, [number, number]> {
  let at = 0
  return new Map(parameters.map(({ name, shape }) => [name, [at, (at += sizeOf(shape))]]))
}

test('examples in one row, and batches of another shape, have the loss and gradient that they have alone', async () => {
  const config = tinyConfigs['a window on one layer']!
  const weights = tinyWeights(config)
  const objective = new DecoderObjective({ config, learned: { kind: 'all' }, base: plainBase(weights), checkpoint: false, open })
  const values = valuesOf(objective.parameters, weights, new Random(5))
  const packed = batchOf(config, [[7, 4], [9]], 12, new Random(3))
  const [together, apart] = [new Float32Array(values.length), new Float32Array(values.length)]
  const { loss } = await objective.gradient(values, packed, together)
  let sum = 0
  for (const [from, size] of [[0, 7], [7, 4], [12, 9]] as const) {
    const cut = (name: 'ids' | 'labels' | 'positions') => packed[name].slice(from, from + size)
    const own = { rows: 1, length: size, ids: cut('ids'), labels: cut('labels'), positions: cut('positions'), segments: new Int32Array(size), tokens: size }
    sum += (await objective.gradient(values, own, apart)).loss
  }
  close(sum, loss, 1e-6)
  for (const [at, value] of together.entries()) close(apart[at]!, value, 2e-5)
  await objective.close()
})

test('the gradient of a batch is the sum of those of its labels, one at a time', async () => {
  const config = tinyConfigs['tied head']!
  const weights = tinyWeights(config)
  const objective = new DecoderObjective({ config, learned: { kind: 'all' }, base: plainBase(weights), checkpoint: false, open })
  const values = valuesOf(objective.parameters, weights, new Random(5))
  const batch = batchOf(config, [[7, 4], [9]], 12, new Random(3))
  const [together, apart] = [new Float32Array(values.length), new Float32Array(values.length)]
  const { loss } = await objective.gradient(values, batch, together)
  let sum = 0
  for (const [at, label] of batch.labels.entries()) {
    if (label === notLearned) continue
    const found = await objective.gradient(values, { ...batch, labels: new Int32Array(24).fill(notLearned).with(at, label) }, apart)
    assert.is(found.labels, 1)
    sum += found.loss
  }
  close(sum, loss, 1e-6)
  for (const [at, value] of together.entries()) close(apart[at]!, value, 2e-5)
  assert.equal(await objective.gradient(values, { ...batch, labels: new Int32Array(24).fill(notLearned) }, apart), { loss: 0, labels: 0 })
  await objective.close()
})

/** Published models with gradients that torch found, for those who have them. */
const references = process.env['KINMESH_REFERENCE_MODELS'] ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'reference-models')
for (const family of ['llama', 'qwen2']) {
  const dir = join(references, family)
  if (!existsSync(dir)) continue
  test(`gradients of an adapter are those of torch: ${family}`, async () => {
    const config = readHubConfig(JSON.parse(readFileSync(join(dir, 'config.json'), 'utf8')))
    const { input_ids: ids, lora: { rank, alpha, ignored_labels: ignored, loss: expectedLoss } } = JSON.parse(readFileSync(join(dir, 'reference.json'), 'utf8')) as { input_ids: number[]; lora: { rank: number; alpha: number; ignored_labels: number; loss: number } }
    const files = folderFiles(dir)
    const lora = await openTensorFile('lora-reference.safetensors', (await files.open('lora-reference.safetensors'))!)
    const tensors = await openTensors(files.open)
    const whole = async (from: typeof tensors, name: string) => ({ shape: from.info(name).shape, data: await from.readRows(name, 0, from.info(name).shape[0]!) })
    const weights = new Map(await Promise.all(tensors.names().map(async name => [name, await whole(tensors, name)] as const)))
    const learned = { kind: 'adapter', rank, scale: alpha / rank, linears: new Set(adaptableLinears(config).map(({ name }) => name)) } as const
    const referenceName = new Map([...learned.linears].flatMap(name => [[adapterNames(name).a, `${name}.A`], [adapterNames(name).b, `${name}.B`]]))
    const objective = new DecoderObjective({ config, learned, base: plainBase(weights), checkpoint: true, open })
    const parts = await Promise.all(objective.parameters.map(({ name }) => whole(lora, referenceName.get(name)!)))
    const { length } = ids
    const labels = Int32Array.from(ids, (_, at) => (at + 1 < ignored ? notLearned : (ids[at + 1] ?? notLearned)))
    const batch = { rows: 1, length, ids: Int32Array.from(ids), labels, positions: Int32Array.from(ids, (_, at) => at), segments: new Int32Array(length), tokens: length }
    const gradient = new Float32Array(parameterCount(objective.parameters))
    const found = await objective.gradient(Float32Array.from(parts.flatMap(({ data }) => Array.from(data))), batch, gradient)
    close(found.loss / found.labels, expectedLoss, 1e-6)
    let from = 0
    for (const { name, shape } of objective.parameters) {
      const expected = (await whole(lora, `${referenceName.get(name)}.grad`)).data
      const own = gradient.subarray(from, (from += sizeOf(shape)))
      const most = Math.max(...expected.map(Math.abs))
      for (const [at, value] of expected.entries()) assert.ok(Math.abs(value - own[at]! / found.labels) < 1e-5 * most, name)
    }
    await objective.close()
    await files.close()
  })
}

test.run()
