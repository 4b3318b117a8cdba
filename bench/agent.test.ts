import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withTempDir } from '../node/testing/temp.node.ts'
import { noiseModel } from './noise-model.fixtures.ts'
import { bench, documentOf, valueOf } from './run.fixtures.ts'

test('agent: what the assistant adds to a model of noise, what it answers to three at once, and its memory', () => withTempDir(async dir => {
  const report = await documentOf('agent', '--quick', '--model', noiseModel(join(dir, 'published')))
  for (const [metric, variant] of [['overhead_first_token'], ['overhead_total'], ['overhead_share'], ['first_token', 'assistant'], ['first_token', 'bare question'], ['answer', 'assistant'], ['requests', '3 sessions'], ['request_p95', '3 sessions'], ['rss_idle']] as const) {
    assert.ok(valueOf(report, metric, variant) > 0, metric)
  }
  assert.is(valueOf(report, 'errors', '3 sessions'), 0)
  assert.ok(valueOf(report, 'overhead_total') < valueOf(report, 'answer', 'assistant') && valueOf(report, 'overhead_share') < 100)
}))

test('agent: without a model it says where one is missing', async () => {
  const { code, stderr } = await bench('agent', '--model', '/nowhere')
  assert.is(code, 2)
  assert.match(stderr, /no model in \/nowhere/)
})

test.run()
