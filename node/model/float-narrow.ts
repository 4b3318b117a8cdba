import type { WeightType } from './float-bits.ts'

/** Finite values in this format, little-endian, each to the nearest, of two equally near ones to the even one (IEEE 754). What is too large becomes infinite. */
export function narrow(type: WeightType, values: Float32Array): Uint8Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  if (type === 'F32') return new Uint8Array(bits.slice().buffer)
  const result = new Uint16Array(bits.length)
  // Each loop of its own: this runs over every weight of a model.
  if (type === 'BF16') for (let at = 0; at < bits.length; at++) result[at] = brainBits(bits[at]!)
  else for (let at = 0; at < bits.length; at++) result[at] = halfBits(bits[at]!)
  return new Uint8Array(result.buffer)
}

/** The upper half of f32. A carry goes over into the exponent, as it shall. */
function brainBits(bits: number): number {
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16
}

function halfBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fff_ffff
  // From 65,520 on, the middle between the largest one and what would come next.
  if (magnitude >= 0x477f_f000) return sign | 0x7c00
  // The bias goes from 127 to 15, the fraction from 23 bits to 10.
  if (magnitude >= 0x3880_0000) return sign | ((magnitude - 0x3800_0000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13)
  // Below 2^-14: multiples of 2^-24. The hidden one becomes visible, and is shifted by as much as the exponent lacks.
  const shift = 126 - (magnitude >>> 23)
  if (shift > 24) return sign
  const fraction = 0x80_0000 | (magnitude & 0x7f_ffff)
  const whole = fraction >>> shift
  const rest = fraction & ((1 << shift) - 1)
  const half = 1 << (shift - 1)
  return sign | (whole + Number(rest > half || (rest === half && (whole & 1) === 1)))
}
