import { compare } from 'uint8arrays/compare'
import { encodeCbor } from '../../mesh/codec.ts'
import { sha256 } from '../../mesh/crypto.ts'
import { publicKeyOf } from '../../mesh/identity.ts'
import type { DeviceId } from '../../mesh/types.ts'
import type { RoundManifest } from './manifest.ts'

/** Attempts that one round has at most: a device that wants no end of them is not followed. */
export const maxAttempt = 4095
/** How far ahead the attempt of another device may lie. */
export const maxAhead = 256

/** Who has coordinated which attempt of which round, so that it is hashed once. */
const known = new WeakMap<RoundManifest, Map<number, DeviceId>>()

/**
 * Rendezvous hashing (Thaler & Ravishankar 1998): the device of the cohort with the lowest SHA-256 of (task, round, attempt, device). Everybody finds the same one without a word, and each attempt draws anew.
 */
export function coordinatorOf(manifest: RoundManifest, attempt: number): DeviceId {
  const attempts = known.get(manifest) ?? new Map<number, DeviceId>()
  known.set(manifest, attempts)
  const found = attempts.get(attempt) ?? lowest(manifest, attempt)
  attempts.set(attempt, found)
  return found
}

function lowest({ task, round, cohort }: RoundManifest, attempt: number): DeviceId {
  const hashed = cohort.map(id => ({ id, hash: sha256(encodeCbor(['kinmesh-round-coordinator', task, round, attempt, publicKeyOf(id)])) }))
  return hashed.sort((a, b) => compare(a.hash, b.hash))[0]!.id
}

/** The first attempt from `from` on that a device which is there coordinates; undefined when there is none. An attempt of a device that is not is passed over. */
export function attemptFrom(manifest: RoundManifest, from: number, isThere: (device: DeviceId) => boolean): number | undefined {
  for (let attempt = from; attempt <= maxAttempt; attempt++) if (isThere(coordinatorOf(manifest, attempt))) return attempt
  return undefined
}
