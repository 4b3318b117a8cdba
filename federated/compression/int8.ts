/**
 * Values per scale. A byte per value and 4 bytes per scale: 1.063 bytes a value with 64, 1.031 with 128, 1.016 with 256; README.md has the errors beside them.
 */
export const blockValues = 128
const maxCode = 127
/** 127 of it are a finite f32 whatever was rounded. */
export const maxScale = Math.fround(Math.fround(3.4028234663852886e38 / maxCode) * (1 - 2 ** -23))

export type Quantized = {
  /** f32, one per block: the largest magnitude of the block over 127. */
  readonly scales: Float32Array
  /** value ≈ code · scale of its block; −127…127. */
  readonly codes: Int8Array
}

export function blocksOf(values: number): number {
  return Math.ceil(values / blockValues)
}

/** To the nearest step of each block; `values` are finite and their magnitudes at most `maxScale` · 127. */
export function quantize(values: Float32Array): Quantized {
  const scales = new Float32Array(blocksOf(values.length))
  const codes = new Int8Array(values.length)
  for (let block = 0; block < scales.length; block++) {
    const from = block * blockValues
    const to = Math.min(values.length, from + blockValues)
    let largest = 0
    for (let at = from; at < to; at++) {
      const magnitude = Math.abs(values[at]!)
      if (magnitude > largest) largest = magnitude
    }
    const scale = Math.min(Math.fround(largest / maxCode), maxScale)
    // Too small for a scale of its own: such a block waits in the error feedback.
    if (scale === 0) continue
    scales[block] = scale
    // A scale rounded down would lead beyond 127.
    for (let at = from; at < to; at++) {
      // Math.round takes four times as long.
      const code = Math.floor(values[at]! / scale + 0.5) | 0
      codes[at] = code > maxCode ? maxCode : code < -maxCode ? -maxCode : code
    }
  }
  return { scales, codes }
}

/** Loops over each block and no callbacks: all values of all contributions of a round come through here. */
export function dequantize({ scales, codes }: Quantized): Float32Array {
  const values = new Float32Array(codes.length)
  for (let block = 0; block < scales.length; block++) {
    const scale = scales[block]!
    const to = Math.min(codes.length, (block + 1) * blockValues)
    for (let at = block * blockValues; at < to; at++) values[at] = codes[at]! * scale
  }
  return values
}
