import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { missingBrowser } from '../tools/browser/chromium.ts'
import { documentOf, valueOf } from './run.fixtures.ts'

export const missing = missingBrowser

test('page --quick prints one document with every metric by its name', async () => {
  const report = await documentOf('page', '--quick')
  for (const [metric, variant, unit] of [
    ['bundle_gzip', undefined, 'KB'], ['bundle_gzip', 'brotli', 'KB'], ['usable_after_reload', '300', 'ms'], ['cold_join', '300', 'ms'],
    ['edit_visible_p50', 'node → page', 'ms'], ['edit_visible_p99', 'page → node', 'ms']
  ] as const) {
    assert.ok(valueOf(report, metric, variant) > 0, metric)
    assert.is(report.rows.find(row => row.metric === metric && row.case === variant)?.unit, unit)
  }
  assert.ok(valueOf(report, 'bundle_gzip') < 200, 'what a page loads to be a device stays below 200 KB')
})

test.run()
