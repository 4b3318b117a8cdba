import { equals } from 'uint8arrays/equals'
import { type CborValue, encodeCbor } from '../../mesh/codec.ts'
import { sha256 } from '../../mesh/crypto.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import type { DeviceId } from '../../mesh/types.ts'
import type { Message, MessageType } from './messages.ts'
import { nameOf, type SecureRound } from './round.ts'

// What the messages of a phase come to, put together alike by the coordinator and by every participant, which takes nobody's word for it.

/** Those who offered keys, and the keys. */
export type Roster = {
  readonly round: SecureRound
  /** Ascending by author. */
  readonly keys: readonly Message<'keys'>[]
  /** Hash of all of it: whoever was shown other keys has another one. */
  readonly id: Uint8Array
}

/** Those who gave everybody of the roster shares of their secrets: the vectors are masked for exactly these. */
export type Deals = {
  readonly roster: Roster
  /** Ascending by author. */
  readonly shares: readonly Message<'shares'>[]
  readonly id: Uint8Array
}

/** @throws KinmeshError `SecureDuplicate`, `SecureTooFew` */
export function rosterOf(round: SecureRound, messages: readonly Message<'keys'>[]): Roster {
  const keys = onePerAuthor(round, messages)
  enough(round, keys, 'offered keys')
  return { round, keys, id: idOf('roster', round, keys) }
}

/** @throws KinmeshError `SecureOtherRoster`, `SecureDuplicate`, `SecureTooFew`, `SecureStranger` */
export function dealsOf(roster: Roster, messages: readonly Message<'shares'>[]): Deals {
  const { round } = roster
  const shares = onePerAuthor(round, messages)
  for (const { author, roster: theirs, sealed } of shares) {
    if (!equals(theirs, roster.id) || sealed.length !== roster.keys.length - 1) throw new KinmeshError('SecureOtherRoster', `${nameOf(round, author)} was shown other keys than this device: the coordinator does not tell everybody the same`)
    if (!roster.keys.some(one => one.author === author)) throw new KinmeshError('SecureStranger', `${nameOf(round, author)} shares secrets of keys that it never offered`)
  }
  enough(round, shares, 'shared their secrets')
  return { roster, shares, id: idOf('deals', round, shares) }
}

/**
 * The numbers of those whose vectors are summed. @throws KinmeshError `SecureBadSurvivors`, `SecureDuplicate`, `SecureStranger`, `SecureTooFew`
 */
export function survivorsOf(deals: Deals, survivors: readonly number[]): number[] {
  const { round } = deals.roster
  const ascending = [...survivors].sort((a, b) => a - b)
  const twice = ascending.find((one, at) => one === ascending[at - 1])
  if (twice !== undefined) throw duplicate(round, twice)
  if (ascending.some(one => !deals.shares.some(({ author }) => author === one))) throw new KinmeshError('SecureBadSurvivors', 'the vector of a device that shared no secrets is to be summed: nothing could take its mask off')
  if (ascending.length < round.threshold) throw tooFew(round, ascending.length, 'masked their vectors')
  return ascending
}

/** What an agreement is about: the deals, and whose vectors are summed. Answers carry it, so that no two of different agreements are put together. */
export function agreedId(deals: Deals, survivors: readonly number[]): Uint8Array {
  return sha256(encodeCbor(['kinmesh-secure-agreed', deals.id, [...survivors]]))
}

/** `threshold` devices or more say that they know of these survivors and no others. @throws KinmeshError `SecureSplitView`, `SecureDuplicate`, `SecureTooFew` */
export function checkAgreement(deals: Deals, survivors: readonly number[], messages: readonly Message<'agreement'>[]): void {
  const { round } = deals.roster
  const agreements = onePerAuthor(round, messages)
  for (const { author, deals: theirs, survivors: seen } of agreements) {
    const same = equals(theirs, deals.id) && seen.length === survivors.length && seen.every((one, at) => one === survivors[at])
    if (!same) throw new KinmeshError('SecureSplitView', `${nameOf(round, author)} was told of other vectors than this device: the coordinator does not tell everybody the same`)
    if (!survivors.includes(author)) throw new KinmeshError('SecureBadSurvivors', `${nameOf(round, author)} agrees on a sum that it is no part of`)
  }
  enough(round, agreements, 'agreed on what is summed')
}

/** Messages of one type, ascending by author. @throws KinmeshError `SecureDuplicate` */
export function onePerAuthor<T extends MessageType>(round: SecureRound, messages: readonly Message<T>[]): Message<T>[] {
  const sorted = [...messages].sort((a, b) => a.author - b.author)
  const twice = sorted.find((one, at) => one.author === sorted[at - 1]?.author)
  if (twice) throw duplicate(round, twice.author)
  return sorted
}

export function enough(round: SecureRound, those: readonly unknown[], did: string): void {
  if (those.length < round.threshold) throw tooFew(round, those.length, did)
}

export function tooFew(round: SecureRound, count: number, did: string): KinmeshError {
  return new KinmeshError('SecureTooFew', `${count} devices ${did}, and this round needs ${round.threshold}: nothing of it can be read, try again when more devices are there`)
}

export function idsOf(round: SecureRound, numbers: readonly number[]): DeviceId[] {
  return numbers.map(number => nameOf(round, number))
}

function duplicate(round: SecureRound, author: number): KinmeshError {
  return new KinmeshError('SecureDuplicate', `${nameOf(round, author)} is there twice in one phase`)
}

function idOf(what: string, round: SecureRound, messages: readonly { readonly hash: Uint8Array }[]): Uint8Array {
  const hashes: CborValue[] = messages.map(({ hash }) => hash)
  return sha256(encodeCbor([`kinmesh-secure-${what}`, round.id, hashes]))
}
