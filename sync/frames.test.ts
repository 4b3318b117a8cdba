import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type CborValue, decodeCbor, encodeCbor } from '../mesh/codec.ts'
import { isKinmeshError } from '../mesh/errors.ts'
import { type Frame, basesPerFrame, decodeFrame, encodeFrame, protocolVersion } from './frames.ts'
import { maxEntryBytes, maxHelloBytes, maxShards, maxSpaces, snapshotPartBytes, wantCredit } from './limits.ts'
import { Random, seededTest } from './random.fixtures.ts'

const filled = (length: number, value: number) => new Uint8Array(length).fill(value)
const [id, hash] = [filled(32, 1), filled(32, 2)]
const malformed = (error: unknown) => isKinmeshError(error, 'MalformedBytes')
const hex = 'a'.repeat(64)

const frames: Frame[] = [
  { type: 'hello', spaces: [] },
  { type: 'hello', spaces: [{ id, members: hex }, { id: hash, members: '' }] },
  { type: 'members', space: 0, statements: [filled(10, 3), new Uint8Array()] },
  { type: 'have', space: maxSpaces - 1, logs: [{ author: id, height: 2 ** 40, head: hash }], more: true },
  { type: 'have', space: 0, logs: [], more: false },
  { type: 'want', space: 0, author: id, from: 1, credit: wantCredit },
  { type: 'entry', space: 0, entries: [filled(300, 3), filled(1, 4)] },
  { type: 'ack', space: 0, heights: [{ author: id, height: 5 }] },
  { type: 'digest', space: 0, heads: hex, digest: hex },
  { type: 'ping', sentAt: 1_767_225_600_000 },
  { type: 'pong', sentAt: 1, now: 2 },
  { type: 'nack', space: 0, author: id, seq: 7, code: 'BadUpdate' },
  { type: 'bye', code: 'Stopping' },
  { type: 'snapshot', space: 0, author: id, checkpoint: filled(200, 5), bases: [{ shard: maxShards - 1, seq: 5, hash, size: 1000 }], more: true },
  { type: 'snapshot', space: 0, author: id, checkpoint: filled(200, 5), bases: [], more: false },
  { type: 'fetch', space: 0, author: id, seq: 5, shard: 3 },
  { type: 'part', space: 0, author: id, seq: 5, shard: 3, offset: 48, bytes: filled(64, 6) }
]

/** The frame, or undefined for bytes that are none; any other failure is one of the reader. */
function read(bytes: Uint8Array): Frame | undefined {
  try {
    return decodeFrame(bytes)
  } catch (error) {
    assert.ok(malformed(error), `${String(error)} for ${bytes.join(' ')}`)
    return undefined
  }
}

test('every frame reads back as it was written, and its first field is its number', () => {
  const numbers = { hello: 0, members: 1, have: 2, want: 3, entry: 4, ack: 5, digest: 6, ping: 7, pong: 8, nack: 9, bye: 10, snapshot: 11, fetch: 12, part: 13 }
  for (const frame of frames) {
    const bytes = encodeFrame(frame)
    assert.equal(decodeFrame(bytes), frame, frame.type)
    assert.is((decodeCbor(bytes) as CborValue[])[0], numbers[frame.type])
  }
  assert.equal(new Set(frames.map(frame => frame.type)), new Set(Object.keys(numbers)), 'every type is here')
})

test('every beginning of a frame alone is refused, and so is a byte more', () => {
  for (const frame of frames) {
    const bytes = encodeFrame(frame)
    for (let length = 0; length < bytes.length; length++) assert.is(read(bytes.subarray(0, length)), undefined, `${frame.type}, ${length} bytes`)
    assert.is(read(new Uint8Array([...bytes, 0])), undefined)
  }
})

seededTest('10,000 frames with flipped bits are refused, or are other frames', 'frames', 1, random => {
  let others = 0
  for (let count = 0; count < 10_000; count++) {
    const bytes = encodeFrame(random.pick(frames)).slice()
    for (let flips = 1 + random.below(3); flips > 0; flips--) bytes[random.below(bytes.length)]! ^= 1 << random.below(8)
    const frame = read(bytes)
    if (!frame) continue
    others++
    assert.equal(encodeFrame(frame), bytes, 'one frame has one encoding')
  }
  assert.ok(others > 100, `only ${others} were frames: the flips say little`)
})

test('10,000 random texts are refused', () => {
  const random = new Random(1)
  for (let count = 0; count < 10_000; count++) read(random.bytes(random.below(200)))
})

