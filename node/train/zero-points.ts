/**
 * Zero points of blocks as DequantizeLinear takes them, one behind the other over all rows: uint4 or uint8 [rows, blocks]. MatMulNBits begins each row with a byte of its own, and takes the middle of
 * the range where there are none (null).
 */
export function unpackedZeroPoints(zeroPoints: Uint8Array | null, rows: number, blocks: number, bits: 4 | 8): Uint8Array {
  if (bits === 8) return zeroPoints ?? new Uint8Array(rows * blocks).fill(0x80)
  if (!zeroPoints) return new Uint8Array(Math.ceil((rows * blocks) / 2)).fill(0x88)
  if (blocks % 2 === 0) return zeroPoints
  const result = new Uint8Array(Math.ceil((rows * blocks) / 2))
  const rowBytes = Math.ceil(blocks / 2)
  for (let row = 0; row < rows; row++) {
    for (let block = 0; block < blocks; block++) {
      const value = (zeroPoints[row * rowBytes + (block >> 1)]! >> (4 * (block & 1))) & 15
      const at = row * blocks + block
      result[at >> 1]! |= value << (4 * (at & 1))
    }
  }
  return result
}
