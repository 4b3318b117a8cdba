import type { DeviceId } from '../../mesh/types.ts'
import { maxTranscriptBytes } from './limits.ts'
import { type RoundManifest, valuesOf } from './manifest.ts'
import type { Said, Value } from './messages.ts'
import { manifestOf, type RoundState, updatePhase } from './state.ts'
import { hashOf } from './wire.ts'

// What can be seen of a result without looking at any payload. Each function gives the code of what is wrong, or nothing.

export type ResultFault = 'CommitWrongSet' | 'CommitWrongWeight' | 'CommitOtherContribution' | 'CommitLeftOut' | 'CommitUnjustified'

/** A contribution's weight in the mean. */
export function weightOf({ maxExamples }: RoundManifest, { examples }: Pick<Said<'offer'>, 'examples'>): number {
  return Math.min(examples, maxExamples)
}

/** Whether it can be a result of this round at all: who is in it, with what, and how much they weigh together. */
export function faultOfValue(state: RoundState, value: Value): ResultFault | '' {
  const manifest = manifestOf(state)
  const { offers, attempt, weight, transcript, result } = value
  const fits = (offer: Said<'offer'>) =>
    offer.attempt === attempt && offer.phase === updatePhase(manifest) && offer.base === manifest.base && manifest.cohort.includes(offer.author) && (manifest.secure ? offer.examples === 0 : offer.examples >= 1)
  if (offers.length < manifest.quorum || !offers.every(fits) || !isAscending(offers.map(({ author }) => author))) return 'CommitWrongSet'
  if ((transcript !== null) !== manifest.secure || result.bytes !== 4 * valuesOf(manifest) || (transcript?.bytes ?? 0) > maxTranscriptBytes) return 'CommitWrongSet'
  const total = offers.reduce((sum, offer) => sum + weightOf(manifest, offer), 0)
  const isPossible = manifest.secure ? weight >= offers.length && weight <= offers.length * manifest.maxExamples : weight === total
  return isPossible ? '' : 'CommitWrongWeight'
}

/** Whether the coordinator of this attempt may propose this result to this device. */
export function faultOfCommit(state: RoundState, { attempt, value, joins }: Said<'commit'>): ResultFault | '' {
  const fault = faultOfValue(state, value)
  if (fault) return fault
  const { quorum, cohort } = manifestOf(state)
  const authors = joins.map(({ author }) => author).sort()
  if (joins.length < quorum || !joins.every(join => join.attempt === attempt && cohort.includes(join.author)) || !isAscending(authors)) return 'CommitUnjustified'
  const last = lastAccepted(joins)
  if (last ? last.value !== hashOf(value) : value.attempt !== attempt) return 'CommitUnjustified'
  return value.attempt === attempt ? faultOfOwn(state, value) : ''
}

/** This device's own contribution is in it as it was made, and is there if the coordinator said that it took it. */
function faultOfOwn({ self, mine }: RoundState, { offers }: Value): ResultFault | '' {
  const own = offers.find(({ author }) => author === self)
  const made = mine.offers.find(({ phase }) => phase === (own?.phase ?? -1))
  if (own && (made?.payload.root !== own.payload.root || made.examples !== own.examples)) return 'CommitOtherContribution'
  return !own && mine.receipts.some(({ phase }) => phase === offers[0]!.phase) ? 'CommitLeftOut' : ''
}

/** The result that a new attempt has to propose again, if these promises name one: the one accepted last (Lamport 2001, "Paxos Made Simple", P2c). */
export function lastAccepted(joins: readonly Said<'join'>[]): { attempt: number; value: string } | null {
  return joins.reduce<{ attempt: number; value: string } | null>((last, { accepted }) => (accepted && (!last || accepted.attempt > last.attempt) ? accepted : last), null)
}

/** Whether a quorum accepted it in one attempt. */
export function isDecision(state: RoundState, { value, accepts }: Pick<Said<'decided'>, 'value' | 'accepts'>): boolean {
  const { quorum, cohort } = manifestOf(state)
  const hash = hashOf(value)
  const first = accepts[0]
  return accepts.length >= quorum && accepts.every(({ author, attempt, value: accepted }) => cohort.includes(author) && attempt === first!.attempt && accepted === hash) && isAscending(accepts.map(({ author }) => author).sort()) && faultOfValue(state, value) === ''
}

function isAscending(devices: readonly DeviceId[]): boolean {
  return devices.every((device, at) => at === 0 || device > devices[at - 1]!)
}
