import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { documentOf, valueOf } from './run.fixtures.ts'

test('train --quick prints one document with every metric by its name', async () => {
  const report = await documentOf('train', '--quick')
  for (const metric of ['step', 'speed', 'rss_before', 'rss_peak', 'parameters']) assert.ok(valueOf(report, metric, 'tiny') > 0, metric)
  assert.ok(valueOf(report, 'rss_peak', 'tiny') >= valueOf(report, 'rss_before', 'tiny'))
  assert.ok(valueOf(report, 'optimizer', 'tiny') < valueOf(report, 'step', 'tiny'))
})

test.run()
