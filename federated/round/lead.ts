import type { DeviceId } from '../../mesh/types.ts'
import type { Effect } from './events.ts'
import { maxPayloadOf } from './limits.ts'
import type { Body, Said, Value } from './messages.ts'
import { faultOfValue, lastAccepted } from './result-checks.ts'
import { count, distrust, freshPhase, isThere, type Lead, manifestOf, nextAttempt, type Phase, phasesOf, type RoundState, updatePhase } from './state.ts'
import { hashOf } from './wire.ts'

// A coordinator in its attempt. It gathers, closes phases, proposes a result, and counts acceptances; it decides nothing that others cannot check.

type Replies = Effect[]

/** What a participant said to the coordinator of this attempt. */
export function heard(draft: RoundState, lead: Lead, message: Said, replies: Replies): void {
  const { author } = message
  const reply = (body: Body) => void replies.push({ do: 'send', to: author, body })
  switch (message.type) {
    case 'join':
      if (!lead.commit && !lead.joins.some(join => join.author === author)) lead.joins.push(message)
      return reply({ type: 'joined', attempt: draft.attempt })
    case 'held':
      return onHeld(draft, lead, message)
    case 'offer':
      return onOffer(draft, lead, message, reply)
    case 'pass':
      return void (lead.gone.includes(author) || lead.gone.push(author))
    case 'accept':
      if (lead.commit && message.value === hashOf(lead.commit.value) && !lead.accepts.some(accept => accept.author === author)) lead.accepts.push(message)
      return
    case 'refuse':
      if (lead.commit && message.value === hashOf(lead.commit.value) && !lead.refusals.includes(author)) lead.refusals.push(author)
      return
    default:
      return
  }
}

function onHeld(draft: RoundState, lead: Lead, { value, author }: Said<'held'>): void {
  if (lead.held.some(one => one.from === author || hashOf(one.value) === hashOf(value))) return
  if (faultOfValue(draft, value)) return distrust(draft, author, 'CommitWrongSet')
  lead.held.push({ value, from: author, checked: draft.accepted !== null && hashOf(draft.accepted.value) === hashOf(value) })
}

function onOffer(draft: RoundState, lead: Lead, offer: Said<'offer'>, reply: (body: Body) => void): void {
  const phase = lead.phases[offer.phase]
  if (!phase) return
  const { author } = offer
  const answer = (code: string) => reply(receiptOf(offer, code))
  const taken = phase.offers.find(one => one.author === author)
  const before = taken ?? phase.pending.find(one => one.author === author)
  // Said again, since the answer was lost or is not there yet.
  if (before && before.payload.root === offer.payload.root) return taken ? answer('') : undefined
  const refused = phase.refused.find(({ device }) => device === author)
  if (refused) return answer(refused.code)
  const code = before ? 'DuplicateContribution' : faultOfOffer(draft, lead, phase, offer)
  if (!code) return void phase.pending.push(offer)
  count(draft, code)
  // A second offer is refused, and the first one stands.
  if (code !== 'DuplicateContribution') phase.refused.push({ device: author, code })
  answer(code)
}

function faultOfOffer(draft: RoundState, lead: Lead, phase: Phase, { phase: index, author, base, examples, payload }: Said<'offer'>): string {
  const manifest = manifestOf(draft)
  if (phase.closed || lead.gone.includes(author) || (index > 0 && !lead.phases[index - 1]!.offers.some(one => one.author === author))) return 'LateContribution'
  if (base !== manifest.base) return 'WrongBase'
  if (payload.bytes > maxPayloadOf(manifest, phasesOf(manifest)[index]!)) return 'OversizeContribution'
  const hasExamples = !manifest.secure && index === updatePhase(manifest)
  return (hasExamples ? examples >= 1 : examples === 0) ? '' : 'BadExampleCount'
}

function receiptOf({ attempt, phase, payload }: Said<'offer'>, code: string): Body {
  return { type: 'receipt', attempt, phase, root: payload.root, code }
}

/** An offer's payload was looked at. */
export function checked(draft: RoundState, lead: Lead, { phase: index, author, root, code }: { phase: number; author: DeviceId; root: string; code: string }, replies: Replies): void {
  const phase = lead.phases[index]
  const offer = phase?.pending.find(one => one.author === author && one.payload.root === root)
  if (!phase || !offer) return
  phase.pending = phase.pending.filter(one => one !== offer)
  const late = code || (phase.closed ? 'LateContribution' : '')
  if (late) {
    count(draft, late)
    phase.refused.push({ device: author, code: late })
  } else phase.offers.push(offer)
  replies.push({ do: 'send', to: author, body: receiptOf(offer, late) })
}

