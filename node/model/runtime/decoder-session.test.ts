import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { DecoderConfig } from '../decoder-config.ts'
import type { Recipe } from '../graph/decoder.ts'
import type { BlockFormat } from '../graph/weight-layout.ts'
import { quantizeRows } from '../quantize.ts'
import { buildDecoder, unrounded } from '../testing/built-models.node.ts'
import { type Weights, oracleLogits } from '../testing/decoder-oracle.ts'
import { dequantizeRows } from '../testing/dequantize.ts'
import { rowsOfWeights, tinyConfigs, tinyWeights } from '../testing/tiny-models.ts'
import { DecoderSession } from './decoder-session.ts'
import type { CacheSize } from './key-values.ts'
import { openOrtSession } from './ort-session.node.ts'
import { openStockSession } from './stock-session.node.ts'

const ids = [3, 17, 42, 5, 5, 60, 0, 29, 33, 8, 11, 54]
const plain = tinyConfigs['tied head']!

async function opened(config: DecoderConfig, weights: Weights, recipe: Recipe = unrounded, size: CacheSize = { slots: 1, positions: 32 }): Promise<DecoderSession> {
  const { path } = await buildDecoder(config, recipe, rowsOfWeights(weights))
  return new DecoderSession(await openOrtSession(path, { threads: 1 }), config, size)
}

function greatestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assert.is(a.length, b.length)
  return Array.from(a).reduce((greatest, value, i) => Math.max(greatest, Math.abs(value - b[i]!)), 0)
}

for (const [what, config] of Object.entries(tinyConfigs)) {
  test(`logits are those of the formula: ${what}`, async () => {
    const weights = tinyWeights(config)
    const session = await opened(config, weights)
    const all = await session.read(0, 0, ids, [...ids.keys()])
    assert.ok(greatestDifference(all, oracleLogits(config, weights, ids).flat()) < 1e-4)
    session.close()
  })
}

test('the binding of onnxruntime-node gives the same, the cache in place', async () => {
  const weights = tinyWeights(plain)
  const { path } = await buildDecoder(plain, unrounded, rowsOfWeights(weights))
  const session = new DecoderSession(await openStockSession(path, { threads: 1 }), plain, { slots: 2, positions: 32 })
  await session.read(1, 0, ids.slice(0, 11), [])
  assert.ok(greatestDifference(await session.step(1, ids.slice(11), [11]), oracleLogits(plain, weights, ids)[11]!) < 1e-4)
  session.close()
})

test('reading in chunks, token by token, and over what was read before gives the same', async () => {
  const session = await opened(plain, tinyWeights(plain))
  const [last] = [ids.length - 1]
  const whole = await session.read(0, 0, ids, [last])
  await session.read(0, 0, [9, 9, 9, 9, 9, 9, 9], [])
  await session.read(0, 0, ids.slice(0, 5), [])
  await session.read(0, 5, ids.slice(5, 9), [0])
  await session.step(0, [ids[9]!], [9])
  await session.step(0, [ids[10]!], [10])
  assert.ok(greatestDifference(await session.step(0, [ids[11]!], [11]), whole) < 1e-5)
  session.close()
})

test('sequences of unlike lengths that step together are each as if it were alone', async () => {
  const size = { slots: 4, positions: 32 }
  const session = await opened(plain, tinyWeights(plain), unrounded, size)
  const prompts = [ids.slice(0, 7), ids.slice(2, 4), ids.slice(1, 11)]
  const alone: Float32Array[] = []
  for (const prompt of prompts) {
    await session.read(0, 0, prompt, [])
    alone.push(await session.step(0, [13], [prompt.length]))
  }
  for (const [index, prompt] of prompts.entries()) await session.read(index + 1, 0, prompt, [])
  const together = await session.step(1, [13, 13, 13], prompts.map(prompt => prompt.length))
  for (const [index, logits] of alone.entries()) {
    assert.ok(greatestDifference(together.subarray(index * plain.vocabSize, (index + 1) * plain.vocabSize), logits) < 1e-5, `sequence ${index}`)
  }
  session.close()
})

test('a copied beginning is read on from as if it had been read there', async () => {
  const session = await opened(plain, tinyWeights(plain), unrounded, { slots: 3, positions: 32 })
  await session.read(0, 0, ids.slice(0, 9), [])
  await session.read(2, 0, [1, 2, 3], [])
  session.copy(0, 2, 6)
  assert.ok(greatestDifference(await session.read(2, 6, ids.slice(6), [5]), await session.read(1, 0, ids, [11])) < 1e-5)
  session.close()
})

