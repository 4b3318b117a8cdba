import * as fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import { sha256 } from '../../mesh/crypto.ts'
import { compressUpdate } from './feedback.ts'
import { blockValues } from './int8.ts'
import { decodeUpdate, encodeUpdate, type Scheme } from './payload.ts'
import { gapsOf, largestPlaces, placesOf } from './top-k.ts'

const code = (...codes: string[]) => (error: unknown) => isKinmeshError(error, ...codes)
const int8: Scheme = { name: 'int8' }
const values = (length: number) => fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: length }).map(list => Float32Array.from(list))
const norm = (list: Iterable<number>) => Math.sqrt([...list].reduce((sum, value) => sum + value * value, 0))
/** Seeded, about normal. */
const gaussian = (length: number, seed: number) => {
  let state = seed
  const uniform = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
  return Float32Array.from({ length }, () => Array.from({ length: 12 }, uniform).reduce((sum, one) => sum + one, -6))
}

test('int8: every value to half a step of its block, whatever its size', () => {
  fc.assert(fc.property(values(3 * blockValues), list => {
    const back = decodeUpdate(encodeUpdate(list, int8), list.length)
    list.forEach((value, at) => {
      const from = Math.floor(at / blockValues) * blockValues
      const largest = Math.max(...list.slice(from, from + blockValues).map(Math.abs))
      // Half a step, and what f32 itself leaves of a scale: its last bit, or all of a value that is nearly zero.
      assert.ok(Math.abs(value - back[at]!) <= (largest / 127) * (0.5 + 127 * 2 ** -22) + 127 * 1.5e-45, `${value} came back as ${back[at]}`)
    })
  }), { seed: 1, numRuns: 300 })
})

test('top-k: the largest, as sorting all of them tells, and zeros elsewhere', () => {
  // Of small integers many are equal.
  const ties = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 300 }).map(list => Float32Array.from(list))
  fc.assert(fc.property(fc.oneof(values(300), ties), fc.integer({ min: 1, max: 300 }), (list, count) => {
    const oracle = [...list.entries()].filter(([, value]) => value !== 0).sort(([a, x], [b, y]) => Math.abs(y) - Math.abs(x) || a - b).slice(0, count).map(([at]) => at).sort((a, b) => a - b)
    assert.equal([...largestPlaces(list, count)], oracle)
    const share = count / list.length
    if (share > 1) return
    const back = decodeUpdate(encodeUpdate(list, { name: 'top-k', share }), list.length)
    back.forEach((value, at) => assert.ok(value === 0 || oracle.includes(at)))
  }), { seed: 2, numRuns: 300 })
})

test('places as gaps read back; other bytes are refused', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 2000 }), { maxLength: 60 }), list => {
    const places = Uint32Array.from(list).sort()
    assert.equal(placesOf(gapsOf(places), places.length, 2001), places)
    assert.is(placesOf(gapsOf(places), places.length + 1, 2001), undefined)
    if (places.length > 0) assert.is(placesOf(gapsOf(places), places.length, places.at(-1)!), undefined)
  }), { seed: 3 })
  assert.is(placesOf(Uint8Array.of(0, 255), 1, 1000), undefined, 'a gap that leads nowhere')
})

test('bytes a value, and the errors that go with them', () => {
  const update = gaussian(200_000, 5)
  const dense = compressUpdate(update, undefined, int8)
  const perValue = dense.payload.length / update.length
  assert.ok(perValue <= 1.032, `${perValue}`)
  assert.ok(dense.relativeError < 0.008, `${dense.relativeError}`)
  const sparse = compressUpdate(update, undefined, { name: 'top-k', share: 0.1 })
  assert.ok(sparse.payload.length / update.length < 0.22, `${sparse.payload.length / update.length}`)
  for (const one of [dense, sparse]) {
    const lost = norm(update.map((value, at) => value - one.sent[at]!)) / norm(update)
    assert.ok(Math.abs(one.relativeError - lost) < 1e-6)
  }
})

test('error feedback: the mean of what is sent becomes the mean of what was to be sent', () => {
  for (const scheme of [int8, { name: 'top-k', share: 0.1 }] as const) {
    for (let seed = 1; seed <= 2; seed++) {
      const length = 200
      const [wanted, sent] = [new Float64Array(length), new Float64Array(length)]
      let residual: Float32Array | undefined
      const errors: number[] = []
      for (let round = 1; round <= 320; round++) {
        const update = gaussian(length, seed * 1000 + round).map((value, at) => value + Math.sin(at))
        const compressed = compressUpdate(update, residual, scheme)
        residual = compressed.residual
        update.forEach((value, at) => { wanted[at]! += value })
        compressed.sent.forEach((value, at) => { sent[at]! += value })
        if (round % 80 === 0) errors.push(norm(wanted.map((value, at) => value - sent[at]!)) / round)
        const apart = norm(wanted.map((value, at) => value - sent[at]! - residual![at]!))
        assert.ok(apart < 1e-2, `what was sent and what is left are all there was: ${apart}`)
      }
      assert.ok(errors[3]! < errors[0]! / 2.5, `${scheme.name}: ${errors.join(' ')}`)
    }
  }
})

