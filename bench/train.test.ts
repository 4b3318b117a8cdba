import { platform } from 'node:os'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { missingBrowser } from '../tools/browser/chromium.ts'
import { documentOf, valueOf } from './run.fixtures.ts'

test('train --quick prints one document with every metric by its name', async () => {
  const report = await documentOf('train', '--quick')
  const cases = ['tiny', ...(missingBrowser === undefined ? ['tiny in a page'] : [])]
  for (const name of cases) for (const metric of ['step', 'speed', 'parameters', ...(name === 'tiny' || platform() === 'linux' ? ['rss_before', 'rss_peak'] : [])]) assert.ok(valueOf(report, metric, name) > 0, `${metric} of ${name}`)
  assert.ok(valueOf(report, 'rss_peak', 'tiny') >= valueOf(report, 'rss_before', 'tiny'))
  assert.ok(valueOf(report, 'optimizer', 'tiny') < valueOf(report, 'step', 'tiny'))
})

test.run()