/** A phase was put together. */
export function closed(draft: RoundState, lead: Lead, event: { phase: number; shown: Phase['shown']; value: Pick<Value, 'result' | 'transcript' | 'weight'> | null; code: string; named: readonly DeviceId[] }, now: number): void {
  const index = lead.phases.length - 1
  const phase = lead.phases[index]!
  if (event.phase !== index || !phase.closed || phase.shown || lead.commit) return
  for (const device of event.named) distrust(draft, device, event.code || 'SecureWrongShare')
  if (event.code || (!event.value && !event.shown)) {
    if (event.named.length === 0) count(draft, event.code)
    return nextAttempt(draft, now)
  }
  if (!event.value) {
    phase.shown = event.shown
    return void lead.phases.push(freshPhase(now))
  }
  const offers = [...lead.phases[updatePhase(manifestOf(draft))]!.offers].sort((a, b) => (a.author < b.author ? -1 : 1))
  lead.commit = { joins: usableJoins(lead), value: { attempt: draft.attempt, offers, ...event.value } }
}

/** A result that a join names was looked at. */
export function heldChecked(draft: RoundState, lead: Lead, hash: string, code: string): void {
  const held = lead.held.find(({ value }) => hashOf(value) === hash)
  if (!held) return
  if (!code) return void (held.checked = true)
  lead.held = lead.held.filter(one => one !== held)
  lead.joins = lead.joins.filter(({ accepted }) => accepted?.value !== hash)
  distrust(draft, held.from, code)
}

/** Promises that a commit may rest on: what they have accepted is here and was found right. */
function usableJoins(lead: Lead): Said<'join'>[] {
  return lead.joins.filter(({ accepted }) => !accepted || lead.held.some(({ value, checked: right }) => right && hashOf(value) === accepted.value))
}

/** What follows from what was gathered; asked again whenever anything changed, as when somebody has left. */
export function evaluate(draft: RoundState, lead: Lead, now: number, replies: Replies): void {
  const manifest = manifestOf(draft)
  const { quorum, cohort } = manifest
  if (lead.commit) return evaluateCommit(draft, lead, now, replies)
  const joins = usableJoins(lead)
  const last = joins.length >= quorum ? lastAccepted(joins) : null
  if (last) {
    lead.commit = { joins, value: lead.held.find(({ value }) => hashOf(value) === last.value)!.value }
    return
  }
  const index = lead.phases.length - 1
  const phase = lead.phases[index]!
  if (phase.closed) return
  const isDue = now >= dueAt(manifest, index, phase)
  const isEnough = index === updatePhase(manifest) && phase.offers.length >= manifest.enough
  const before = index === 0 ? cohort : lead.phases[index - 1]!.offers.map(({ author }) => author)
  const isAwaited = (device: DeviceId) => isThere(draft, device) && !lead.gone.includes(device) && !phase.refused.some(one => one.device === device) && !lead.joins.some(({ author, accepted }) => author === device && accepted)
  const isComplete = before.every(device => !isAwaited(device) || phase.offers.some(({ author }) => author === device))
  if (phase.offers.length >= quorum && joins.length >= quorum && (isDue || isEnough || isComplete)) {
    phase.closed = true
    phase.pending = []
  } else if (isDue) {
    count(draft, 'RoundTooFewContributions')
    nextAttempt(draft, now)
  }
}

function evaluateCommit(draft: RoundState, { commit, accepts, refusals }: Lead, now: number, replies: Replies): void {
  const { quorum, cohort } = manifestOf(draft)
  const { value } = commit!
  if (accepts.length >= quorum) {
    draft.outcome = { kind: 'decided', value, accepts, from: draft.self, checked: true, done: false }
    for (const to of cohort) if (to !== draft.self) replies.push({ do: 'send', to, body: { type: 'decided', value, accepts } })
  } else if (cohort.filter(device => !draft.left.includes(device) && !refusals.includes(device)).length < quorum) nextAttempt(draft, now)
}

/** When a phase ends at the latest. */
export function dueAt(manifest: ReturnType<typeof manifestOf>, index: number, { at }: Phase): number {
  return at + (index === updatePhase(manifest) ? manifest.updateMs : manifest.stepMs)
}
