import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Device, startDevice } from '../device.ts'
import { withTempDir } from '../testing/temp.node.ts'
import { limits } from './admission.ts'

function withDevice(work: (ask: (path: string, signal?: AbortSignal) => Promise<Response>, clock: { now: number }) => Promise<void>): Promise<void> {
  return withTempDir(async dir => {
    const clock = { now: Date.now() }
    const device: Device = await startDevice({ home: dir, online: false, clock: () => clock.now })
    const ask = (path: string, signal: AbortSignal | null = null) => device.fetch(new Request(`http://127.0.0.1${path}`, { headers: { authorization: `Bearer ${device.token}` }, signal }))
    try {
      await work(ask, clock)
    } finally {
      await device.stop()
    }
  })
}

test('requests beyond the rate are refused in the shape of the API, and a moment later let in again', () =>
  withDevice(async (ask, clock) => {
    for (let n = 0; n < limits.requests.burst; n++) assert.is((await ask('/api/lists')).status, 200, String(n))
    const refused = await ask('/api/lists')
    const { error } = (await refused.json()) as { error: { code: string; message: string } }
    assert.equal([refused.status, refused.headers.get('retry-after'), error.code], [429, '1', 'RateLimited'])
    assert.match(error.message, /500 requests a second: ask less often/)
    assert.equal([(await ask('/health')).status, (await ask('/v1/models')).status], [200, 200])
    clock.now += 1000
    assert.is((await ask('/api/lists')).status, 200)
  }))

test('streams count against themselves only, and each that ends makes room', () =>
  withDevice(async (ask, clock) => {
    const leaving = Array.from({ length: limits.streams.atOnce }, () => new AbortController())
    const open = []
    for (const { signal } of leaving) open.push(await ask('/api/events', signal))
    assert.ok(open.every(({ status }) => status === 200))
    const refused = await ask('/api/events')
    assert.equal([refused.status, refused.headers.get('retry-after'), (await ask('/api/lists')).status], [429, '1', 200])
    await open[0]?.body?.cancel()
    clock.now += 1000
    const next = await ask('/api/events')
    assert.is(next.status, 200)
    await next.body?.cancel()
    for (const each of open.slice(1)) await each.body?.cancel()
  }))

test.run()
