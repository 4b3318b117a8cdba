import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { SleepClock } from './device/sleep-clock.ts'
import { documentOf, valueOf } from './run.fixtures.ts'

test('wake --quick tells how soon a device is in sync after a sleep, whatever became of its connection', async () => {
  const report = await documentOf('wake', '--quick')
  for (const fate of ['the connection held', 'the other side gave up']) {
    // Below a minute: it noticed that it slept, and did not wait for the timer of a silent connection.
    assert.ok(valueOf(report, 'wake_synced_worst', fate) < 20_000, fate)
    assert.ok(valueOf(report, 'wake_synced_p50', fate) <= valueOf(report, 'wake_synced_worst', fate))
  }
})

test('a clock that was told of a sleep jumps once, when the process stood still', () => {
  const clock = new SleepClock()
  const standStill = (ms: number) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
  const aheadMs = () => clock.now() - Date.now()
  clock.sleepSoon(3_600_000)
  standStill(50)
  assert.ok(Math.abs(aheadMs()) < 10)
  standStill(1100)
  assert.ok(Math.abs(aheadMs() - 3_600_000) < 10)
  standStill(1100)
  assert.ok(Math.abs(aheadMs() - 3_600_000) < 10)
})

test.run()
