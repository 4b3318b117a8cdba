import { equals } from 'uint8arrays/equals'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { type CborValue, decodeCbor, encodeCbor, FieldReader, malformed } from '../../mesh/codec.ts'
import { hashBytes, keyBytes, sha256 } from '../../mesh/crypto.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import { deviceIdOf, publicKeyOf } from '../../mesh/identity.ts'
import type { DeviceId } from '../../mesh/types.ts'
import type { TensorShape } from '../aggregation/admission.ts'
import type { Options } from '../aggregation/options.ts'
import type { Scheme } from '../compression/payload.ts'

/** What everybody agrees on by joining: the proposer writes it once, and its hash names the round. */
export type RoundManifest = {
  readonly task: string
  readonly round: number
  readonly proposer: DeviceId
  /** SHA-256 (hex) of the model and adapter that every update starts from. */
  readonly base: string
  /** Tensors of an update, one behind the other. */
  readonly shapes: readonly TensorShape[]
  readonly aggregation: { readonly name: string; readonly options: Options }
  /** Of an update on the wire; null: f32 as they are. Where sums are secret it is null, and a value takes 4 bytes. */
  readonly compression: Scheme | null
  readonly secure: boolean
  /** What every participant does before it accepts a result: repeat the sum from all contributions, or look at its own and take the result as it is. */
  readonly check: 'all' | 'own'
  /** Fewest contributions, and acceptances, of a result; with `secure` the threshold too. More than half of the cohort, so that no two results of one round are accepted. */
  readonly quorum: number
  /** No more contributions are waited for once there are so many. */
  readonly enough: number
  /** More examples weigh no more. */
  readonly maxExamples: number
  /** Largest magnitude of one value of an update. */
  readonly maxAbs: number
  readonly privacy: PrivacyTerms | null
  /** How long participants have for their updates, training included. */
  readonly updateMs: number
  /** How long for each of the other steps. */
  readonly stepMs: number
  /** After this the round is over. */
  readonly roundMs: number
  /** Who takes part, ascending. */
  readonly cohort: readonly DeviceId[]
}

/** What of differential privacy belongs to the round; budgets are each device's own. */
export type PrivacyTerms = { readonly clipNorm: number; readonly noiseMultiplier: number; readonly sampleRate: number; readonly noiseIn: 'each' | 'sum' }

export const maxTaskChars = 128
export const minCohort = 2
/** Of secure aggregation as well. */
export const maxCohort = 64
export const maxTensors = 512
const maxNameChars = 128
const maxDimensions = 8
/** 16 Mi values, 64 MiB as f32, which chunks can carry. */
export const maxValues = 2 ** 24
const maxOptions = 16
/** A message with it fits one frame. */
export const maxManifestBytes = 56 * 1024
/** Three days: a phone may be charged once a day. */
const maxMs = 3 * 24 * 3600 * 1000
const version = 1

export function valuesOf({ shapes }: Pick<RoundManifest, 'shapes'>): number {
  return shapes.reduce((sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1), 0)
}

/** Words of a secret sum: the values, and the weight. */
export function wordsOf(manifest: RoundManifest): number {
  return valuesOf(manifest) + 1
}

