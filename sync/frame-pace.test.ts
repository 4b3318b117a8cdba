import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from './devices.fixtures.ts'
import { FramePace } from './frame-pace.ts'
import { type Frame, encodeFrame } from './frames.ts'
import { bytesPerTurn, controlBytesBurst, controlBytesPerSecond, framesBurst, framesPerSecond, framesPerTurn } from './limits.ts'
import { rig } from './session.fixtures.ts'

test('the event loop turns after some frames, and after some bytes', () => {
  const frames = new FramePace(() => 0)
  const waits = Array.from({ length: 2 * framesPerTurn }, () => frames.take('ping', 9))
  assert.equal(waits.flatMap((waitMs, index) => (waitMs === undefined ? [] : [[index + 1, waitMs]])), [[framesPerTurn, 0], [2 * framesPerTurn, 0]])
  const bytes = new FramePace(() => 0)
  assert.equal([bytes.take('have', bytesPerTurn - 1), bytes.take('have', 1), bytes.take('have', 1)], [undefined, 0, undefined])
})

test('more frames than anybody needs wait', () => {
  let now = 0
  const pace = new FramePace(() => now)
  for (let taken = 0; taken < framesBurst; taken++) assert.is(pace.take('part', 48 * 1024) ?? 0, 0)
  assert.is(pace.take('part', 1), 1000 / framesPerSecond)
  now += 1000
  assert.is(pace.take('part', 1) ?? 0, 0)
})

test('bytes of a flood wait; those of entries and of snapshots do not', () => {
  const pace = new FramePace(() => 0)
  const size = 64 * 1024
  for (let taken = 0; taken < controlBytesBurst / size; taken++) assert.is(pace.take('members', size), 0)
  assert.is(pace.take('entry', size) ?? 0, 0)
  assert.is(pace.take('members', size), (size / controlBytesPerSecond) * 1000)
})

test('a flood of tiny frames is read no faster than its pace, however many are there', async () => {
  const it = await rig()
  const ping = encodeFrame({ type: 'ping', sentAt: 1 } satisfies Frame)
  const flood = framesBurst + 2 * framesPerSecond
  for (let sent = 0; sent < flood; sent++) it.end.other?.deliver(ping)
  await it.time.run(100)
  const unread = it.end.other?.unread ?? 0
  assert.ok(unread > 1.5 * framesPerSecond && unread < 2 * framesPerSecond, `${unread} unread`)
  await it.time.run(2000)
  await until('the rest was read', () => it.end.other?.unread === 0)
  await it.stop()
})

test.run()
