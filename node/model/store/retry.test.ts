import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { silentLogger } from '../../../mesh/log.ts'
import { failsWith } from '../../testing/throws.ts'
import { createMeter } from './meter.ts'
import { PassingError, retryAfterMs, withRetries } from './retry.ts'

/** Fails as often as there are waits asked for; returns how long each was. */
async function waited(failures: (n: number) => Error | undefined, progress?: () => number, signal?: AbortSignal): Promise<number[]> {
  const waits: number[] = []
  let n = 0
  const work = async () => {
    const failure = failures(n++)
    if (failure) throw failure
  }
  await withRetries(work, { what: 'a file', log: silentLogger, wait: async ms => void waits.push(ms), ...(progress ? { progress } : {}), signal })
  return waits
}

test('waits grow, start anew with progress, and are those that a server asks for', async () => {
  assert.equal(await waited(n => (n < 5 ? new PassingError('cut') : undefined)), [1000, 2000, 4000, 8000, 16_000])
  let done = 0
  assert.equal(await waited(n => (n < 8 ? new PassingError('cut') : undefined), () => Math.floor(++done / 8)), [1000, 2000, 4000, 1000, 2000, 4000, 8000, 1000])
  assert.equal(await waited(n => (n < 2 ? new PassingError('busy', { retryAfterMs: 7000 + n }) : undefined)), [7000, 7001])
  assert.equal([['3', 3000], ['Thu, 01 Jan 1970 00:00:10 GMT', 9000], ['soon', undefined], [null, undefined]].map(([header, ms]) => [retryAfterMs(header as string | null, 1000), ms]).filter(([a, b]) => a !== b), [])
})

test('patience ends, with and without progress, and what will not pass is told at once', async () => {
  let tries = 0
  assert.match((await failsWith('DownloadFailed', () => waited(() => new PassingError(`cut ${++tries}`)))).message, /a file \(cut 6\)/)
  let done = 0
  tries = 0
  await failsWith('DownloadFailed', () => waited(() => (tries++, new PassingError('cut')), () => ++done))
  assert.is(tries, 100)
  assert.match((await failsWith('DownloadFailed', () => waited(() => new PassingError('busy', { retryAfterMs: 3_600_000 })))).message, /busy, for 60 minutes/)
  tries = 0
  await waited(() => new RangeError(`${++tries}`)).then(() => assert.unreachable(), (error: unknown) => assert.instance(error, RangeError))
  assert.is(tries, 1)
})

test('an abort ends it with its own reason', async () => {
  const stop = new AbortController()
  const reason = new Error('enough')
  const ended = waited(() => {
    stop.abort(reason)
    return new PassingError('cut')
  }, undefined, stop.signal)
  await ended.then(() => assert.unreachable(), (error: unknown) => assert.is(error, reason))
})

test('the rate is that of the last seconds, without what was there already', () => {
  let now = 0
  const meter = createMeter(100_000, () => now)
  meter.add(40_000, false)
  assert.equal(meter.read(), { bytes: 40_000, totalBytes: 100_000, bytesPerSecond: null, leftMs: null })
  for (let second = 1; second <= 20; second++) {
    now = second * 1000
    meter.add(second <= 8 ? 5000 : 100, true)
  }
  const { bytes, bytesPerSecond, leftMs } = meter.read()
  assert.is(bytes, 81_200)
  assert.ok(bytesPerSecond !== null && bytesPerSecond > 99 && bytesPerSecond < 600, String(bytesPerSecond))
  assert.is(leftMs, ((100_000 - 81_200) * 1000) / bytesPerSecond)
  meter.takeBack(1200)
  assert.is(meter.read().bytes, 80_000)
})

test.run()
