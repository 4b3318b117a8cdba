import type { RoundManifest } from '../../federated/round/manifest.ts'
import type { DeviceId } from '../../mesh/types.ts'
import type { Task } from './task.ts'

const minute = 60_000
/** How long a device has for its training, and how long a round may take in all: a phone that is asleep is not waited for. */
const [updateMs, stepMs, roundMs] = [30 * minute, minute, 120 * minute]
/** A value of an update, clipped, is at most the clip norm; what compression left over the last time may come on top of it. */
const overClip = 2
/** So many standard deviations of noise besides: one value in 10^15 is beyond, and then a device notices it and makes another attempt. */
const noiseReach = 8

/** What changes from one round of a task to the next. `base`: as `baseOf` names it. */
export type RoundOf = { readonly number: number; readonly proposer: DeviceId; readonly cohort: readonly DeviceId[]; readonly base: string }

/**
 * The round that the terms of a task call for. Every device makes it by itself and takes part in no other, so that nobody who proposes a round changes what a person agreed to.
 * Everybody repeats the sum (`check: all`): the devices of one person are few.
 */
export function manifestOf(task: Task, { number, proposer, cohort, base }: RoundOf): RoundManifest {
  const { clipNorm, privacy, secure, examples } = task
  return {
    task: task.id, round: number, proposer, base,
    shapes: [{ name: 'adapter', shape: [task.parameters] }],
    aggregation: { name: task.aggregation, options: {} },
    compression: secure ? null : { name: 'int8' },
    secure: secure !== null,
    check: 'all',
    quorum: quorumOf(task, cohort.length),
    enough: cohort.length,
    maxExamples: privacy ? 1 : examples.most,
    maxAbs: clipNorm * (overClip + (privacy ? noiseReach * privacy.noiseMultiplier : 0)),
    privacy: privacy && { clipNorm, noiseMultiplier: privacy.noiseMultiplier, sampleRate: privacy.sampleRate, noiseIn: privacy.noiseIn },
    updateMs, stepMs, roundMs,
    cohort: [...cohort].sort()
  }
}

/** Devices without which a round of so many is not committed. */
export function quorumOf({ secure }: Task, devices: number): number {
  return Math.max(Math.floor(devices / 2) + 1, secure?.threshold ?? 0)
}

/** Fewest devices that a round is proposed to. */
export function leastDevices(task: Task): number {
  return task.secure ? Math.max(3, task.secure.threshold) : 2
}