/** @throws KinmeshError `BadManifest` */
export function checkManifest(manifest: RoundManifest): RoundManifest {
  const { task, round, proposer, base, shapes, compression, secure, quorum, enough, maxExamples, maxAbs, cohort } = manifest
  const count = (name: string, value: number, least: number, most: number) => {
    if (!Number.isSafeInteger(value) || value < least || value > most) throw bad(`${name} is a whole number within ${least} and ${most}, not ${value}`)
  }
  if (task.length === 0 || task.length > maxTaskChars) throw bad(`a task has a name of 1 to ${maxTaskChars} characters`)
  count('the number of a round', round, 0, Number.MAX_SAFE_INTEGER)
  count('the size of a cohort', cohort.length, secure ? 3 : minCohort, maxCohort)
  if (cohort.some((id, at) => at > 0 && id <= cohort[at - 1]!)) throw bad('the cohort is not in ascending order, or names a device twice')
  for (const id of cohort) publicKeyOf(id)
  if (!cohort.includes(proposer)) throw bad('whoever proposes a round takes part in it')
  if (!/^[0-9a-f]{64}$/.test(base)) throw bad('the base is named by a SHA-256')
  count('the number of tensors', shapes.length, 1, maxTensors)
  for (const { name, shape } of shapes) {
    if (name.length > maxNameChars || shape.length > maxDimensions || !shape.every(length => Number.isSafeInteger(length) && length >= 1 && length <= maxValues)) throw bad('a tensor has no such shape')
  }
  if (valuesOf(manifest) > maxValues) throw bad(`an update has at most ${maxValues} values`)
  count('the quorum', quorum, Math.floor(cohort.length / 2) + 1, cohort.length)
  count('enough', enough, quorum, cohort.length)
  count('the largest number of examples', maxExamples, 1, Math.floor(0xffff_ffff / cohort.length))
  if (!(maxAbs > 0) || !Number.isFinite(maxAbs)) throw bad('the largest value is above 0')
  if (secure && compression) throw bad('scales of their own cannot be summed under masks: leave the compression out')
  if (compression?.name === 'top-k' && !(compression.share > 0 && compression.share <= 1)) throw bad('top-k keeps a share within 0 and 1')
  checkTimes(manifest)
  checkNames(manifest)
  return manifest
}

function checkTimes({ updateMs, stepMs, roundMs }: RoundManifest): void {
  if (![updateMs, stepMs, roundMs].every(ms => Number.isSafeInteger(ms) && ms >= 1 && ms <= maxMs)) throw bad(`times are within 1 and ${maxMs} ms`)
  if (roundMs < updateMs + stepMs) throw bad('a round takes longer than one update and one step')
}

function checkNames({ aggregation, privacy, secure, maxExamples }: RoundManifest): void {
  const options = Object.entries(aggregation.options)
  if (aggregation.name.length === 0 || aggregation.name.length > maxNameChars || options.length > maxOptions || options.some(([name, value]) => name.length === 0 || name.length > maxNameChars || !Number.isFinite(value))) throw bad('the aggregation has no such name or options')
  if (!privacy) return
  if (![privacy.clipNorm, privacy.noiseMultiplier, privacy.sampleRate].every(value => Number.isFinite(value) && value > 0)) throw bad('clip norm, noise and sampling rate are above 0')
  if (maxExamples !== 1) throw bad('under differential privacy every device weighs the same: set the largest number of examples to 1')
  if (privacy.noiseIn === 'sum' && !secure) throw bad('noise that is whole only in the sum needs secure aggregation')
}

export function encodeRoundManifest(manifest: RoundManifest): Uint8Array {
  const { task, round, proposer, base, shapes, aggregation, compression, privacy, cohort } = manifest
  const options = Object.entries(aggregation.options).sort(([a], [b]) => (a < b ? -1 : 1))
  const share = compression?.name === 'top-k' ? compression.share : 0
  return encodeCbor([
    version, task, round, publicKeyOf(proposer), fromString(base, 'base16'), shapes.map(({ name, shape }) => [name, [...shape]]),
    aggregation.name, options.map(([name]) => name), options.map(([, value]) => value), compression?.name ?? '', manifest.secure, manifest.check, manifest.quorum, manifest.enough, manifest.maxExamples,
    privacy?.noiseIn ?? '', [manifest.maxAbs, share, privacy?.clipNorm ?? 0, privacy?.noiseMultiplier ?? 0, privacy?.sampleRate ?? 0], manifest.updateMs, manifest.stepMs, manifest.roundMs, cohort.map(publicKeyOf)
  ])
}

/** Hash of a manifest, hex: the round's name in every message. */
export function roundIdOf(manifest: RoundManifest): string {
  return toString(sha256(encodeRoundManifest(manifest)), 'base16')
}

