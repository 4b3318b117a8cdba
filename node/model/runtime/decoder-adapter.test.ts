import { readdirSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KinmeshError, isKinmeshError } from '../../../mesh/errors.ts'
import { rejects } from '../../../tools/assert.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { type Adapter, adapterWeightsFile, readAdapter } from '../adapter.ts'
import { adapterConfigFile } from '../adapter-config.ts'
import type { DecoderConfig } from '../decoder-config.ts'
import type { Recipe } from '../graph/decoder.ts'
import { peftAdapter, peftTensors, savedConfig } from '../peft-adapter.fixtures.ts'
import { memoryFiles, writeSafetensors } from '../safetensors.fixtures.ts'
import { buildDecoder, unrounded } from '../testing/built-models.node.ts'
import { type Weights, oracleLogits } from '../testing/decoder-oracle.ts'
import { rowsOfWeights, tinyConfigs, tinyWeights } from '../testing/tiny-models.ts'
import { DecoderSession } from './decoder-session.ts'
import { openOrtSession } from './ort-session.node.ts'
import { openPackedSession } from './packed-session.node.ts'
import type { GraphSession } from './session.ts'
import { openStockSession } from './stock-session.node.ts'

const ids = [3, 17, 42, 5, 5, 60, 0, 29, 33, 8, 11, 54]
const all = [...ids.keys()]
const plain = tinyConfigs['tied head']!
const size = { slots: 4, positions: 32 }
const threads = { threads: 1 }
const prompts8: Recipe = { ...unrounded, prompts: { bits: 8, block: null } }

const adapterOf = (config: DecoderConfig, seed = 1, targets?: readonly string[]): Promise<Adapter> => readAdapter(memoryFiles(peftAdapter(config, seed, targets)), config)

async function opened(config: DecoderConfig, weights: Weights, recipe: Recipe = unrounded): Promise<DecoderSession> {
  const { path, promptsPath, adaptedPath, adaptedPromptsPath } = await buildDecoder(config, recipe, rowsOfWeights(weights))
  const open = async (adapted: boolean) => {
    const steps = await openOrtSession(adapted ? adaptedPath : path, threads)
    return { steps, prompts: recipe.prompts ? await openOrtSession(adapted ? adaptedPromptsPath : promptsPath, threads) : steps }
  }
  const { steps, prompts } = await open(false)
  return new DecoderSession(steps, config, size, prompts, { open })
}

function greatestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assert.is(a.length, b.length)
  return Array.from(a).reduce((greatest, value, i) => Math.max(greatest, Math.abs(value - b[i]!)), 0)
}

/** Every bit. */
const bits = (numbers: Float32Array) => Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString('hex')

for (const [what, config] of Object.entries(tinyConfigs)) {
  test(`with an adapter logits are those of the formula: ${what}`, async () => {
    const weights = tinyWeights(config)
    const session = await opened(config, weights)
    const adapter = await adapterOf(config)
    const [expected, base] = [oracleLogits(config, weights, ids, adapter).flat(), oracleLogits(config, weights, ids).flat()]
    assert.ok(greatestDifference(expected, base) > 0.5, 'it changes something')
    assert.ok(greatestDifference(await session.read(0, 0, ids, all, adapter), expected) < 1e-4)
    session.close()
  })

  test(`without an adapter the graph that takes them gives what the other one gives, bit for bit: ${what}`, async () => {
    const session = await opened(config, tinyWeights(config), { linear: { bits: 4, block: 32, zeroPoints: false }, embedding: { bits: 8, block: 32, zeroPoints: true }, prompts: { bits: 8, block: null } })
    const written = async () => [await session.read(0, 0, ids, all), await session.step(0, [7], [ids.length]), await session.readAsSteps(1, 0, ids)].map(bits)
    const before = await written()
    await session.admitAdapters()
    assert.equal((await written()).map((each, index) => each === before[index]), [true, true, true])
    session.close()
  })
}

/** For tests: what merging makes of the weights, W + B · A. */
function merged(weights: Weights, adapter: Adapter): Weights {
  return new Map([...weights].map(([name, { shape, data }]) => {
    const low = adapter.linears.get(name.replace(/\.weight$/, ''))
    const [rows = 0, columns = 0] = shape
    if (!low) return [name, { shape, data }] as const
    return [name, { shape, data: data.map((value, at) => {
      for (let r = 0; r < low.rank; r++) value += low.b[r * rows + Math.floor(at / columns)]! * low.a[(at % columns) * low.rank + r]!
      return value
    }) }] as const
  }))
}

