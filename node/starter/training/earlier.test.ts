import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { rejects } from '../../../tools/assert.ts'
import { f32Tensor, writeSafetensors } from '../../model/safetensors.fixtures.ts'
import { withTempDir } from '../../testing/temp.node.ts'
import { readEarlier } from './earlier.node.ts'

test('what a training left is read in the order of the parameters, steps and evaluations apart; another shape or no model is refused', () => withTempDir(async dir => {
  const parameters = [{ name: 'b', shape: [2], decays: false }, { name: 'a', shape: [2, 3], decays: true }]
  const badModel = (error: unknown) => isKinmeshError(error, 'BadModelFile')
  await rejects(readEarlier(dir, parameters), badModel)
  mkdirSync(join(dir, 'published'))
  writeFileSync(join(dir, 'published', 'model.safetensors'), writeSafetensors({ a: f32Tensor([2, 3], [1, 2, 3, 4, 5, 6]), b: f32Tensor([2], [7, 8]) }))
  const step = { step: 0, loss: 2, rate: 0.1, norm: 1, labels: 3 }
  writeFileSync(join(dir, 'steps.jsonl'), `${[step, { step: 0, holdout: 4 }].map(line => JSON.stringify(line)).join('\n')}\n`)
  assert.equal(await readEarlier(dir, parameters), { parameters: Float32Array.of(7, 8, 1, 2, 3, 4, 5, 6), trained: [step], evaluated: [{ step: 0, loss: 4 }] })
  await rejects(readEarlier(dir, [{ name: 'a', shape: [3, 2], decays: true }]), badModel)
}))

test.run()
