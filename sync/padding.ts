import { malformed } from '../mesh/codec.ts'

/** Payloads are at least this long once padded: a removal, a checkpoint and an ordinary memory all look alike. */
export const paddedFloorBytes = 256
/** Ends the content; zeros follow (ISO/IEC 7816-4), so that the padding needs no length of its own. */
const endMark = 0x80

/**
 * What a payload of `contentBytes` bytes is padded to: Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and
 * Communication with PURBs", 2019) over the content and its end mark. At most 12 % more, and a length tells O(log log n) bits of the content's.
 */
export function paddedBytes(contentBytes: number): number {
  const length = Math.max(contentBytes + 1, paddedFloorBytes)
  const exponent = Math.floor(Math.log2(length))
  const kept = Math.floor(Math.log2(exponent)) + 1
  const step = 2 ** (exponent - kept)
  return Math.ceil(length / step) * step
}

export function pad(content: Uint8Array): Uint8Array {
  const padded = new Uint8Array(paddedBytes(content.length))
  padded.set(content)
  padded[content.length] = endMark
  return padded
}

/** @throws KinmeshError `MalformedBytes` for a padding that `pad` does not make: there is one per content */
export function unpad(padded: Uint8Array): Uint8Array {
  let end = padded.length - 1
  while (end >= 0 && padded[end] === 0) end--
  if (padded[end] !== endMark || padded.length !== paddedBytes(end)) throw malformed('payload', 'is not padded as it should be')
  return padded.subarray(0, end)
}