test('weights into which the adapter is merged give the same', async () => {
  for (const config of [plain, tinyConfigs['biases everywhere']!, tinyConfigs['normed heads (qwen3)']!]) {
    const weights = tinyWeights(config)
    const adapter = await adapterOf(config)
    const [apart, together] = [await opened(config, weights), await opened(config, merged(weights, adapter))]
    const [a, b] = [await apart.read(0, 0, ids, all, adapter), await together.read(0, 0, ids, all)]
    assert.ok(greatestDifference(a, b) < 1e-5 * Math.max(...a.map(Math.abs)), String(greatestDifference(a, b)))
    apart.close()
    together.close()
  }
})

test('each module has a rank of its own, or none', async () => {
  const weights = tinyWeights(plain)
  const targets = ['q_proj', 'v_proj', 'up_proj', '1.self_attn.o_proj']
  const rankOf = (name: string) => (name.endsWith('q_proj') ? 1 : name.endsWith('up_proj') ? 7 : 4)
  const config = { ...savedConfig, target_modules: targets, rank_pattern: { q_proj: 1, up_proj: 7 } }
  const adapter = await readAdapter(memoryFiles({ [adapterConfigFile]: JSON.stringify(config), [adapterWeightsFile]: writeSafetensors(peftTensors(plain, { targets, rankOf })) }), plain)
  assert.equal([...adapter.linears.values()].map(({ rank }) => rank), [1, 4, 7, 1, 4, 4, 7])
  const session = await opened(plain, weights)
  assert.ok(greatestDifference(await session.read(0, 0, ids, all, adapter), oracleLogits(plain, weights, ids, adapter).flat()) < 1e-4)
  session.close()
})

test('what was read before there were adapters is read on from; steps of several sequences and several tokens go through the adapter', async () => {
  const weights = tinyWeights(plain)
  const session = await opened(plain, weights)
  const [x, y] = [await adapterOf(plain, 1), await adapterOf(plain, 2)]
  await session.read(3, 0, ids.slice(0, 7), [])
  for (const slot of [0, 1]) await session.read(slot, 0, ids.slice(0, 11), [], x)
  await session.readAsSteps(2, 0, ids.slice(0, 11), y)
  const expected = (adapter?: Adapter) => oracleLogits(plain, weights, ids, adapter)
  const together = await session.step(0, [ids[11]!, ids[11]!], [11, 11], x)
  assert.ok(greatestDifference(together, [...expected(x)[11]!, ...expected(x)[11]!]) < 1e-4)
  assert.ok(greatestDifference(await session.readAsSteps(2, 11, ids.slice(11), y), expected(y)[11]!) < 1e-4)
  assert.ok(greatestDifference(await session.read(3, 7, ids.slice(7), [4]), expected()[11]!) < 1e-4, 'of none')
  session.close()
})

test('prompts that are read with 8-bit activations go through the adapter as well', async () => {
  const weights = tinyWeights(plain)
  const session = await opened(plain, weights, prompts8)
  const adapter = await adapterOf(plain)
  const expected = oracleLogits(plain, weights, ids, adapter)
  const scale = Math.max(...expected.flat().map(Math.abs))
  assert.ok(greatestDifference(await session.read(0, 0, ids.slice(0, 11), all.slice(0, 11), adapter), expected.slice(0, 11).flat()) < 0.05 * scale)
  assert.ok(greatestDifference(await session.step(0, [ids[11]!], [11], adapter), expected[11]!) < 0.05 * scale)
  session.close()
})

test('the binding of onnxruntime-node gives the same, of rank 0 too, also when adapters come while it runs', async () => {
  const weights = tinyWeights(plain)
  const { path, adaptedPath } = await buildDecoder(plain, unrounded, rowsOfWeights(weights))
  const session = new DecoderSession(await openStockSession(path, threads), plain, size, undefined, { open: async () => {
    const steps = await openStockSession(adaptedPath, threads)
    return { steps, prompts: steps }
  } })
  const adapter = await adapterOf(plain)
  const [before] = await Promise.all([session.read(1, 0, ids, all), session.admitAdapters()])
  assert.ok(greatestDifference(before, oracleLogits(plain, weights, ids).flat()) < 1e-4)
  assert.ok(greatestDifference(await session.read(0, 0, ids, all, adapter), oracleLogits(plain, weights, ids, adapter).flat()) < 1e-4)
  assert.is(bits(await session.read(1, 0, ids, all)), bits(before))
  session.close()
})

