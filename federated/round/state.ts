import { KinmeshError } from '../../mesh/errors.ts'
import type { DeviceId } from '../../mesh/types.ts'
import { checkManifest, type RoundManifest } from './manifest.ts'
import type { Body, Payload, Said, Value } from './messages.ts'
import { attemptFrom, coordinatorOf } from './order.ts'

// All that a device knows of one round, as plain data: what it has to do next follows from it (wants.ts), so a device that was away goes on from what it had stored.

/** A participant in one attempt. */
export type Mine = {
  /** The coordinator has answered. */
  heard: boolean
  /** What was shown for each phase after the first, in order. */
  shown: Payload[]
  /** What this device has said in each phase, in order. */
  offers: (Body & { type: 'offer' })[]
  /** Of its contribution, once the coordinator has taken it. */
  receipts: Said<'receipt'>[]
  /** Why it takes no further part in this attempt; empty while it does. */
  passed: string
  /** A result that is being checked, and who has its parts. */
  checking: { value: Value; from: DeviceId } | null
}

/** One phase as its coordinator sees it. */
export type Phase = {
  /** Unix ms of its beginning. */
  at: number
  /** Taken, and such as are being looked at. */
  offers: Said<'offer'>[]
  pending: Said<'offer'>[]
  refused: { device: DeviceId; code: string }[]
  closed: boolean
  /** What it came to. */
  shown: Payload | null
}

/** A coordinator in one attempt. */
export type Lead = {
  joins: Said<'join'>[]
  /** Results that joins name. `checked`: this device has found it right. */
  held: { value: Value; from: DeviceId; checked: boolean }[]
  phases: Phase[]
  /** Who takes no further part in this attempt. */
  gone: DeviceId[]
  commit: { value: Value; joins: Said<'join'>[] } | null
  accepts: Said<'accept'>[]
  refusals: DeviceId[]
}

export type Outcome =
  /** `checked`: this device has found the result right. `done`: its caller has it. */
  | { kind: 'decided'; value: Value; accepts: Said<'accept'>[]; from: DeviceId; checked: boolean; done: boolean }
  /** A quorum has accepted what this device finds wrong. */
  | { kind: 'refused'; value: Value; code: string }
  | { kind: 'failed'; code: string }

export type RoundState = {
  readonly self: DeviceId
  readonly proposal: Said<'propose'>
  /** Unix ms. */
  readonly startedAt: number
  /** Whether this device takes part: null until it was asked. */
  willing: boolean | null
  /** Why it does not, where it does not. */
  unwilling: string
  /** From whom something of this round was heard. */
  heardOf: DeviceId[]
  /** Not connected; not stored. */
  away: DeviceId[]
  left: DeviceId[]
  /** Whose word this device does not take any more, and why. */
  distrusted: { device: DeviceId; code: string }[]
  /** −1 before the first. It is also the promise to accept nothing of an earlier one. */
  attempt: number
  attemptAt: number
  mine: Mine
  lead: Lead | null
  accepted: { attempt: number; value: Value } | null
  outcome: Outcome | null
  /** How often something was refused, by code. */
  counts: Record<string, number>
}

/** Phases of an attempt. Each participant says something in each, and is shown what the one before came to. */
export const plainPhases = ['update'] as const
export const securePhases = ['keys', 'shares', 'masked', 'agreement', 'reveal'] as const
export type PhaseName = (typeof plainPhases)[number] | (typeof securePhases)[number]

export function phasesOf({ secure }: RoundManifest): readonly PhaseName[] {
  return secure ? securePhases : plainPhases
}

/** The phase whose offers are the contributions. */
export function updatePhase({ secure }: RoundManifest): number {
  return secure ? securePhases.indexOf('masked') : 0
}

/** Sooner or later a participant gives an attempt up, whatever its coordinator does. */
export function attemptMs(manifest: RoundManifest): number {
  return manifest.updateMs + (phasesOf(manifest).length + 3) * manifest.stepMs
}

export function freshMine(): Mine {
  return { heard: false, shown: [], offers: [], receipts: [], passed: '', checking: null }
}

export function freshPhase(at: number): Phase {
  return { at, offers: [], pending: [], refused: [], closed: false, shown: null }
}

function freshLead(at: number): Lead {
  return { joins: [], held: [], phases: [freshPhase(at)], gone: [], commit: null, accepts: [], refusals: [] }
}

/** @throws KinmeshError `BadManifest`, `RoundStranger` */
export function openRound(self: DeviceId, proposal: Said<'propose'>, now: number): RoundState {
  checkManifest(proposal.manifest)
  if (!proposal.manifest.cohort.includes(self)) throw new KinmeshError('RoundStranger', 'this device is not of the cohort of this round')
  return {
    self, proposal, startedAt: now, willing: null, unwilling: '', heardOf: [], away: [], left: [], distrusted: [], attempt: -1, attemptAt: now, mine: freshMine(), lead: null, accepted: null, outcome: null, counts: {}
  }
}

export function manifestOf(state: RoundState): RoundManifest {
  return state.proposal.manifest
}

export function roundOf(state: RoundState): string {
  return state.proposal.round
}

export function coordinator(state: RoundState): DeviceId | undefined {
  return state.attempt < 0 ? undefined : coordinatorOf(manifestOf(state), state.attempt)
}

/** It may coordinate and contribute, as far as this device knows. */
export function isThere(state: RoundState, device: DeviceId): boolean {
  return !state.left.includes(device) && !state.away.includes(device) && !state.distrusted.some(one => one.device === device)
}

/** A state of its own, to be changed while a step is made; the one it was made of stays as it is. */
export function draftOf(state: RoundState): RoundState {
  const { mine, lead } = state
  return {
    ...state,
    heardOf: [...state.heardOf], away: [...state.away], left: [...state.left], distrusted: [...state.distrusted], counts: { ...state.counts },
    mine: { ...mine, shown: [...mine.shown], offers: [...mine.offers], receipts: [...mine.receipts] },
    lead: lead && {
      ...lead, joins: [...lead.joins], held: lead.held.map(one => ({ ...one })), gone: [...lead.gone], accepts: [...lead.accepts], refusals: [...lead.refusals],
      phases: lead.phases.map(phase => ({ ...phase, offers: [...phase.offers], pending: [...phase.pending], refused: [...phase.refused] }))
    },
    outcome: state.outcome && { ...state.outcome }
  }
}

export function enterAttempt(draft: RoundState, attempt: number, now: number): void {
  draft.attempt = attempt
  draft.attemptAt = now
  draft.mine = freshMine()
  draft.lead = coordinatorOf(manifestOf(draft), attempt) === draft.self ? freshLead(now) : null
}

/** Gives this attempt up for the next one that somebody is there to coordinate. */
export function nextAttempt(draft: RoundState, now: number): void {
  const next = attemptFrom(manifestOf(draft), draft.attempt + 1, device => isThere(draft, device))
  if (next === undefined) draft.outcome = { kind: 'failed', code: 'RoundTooManyAttempts' }
  else enterAttempt(draft, next, now)
}

/** Codes come from other devices as well, which could make up any number of them. */
const maxCodes = 64

export function count(draft: RoundState, given: string): void {
  const code = Object.hasOwn(draft.counts, given) || Object.keys(draft.counts).length < maxCodes ? given : 'Other'
  draft.counts[code] = (draft.counts[code] ?? 0) + 1
}

export function distrust(draft: RoundState, device: DeviceId, code: string): void {
  count(draft, code)
  if (device !== draft.self && !draft.distrusted.some(one => one.device === device)) draft.distrusted.push({ device, code })
}
