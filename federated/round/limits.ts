import { type RoundManifest, valuesOf, wordsOf } from './manifest.ts'
import type { PhaseName } from './state.ts'

/** Of a message of secure aggregation other than a masked vector: shares of 64 devices have 14 KiB. */
const maxSecureBytes = 16 * 1024
/** Messages of 64 devices in three phases. */
export const maxTranscriptBytes = 3 * 64 * maxSecureBytes
/** Around vectors: heads, keys, signatures. */
const maxHeadBytes = 512

/** Largest payload of a phase, before a byte of it is asked for. */
export function maxPayloadOf(manifest: RoundManifest, phase: PhaseName): number {
  const values = valuesOf(manifest)
  switch (phase) {
    case 'update':
      // int8 takes a byte a value and 4 for each 128; top-k at most a byte more for the place of each, and one for every 255 passed over.
      return manifest.compression ? maxHeadBytes + Math.ceil(values * (2 + 4 / 128 + 1 / 255)) : 4 * values
    case 'masked':
      return maxHeadBytes + 4 * wordsOf(manifest)
    case 'keys':
    case 'shares':
    case 'agreement':
    case 'reveal':
      return maxSecureBytes
  }
}