const recipes: Record<string, BlockFormat> = {
  'int4, blocks of 32': { bits: 4, block: 32, zeroPoints: false }, 'int4, blocks of 32 with zero points': { bits: 4, block: 32, zeroPoints: true },
  'int8, blocks of 32': { bits: 8, block: 32, zeroPoints: false }, 'int8, blocks of 64 with zero points': { bits: 8, block: 64, zeroPoints: true }
}
for (const [what, format] of Object.entries(recipes)) {
  for (const shape of ['tied head', 'widths that are no multiple of a block']) {
    test(`few bits give what the rounded weights give: ${what}, ${shape}`, async () => {
      const config = tinyConfigs[shape]!
      const weights = tinyWeights(config)
      const session = await opened(config, weights, { linear: format, embedding: format })
      const rounded = new Map([...weights].map(([name, { shape, data }]) => {
        const columns = shape[1]
        return [name, { shape, data: columns ? dequantizeRows(quantizeRows(data, columns, format), columns, format) : data }] as const
      }))
      const expected = oracleLogits(config, rounded, ids).flat()
      const scale = Math.max(...expected.map(Math.abs))
      // Activations are rounded to int8, and errors of that add up over the layers.
      assert.ok(greatestDifference(await session.read(0, 0, ids, [...ids.keys()]), expected) < 0.05 * scale)
      session.close()
    })
  }
}

for (const what of ['tied head', 'a head of its own']) {
  test(`so is the graph for pages, its head included: ${what}`, async () => {
    const config = tinyConfigs[what]!
    const weights = tinyWeights(config)
    const { pagePath, errors } = await buildDecoder(config, { ...unrounded, prompts: { bits: 8, block: null } }, rowsOfWeights(weights))
    assert.ok(errors.some(({ name }) => name === 'head for prompts'))
    const decoder = new DecoderSession(await openOrtSession(pagePath, { threads: 1 }), config, { slots: 1, positions: 32 })
    const expected = oracleLogits(config, weights, ids)
    const scale = Math.max(...expected.flat().map(Math.abs))
    await decoder.read(0, 0, ids.slice(0, 4), [])
    assert.ok(greatestDifference(await decoder.read(0, 4, ids.slice(4, 11), [6]), expected[10]!) < 0.05 * scale)
    assert.ok(greatestDifference(await decoder.step(0, [ids[11]!], [11]), expected[11]!) < 0.05 * scale)
    decoder.close()
  })
}

for (const what of ['tied head', 'widths that are no multiple of a block', 'biases everywhere']) {
  test(`prompts that are read with 8-bit activations are nearly what they are: ${what}`, async () => {
    const config = tinyConfigs[what]!
    const weights = tinyWeights(config)
    const { path, promptsPath, errors } = await buildDecoder(config, { ...unrounded, prompts: { bits: 8, block: null } }, rowsOfWeights(weights))
    assert.ok(errors.length > 0 && errors.every(({ relativeError }) => relativeError < 0.02))
    const [session, prompts] = await Promise.all([openOrtSession(path, { threads: 1 }), openOrtSession(promptsPath, { threads: 1 })])
    const decoder = new DecoderSession(session, config, { slots: 2, positions: 32 }, prompts)
    const expected = oracleLogits(config, weights, ids)
    const scale = Math.max(...expected.flat().map(Math.abs))
    assert.ok(greatestDifference(await decoder.read(0, 0, ids, [...ids.keys()]), expected.flat()) < 0.05 * scale)
    // Whatever else is read along with a token.
    const last = (await decoder.read(0, 0, ids, [11])).slice()
    await decoder.read(1, 0, ids.slice(0, 5), [])
    assert.ok(greatestDifference(await decoder.read(1, 5, ids.slice(5), [6]), last) < 1e-4 * scale)
    assert.ok(greatestDifference(await decoder.step(1, [ids[11]!], [11]), expected[11]!) < 0.05 * scale, 'and written on from')
    decoder.close()
  })
}

test('several tokens at once as steps are what single steps are', async () => {
  const weights = tinyWeights(plain)
  const { path, promptsPath } = await buildDecoder(plain, { ...unrounded, prompts: { bits: 8, block: null } }, rowsOfWeights(weights))
  const decoder = new DecoderSession(await openOrtSession(path, { threads: 1 }), plain, { slots: 1, positions: 32 }, await openOrtSession(promptsPath, { threads: 1 }))
  assert.ok(greatestDifference(await decoder.readAsSteps(0, 0, ids), oracleLogits(plain, weights, ids).flat()) < 1e-4)
  decoder.close()
})

test('many sequences that step together are each as if read alone in the graph for prompts', async () => {
  const weights = tinyWeights(plain)
  const slots = 9
  const { path, promptsPath } = await buildDecoder(plain, { ...unrounded, prompts: { bits: 8, block: null } }, rowsOfWeights(weights))
  const decoder = new DecoderSession(await openOrtSession(path, { threads: 1 }), plain, { slots, positions: 32 }, await openOrtSession(promptsPath, { threads: 1 }))
  const prompts = Array.from({ length: slots }, (_, slot) => ids.slice(0, 2 + slot))
  for (const [slot, prompt] of prompts.entries()) await decoder.read(slot, 0, prompt, [])
  const together = await decoder.step(0, prompts.map(() => 13), prompts.map(prompt => prompt.length))
  for (const [slot, prompt] of prompts.entries()) {
    const logits = together.subarray(slot * plain.vocabSize, (slot + 1) * plain.vocabSize)
    assert.ok(greatestDifference(logits, await decoder.read(slot, prompt.length, [13], [0])) < 1e-5, `sequence ${slot}`)
    assert.ok(greatestDifference(logits, await decoder.readAsSteps(slot, prompt.length, [13])) > 1e-4, 'which rounds otherwise')
  }
  decoder.close()
})

test.run()
