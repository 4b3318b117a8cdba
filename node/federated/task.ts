import { toString } from 'uint8arrays/to-string'
import * as v from 'valibot'
import { encodeCbor } from '../../mesh/codec.ts'
import { sha256 } from '../../mesh/crypto.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import { robustRuleNames } from '../../federated/aggregation/robust.ts'
import { maxDeviceChars, maxTaskChars } from '../../federated/privacy/ledger.ts'
import { deltaBounds, maxEpsilon, noiseMultiplierBounds } from '../../federated/privacy/terms.ts'
import { clipNormBounds } from '../../federated/privacy/clip.ts'
import { maxRank } from '../model/adapter-config.ts'

/** What becomes of the B of several devices: their weighted mean, or what a rule that withstands hostile ones makes of them. */
export const taskAggregations = ['ffa', ...robustRuleNames]
/** Devices of one task; a list of them is shown to a person. */
export const maxTaskDevices = 1000
const maxNameChars = 80
const whole = (least: number, most: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most))
const positive = (least: number, most: number) => v.pipe(v.number(), v.minValue(least), v.maxValue(most))
/** One line, of characters that show. */
const line = (most: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(most), v.regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u, 'one line without control characters'))
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, '64 hex digits'))

/**
 * What devices agree on before they learn together: what a person is asked about. Another number in it makes other terms, which need a new yes.
 * `privacy`: null where no noise is added.
 */
const taskSchema = v.strictObject({
  format: v.literal(1),
  id: line(maxTaskChars),
  name: line(maxNameChars),
  /** `hash`: the id of the base model, of what its files hold. */
  model: v.strictObject({ hash, name: line(200) }),
  aggregation: v.picklist(taskAggregations),
  /** Of the adapter. `seed`: that A is drawn from, where nobody trains it. */
  adapter: v.strictObject({ rank: whole(1, maxRank), alpha: positive(1e-6, 1e6), seed: line(200) }),
  /** Of each device, in each round. `rate`: how far a step of AdamW goes. */
  training: v.strictObject({ steps: whole(1, 10_000), rate: positive(1e-8, 1) }),
  /** Numbers that a device sends in a round. */
  parameters: whole(1, 2 ** 26),
  /** Bytes a number takes on its way, the most. */
  bytesPerParameter: positive(0.01, 8),
  rounds: whole(1, 100_000),
  /** `secure`: the threshold below which no sum is opened; null: whoever coordinates a round sees each contribution. */
  secure: v.nullable(v.strictObject({ threshold: whole(2, maxTaskDevices) })),
  /** Who may take part. `personal`: all devices of the person. `listed`: these. */
  participants: v.variant('kind', [
    v.strictObject({ kind: v.literal('personal') }),
    v.strictObject({ kind: v.literal('listed'), devices: v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(maxDeviceChars))), v.minLength(2), v.maxLength(maxTaskDevices)) })
  ]),
  examples: v.strictObject({ least: whole(1, 1_000_000), most: whole(1, 1_000_000) }),
  /** Updates are shortened to this length in any case; it is what noise is measured by. */
  clipNorm: positive(clipNormBounds.least, clipNormBounds.most),
  privacy: v.nullable(v.strictObject({
    noiseMultiplier: positive(noiseMultiplierBounds.least, noiseMultiplierBounds.most),
    sampleRate: positive(1e-6, 1),
    noiseIn: v.picklist(['sum', 'each']),
    budget: v.strictObject({ epsilon: positive(1e-6, maxEpsilon), delta: positive(deltaBounds.least, deltaBounds.most) })
  }))
})
export type Task = v.InferOutput<typeof taskSchema>

/** @throws KinmeshError `BadTask`, which names the field */
export function readTask(given: unknown): Task {
  const result = v.safeParse(taskSchema, given)
  if (!result.success) {
    const [issue] = result.issues
    throw bad(`${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`)
  }
  const { aggregation, secure, privacy, participants, examples } = result.output
  if (examples.most < examples.least) throw bad('examples.most: fewer than examples.least')
  if (secure && aggregation !== 'ffa') throw bad(`aggregation: ${aggregation} looks at each contribution, which secure aggregation hides; take ffa, or leave secure out`)
  if (privacy?.noiseIn === 'sum' && !secure) throw bad('privacy.noiseIn: noise in the sum alone hides nobody where each contribution is seen; add secure aggregation, or noise in each')
  if (participants.kind === 'listed') {
    if (new Set(participants.devices).size !== participants.devices.length) throw bad('participants.devices: one is there twice')
    if (secure && secure.threshold > participants.devices.length) throw bad('secure.threshold: more devices than may take part')
  }
  return result.output
}

/** Of all that a person agrees to, SHA-256 as hex; the order in which devices are listed is none of it. */
export function termsHash(task: Task): string {
  const { format, id, name, model, aggregation, adapter, training, parameters, bytesPerParameter, rounds, secure, participants, examples, clipNorm, privacy } = task
  return toString(sha256(encodeCbor([
    'kinmesh task terms', format, id, name, model.hash, model.name, aggregation, adapter.rank, adapter.alpha, adapter.seed, training.steps, training.rate, parameters, bytesPerParameter, rounds, secure?.threshold ?? null,
    participants.kind === 'listed' ? [...participants.devices].sort() : participants.kind, examples.least, examples.most, clipNorm,
    privacy && [privacy.noiseMultiplier, privacy.sampleRate, privacy.noiseIn, privacy.budget.epsilon, privacy.budget.delta]
  ])), 'base16')
}

/** What a device sends in a round at most, bytes, but for the messages around it. */
export function uploadBytes({ parameters, bytesPerParameter }: Task): number {
  return Math.ceil(parameters * bytesPerParameter)
}

function bad(problem: string): KinmeshError {
  return new KinmeshError('BadTask', `this task cannot be (${problem}): ask who proposed it for another one`)
}
