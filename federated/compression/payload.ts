import { equals } from 'uint8arrays/equals'
import { sha256 } from '../../mesh/crypto.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import { blocksOf, dequantize, maxScale, type Quantized, quantize } from './int8.ts'
import { gapsOf, largestPlaces, placesOf } from './top-k.ts'

/**
 * `int8`: every value in steps of its block. `top-k`: the share of values (0…1) that are largest in magnitude, in such steps, the others zero.
 */
export type Scheme = { readonly name: 'int8' } | { readonly name: 'top-k'; readonly share: number }

/** 64 Mi values; adapters have some hundred thousand. */
export const maxValues = 2 ** 26
const magic = 0x7a666d6b // "kmfz"
const version = 1
const schemes = { int8: 1, 'top-k': 2 } as const
const headBytes = 20
const checkBytes = 8

/**
 * An update as bytes; README.md has the layout.
 * @throws KinmeshError `CompressionBadValue` for NaN and infinite values, `CompressionBadScheme`
 */
export function encodeUpdate(values: Float32Array, scheme: Scheme): Uint8Array {
  return encodeSent(values, scheme).payload
}

/** As `encodeUpdate`; `sent` are the values that `decodeUpdate` reads from it. */
export function encodeSent(values: Float32Array, scheme: Scheme): { readonly payload: Uint8Array; readonly sent: Float32Array } {
  checkValues(values)
  if (scheme.name === 'int8') {
    const quantized = quantize(values)
    return { payload: write(schemes.int8, values.length, new Uint8Array(), quantized), sent: dequantize(quantized) }
  }
  if (!(scheme.share > 0 && scheme.share <= 1)) throw new KinmeshError('CompressionBadScheme', `top-k keeps a share of the values within 0 and 1, not ${scheme.share}`)
  const places = largestPlaces(values, Math.ceil(scheme.share * values.length))
  const quantized = quantize(Float32Array.from(places, place => values[place]!))
  return { payload: write(schemes['top-k'], values.length, gapsOf(places), quantized), sent: spread(dequantize(quantized), places, values.length) }
}

/**
 * The values again; `length`: how many the reader expects.
 * @throws KinmeshError `CompressionDamaged` for anything that `encodeUpdate` did not write, `CompressionWrongLength`, `NewerVersion`
 */
export function decodeUpdate(bytes: Uint8Array, length: number): Float32Array {
  const body = bytes.length - checkBytes
  if (body < headBytes) throw damaged('it is too short')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0, true) !== magic) throw damaged('it does not begin like one')
  if (view.getUint16(4, true) > version) throw new KinmeshError('NewerVersion', 'this update was written by a newer kinmesh: update kinmesh on this device')
  if (!equals(bytes.subarray(body), checkOf(bytes.subarray(0, body)))) throw damaged('its checksum does not fit')
  const [scheme, values, kept, gapBytes] = [view.getUint16(6, true), view.getUint32(8, true), view.getUint32(12, true), view.getUint32(16, true)]
  if (view.getUint16(4, true) !== version || (scheme !== schemes.int8 && scheme !== schemes['top-k'])) throw damaged('its version or scheme is none')
  if (values !== length) throw new KinmeshError('CompressionWrongLength', `this update has ${values} values, and ${length} are expected: it belongs to another model or task`)
  if (kept > values || (scheme === schemes.int8 && (kept !== values || gapBytes !== 0))) throw damaged('it keeps another number of values than it may')
  if (body !== headBytes + gapBytes + 4 * blocksOf(kept) + kept) throw damaged('its length does not follow from its head')
  const quantized = readQuantized(view, headBytes + gapBytes, kept)
  const dense = dequantize(quantized)
  if (scheme === schemes.int8) return dense
  const places = placesOf(bytes.subarray(headBytes, headBytes + gapBytes), kept, values)
  if (!places) throw damaged('its places are not ascending places of its values')
  return spread(dense, places, values)
}

/** Values at their places, zeros elsewhere. */
function spread(kept: Float32Array, places: Uint32Array, length: number): Float32Array {
  const values = new Float32Array(length)
  for (const [at, place] of places.entries()) values[place] = kept[at]!
  return values
}

/** @throws KinmeshError `CompressionWrongLength`, `CompressionBadValue` */
export function checkValues(values: Float32Array): void {
  if (values.length > maxValues) throw new KinmeshError('CompressionWrongLength', `an update has at most ${maxValues} values`)
  for (let at = 0; at < values.length; at++) {
    if (!Number.isFinite(values[at]!)) throw new KinmeshError('CompressionBadValue', `value ${at} of this update is ${values[at]}: training went wrong, and it is not shared`)
  }
}

function write(scheme: number, length: number, gaps: Uint8Array, { scales, codes }: Quantized): Uint8Array {
  const body = headBytes + gaps.length + 4 * scales.length + codes.length
  const bytes = new Uint8Array(body + checkBytes)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, magic, true)
  view.setUint16(4, version, true)
  view.setUint16(6, scheme, true)
  for (const [at, count] of [length, codes.length, gaps.length].entries()) view.setUint32(8 + 4 * at, count, true)
  bytes.set(gaps, headBytes)
  scales.forEach((scale, block) => view.setFloat32(headBytes + gaps.length + 4 * block, scale, true))
  bytes.set(new Uint8Array(codes.buffer), headBytes + gaps.length + 4 * scales.length)
  bytes.set(checkOf(bytes.subarray(0, body)), body)
  return bytes
}

function readQuantized(view: DataView, from: number, count: number): Quantized {
  const scales = Float32Array.from({ length: blocksOf(count) }, (_, block) => view.getFloat32(from + 4 * block, true))
  if (scales.some(scale => !(scale >= 0 && scale <= maxScale))) throw damaged('a scale is out of range')
  const codes = new Int8Array(view.buffer, view.byteOffset + from + 4 * scales.length, count)
  if (codes.includes(-128)) throw damaged('a value is out of range')
  return { scales, codes }
}

/** Finds accidents and lazy changes; who sent it is for signatures to say. */
function checkOf(bytes: Uint8Array): Uint8Array {
  return sha256(bytes).subarray(0, checkBytes)
}

function damaged(problem: string): KinmeshError {
  return new KinmeshError('CompressionDamaged', `these bytes are no update: ${problem}; ask for it again`)
}
