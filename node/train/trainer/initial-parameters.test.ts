import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { adapterNames } from '../graphs/decoder-loss.ts'
import type { Parameter } from '../objective.ts'
import { initialParameters } from './initial-parameters.ts'

const of = (name: string, ...shape: number[]): Parameter => ({ name, shape, decays: true })
const { a, b } = adapterNames('model.layers.0.mlp.up_proj')
const parameters = [of('model.embed_tokens.weight', 200, 50), of('model.layers.0.input_layernorm.weight', 50), of('model.layers.0.mlp.up_proj.weight', 100, 64), of('model.layers.0.mlp.up_proj.bias', 9), of('filters1.weight', 20, 4, 5, 5), of(a, 8, 50), of(b, 50, 8)]

test('each kind of tensor begins as it should, and the same everywhere', () => {
  const flat = initialParameters(parameters, 5)
  let at = 0
  const [embedding, norm, matrix, bias, filters, learnedA, learnedB] = parameters.map(({ shape }) => [...flat.subarray(at, (at += shape.reduce((product, each) => product * each, 1)))]) as [number[], number[], number[], number[], number[], number[], number[]]
  const deviation = (values: number[]) => Math.sqrt(values.reduce((sum, each) => sum + each * each, 0) / values.length)
  assert.ok(Math.abs(deviation(embedding) - 0.02) < 5e-4 && Math.max(...embedding) > 0.06)
  assert.ok(norm.every(value => value === 1) && [...bias, ...learnedB].every(value => value === 0))
  for (const [values, inputs] of [[matrix, 64], [filters, 100], [learnedA, 50]] as const) {
    const bound = 1 / Math.sqrt(inputs)
    assert.ok(values.every(value => Math.abs(value) <= bound) && Math.abs(deviation(values) - bound / Math.sqrt(3)) < 0.06 * bound, String(deviation(values)))
  }
  assert.equal(initialParameters(parameters, 5), flat)
  assert.not.equal(initialParameters(parameters, 6), flat)
  assert.equal([embedding[0], matrix[0], learnedA[0]].map(value => value!.toFixed(7)), ['0.0171532', '0.1240245', '-0.0385334'], 'numbers of this version: another order would be another training')
})

test.run()
