import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { rejects } from '../../../tools/assert.ts'
import { openSession } from '../runtime/open-session.node.ts'
import { oracleVectors } from '../testing/encoder-oracle.ts'
import { type GraphOptions, encoderGraph, encoderWeights, tinySizes } from '../testing/tiny-encoder.ts'
import type { EncoderConfig } from './encoder-config.ts'
import { EncoderGraph } from './encoder-graph.ts'

const weights = encoderWeights(tinySizes)
const config: EncoderConfig = { vocabSize: 120, hiddenSize: 24, maxTokens: 32, padId: 0, pooling: 'mean', normalize: false, isAssumed: false, prompts: { query: '', document: '', other: '' } }
const [short, long, middle] = [[2, 9, 3], [2, 7, 60, 61, 5, 5, 80, 11, 90, 3], [2, 50, 51, 52, 3]] as const

async function opened(options: GraphOptions = {}, more: Partial<EncoderConfig> = {}): Promise<EncoderGraph> {
  const path = join(mkdtempSync(join(tmpdir(), 'encoder-')), 'model.onnx')
  writeFileSync(path, encoderGraph(tinySizes, weights, options))
  return new EncoderGraph(await openSession(path, { threads: 1 }), { ...config, ...more })
}

for (const pooling of ['mean', 'cls'] as const) {
  test(`texts that are filled up to one length are each what the formula gives: ${pooling}`, async () => {
    const graph = await opened({}, { pooling, padId: 7 })
    for (const [index, vector] of (await graph.run([short, long, middle])).entries()) {
      const states = oracleVectors(tinySizes, weights, [short, long, middle][index]!)
      const expected = pooling === 'cls' ? states[0]! : states[0]!.map((_, at) => states.reduce((sum, state) => sum + state[at]!, 0) / states.length)
      assert.ok(expected.every((value, at) => Math.abs(value - vector[at]!) < 1e-5), `text ${index}`)
    }
    assert.ok(await graph.readsApart(short, long))
    graph.close()
  })
}

test('what mixes the texts of a batch, or knows no mask, is found out', async () => {
  for (const options of [{ quantized: true }, { inputs: ['input_ids'] }, { inputs: ['input_ids', 'token_type_ids'] }, { output: 'sentence_embedding' }]) {
    const graph = await opened(options)
    assert.not(await graph.readsApart(short, long), JSON.stringify(options))
    graph.close()
  }
  const graph = await opened({ inputs: ['input_ids'] })
  await rejects(graph.run([short, long]), (error: unknown) => isKinmeshError(error, 'ModelFailed'))
  assert.is((await graph.run([short, [2, 4, 3]])).length, 2)
  graph.close()
})

test.run()