test('bytes that declare more than they hold cost nothing', () => {
  for (const bytes of [[0x9a, 0xff, 0xff, 0xff, 0xff], [0x9b, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x82, 4, 0x9a, 0x7f, 0xff, 0xff, 0xff], [0x82, 0x18, 4, 0x5a, 0x7f, 0xff, 0xff, 0xff]]) assert.is(read(new Uint8Array(bytes)), undefined)
})

test('a hello over its bound, with more spaces than two devices share, or of another version', () => {
  const spaces = Array.from({ length: maxSpaces }, () => ({ id, members: hex }))
  const largest = encodeFrame({ type: 'hello', spaces })
  assert.ok(largest.length <= maxHelloBytes)
  assert.is(read(largest)?.type, 'hello')
  assert.is(read(encodeFrame({ type: 'hello', spaces: [...spaces, { id, members: '' }] })), undefined)
  assert.throws(() => decodeFrame(encodeFrame({ type: 'hello', spaces: [{ id, members: 'a'.repeat(maxHelloBytes) }] })), (error: unknown) => malformed(error) && (error as Error).message.includes(`over ${maxHelloBytes} bytes`))
  assert.throws(() => decodeFrame(encodeCbor([0, protocolVersion + 1, []])), (error: unknown) => malformed(error) && (error as Error).message.includes('update kinmesh on both'))
})

test('each field keeps to its bounds', () => {
  const wrong: CborValue[] = [
    [14, 0], [-1], ['hello'], [], 5, [0, protocolVersion, [[id]]], [0, protocolVersion, [[id, 'a', 0]]], [0, protocolVersion, [[filled(31, 1), '']]], [0, protocolVersion, [[id, 'a'.repeat(65)]]],
    [1, maxSpaces, []], [1, -1, []], [1, 0, ['text']], [1, 0, Array.from({ length: 257 }, () => filled(1, 1))], [2, 0, [[id, -1, hash]], false], [2, 0, [[id, 1, filled(31, 1)]], false], [2, 0, Array.from({ length: 513 }, () => [id, 1, hash]), false], [2, 0, [], 0],
    [3, 0, id, 1, wantCredit + 1], [3, 0, filled(33, 1), 1, 1], [3, 0, id, 1.5, 1], [4, 0, [1]], [4, 0, Array.from({ length: wantCredit + 1 }, () => filled(1, 1))], [5, 0, [[id]]], [5, 0, Array.from({ length: 513 }, () => [id, 1])],
    [6, 0, 'a'.repeat(65), ''], [6, 0, '', 'a'.repeat(65)], [7], [7, 1, 2], [8, 1], [9, 0, id, 1, 'a'.repeat(41)], [10, 'a'.repeat(41)], [10, 5],
    [11, 0, id, filled(maxEntryBytes + 1, 1), [], false], [11, 0, id, filled(1, 1), [], 0], [11, 0, id, filled(1, 1), [[maxShards, 1, hash, 1]], false], [11, 0, id, filled(1, 1), [[0, 1, filled(31, 1), 1]], false], [11, 0, id, filled(1, 1), Array.from({ length: basesPerFrame + 1 }, () => [0, 1, hash, 1]), false],
    [12, 0, id, 1, maxShards], [12, 0, id, 1], [13, 0, id, 1, 1, 0, filled(snapshotPartBytes + 1, 1)], [13, 0, id, 1, 1, -1, filled(1, 1)]
  ]
  for (const value of wrong) assert.is(read(encodeCbor(value)), undefined, JSON.stringify(value).slice(0, 100))
})

test('what one frame may carry fits the 64 KiB of the mesh', () => {
  const largest: Frame[] = [
    { type: 'snapshot', space: 0, author: id, checkpoint: filled(1024, 5), bases: Array.from({ length: basesPerFrame }, () => ({ shard: maxShards - 1, seq: 2 ** 40, hash, size: 2 ** 24 })), more: true },
    { type: 'part', space: 0, author: id, seq: 2 ** 40, shard: maxShards - 1, offset: 2 ** 24, bytes: filled(snapshotPartBytes, 6) },
    { type: 'entry', space: maxSpaces - 1, entries: [filled(maxEntryBytes, 1)] },
    { type: 'have', space: 0, logs: Array.from({ length: 512 }, () => ({ author: id, height: 2 ** 40, head: hash })), more: false }
  ]
  for (const frame of largest) assert.ok(encodeFrame(frame).length <= 64 * 1024, `${frame.type}: ${encodeFrame(frame).length}`)
})

test.run()