/** @throws KinmeshError `MalformedBytes`, `NewerVersion`, `BadManifest` */
export function readRoundManifest(bytes: Uint8Array): RoundManifest {
  if (bytes.length > maxManifestBytes) throw malformed('round', `has ${bytes.length} bytes, more than ${maxManifestBytes}`)
  const fields = new FieldReader(decodeCbor(bytes), 'round')
  if (fields.uint('version') > version) throw new KinmeshError('NewerVersion', 'this round was proposed by a newer kinmesh: update kinmesh on this device')
  const [task, round] = [fields.text('task', maxTaskChars), fields.uint('round')]
  const proposer = deviceIdOf(fields.bytes('proposer', { length: keyBytes }))
  const base = toString(fields.bytes('base', { length: hashBytes }), 'base16')
  const shapes = fields.list('shapes', maxTensors, readShape)
  const name = fields.text('aggregation', maxNameChars)
  const [names, values] = [fields.list('options', maxOptions, readText), fields.list('values', maxOptions, readReal)]
  const scheme = fields.text('compression', maxNameChars)
  const [secure, check] = [fields.bool('secure'), fields.text('check', maxNameChars)]
  const [quorum, enough, maxExamples] = [fields.uint('quorum'), fields.uint('enough'), fields.uint('max examples')]
  const noiseIn = fields.text('privacy', maxNameChars)
  const [maxAbs, share, clipNorm, noiseMultiplier, sampleRate, ...more] = fields.list('numbers', 5, readReal)
  const [updateMs, stepMs, roundMs] = [fields.uint('update'), fields.uint('step'), fields.uint('round time')]
  const cohort = fields.list('cohort', maxCohort, readDevice)
  fields.end()
  if (names.length !== values.length || sampleRate === undefined || more.length > 0) throw malformed('round', 'numbers are missing, or there are too many')
  const manifest: RoundManifest = {
    task, round, proposer, base, shapes, secure, quorum, enough, maxExamples, maxAbs: maxAbs!, updateMs, stepMs, roundMs, cohort,
    aggregation: { name, options: Object.fromEntries(names.map((option, at) => [option, values[at]!])) },
    compression: oneOf('compression', scheme, { '': null, 'int8': { name: 'int8' }, 'top-k': { name: 'top-k', share: share! } }),
    check: oneOf('check', check, { all: 'all', own: 'own' }),
    privacy: oneOf<PrivacyTerms | null>('privacy', noiseIn, { '': null, 'each': privacyOf('each'), 'sum': privacyOf('sum') })
  }
  // One manifest has one name: what was not read as it was written, such as options out of order, would have two.
  if (!equals(encodeRoundManifest(manifest), bytes)) throw malformed('round', 'is not in its one form')
  return checkManifest(manifest)

  function privacyOf(where: 'each' | 'sum'): PrivacyTerms {
    return { clipNorm: clipNorm!, noiseMultiplier: noiseMultiplier!, sampleRate: sampleRate!, noiseIn: where }
  }
}

function readShape(value: CborValue): TensorShape {
  const fields = new FieldReader(value, 'round')
  const shape = { name: fields.text('name', maxNameChars), shape: fields.list('shape', maxDimensions, readReal) }
  fields.end()
  return shape
}

function readText(value: CborValue): string {
  if (typeof value !== 'string' || value.length > maxNameChars || value === '__proto__') throw malformed('round', 'an option has no such name')
  return value
}

function readReal(value: CborValue): number {
  if (typeof value !== 'number') throw malformed('round', 'an item is not a number')
  return value
}

export function readDevice(value: CborValue): DeviceId {
  if (!(value instanceof Uint8Array) || value.length !== keyBytes) throw malformed('round', 'a device is not a key')
  return deviceIdOf(value)
}

function oneOf<T>(what: string, name: string, values: Readonly<Record<string, T>>): T {
  if (!Object.hasOwn(values, name)) throw malformed('round', `${what} has no such name`)
  return values[name]!
}

function bad(problem: string): KinmeshError {
  return new KinmeshError('BadManifest', `this round cannot be held: ${problem}`)
}
