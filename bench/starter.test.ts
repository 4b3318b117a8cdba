import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { convertFolder } from '../node/model/convert.node.ts'
import { withTempDir } from '../node/testing/temp.node.ts'
import { noiseModel } from './noise-model.fixtures.ts'
import { bench, documentOf } from './run.fixtures.ts'

test('starter: a model of noise is loaded, asked and scored: what words decide is right all the same, and what only a model says is not', () => withTempDir(async dir => {
  const published = noiseModel(join(dir, 'published'))
  await convertFolder(published, join(dir, 'converted'), { bits: 8, block: 32, zeroPoints: false, small: true })
  const report = await documentOf('starter', '--model', join(dir, 'converted'), '--count', '1', '--style')
  for (const metric of ['grounded', 'contradiction', 'abstention', 'tool_choice', 'dialogues']) {
    const value = report.rows.find(row => row.metric === metric)?.value ?? NaN
    assert.ok(value >= 0 && value <= 1, `${metric}: ${value}`)
  }
  // Of which kind a fact is the model says.
  assert.ok((report.rows.find(({ metric }) => metric === 'extraction_kinds')?.value ?? NaN) < 0.5)
  assert.ok(report.rows.some(({ metric, value }) => metric === 'extraction_f1' && value > 0))
  const of = (metric: string, variant?: string) => report.rows.find(row => row.metric === metric && row.case === variant)?.value ?? NaN
  assert.ok(of('style_holdout', 'after') < of('style_holdout', 'before') && of('style_learned') > 0 && of('grounded', 'with the style') >= 0)
  for (const metric of ['load', 'first_token', 'rss']) assert.ok((report.rows.find(row => row.metric === metric)?.value ?? 0) > 0, metric)
  assert.is(report.rows.find(row => row.metric === 'asked' && row.case === 'dialogues')?.value, 50)
}))

test('starter: without a model it says where one is missing', async () => {
  const { code, stderr } = await bench('starter', '--model', '/nowhere')
  assert.is(code, 2)
  assert.match(stderr, /no converted model in \/nowhere/)
})

test.run()
