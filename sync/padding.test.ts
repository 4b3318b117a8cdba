import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../mesh/errors.ts'
import { maxEncodedValueBytes, maxEntryBytes } from './limits.ts'
import { pad, paddedBytes, paddedFloorBytes, unpad } from './padding.ts'

const content = (length: number) => Uint8Array.from({ length }, (_, index) => index % 251)

test('padding comes off again, whatever the content ends with', () => {
  for (const length of [0, 1, 254, 255, 256, 257, 1000, 4095, 4096, 60_000]) assert.equal(unpad(pad(content(length))), content(length), `${length} bytes`)
  for (const end of [[0], [0x80], [0x80, 0, 0], [0, 0x80, 0]]) assert.equal(unpad(pad(Uint8Array.from(end))), Uint8Array.from(end))
})

test('few lengths are left, at most 12 % longer; short contents all have the same', () => {
  const lengths = new Set<number>()
  for (let length = 0; length <= 64 * 1024; length++) {
    const padded = paddedBytes(length)
    assert.ok(padded > length)
    if (length < paddedFloorBytes) assert.is(padded, paddedFloorBytes)
    else assert.ok(padded <= (length + 1) * 1.12, `${length} → ${padded}`)
    lengths.add(padded)
  }
  // 2^8 … 2^16 in steps of 1/16 to 1/32: 8 octaves.
  assert.ok(lengths.size <= 8 * 32 + 1, `${lengths.size} lengths`)
  assert.ok(paddedBytes(maxEncodedValueBytes + 512) + 512 < maxEntryBytes, 'the largest item still fits an entry')
})

test('another padding than the one that is due is refused', () => {
  const good = pad(content(100))
  const refused = (bytes: Uint8Array) => assert.throws(() => unpad(bytes), (error: unknown) => isKinmeshError(error, 'MalformedBytes'))
  refused(good.subarray(0, good.length - 1))
  refused(new Uint8Array([...good, 0]))
  refused(new Uint8Array(256))
  refused(new Uint8Array())
  const other = good.slice()
  other[other.length - 1] = 1
  refused(other)
})

test.run()
