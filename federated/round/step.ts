import type { DeviceId } from '../../mesh/types.ts'
import type { Effect, RoundEvent } from './events.ts'
import { checked, closed, dueAt as phaseDueAt, evaluate, heard, heldChecked } from './lead.ts'
import type { Said } from './messages.ts'
import { attemptFrom, coordinatorOf, maxAhead } from './order.ts'
import { begun, committed, learned, receipt, refusedBy, shown, toAll, verified } from './participant.ts'
import { attemptMs, coordinator, count, draftOf, enterAttempt, isThere, manifestOf, nextAttempt, phasesOf, type RoundState } from './state.ts'
import { hashOf } from './wire.ts'
import { keyOf, wants } from './wants.ts'

/**
 * One step of a round on one device: pure, the state that is given stays as it is. Effects are to be done after the new state was stored; those that get lost with a crash come back with the event `restart`.
 */
export function step(state: RoundState, event: RoundEvent): { state: RoundState; effects: Effect[] } {
  const draft = draftOf(state)
  const replies: Effect[] = []
  apply(draft, event, replies)
  settle(draft, event.now, replies)
  const before = event.type === 'restart' ? new Set<string>() : new Set(wants(state).map(keyOf))
  const isAgain = (effect: Effect) => effect.do === 'send' && (event.type === 'again' || (event.type === 'up' && event.peer === effect.to))
  return { state: draft, effects: [...replies, ...wants(draft).filter(effect => isAgain(effect) || !before.has(keyOf(effect)))] }
}

/**
 * A state is stored before anything of it is said, paid for or handed over. What others said, and what is only looked at because of it, may be lost with a crash as if it had been lost on its way: whoever was not answered says it again. `events` led from `before` to `state`.
 */
export function isToBeStored(before: RoundState, state: RoundState, events: readonly RoundEvent[], effects: readonly Effect[]): boolean {
  return state.outcome?.kind !== before.outcome?.kind || events.some(({ type }) => type !== 'message') || effects.some(({ do: what }) => what !== 'check' && what !== 'verify' && what !== 'close')
}

const heardAnyTime: readonly Said['type'][] = ['propose', 'unknown', 'decided', 'leave']

/** What a device of the round says before this one's person has answered: nothing comes of it yet. */
export function isTooEarly(state: RoundState, event: RoundEvent): event is RoundEvent & { readonly type: 'message' } {
  return state.willing === null && !state.outcome && event.type === 'message' && !heardAnyTime.includes(event.message.type) && manifestOf(state).cohort.includes(event.message.author)
}

/** When something happens without anybody saying a word: the event `time` is due then. Unix ms; undefined once the round is over here. */
export function dueAt(state: RoundState): number | undefined {
  if (state.outcome) return undefined
  const manifest = manifestOf(state)
  const { lead, attempt, attemptAt, startedAt } = state
  const times = [startedAt + manifest.roundMs]
  if (attempt >= 0) times.push(attemptAt + attemptMs(manifest))
  const phase = lead?.phases.at(-1)
  if (phase && !phase.closed && !lead?.commit) times.push(phaseDueAt(manifest, lead!.phases.length - 1, phase))
  return Math.min(...times)
}

function apply(draft: RoundState, event: RoundEvent, replies: Effect[]): void {
  const { lead, mine, outcome } = draft
  switch (event.type) {
    case 'message':
      return received(draft, event.message, event.now, replies)
    case 'up':
      draft.away = draft.away.filter(device => device !== event.peer)
      if (outcome?.kind === 'decided') replies.push({ do: 'send', to: event.peer, body: { type: 'decided', value: outcome.value, accepts: outcome.accepts } })
      return
    case 'down':
      if (event.peer !== draft.self && manifestOf(draft).cohort.includes(event.peer) && !draft.away.includes(event.peer)) draft.away.push(event.peer)
      return
    case 'restart':
      draft.away = []
      // What hides this device's part of a secret sum is not stored, and so it drops out of an attempt that it had begun.
      if (!outcome && manifestOf(draft).secure && mine.offers.length > 0 && mine.offers.length < phasesOf(manifestOf(draft)).length && !mine.passed) pass(draft, 'RoundRestarted')
      return
    case 'leave':
      return leave(draft, event.code, replies)
    case 'answered':
      if (draft.willing !== null) return
      if (event.code) return leave(draft, event.code, replies)
      draft.willing = true
      return
    case 'prepared':
      if (outcome || event.attempt !== draft.attempt || event.phase !== mine.offers.length || mine.passed) return
      if (!event.payload) return pass(draft, event.code)
      mine.offers.push({ type: 'offer', attempt: event.attempt, phase: event.phase, base: manifestOf(draft).base, examples: event.examples, payload: event.payload })
      return
    case 'checked':
      if (lead && !outcome && event.attempt === draft.attempt) checked(draft, lead, event, replies)
      return
    case 'closed':
      if (lead && !outcome && event.attempt === draft.attempt) closed(draft, lead, event, event.now)
      return
    case 'verified':
      return onVerified(draft, event.value, event.code, replies)
    case 'delivered':
      if (outcome?.kind === 'decided') outcome.done = true
      return
    case 'time':
    case 'again':
      return
  }
}

function pass(draft: RoundState, code: string): void {
  draft.mine.passed = code
  count(draft, code)
}

