/** Formats of weights that are read. */
export type WeightType = 'F32' | 'F16' | 'BF16'

export const weightBytes: Readonly<Record<WeightType, number>> = { F32: 4, F16: 2, BF16: 2 }

/** All ones: infinite, or not a number (IEEE 754, section 3.4; bfloat16 has the exponent of f32). */
const exponents: Readonly<Record<WeightType, number>> = { F32: 0x7f80_0000, F16: 0x7c00, BF16: 0x7f80 }

/**
 * Writes the little-endian values of `bytes` to `into` from `at` on, each exactly, and says whether all were finite. Little-endian in memory too,
 * as every machine that onnxruntime is built for.
 */
export function widen(type: WeightType, bytes: Uint8Array, into: Float32Array, at: number): boolean {
  const size = weightBytes[type]
  const count = bytes.byteLength / size
  // A typed array starts at a multiple of its size. (A Buffer's slice would be no copy.)
  const { buffer, byteOffset } = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes)
  const to = new Uint32Array(into.buffer, into.byteOffset + at * 4, count)
  const exponent = exponents[type]
  // Without a branch per value, and each loop of its own: this runs over every weight of a model.
  let strange = 0
  switch (type) {
    case 'F32': {
      const from = new Uint32Array(buffer, byteOffset, count)
      to.set(from)
      for (let index = 0; index < count; index++) strange |= Number((from[index]! & exponent) === exponent)
      break
    }
    case 'BF16': {
      const from = new Uint16Array(buffer, byteOffset, count)
      for (let index = 0; index < count; index++) {
        const bits = from[index]!
        to[index] = bits << 16
        strange |= Number((bits & exponent) === exponent)
      }
      break
    }
    case 'F16': {
      const from = new Uint16Array(buffer, byteOffset, count)
      const table = halfTable()
      for (let index = 0; index < count; index++) {
        const bits = from[index]!
        to[index] = table[bits]!
        strange |= Number((bits & exponent) === exponent)
      }
    }
  }
  return strange === 0
}

let halves: Uint32Array | undefined

/** The f32 bits of each f16, 256 KiB; made when the first model needs it. Float16Array does the same, but not in every browser. */
function halfTable(): Uint32Array {
  halves ??= Uint32Array.from({ length: 0x1_0000 }, (_, bits) => halfBits(bits))
  return halves
}

function halfBits(bits: number): number {
  const sign = (bits & 0x8000) << 16
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return sign | 0x7f80_0000 | (fraction << 13)
  // The bias grows from 15 to 127, the fraction from 10 to 23 bits.
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (fraction << 13)
  if (fraction === 0) return sign
  // Subnormal in f16, normal in f32: the first one of the fraction becomes the hidden one.
  const shift = Math.clz32(fraction) - 21
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13)
}
