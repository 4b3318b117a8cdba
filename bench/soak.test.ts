import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withTempDir } from '../node/testing/temp.node.ts'
import { documentOf, valueOf } from './run.fixtures.ts'
import { slopeOf } from './soak/slope.ts'

test('ten seconds of use with restarts and cuts lose nothing, and are sampled', () =>
  withTempDir(async dir => {
    const file = join(dir, 'samples.jsonl')
    const report = await documentOf('soak', '--quick', '--seed', '5', '--samples', file)
    assert.equal([valueOf(report, 'lost'), valueOf(report, 'faults'), valueOf(report, 'restarts'), valueOf(report, 'cuts')], [0, 0, 2, 4])
    assert.ok(valueOf(report, 'acknowledged') > 100, 'hardly anything was written')
    for (const metric of ['heap_slope', 'buffers_slope', 'rss_slope']) assert.is(report.rows.find(row => row.metric === metric)?.unit, 'MB/h')
    for (const metric of ['heap_last', 'rss_last', 'handles_last', 'fds_last']) assert.ok(valueOf(report, metric) > 0, metric)
    const samples = readFileSync(file, 'utf8').trimEnd().split('\n').map(line => JSON.parse(line) as { device: string; connected: number })
    assert.is(samples.length, 30)
    assert.ok(samples.some(({ connected }) => connected === 2))
  }))

test('a slope is that of the line through the points', () => {
  const line = Array.from({ length: 10 }, (_, n) => ({ at: n / 10, value: 30 + n / 20 }))
  assert.ok(Math.abs(slopeOf(line).perHour - 0.5) < 1e-9)
  assert.ok(slopeOf(line).error < 1e-9)
  const noisy = line.map(({ at, value }, n) => ({ at, value: value + (n % 2 === 0 ? 1 : -1) }))
  assert.ok(slopeOf(noisy).error > 1, 'noise makes a slope doubtful')
  assert.throws(() => slopeOf(line.slice(0, 2)), /three points/)
})

test.run()
