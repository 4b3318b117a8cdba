import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { listening, ago, clip, columnsOf, duration, lines, oneLine, roughly, size, table } from './show.ts'

test('what others wrote cannot steer the terminal', () => {
  assert.is(oneLine('a\u001b[2Jb\nc\u202ed\u009b31m'), 'a [2Jb c d 31m')
  assert.is(lines('a\u0007\nb\r\nc'), 'a \nb\nc')
})

test('columns count what a terminal shows', () => {
  assert.is(columnsOf('abc'), 3)
  assert.is(columnsOf('日本'), 4)
  assert.is(columnsOf('e\u0301'), 1)
  assert.is(columnsOf('👩‍👩‍👧'), 2)
  assert.is(clip('abcdef', 4), 'abc…')
  assert.is(clip('日本語です', 5), '日本…')
})

test('a table lines up, and its last column ends with the terminal', () => {
  const text = table(['A', 'TEXT'], [['日', 'x'.repeat(100)], ['abc', 'short']], { width: 30 })
  assert.is(text, `A    TEXT\n日   ${'x'.repeat(24)}…\nabc  short`)
})

test('times are said as people say them', () => {
  assert.equal([0, 61, 7200, 86_400 * 3].map(seconds => ago(1e12 - seconds * 1000, 1e12)), ['just now', '1 minute ago', '2 hours ago', '3 days ago'])
  assert.equal([1.26, 45.2, 1234].map(duration), ['1.3 ms', '45 ms', '1.2 s'])
  assert.equal([1, 59_000, 61_000, 3_600_000, 5_400_000].map(roughly), ['1 s', '59 s', '2 min', '1.0 h', '1.5 h'])
})

test('sizes are said in the unit that fits', () => {
  assert.equal([0, 1536, 300 * 1024 ** 2, 1.5 * 1024 ** 3].map(size), ['0.0 KiB', '1.5 KiB', '300 MiB', '1.5 GiB'])
})

test('addresses are shown as one line per interface', () => {
  const addrs = ['/ip4/10.0.0.7/tcp/4455', '/ip4/127.0.0.1/tcp/4455', '/ip4/10.0.0.7/tcp/4456/ws', '/ip4/10.0.0.7/udp/4457/webrtc-direct/certhash/uEiBzFMXfIhUD0zkj6UGPFdXldzq7Rn-lZutMLjBFIulnJg']
  assert.equal(listening(addrs), ['10.0.0.7  TCP 4455, WebSocket 4456, WebRTC 4457', '127.0.0.1  TCP 4455'])
})

test.run()
