import { toString } from 'uint8arrays/to-string'
import { encodeCbor } from '../../mesh/codec.ts'
import { sha256 } from '../../mesh/crypto.ts'
import type { DeviceId } from '../../mesh/types.ts'
import type { Judgement } from './adoption.ts'

// A few devices first: those of the first group judge a new adapter by themselves, and the others wait for what they say. Pure functions over what is known; who tells it and when is the caller's.

export type Rollout = {
  /** SHA-256 of the adapter that is new, as hex. */
  readonly candidate: string
  /** All that take part in the task. */
  readonly cohort: readonly DeviceId[]
  /** Of the cohort that is first; at least one device. */
  readonly firstShare: number
  /** Of the first group, what they said: yes for better or no worse. Those that could not tell, or said nothing yet, are not there. */
  readonly said: ReadonlyMap<DeviceId, boolean>
  /** Who could not tell, or was silent for longer than the caller waits: the next in the order takes its place. */
  readonly passed: ReadonlySet<DeviceId>
}

/** The order in which devices try an adapter: by hash of both, so that it is the same for all, another one each time, and nobody's choice. */
export function tryingOrder(candidate: string, cohort: readonly DeviceId[]): DeviceId[] {
  return [...new Set(cohort)].map(device => ({ device, place: toString(sha256(encodeCbor(['kinmesh trying order', candidate, device])), 'base16') })).sort((a, b) => (a.place < b.place ? -1 : 1)).map(({ device }) => device)
}

/** Those that try it now: so many of the order as the share says, without those passed over. @throws RangeError */
export function firstGroup({ candidate, cohort, firstShare, passed }: Pick<Rollout, 'candidate' | 'cohort' | 'firstShare' | 'passed'>): DeviceId[] {
  if (!(firstShare > 0 && firstShare <= 1)) throw new RangeError(`a share of ${firstShare}`)
  const order = tryingOrder(candidate, cohort)
  return order.filter(device => !passed.has(device)).slice(0, Math.max(1, Math.ceil(firstShare * order.length)))
}

/** `pass`: more than half of the first group said yes. `fail`: half or more said no. `waiting`: neither yet; also where everybody was passed over. */
export function groupVerdict(rollout: Rollout): 'pass' | 'fail' | 'waiting' {
  const group = firstGroup(rollout)
  const answers = group.map(device => rollout.said.get(device))
  const [yes, no] = [answers.filter(answer => answer === true).length, answers.filter(answer => answer === false).length]
  if (yes > group.length / 2) return 'pass'
  if (no > 0 && no >= group.length / 2) return 'fail'
  return 'waiting'
}

/** What a device does with a candidate. `judge`: it is of the first group, and is to measure and to say. */
export type Stage = 'judge' | 'adopt' | 'wait' | 'refuse'

/**
 * `own`: what this device found by itself, undefined before it measured. Nobody takes what it found worse, whatever others say; a device that cannot tell follows the first group; and the verdict of the first group binds its own members
 * as well, so that no device keeps what most found worse.
 */
export function stageOf(device: DeviceId, rollout: Rollout, own: Judgement['verdict'] | undefined): Stage {
  if (!rollout.cohort.includes(device)) return 'refuse'
  if (own === 'worse') return 'refuse'
  const verdict = groupVerdict(rollout)
  if (verdict === 'fail') return 'refuse'
  if (firstGroup(rollout).includes(device)) {
    if (own === undefined) return 'judge'
    return own === 'unknown' && verdict !== 'pass' ? 'wait' : 'adopt'
  }
  if (verdict === 'waiting') return 'wait'
  return own === undefined ? 'judge' : 'adopt'
}