test('what is lost without feedback stays lost: the test above can fail', () => {
  const update = new Float32Array(blockValues).fill(0.003)
  update[0] = 1
  let sent = 0
  let residual: Float32Array | undefined
  for (let round = 0; round < 100; round++) {
    assert.is(compressUpdate(update, undefined, int8).sent[1], 0)
    const compressed = compressUpdate(update, residual, int8)
    residual = compressed.residual
    sent += compressed.sent[1]!
  }
  assert.ok(Math.abs(sent / 100 - 0.003) < 1e-4)
})

test('NaN and infinite values, shares and lengths that are none', () => {
  for (const value of [NaN, Infinity, -Infinity]) {
    assert.throws(() => encodeUpdate(Float32Array.of(1, value), int8), code('CompressionBadValue'))
    assert.throws(() => compressUpdate(Float32Array.of(1, value), undefined, int8), code('CompressionBadValue'))
  }
  assert.throws(() => compressUpdate(Float32Array.of(3e38), Float32Array.of(3e38), int8), code('CompressionBadValue'))
  for (const share of [0, -1, 1.01, NaN]) assert.throws(() => encodeUpdate(Float32Array.of(1), { name: 'top-k', share }), code('CompressionBadScheme'))
  assert.throws(() => compressUpdate(Float32Array.of(1), Float32Array.of(1, 2), int8), code('CompressionWrongLength'))
  assert.throws(() => decodeUpdate(encodeUpdate(Float32Array.of(1), int8), 2), code('CompressionWrongLength'))
  assert.equal(decodeUpdate(encodeUpdate(new Float32Array(), int8), 0), new Float32Array())
  assert.is(compressUpdate(new Float32Array(9), undefined, { name: 'top-k', share: 0.5 }).relativeError, 0)
})

const small = [encodeUpdate(gaussian(40, 1), int8), encodeUpdate(gaussian(700, 2), { name: 'top-k', share: 0.01 })] as const

test('every flipped byte and every cut is refused', () => {
  for (const [at, length] of [40, 700].entries()) {
    const bytes = small[at]!
    for (let place = 0; place < bytes.length; place++) {
      const flipped = bytes.slice()
      flipped[place]! ^= 1 << place % 8
      assert.throws(() => decodeUpdate(flipped, length), code('CompressionDamaged', 'NewerVersion'), `byte ${place}`)
      assert.throws(() => decodeUpdate(bytes.subarray(0, place), length), code('CompressionDamaged'))
    }
    assert.throws(() => decodeUpdate(new Uint8Array([...bytes, 0]), length), code('CompressionDamaged'))
  }
})

test('bytes that somebody made with a right checksum', () => {
  const made = (bytes: Uint8Array, change: (view: DataView) => void) => {
    const copy = bytes.slice()
    change(new DataView(copy.buffer))
    copy.set(sha256(copy.subarray(0, -8)).subarray(0, 8), copy.length - 8)
    return copy
  }
  const [dense, sparse] = small
  const wrong: [Uint8Array, number][] = [
    [made(dense, view => view.setUint16(4, 0, true)), 40], [made(dense, view => view.setUint16(6, 3, true)), 40], [made(dense, view => view.setUint16(6, 2, true)), 40], [made(dense, view => view.setUint32(12, 39, true)), 40],
    [made(dense, view => view.setUint32(16, 1, true)), 40], [made(dense, view => view.setFloat32(20, NaN, true)), 40], [made(dense, view => view.setFloat32(20, -1, true)), 40], [made(dense, view => view.setFloat32(20, 3e38, true)), 40],
    [made(dense, view => view.setInt8(24, -128)), 40], [made(sparse, view => view.setUint32(12, 701, true)), 700], [made(sparse, view => view.setUint8(19 + view.getUint32(16, true), 255)), 700], [made(sparse, view => view.setUint32(16, 2 ** 32 - 1, true)), 700]
  ]
  for (const [at, [bytes, length]] of wrong.entries()) assert.throws(() => decodeUpdate(bytes, length), code('CompressionDamaged'), `case ${at}`)
})

test.run()
