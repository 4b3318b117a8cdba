import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Random } from '../../sync/random.fixtures.ts'
import { type WeightType, widen } from './float-bits.ts'
import { narrow } from './float-narrow.ts'

function wide(type: WeightType, bytes: Uint8Array): Float32Array {
  const values = new Float32Array(bytes.length / (type === 'F32' ? 4 : 2))
  widen(type, bytes, values, 0)
  return values
}

/** All numbers of a format with two bytes that are finite and not negative, in their order. */
function allOf(type: 'F16' | 'BF16'): Float32Array {
  const count = type === 'F16' ? 0x7c00 : 0x7f80
  return wide(type, new Uint8Array(Uint16Array.from({ length: count }, (_, bits) => bits).buffer))
}

for (const type of ['F16', 'BF16'] as const) {
  test(`${type}: every number of it stays what it is`, () => {
    const all = allOf(type)
    const both = Float32Array.from([...all, ...all.map(value => -value)])
    assert.equal(new Uint32Array(wide(type, narrow(type, both)).buffer), new Uint32Array(both.buffer))
  })

  test(`${type}: what lies between two goes to the nearer one, the middle to the even one`, () => {
    const all = allOf(type)
    const random = new Random(1)
    for (let count = 0; count < 20_000; count++) {
      const below = random.below(all.length - 1)
      const [low, high] = [all[below]!, all[below + 1]!]
      const middle = low / 2 + high / 2
      const given = Float32Array.of(middle, Math.fround(low + (high - low) * 0.49), Math.fround(low + (high - low) * 0.51), -middle)
      const even = below % 2 === 0 ? low : high
      // The smallest numbers of bf16 are the smallest of f32 too: nothing lies between them.
      if (given[0] === middle && given[1]! < middle && given[2]! > middle) assert.equal([...wide(type, narrow(type, given))], [even, low, high, -even], String(middle))
    }
  })
}

test('beyond the largest one everything is infinite', () => {
  assert.equal([...wide('F16', narrow('F16', Float32Array.of(65504, 65519, 65520, -1e38)))], [65504, 65504, Infinity, -Infinity])
  assert.equal([...wide('BF16', narrow('BF16', Float32Array.of(3.4e38, -3.4e38)))], [Infinity, -Infinity])
})

test('F32 is copied bit for bit', () => {
  const values = Float32Array.of(1e-45, -0, 3.4e38, 0.1).subarray(1)
  const bytes = narrow('F32', values)
  assert.equal([...wide('F32', bytes)], [...values])
  assert.is.not(bytes.buffer, values.buffer)
})

test.run()