function leave(draft: RoundState, code: string, replies: Effect[]): void {
  draft.willing = false
  draft.unwilling = code
  if (!draft.left.includes(draft.self)) draft.left.push(draft.self)
  if (draft.outcome) return
  draft.outcome = { kind: 'failed', code }
  replies.push(...toAll(draft, { type: 'leave', code }))
}

/** Another device takes no part in this round any more. */
function left(draft: RoundState, device: DeviceId, code: string): void {
  if (draft.left.includes(device)) return
  draft.left.push(device)
  count(draft, code)
}

function onVerified(draft: RoundState, hash: string, code: string, replies: Effect[]): void {
  const { outcome, lead } = draft
  if (outcome?.kind === 'decided' && !outcome.checked && hashOf(outcome.value) === hash) {
    if (!code) outcome.checked = true
    else {
      count(draft, code)
      draft.outcome = { kind: 'refused', value: outcome.value, code }
    }
  }
  if (outcome) return
  if (lead) heldChecked(draft, lead, hash, code)
  verified(draft, hash, code, replies)
}

function received(draft: RoundState, message: Said, now: number, replies: Effect[]): void {
  const { author } = message
  if (!manifestOf(draft).cohort.includes(author)) return count(draft, 'RoundStranger')
  if (!draft.heardOf.includes(author) && message.type !== 'propose') draft.heardOf.push(author)
  if (message.type !== 'propose') draft.away = draft.away.filter(device => device !== author)
  if (message.type === 'unknown') return void replies.push({ do: 'send', to: author, body: { type: 'propose', manifest: draft.proposal.manifest } })
  if (message.type === 'decided') return draft.willing === false ? undefined : learned(draft, message)
  if (draft.outcome) return answerAfterwards(draft, message, replies)
  if (message.type === 'leave') return left(draft, author, message.code)
  if (!draft.willing || draft.left.includes(author)) return
  switch (message.type) {
    case 'begin':
      return begun(draft, message, now, replies)
    case 'joined':
      if (message.attempt === draft.attempt && author === coordinator(draft)) draft.mine.heard = true
      return
    case 'show':
      return shown(draft, message)
    case 'receipt':
      return receipt(draft, message)
    case 'commit':
      return committed(draft, message, now, replies)
    case 'refuse':
      refusedBy(draft, message)
      return toLead(draft, message, now, replies)
    case 'join':
    case 'held':
    case 'offer':
    case 'pass':
    case 'accept':
      return toLead(draft, message, now, replies)
    case 'propose':
      return
  }
}

function toLead(draft: RoundState, message: Said<'join' | 'held' | 'offer' | 'pass' | 'accept' | 'refuse'>, now: number, replies: Effect[]): void {
  if (isHandedOn(draft, message)) enterAttempt(draft, message.attempt, now)
  const { lead, attempt } = draft
  if (lead && message.attempt === attempt) return heard(draft, lead, message, replies)
  if (message.type === 'offer') count(draft, 'StaleContribution')
  // It is behind, and learns so.
  if (lead && message.attempt < attempt) replies.push({ do: 'send', to: message.author, body: { type: 'begin', attempt } })
}

/** The coordinator of this attempt has given it up, and joins a later one, of this device. Nobody else tells: the others wait for somebody to begin it. */
function isHandedOn(draft: RoundState, { author, attempt }: { readonly author: DeviceId; readonly attempt: number }): boolean {
  return attempt > draft.attempt && author === coordinator(draft) && attempt <= draft.attempt + maxAhead && coordinatorOf(manifestOf(draft), attempt) === draft.self
}

/** Whoever still takes part in a round that is over here hears how it ended. */
function answerAfterwards({ outcome, self }: RoundState, { type, author }: Said, replies: Effect[]): void {
  const asks: Said['type'][] = ['begin', 'join', 'offer', 'commit', 'accept', 'show', 'held']
  if (author === self || !asks.includes(type)) return
  if (outcome?.kind === 'decided') replies.push({ do: 'send', to: author, body: { type: 'decided', value: outcome.value, accepts: outcome.accepts } })
  else if (outcome?.kind === 'failed') replies.push({ do: 'send', to: author, body: { type: 'leave', code: outcome.code } })
}

/** What follows from the time, and from who is left. */
function settle(draft: RoundState, now: number, replies: Effect[]): void {
  const manifest = manifestOf(draft)
  const { left, startedAt } = draft
  if (draft.outcome) return over(draft)
  if (manifest.cohort.length - left.length < manifest.quorum) draft.outcome = { kind: 'failed', code: 'RoundTooFew' }
  else if (now >= startedAt + manifest.roundMs) draft.outcome = { kind: 'failed', code: 'RoundTimedOut' }
  if (draft.outcome) return over(draft)
  if (!draft.willing) return
  if (draft.attempt < 0) enterFirst(draft, now)
  const isLost = (device: DeviceId | undefined) => device !== undefined && !isThere(draft, device)
  if (!draft.outcome && (isLost(coordinator(draft)) || now >= draft.attemptAt + attemptMs(manifest))) nextAttempt(draft, now)
  if (!draft.outcome && draft.lead) evaluate(draft, draft.lead, now, replies)
  if (draft.outcome) over(draft)
}

function enterFirst(draft: RoundState, now: number): void {
  const first = attemptFrom(manifestOf(draft), 0, device => isThere(draft, device))
  if (first !== undefined) enterAttempt(draft, first, now)
}

/** Nothing of an attempt is needed any more. */
function over(draft: RoundState): void {
  draft.lead = null
  draft.mine.checking = null
}
