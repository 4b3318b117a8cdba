import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openOrtSession } from '../../model/runtime/ort-session.node.ts'
import { Sfc32 } from '../../model/text/sfc32.ts'
import { DecoderObjective } from '../../train/decoder-objective.ts'
import { type TokenBatch, notLearned } from '../../train/objective.ts'
import { initialParameters } from '../../train/trainer/initial-parameters.ts'
import { vocabSize } from '../tokenizer-files.ts'
import { starterConfig } from './recipe.ts'
import { startingWeights } from './starting-weights.ts'

const config = starterConfig(vocabSize, 2, 0)

test('untrained, they copy tokens that stood there before, near and far', async () => {
  const base = { format: { bits: 32 } as const, tensor: async () => Promise.reject(new Error('all weights are learned')) }
  const objective = new DecoderObjective({ config, learned: { kind: 'all' }, base, checkpoint: false, open: model => openOrtSession(model, { threads: 1, asWritten: true }) })
  const mean = async (weights: Float32Array, batch: TokenBatch) => {
    const { loss, labels } = await objective.loss(weights, batch)
    return loss / labels
  }
  try {
    const weights = startingWeights(config, objective.parameters, 1)
    for (const batch of [saidTwice(30), saidTwice(240), saidTwice(100, 4000)]) {
      const chance = Math.log(vocabSize)
      assert.ok((await mean(weights, batch)) < chance / 2)
      assert.ok((await mean(initialParameters(objective.parameters, 1), batch)) > chance - 1)
    }
  } finally {
    await objective.close()
  }
})

/** Tokens that mean nothing, and the same once more: what of the second time can be known is learned. `space`: one that stands before each of them, and is not learned. */
function saidTwice(length: number, space?: number): TokenBatch {
  const random = new Sfc32(length)
  const once = Array.from({ length }, () => 5 + (random.next() % (vocabSize - 5))).flatMap(id => (space === undefined ? [id] : [space, id]))
  const ids = Int32Array.from([...once, ...once])
  const labels = Int32Array.from(ids, (_, at) => (at <= once.length || ids[at + 1] === space ? notLearned : (ids[at + 1] ?? notLearned)))
  return { rows: 1, length: ids.length, ids, labels, positions: Int32Array.from(ids.keys()), segments: new Int32Array(ids.length), tokens: ids.length }
}

test.run()
