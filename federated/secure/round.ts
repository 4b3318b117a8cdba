import { compare } from 'uint8arrays/compare'
import { encodeCbor } from '../../mesh/codec.ts'
import { sha256 } from '../../mesh/crypto.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import { publicKeyOf } from '../../mesh/identity.ts'
import type { DeviceId } from '../../mesh/types.ts'

/** Of two participants each knows the other's vector from the sum. Above 64 the shares (n² of them) and their checks take seconds. */
export const minCohort = 3
export const maxCohort = 64
/** 64 MiB of a masked vector; adapters have some hundred thousand parameters. */
export const maxWords = 2 ** 24
const maxTaskChars = 128

/** What everybody agreed on before the first message. */
export type RoundTerms = {
  /** Name or hash of the task, at most 128 characters. */
  readonly task: string
  readonly round: number
  /** Counts up when a round is tried again. */
  readonly attempt: number
  /** How many have to stay until the end; more than half of the cohort. */
  readonly threshold: number
  /** Length of every vector, in words of 32 bits. */
  readonly words: number
  /** Who may take part, in any order: 3 to 64 devices. */
  readonly cohort: readonly DeviceId[]
}

export type SecureRound = Omit<RoundTerms, 'cohort'> & {
  /** Hash of the terms (32 bytes): every message carries it, so that none fits another round, attempt, cohort, threshold or length. */
  readonly id: Uint8Array
  /** Ascending by key. A participant's place in it is its number. */
  readonly cohort: readonly { readonly id: DeviceId; readonly key: Uint8Array }[]
}

/**
 * More than two thirds (Bonawitz et al. 2017, section 6.2): a third of the cohort may then work together with the coordinator. At least
 * three, since of two survivors each could subtract its own.
 */
export function recommendedThreshold(cohort: number): number {
  return Math.max(3, Math.floor((2 * cohort) / 3) + 1)
}

/** @throws KinmeshError `SecureBadTerms`, `BadDeviceId` */
export function secureRound(terms: RoundTerms): SecureRound {
  const { task, round, attempt, threshold, words } = terms
  if (task.length === 0 || task.length > maxTaskChars) throw badTerms(`a task has a name of 1 to ${maxTaskChars} characters`)
  for (const [name, value] of [['round', round], ['attempt', attempt]] as const) if (!Number.isSafeInteger(value) || value < 0) throw badTerms(`${name} ${value} is not a count`)
  if (!Number.isInteger(words) || words < 1 || words > maxWords) throw badTerms(`vectors have 1 to ${maxWords} words`)
  const cohort = terms.cohort.map(id => ({ id, key: publicKeyOf(id) })).sort((a, b) => compare(a.key, b.key))
  if (cohort.length < minCohort) throw badTerms(`${cohort.length} devices cannot hide anything from each other: at least ${minCohort} have to take part`)
  if (cohort.length > maxCohort) throw badTerms(`at most ${maxCohort} devices take part`)
  if (cohort.some(({ id }, place) => id === cohort[place - 1]?.id)) throw badTerms('the cohort names a device twice')
  // With half or less, a coordinator could get one answer from each half: the self-mask of a device from these, its key from those.
  if (!Number.isInteger(threshold) || 2 * threshold <= cohort.length || threshold > cohort.length) {
    throw badTerms(`of ${cohort.length} devices ${Math.floor(cohort.length / 2) + 1} to ${cohort.length} may be the threshold, not ${threshold}`)
  }
  const id = sha256(encodeCbor(['kinmesh-secure-round', 1, task, round, attempt, threshold, words, cohort.map(({ key }) => key)]))
  return { task, round, attempt, threshold, words, id, cohort }
}

function badTerms(problem: string): KinmeshError {
  return new KinmeshError('SecureBadTerms', `this round cannot be aggregated secretly: ${problem}`)
}

/** A participant's number. @throws KinmeshError `SecureStranger` */
export function placeOf(round: SecureRound, id: DeviceId): number {
  const place = round.cohort.findIndex(one => one.id === id)
  if (place < 0) throw new KinmeshError('SecureStranger', `${id} is not of this round's cohort`)
  return place
}

export function nameOf(round: SecureRound, place: number): DeviceId {
  return round.cohort[place]!.id
}
