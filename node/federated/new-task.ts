import { toString } from 'uint8arrays/to-string'
import { noiseMultiplierFor } from '../../federated/privacy/accountant.ts'
import { robustRule } from '../../federated/aggregation/robust.ts'
import { refuseDrowned } from '../../federated/privacy/drowning.ts'
import { randomBytes } from '../../mesh/crypto.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import type { ModelInUse } from './local-work.ts'
import { readTask, type Task, taskAggregations } from './task.ts'

/** What a person may choose of a task; the rest follows. */
export type Proposal = {
  readonly name: string
  readonly rank: number
  readonly rounds: number
  /** Of each device in each round. */
  readonly steps: number
  readonly rate: number
  /** Fewest conversations, in pieces as they are learned, that a device needs. */
  readonly leastExamples: number
  /** Nobody sees the update of one device; three devices at least. */
  readonly secure: boolean
  /** Rule that withstands devices that give what is wrong, by name; null: the weighted mean. */
  readonly robust: string | null
  /** Budget of differential privacy; null: none. */
  readonly epsilon: number | null
}
export const defaultProposal = { rank: 4, rounds: 20, steps: 20, rate: 0.002, leastExamples: 20, secure: false, robust: null, epsilon: null } as const

/** That may take the place of the mean. */
export const robustRules = taskAggregations.filter(name => name !== 'ffa')

/** More examples weigh no more, so that the device of whoever talks most is not all that is learned. */
const mostExamples = 1000
/** Longer updates are shortened; twenty steps of AdamW seldom go so far. */
const clipNorm = 20
const delta = 1e-5
/** Of a number on its way: int8 and its scales, or a word of the masked sum; and what is around it. */
const [compressedBytes, maskedBytes] = [1.1, 4.1]
const seedBytes = 16

/**
 * The terms of a new task between the devices of one person. `devices`: how many could take part.
 * @throws KinmeshError `BadTask` · `TooFewDevices` · `TooFewContributions` · `UnknownAggregation` · `NoiseDrowns`, with what would have to change; `PrivacyUnreachable` · `NoSecurePrivacy`
 */
export function newTask({ name, rank, rounds, steps, rate, leastExamples, secure, robust, epsilon }: Proposal, model: ModelInUse, parametersOf: { readonly parameters: number; readonly seed: string }, devices: number): Task {
  if (secure && devices < 3) throw new KinmeshError('TooFewDevices', `masks hide a device among others, and there are ${devices}: it takes three of yours`)
  if (secure && epsilon !== null) throw new KinmeshError('NoSecurePrivacy', 'masks and noise together are not held by rounds yet: choose one of them')
  // Told by what aggregates, before a round is held in vain.
  if (robust !== null) robustRule(robust).apply(Array.from({ length: devices }, (_, at) => ({ participant: String(at), weight: 1, values: Float32Array.of(0) })))
  const { parameters, seed } = parametersOf
  const noiseMultiplier = epsilon === null ? null : noiseMultiplierFor({ epsilon, delta }, { sampleRate: 1, rounds })
  if (noiseMultiplier !== null) refuseDrowned({ participants: devices, parameters, noiseMultiplier, noiseIn: 'each' })
  return readTask({
    format: 1, id: randomName(), name, model: { hash: model.id, name: model.name }, aggregation: robust ?? 'ffa', adapter: { rank, alpha: 2 * rank, seed }, training: { steps, rate },
    parameters, bytesPerParameter: secure ? maskedBytes : compressedBytes, rounds, secure: secure ? { threshold: Math.max(2, Math.floor(devices / 2) + 1) } : null, participants: { kind: 'personal' },
    examples: { least: leastExamples, most: mostExamples }, clipNorm,
    privacy: noiseMultiplier === null ? null : { noiseMultiplier, sampleRate: 1, noiseIn: 'each', budget: { epsilon: epsilon!, delta } }
  })
}

/** Of a task, and of what A is drawn from. */
export function randomName(): string {
  return toString(randomBytes(seedBytes), 'base16')
}
