import type { Effect } from './events.ts'
import type { Body, Said, Value } from './messages.ts'
import { coordinatorOf, maxAhead } from './order.ts'
import { faultOfCommit, isDecision } from './result-checks.ts'
import { coordinator, count, distrust, enterAttempt, manifestOf, phasesOf, type RoundState, updatePhase } from './state.ts'
import { hashOf } from './wire.ts'

// A participant's side of an attempt: what its coordinator says to it.

type Replies = Effect[]

/** Follows the coordinator of a later attempt into it. False when this message is not for the attempt that this device is in. */
export function follow(draft: RoundState, { author, attempt }: { author: string; attempt: number }, now: number): boolean {
  if (attempt < draft.attempt) return false
  if (coordinatorOf(manifestOf(draft), attempt) !== author || draft.distrusted.some(({ device }) => device === author) || attempt > Math.max(0, draft.attempt) + maxAhead) {
    count(draft, 'RoundNotCoordinator')
    return false
  }
  if (attempt > draft.attempt) enterAttempt(draft, attempt, now)
  return true
}

export function begun(draft: RoundState, message: Said<'begin'>, now: number, replies: Replies): void {
  const hadHeard = draft.mine.heard && message.attempt === draft.attempt
  if (!follow(draft, message, now)) return
  // It asks again although it had answered: it has lost what this device promised, or never got it.
  if (hadHeard) replies.push({ do: 'send', to: message.author, body: joinOf(draft) })
}

export function joinOf({ attempt, accepted }: RoundState): Body {
  return { type: 'join', attempt, accepted: accepted && { attempt: accepted.attempt, value: hashOf(accepted.value) } }
}

export function shown(draft: RoundState, { author, attempt, phase, payload }: Said<'show'>): void {
  const { mine } = draft
  if (attempt !== draft.attempt || author !== coordinator(draft)) return
  mine.heard = true
  if (phase === mine.shown.length + 1 && mine.offers.length === phase && phase < phasesOf(manifestOf(draft)).length) mine.shown.push(payload)
}

export function receipt(draft: RoundState, message: Said<'receipt'>): void {
  const { mine } = draft
  const { author, attempt, phase, root, code } = message
  if (attempt !== draft.attempt || author !== coordinator(draft) || mine.offers[phase]?.payload.root !== root || mine.receipts.some(one => one.phase === phase)) return
  mine.heard = true
  if (!code) mine.receipts.push(message)
  else if (!mine.passed) {
    mine.passed = code
    count(draft, code)
  }
}

/** A result is proposed. */
export function committed(draft: RoundState, message: Said<'commit'>, now: number, replies: Replies): void {
  if (!follow(draft, message, now)) return
  const { mine, accepted, self } = draft
  const { author, attempt, value } = message
  mine.heard = true
  const hash = hashOf(value)
  if (accepted?.attempt === attempt) {
    if (hashOf(accepted.value) !== hash) return refuse(draft, hash, 'CommitSplit', replies)
    return void replies.push({ do: 'send', to: author, body: { type: 'accept', attempt, value: hash } })
  }
  if (mine.checking && hashOf(mine.checking.value) === hash) return
  const fault = faultOfCommit(draft, message)
  if (fault) refuse(draft, hash, fault, replies)
  // What this device has made or looked at before is not looked at again.
  else if (author === self || (accepted && hashOf(accepted.value) === hash)) accept(draft, value)
  else mine.checking = { value, from: author }
}

function accept(draft: RoundState, value: Value): void {
  draft.accepted = { attempt: draft.attempt, value }
  draft.mine.checking = null
}

/** This device has repeated the result: it is right, or `code` says what is wrong. */
export function verified(draft: RoundState, hash: string, code: string, replies: Replies): void {
  const { checking } = draft.mine
  if (!checking || hashOf(checking.value) !== hash) return
  if (code) refuse(draft, hash, code, replies)
  else accept(draft, checking.value)
}

/** Says to everybody what is wrong, and takes the coordinator's word no more; the next attempt follows from that. */
function refuse(draft: RoundState, value: string, code: string, replies: Replies): void {
  const { attempt, mine, self } = draft
  mine.checking = null
  const proof = code === 'CommitLeftOut' ? (mine.receipts.find(({ phase }) => phase === updatePhase(manifestOf(draft))) ?? null) : null
  for (const to of manifestOf(draft).cohort) if (to !== self) replies.push({ do: 'send', to, body: { type: 'refuse', attempt, value, code, receipt: proof } })
  distrust(draft, coordinator(draft)!, code)
}

/** Another participant refuses a result. Its word counts for the coordinator alone, and proof for everybody. */
export function refusedBy(draft: RoundState, { author, attempt, value, receipt: proof }: Said<'refuse'>): void {
  const known = draft.mine.checking?.value ?? draft.accepted?.value
  if (!proof || attempt !== draft.attempt || !known || hashOf(known) !== value || known.attempt !== attempt) return
  const isProof = proof.author === coordinator(draft) && proof.code === '' && proof.attempt === attempt && proof.phase === updatePhase(manifestOf(draft)) && !known.offers.some(offer => offer.author === author)
  // A receipt names a payload and no device, so another's could be shown: that one's contribution is in the result, or was given by nobody.
  if (!isProof || known.offers.some(({ payload }) => payload.root === proof.root)) return
  if (draft.accepted?.attempt === attempt) count(draft, 'CommitLeftOut')
  else {
    draft.mine.checking = null
    distrust(draft, proof.author, 'CommitLeftOut')
  }
}

/** A result that a quorum has accepted is the round's, whatever this device was doing. */
export function learned(draft: RoundState, message: Said<'decided'>): void {
  const { value, accepts, author } = message
  if (!isDecision(draft, message)) return count(draft, 'RoundBadDecision')
  const { outcome } = draft
  if (outcome?.kind === 'decided' || outcome?.kind === 'refused') {
    if (hashOf(outcome.value) !== hashOf(value)) count(draft, 'RoundSplit')
    return
  }
  const isChecked = draft.accepted !== null && hashOf(draft.accepted.value) === hashOf(value)
  draft.outcome = { kind: 'decided', value, accepts: [...accepts], from: author, checked: isChecked, done: false }
}

/** Everybody of the round but this device. */
export function toAll(draft: RoundState, body: Body): Effect[] {
  return manifestOf(draft).cohort.filter(to => to !== draft.self).map(to => ({ do: 'send', to, body }))
}

