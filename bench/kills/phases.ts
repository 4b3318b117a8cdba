import { pairingProtocol } from '../../mesh/pairing-messages.ts'
import type { Aim, Mark } from './aim.ts'

/** What a device is doing when it is killed. */
export const phases = ['anytime', 'append', 'group', 'compaction', 'snapshot', 'rekey', 'pairing'] as const
export type Phase = (typeof phases)[number]

export type Side = 'one' | 'two' | 'newcomer'

/** One round as chance has it. */
export type Draw = {
  readonly phase: Phase
  readonly victim: Side
  /** Of `anytime` only the two times count. */
  readonly aim: Aim
  readonly writtenMs: number
  /** Once more, this long after it began to start again. */
  readonly againMs: number | undefined
}

/** A device is killed at most this long after both began to write, in ms … */
const maxWrittenMs = 400
/** … and once more, in a quarter of the rounds, at most this long after it began to start again. */
const maxStartingMs = 60
const killedTwice = 0.25
/** A commit takes 2 to 4 ms where every fsync reaches the disk. */
const maxCommitMs = 4
/** What follows a commit or a frame (the frame on its way, the answer to it) is done by then, in ms. */
const maxLaterMs = 15

const moments = ['inside', 'before', 'during', 'during', 'after', 'later'] as const

/** Chance decides; the same seed decides the same. */
export function drawRound(next: () => number, phase: Phase): Draw {
  const below = (limit: number) => Math.floor(next() * limit)
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T
  const member = pick(['one', 'two'] as const)
  const commit = (mark: Mark, skips: number): Aim => {
    const moment = pick(moments)
    return { at: 'commit', mark, skip: below(skips), moment, delayMs: next() * (moment === 'during' ? maxCommitMs : maxLaterMs) }
  }
  const frame = (frames: number): Aim => ({ at: 'frame', protocol: pairingProtocol, skip: below(frames), delayMs: next() < 0.3 ? 0 : next() * maxLaterMs })
  const [writtenMs, twice, startingMs] = [next() * maxWrittenMs, next(), next() * maxStartingMs]
  const againMs = twice < killedTwice ? startingMs : undefined
  const drawn = (victim: Side, aim: Aim): Draw => ({ phase, victim, aim, writtenMs, againMs })
  switch (phase) {
    case 'anytime':
    case 'append':
      return drawn(member, commit('entries', 15))
    case 'group':
      return drawn(member, commit('entries', 8))
    case 'compaction':
      return drawn(member, commit(pick(['bases', 'prune']), 2))
    case 'snapshot':
      return drawn('newcomer', pick([commit('bases', 2), commit('entries', 2)]))
    case 'rekey':
      return drawn(member, commit('statements', 1))
    case 'pairing': {
      // The inviting side sends welcome, proof, confirmation and the log; the newcomer sends hello, proof and its thanks.
      const victim = pick(['one', 'newcomer'] as const)
      if (victim === 'one') return drawn(victim, pick([frame(5), commit('statements', 1)]))
      return drawn(victim, pick([frame(3), commit(pick(['naming', 'entries', 'left']), 1)]))
    }
  }
}
