import { createCipheriv, createHash } from 'node:crypto'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeCbor } from '../../mesh/codec.ts'
import { frozenFactor } from './frozen-factor.ts'
import { flatten } from './low-rank.ts'
import { DividedAdapter, interpolated } from './personal.ts'
import { refused } from './refused.fixtures.ts'
import { loraUpdates } from './updates.fixtures.ts'

test('one matrix goes round and the other stays: neither is in the other, and both together are the adapter', () => {
  fc.assert(fc.property(loraUpdates(true), fc.constantFrom('a' as const, 'b' as const), (updates, part) => {
    const [mine, other, beginning] = [updates[0]!.layers, updates.at(-1)!.layers, updates[Math.floor(updates.length / 2)]!.layers]
    const divided = new DividedAdapter(beginning, part)
    assert.is.not(divided.own, part)
    const shared = divided.partOf(flatten(other, 'both'), part)
    assert.equal(shared, flatten(other, part))
    const whole = divided.whole(shared, divided.partOf(flatten(mine, 'both'), divided.own))
    assert.equal([divided.partOf(whole, part), divided.partOf(whole, divided.own)], [flatten(other, part), flatten(mine, divided.own)])
    assert.equal(whole, flatten(mine.map((layer, at) => ({ ...layer, [part]: other[at]![part] })), 'both'))
    assert.equal(divided.whole(flatten(beginning, part), undefined), flatten(beginning, 'both'))
  }))
  refused('WrongShape', () => new DividedAdapter([], 'a').whole(Float32Array.of(1), undefined))
})

test('between local and shared', () => {
  const [local, shared] = [Float32Array.of(1, -2), Float32Array.of(3, 2)]
  assert.equal([0, 0.25, 1].map(share => interpolated(local, shared, share)), [local, Float32Array.of(1.5, -1), shared])
  for (const share of [-0.1, 1.1, NaN]) refused('BadAggregationOption', () => interpolated(local, shared, share))
  refused('WrongShape', () => interpolated(local, new Float32Array(3), 0.5))
})

test('the frozen A follows from its seed alone', () => {
  const [linear, rank] = [{ name: 'layers.0.q', inputs: 300 }, 8]
  const a = frozenFactor('a public seed', linear, rank)
  // As the rule says, with Node's own ciphers.
  const key = createHash('sha256').update(encodeCbor(['kinmesh frozen A 1', 'a public seed', linear.name, rank, linear.inputs])).digest()
  const stream = createCipheriv('chacha20', key, Buffer.alloc(16)).update(Buffer.alloc(a.byteLength))
  assert.equal(a, Float32Array.from(a, (_, at) => (2 * Math.floor(stream.readUInt32LE(at * 4) / 256) + 1 - 2 ** 24) / 2 ** 24 / Math.sqrt(300)))
  // Golden: a device of another version must draw the same.
  assert.is(createHash('sha256').update(new Uint8Array(a.buffer)).digest('hex'), '054534dd586b776cbd7a78a0d50f04642852140b7b879f914fbc792ca26d4d2c')
})

test('it is uniform within ±1/√inputs, and another seed, layer or rank gives another', () => {
  const of = (seed: string, name: string, rank: number) => frozenFactor(seed, { name, inputs: 400 }, rank)
  const a = of('seed', 'q', 50)
  assert.ok(a.every(value => Math.abs(value) <= 0.05))
  const mean = a.reduce((sum, value) => sum + value, 0) / a.length
  const variance = a.reduce((sum, value) => sum + value * value, 0) / a.length
  // 20,000 values: five standard deviations of either.
  assert.ok(Math.abs(mean) < 5 * (0.05 / Math.sqrt(3)) / Math.sqrt(a.length))
  assert.ok(Math.abs(variance / (0.05 ** 2 / 3) - 1) < 5 * Math.sqrt(0.8 / a.length))
  const beginnings = [of('seed', 'q', 50), of('seeds', 'q', 50), of('seed', 'k', 50), of('seed', 'q', 51)].map(values => String(values.subarray(0, 4)))
  assert.is(new Set(beginnings).size, 4)
  assert.is(of('seed', 'q', 0).length, 0)
})

test.run()
