import type { DeviceId } from '../../mesh/types.ts'
import type { Effect } from './events.ts'
import type { Body, Said, Value } from './messages.ts'
import { joinOf } from './participant.ts'
import { coordinator, type Lead, manifestOf, phasesOf, type RoundState } from './state.ts'
import { hashOf } from './wire.ts'

/**
 * All that this device still has to do, as it follows from its state and from nothing else: the outbox and the open jobs. What is in it after a step and was not before is done now;
 * all of it is done after a restart, and what is to be sent is sent again to whoever comes back.
 */
export function wants(state: RoundState): Effect[] {
  const { outcome, willing } = state
  if (outcome) return afterwards(state)
  if (willing === null) return [{ do: 'answer' }]
  if (!willing || state.attempt < 0) return []
  return [...proposals(state), ...(state.lead ? ofCoordinator(state, state.lead) : []), ...ofParticipant(state)]
}

function afterwards({ outcome }: RoundState): Effect[] {
  if (outcome?.kind !== 'decided') return []
  const { value, from, checked, done } = outcome
  if (!checked) return [{ do: 'verify', value, from: holders(value, from) }]
  return done ? [] : [{ do: 'deliver', value, from: holders(value, from) }]
}

/** Who should have the parts of a result. */
function holders({ offers }: Value, from: DeviceId): DeviceId[] {
  return [...new Set([from, ...offers.map(({ author }) => author)])]
}

function proposals(state: RoundState): Effect[] {
  const { self, proposal, lead, heardOf } = state
  if (proposal.author !== self && !lead) return []
  const { cohort, proposer } = proposal.manifest
  return cohort.filter(to => to !== self && to !== proposer && !heardOf.includes(to) && isReached(state, to)).map(to => ({ do: 'send', to, body: { type: 'propose', manifest: proposal.manifest } }))
}

function ofParticipant(state: RoundState): Effect[] {
  const { attempt, mine, accepted } = state
  const to = coordinator(state)!
  const say = (body: Body): Effect => ({ do: 'send', to, body })
  const effects: Effect[] = []
  if (!mine.heard) {
    if (accepted) effects.push(say({ type: 'held', attempt, value: accepted.value }))
    effects.push(say(joinOf(state)))
  }
  if (mine.passed) effects.push(say({ type: 'pass', attempt, code: mine.passed }))
  else if (!accepted) {
    const phase = mine.offers.length
    if (phase < phasesOf(manifestOf(state)).length && mine.shown.length === phase) effects.push({ do: 'prepare', attempt, phase, shown: [...mine.shown], from: to })
    const said = mine.offers.at(-1)
    if (said && !mine.receipts.some(receipt => receipt.phase === said.phase)) effects.push(say(said))
  }
  if (mine.checking) effects.push({ do: 'verify', value: mine.checking.value, from: holders(mine.checking.value, mine.checking.from) })
  if (accepted?.attempt === attempt) effects.push(say({ type: 'accept', attempt, value: hashOf(accepted.value) }))
  return effects
}

function ofCoordinator(state: RoundState, lead: Lead): Effect[] {
  const { attempt } = state
  const { cohort } = manifestOf(state)
  const effects: Effect[] = []
  const say = (to: DeviceId, body: Body) => {
    if (isReached(state, to)) effects.push({ do: 'send', to, body })
  }
  const index = lead.phases.length - 1
  const phase = lead.phases[index]!
  if (lead.commit) {
    const { value, joins } = lead.commit
    for (const to of cohort) if (!lead.accepts.some(({ author }) => author === to) && !lead.refusals.includes(to)) say(to, { type: 'commit', attempt, value, joins })
    return effects
  }
  for (const to of cohort) if (to !== state.self && !lead.joins.some(({ author }) => author === to)) say(to, { type: 'begin', attempt })
  for (const { value, from, checked } of lead.held) if (!checked) effects.push({ do: 'verify', value, from: holders(value, from) })
  const payload = lead.phases[index - 1]?.shown
  if (payload) {
    const hasSaid = (device: DeviceId) => [...phase.offers, ...phase.pending].some(({ author }) => author === device)
    for (const { author } of lead.phases[index - 1]!.offers) if (!hasSaid(author) && !lead.gone.includes(author)) say(author, { type: 'show', attempt, phase: index, payload })
  }
  for (const offer of phase.pending) effects.push({ do: 'check', attempt, offer, before: offersOf(lead).slice(0, offer.phase) })
  if (phase.closed && !phase.shown) effects.push({ do: 'close', attempt, phase: index, offers: offersOf(lead) })
  return effects
}

/** Whoever lied as a coordinator may still contribute and accept: both are checked. */
function isReached({ left, away }: RoundState, device: DeviceId): boolean {
  return !left.includes(device) && !away.includes(device)
}

/** Of each phase, ascending by author. */
function offersOf({ phases }: Lead): Said<'offer'>[][] {
  return phases.map(({ offers }) => [...offers].sort((a, b) => (a.author < b.author ? -1 : 1)))
}

/** Tells effects apart: two with one key are the same thing to do. */
export function keyOf(effect: Effect): string {
  switch (effect.do) {
    case 'send': {
      const { type } = effect.body
      const { attempt, phase, code } = effect.body as { attempt?: number; phase?: number; code?: string }
      return `send ${effect.to} ${type} ${attempt ?? ''} ${phase ?? ''} ${code ?? ''}`
    }
    case 'answer':
      return 'answer'
    case 'prepare':
    case 'close':
      return `${effect.do} ${effect.attempt} ${effect.phase}`
    case 'check':
      return `check ${effect.attempt} ${effect.offer.phase} ${effect.offer.author} ${effect.offer.payload.root}`
    case 'verify':
    case 'deliver':
      return `${effect.do} ${hashOf(effect.value)}`
  }
}