test('with weights that are packed on the disk the graphs for adapters give the same, to the last bit', () => withTempDir(async dir => {
  // Small tensors stay inside of the graph, and are not packed.
  const config = { ...plain, innerSize: 2048 }
  const four = { bits: 4, block: 32, zeroPoints: false } as const
  const { adaptedPath } = await buildDecoder(config, { linear: four, embedding: four }, rowsOfWeights(tinyWeights(config)))
  const adapter = await adapterOf(config)
  const decoderOf = (session: GraphSession) => new DecoderSession(session, config, size, session, { adapted: true })
  const notes: string[] = []
  const packed = () => openPackedSession(adaptedPath, dir, { ...threads, probe: session => decoderOf(session).read(0, 0, ids, [7]), onNote: note => notes.push(note) })
  const results: string[] = []
  for (const open of [() => openOrtSession(adaptedPath, threads), packed, packed]) {
    const decoder = decoderOf(await open())
    results.push(bits(await decoder.read(0, 0, ids, all, adapter)) + bits(await decoder.read(1, 0, ids, all)))
    decoder.close()
  }
  assert.equal(results.map(each => each === results[0]), [true, true, true])
  assert.equal([readdirSync(dir), notes.length], [['model-adapted'], 1])
}))

test('a model without such a graph says so; one that does not load leaves the other in its place, and may load later', async () => {
  const weights = tinyWeights(plain)
  const { path, adaptedPath } = await buildDecoder(plain, unrounded, rowsOfWeights(weights))
  const adapter = await adapterOf(plain)
  const old = new DecoderSession(await openOrtSession(path, threads), plain, size)
  await rejects(old.read(0, 0, ids, [], adapter), (error: unknown) => isKinmeshError(error, 'NotConverted'))
  old.close()
  const paths = [`${adaptedPath}.missing`, path, adaptedPath]
  const session = new DecoderSession(await openOrtSession(path, threads), plain, size, undefined, { open: async () => {
    const steps = await openOrtSession(paths.shift()!, threads)
    return { steps, prompts: steps }
  } })
  await session.read(0, 0, ids.slice(0, 6), [])
  await rejects(session.read(1, 0, ids, [], adapter), (error: unknown) => isKinmeshError(error, 'ModelFailed'))
  assert.ok(greatestDifference(await session.read(0, 6, ids.slice(6), [5]), oracleLogits(plain, weights, ids)[11]!) < 1e-4, 'what was read is there')
  assert.ok(greatestDifference(await session.read(1, 0, ids, [11], adapter), oracleLogits(plain, weights, ids, adapter)[11]!) < 1e-4)
  session.close()
})

test('where nothing loads any more every run is a named error', async () => {
  const { path } = await buildDecoder(plain, unrounded, rowsOfWeights(tinyWeights(plain)))
  const session = new DecoderSession(await openOrtSession(path, threads), plain, size, undefined, { open: () => Promise.reject(new KinmeshError('ModelFailed', 'no memory')) })
  await rejects(session.admitAdapters(), (error: unknown) => isKinmeshError(error, 'ModelFailed'))
  await rejects(session.read(0, 0, ids, []), (error: unknown) => isKinmeshError(error, 'ModelFailed') && error.message.includes('choose it again'))
  session.close()
})

test('closed while adapters are being made ready for: the graphs that come too late are given back', async () => {
  const { path } = await buildDecoder(plain, unrounded, rowsOfWeights(tinyWeights(plain)))
  const [asked, late] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let closed = 0
  const session = new DecoderSession(await openOrtSession(path, threads), plain, size, undefined, { open: async () => {
    asked.resolve()
    await late.promise
    const steps = { run: () => Promise.reject(new Error('it ran')), close: () => void closed++ }
    return { steps, prompts: steps }
  } })
  const admitted = rejects(session.admitAdapters(), (error: unknown) => isKinmeshError(error, 'DeviceStopped'))
  await asked.promise
  session.close()
  late.resolve()
  await admitted
  assert.is(closed, 1)
})

test.run()
