import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type ConvertRecipe, graphRecipe } from '../model/convert-recipe.ts'
import { adaptableLinears } from '../model/graph/low-rank.ts'
import { openOrtSession } from '../model/runtime/ort-session.node.ts'
import { buildDecoder } from '../model/testing/built-models.node.ts'
import { rowsOfWeights, tinyConfigs, tinyWeights } from '../model/testing/tiny-models.ts'
import { type Base, DecoderObjective } from './decoder-objective.ts'
import { ModelBase } from './model-base.ts'
import { parameterCount } from './objective.ts'
import { plainBase, roundedBase } from './testing/bases.ts'
import { UnpackedBase } from './unpacked-base.ts'

const recipes: ConvertRecipe[] = [
  { bits: 32, block: 32, zeroPoints: false, small: false }, { bits: 4, block: 32, zeroPoints: true, small: false },
  { bits: 4, block: 64, zeroPoints: false, small: true }, { bits: 8, block: 32, zeroPoints: true, small: false }
]

for (const recipe of recipes) {
  test(`a converted model is a base as the weights that it was made of: ${JSON.stringify(recipe)}`, async () => {
    for (const name of ['biases everywhere', 'a head of its own', 'normed heads (qwen3)', 'widths that are no multiple of a block']) {
      const config = tinyConfigs[name]!
      const weights = tinyWeights(config)
      const { path } = await buildDecoder(config, graphRecipe(recipe), rowsOfWeights(weights))
      const file = openSync(join(dirname(path), 'weights.bin'), 'r')
      const read = async (offset: number, length: number) => {
        const bytes = new Uint8Array(length)
        readSync(file, bytes, 0, length, offset)
        return bytes
      }
      const losses: number[] = []
      const expected = recipe.bits === 32 ? plainBase(weights) : roundedBase(weights, { bits: recipe.bits, block: recipe.block, zeroPoints: recipe.zeroPoints }).base
      for (const base of [new ModelBase(config, recipe, { size: fstatSync(file).size, read }), expected] satisfies Base[]) {
        const learned = { kind: 'adapter', rank: 2, scale: 1, linears: new Set(adaptableLinears(config).map(linear => linear.name)) } as const
        const objective = new DecoderObjective({ config, learned, base, checkpoint: true, open: model => openOrtSession(model, { threads: 1, asWritten: true }) })
        const whole = (values: number[]) => Int32Array.from(values)
        const batch = { rows: 1, length: 5, ids: whole([4, 9, 1, 60, 7]), labels: whole([9, 1, 60, 7, -100]), positions: whole([0, 1, 2, 3, 4]), segments: whole([0, 0, 0, 0, 0]), tokens: 5 }
        losses.push((await objective.loss(new Float32Array(parameterCount(objective.parameters)).fill(0.01), batch)).loss)
        await objective.close()
      }
      closeSync(file)
      assert.is(losses[0], losses[1], name)
    }
  })
}

for (const format of [{ bits: 4, block: 32, zeroPoints: true }, { bits: 4, block: 64, zeroPoints: false }, { bits: 8, block: 32, zeroPoints: true }] as const) {
  test(`unpacked is what it stands for: ${JSON.stringify(format)}`, async () => {
    const weights = tinyWeights(tinyConfigs['widths that are no multiple of a block']!)
    const { base, unpacked } = roundedBase(weights, format)
    let made = 0
    const all = new UnpackedBase(base, format, count => {
      made += count
      return new Float32Array(count)
    })
    for (const [source, { shape, data }] of unpacked) {
      const input = { name: source, source, part: 'values', from: 0, shape: shape as [number, number], type: 'float32' } as const
      const tensor = await all.tensor(input)
      assert.equal([tensor.shape, tensor.data], [shape, data], source)
      assert.is(await all.tensor(input), tensor, 'it is there once')
    }
    assert.is(made, [...weights.values()].reduce((sum, { data }) => sum + data.length, 0))
  })
}

test.run()
