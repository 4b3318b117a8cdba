import type { DeviceId } from '../../mesh/types.ts'
import { coordinator, manifestOf, phasesOf, type PhaseName, type RoundState, roundOf } from './state.ts'

/** Where a round stands as one device sees it. */
export type RoundProgress = {
  readonly round: string
  readonly task: string
  readonly number: number
  readonly attempt: number
  readonly coordinator: DeviceId | undefined
  /** In which part this device is. */
  readonly stage: 'asked' | PhaseName | 'waiting' | 'checking' | 'accepted' | 'decided' | 'refused' | 'failed'
  /** Contributions that are in: known to the coordinator alone until the end. */
  readonly contributions: number | undefined
  readonly away: readonly DeviceId[]
  readonly left: readonly DeviceId[]
  /** Whose word is not taken any more, and what they did. */
  readonly distrusted: readonly { readonly device: DeviceId; readonly code: string }[]
  /** Refusals of this device and by others, by code. */
  readonly counts: Readonly<Record<string, number>>
  /** Why the round failed, or its result was refused. */
  readonly code: string | undefined
  /** The result was handed over. */
  readonly done: boolean
}

export function progressOf(state: RoundState): RoundProgress {
  const { outcome, lead, attempt, away, left, distrusted, counts } = state
  const manifest = manifestOf(state)
  const offers = outcome?.kind === 'decided' ? outcome.value.offers : lead?.phases[manifest.secure ? 2 : 0]?.offers
  return {
    round: roundOf(state), task: manifest.task, number: manifest.round, attempt, coordinator: coordinator(state), stage: stageOf(state), contributions: offers?.length, away, left, distrusted, counts,
    code: outcome && 'code' in outcome ? outcome.code : undefined, done: outcome?.kind === 'decided' && outcome.done
  }
}

function stageOf(state: RoundState): RoundProgress['stage'] {
  const { outcome, willing, mine, accepted, attempt } = state
  if (outcome) return outcome.kind
  if (willing === null) return 'asked'
  if (mine.checking) return 'checking'
  if (accepted?.attempt === attempt) return 'accepted'
  return phasesOf(manifestOf(state))[mine.offers.length] ?? 'waiting'
}
