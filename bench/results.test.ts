import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { row, table, type Report } from './report.ts'
import { readResults, savedIn } from './results.ts'
import { median, quantile } from './statistics.ts'

const report = (bench: string, value: number): Report => ({
  bench, at: '2026-01-02T03:04:05.000Z', machine: { cpu: 'a model that is nobody’s business', cores: 2, memoryGB: 24, os: 'Linux 6.1', node: 'v24.1.0' },
  rows: [row('edit', value, 'ms', '2'), row('writes', 12_345.6, 'per s')]
})

test('RESULTS.md keeps the last of each bench, and nothing that tells whose machine it is', () => {
  const first = savedIn(readResults('/nowhere/RESULTS.md'), report('sync', 1.2345), ['sync', '--runs', '3'], 0.25)
  const both = savedIn(first, report('kills', 7), ['kills'], 0)
  const again = savedIn(both, report('sync', 99), ['sync'], 0)
  assert.match(first, '## sync\n\n2026-01-02, 2 cores, 24 GB, Linux, Node 24.1.0, other load 0.3 at its start. `npm run bench -- sync --runs 3`\n')
  assert.match(first, '| edit | 2 | 1.23 | ms | kinmesh |\n| writes |  | 12,346 | per s | kinmesh |\n')
  assert.match(again, '| edit | 2 | 99 | ms | kinmesh |')
  assert.match(again, '| edit | 2 | 7 | ms | kinmesh |')
  assert.not.match(again, '1.23')
  assert.not.match(again, 'nobody')
  assert.is(again.match(/^## /gm)?.length, 2)
})

test('a bench may keep figures under another heading, and no path of this machine', () => {
  const both = savedIn(savedIn(readResults('/nowhere/RESULTS.md'), report('sync', 1), ['sync'], 0), report('sync', 2), ['sync', '--lan', '--vswitch', '/home/me/vswitch.c'], 0, 'sync --lan')
  assert.match(both, '## sync --lan\n')
  assert.match(both, '`npm run bench -- sync --lan --vswitch vswitch.c`')
  assert.is(both.match(/^## /gm)?.length, 2)
})

test('quantiles are values that were measured', () => {
  const values = [5, 1, 4, 2, 3]
  assert.equal([quantile(values, 0.5), quantile(values, 0.99), quantile(values, 0), quantile(values, 0.2), median([1, 2])], [3, 5, 1, 1, 1])
  assert.throws(() => quantile([], 0.5), /nothing/)
})

test('the table for people has its columns below each other', () => {
  assert.is(table(report('sync', 5).rows), ['metric  case   value  unit   subject', 'edit    2          5  ms     kinmesh', 'writes        12,346  per s  kinmesh'].join('\n'))
})

test.run()
