import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { bench, documentOf, valueOf } from './run.fixtures.ts'

test('sync --quick prints one document with every metric by its name', async () => {
  const report = await documentOf('sync', '--quick')
  for (const [metric, variant, unit] of [
    ['edit_visible_p50', '2', 'ms'], ['edit_visible_p99', '2', 'ms'], ['burst_writes', undefined, 'per s'], ['rejoin_1000', undefined, 'ms'],
    ['cold_join', '300', 'ms'], ['restart', '300', 'ms'], ['rss', '300', 'MB']
  ] as const) {
    assert.ok(valueOf(report, metric, variant) > 0, metric)
    assert.is(report.rows.find(row => row.metric === metric && row.case === variant)?.unit, unit)
  }
  assert.ok(valueOf(report, 'edit_visible_p50', '2') <= valueOf(report, 'edit_visible_p99', '2'))
})

test('a command line that cannot be ends with 2 and says why', async () => {
  for (const args of [['nothing'], ['sync', '--what'], ['sync', '--runs', 'many'], ['sync', '--only', 'speed'], ['sync', '--sizes', 'big'], ['sync', '--quick', '--save'], ['sync', '--lan']]) {
    const { code, stdout, stderr } = await bench(...args)
    assert.equal([code, stdout, stderr.trimEnd().split('\n').length], [2, '', 1], `${args.join(' ')}: ${stderr}`)
  }
  const help = await bench('--help')
  assert.is(help.code, 0)
  for (const name of ['sync', 'kills', 'removed']) assert.match(help.stdout, new RegExp(`^  ${name} `, 'm'))
})

test.run()
