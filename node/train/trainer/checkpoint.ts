import * as v from 'valibot'
import { KinmeshError } from '../../../mesh/errors.ts'
import type { Optimizer } from './optimizer.ts'
import { TrainingRecord } from './record.ts'

/** All that a training goes on from. `parameters`, the vectors of the optimizer and of `best` keep their places and change in place. */
export type TrainingState = {
  /** Steps that were made. */
  step: number
  readonly parameters: Float32Array
  readonly optimizer: Optimizer
  /** The lowest loss on the holdout and the parameters that had it. */
  readonly best: { step: number; loss: number; readonly parameters: Float32Array } | null
  /** Evaluations since then. */
  worse: number
  readonly record: TrainingRecord
}

/** What a training is made of, each value as JSON: a checkpoint is taken up by the same one only. */
export type TrainingRecipe = Readonly<Record<string, unknown>>

export interface Checkpoints {
  /** On disk when this resolves; the one before stays. @throws KinmeshError `DiskFull` · `StoreFailed`: the one before is as it was */
  save(recipe: TrainingRecipe, state: TrainingState): Promise<void>
  /**
   * Makes `state` what the last checkpoint says; undefined where there is none, and then it is as it was. `notes`: what a person should know, a sentence each.
   * @throws KinmeshError `CheckpointMismatch`: of another training; `CheckpointDamaged`: none of them is whole; `StoreFailed`
   */
  load(recipe: TrainingRecipe, state: TrainingState): Promise<{ readonly notes: readonly string[] } | undefined>
}

/** The bytes of a checkpoint: magic, u32 length of the header, header in JSON filled up with spaces, the vectors one behind the other, SHA-256 of all before. Little-endian. */
export const checkpointMagic = 'kinmesh training'
export const prefixBytes = checkpointMagic.length + 4
export const hashBytes = 32
/** Far above any recipe. */
const maxHeaderBytes = 1024 * 1024
const formatVersion = 1

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const headerSchema = v.object({
  format: v.literal(formatVersion),
  step: count,
  updates: count,
  best: v.nullable(v.object({ step: count, loss: v.nullable(v.number()) })),
  worse: count,
  parameters: count,
  stateVectors: count,
  steps: count,
  evaluations: count,
  recipe: v.record(v.string(), v.unknown())
})
export type CheckpointHeader = v.InferOutput<typeof headerSchema>

/** A checkpoint that cannot be read. Its message says in a few words why. */
export class Damage extends Error {}

/** The parts of a checkpoint, its hash apart. They are views: nothing is copied. */
export function checkpointParts(recipe: TrainingRecipe, state: TrainingState): Uint8Array[] {
  const { steps, evaluations } = state.record.numbers()
  const header: CheckpointHeader = {
    // JSON has no infinity: the best loss before the first evaluation.
    format: formatVersion, step: state.step, updates: state.optimizer.updates, best: state.best && { step: state.best.step, loss: Number.isFinite(state.best.loss) ? state.best.loss : null }, worse: state.worse,
    parameters: state.parameters.length, stateVectors: state.optimizer.state.length, steps: steps.length, evaluations: evaluations.length, recipe
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  if (text.length > maxHeaderBytes) throw new RangeError(`a recipe of ${text.length} bytes`)
  const prefix = new Uint8Array(prefixBytes)
  prefix.set(new TextEncoder().encode(checkpointMagic))
  new DataView(prefix.buffer).setUint32(checkpointMagic.length, text.length, true)
  return [prefix, text, ...vectorsOf(state).map(bytesOf), bytesOf(steps), bytesOf(evaluations)]
}

/** Length of the header. @throws Damage */
export function headerLength(prefix: Uint8Array): number {
  if (prefix.length < prefixBytes || new TextDecoder().decode(prefix.subarray(0, checkpointMagic.length)) !== checkpointMagic) throw new Damage('it is no checkpoint')
  const length = new DataView(prefix.buffer, prefix.byteOffset).getUint32(checkpointMagic.length, true)
  if (length > maxHeaderBytes) throw new Damage(`its header would have ${length} bytes`)
  return length
}

/** `fileBytes`: of the whole file, which must be as long as the header says. @throws Damage; KinmeshError `CheckpointMismatch`: of another version */
export function readHeader(text: Uint8Array, fileBytes: number): CheckpointHeader {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text))
  } catch {
    throw new Damage('its header is not JSON')
  }
  const format = v.safeParse(v.looseObject({ format: count }), json)
  if (format.success && format.output.format !== formatVersion) throw new KinmeshError('CheckpointMismatch', `the checkpoint has the format ${format.output.format}, and this kinmesh reads ${formatVersion}: go on with the version that made it, or begin anew in another folder`)
  const read = v.safeParse(headerSchema, json)
  if (!read.success) throw new Damage('its header lacks something')
  const { parameters, stateVectors, best, steps, evaluations } = read.output
  const bytes = prefixBytes + text.length + 4 * parameters * (1 + stateVectors + Number(best !== null)) + 8 * (steps + evaluations) + hashBytes
  if (bytes !== fileBytes) throw new Damage(`it has ${fileBytes} bytes, not ${bytes}`)
  return read.output
}

/** @throws KinmeshError `CheckpointMismatch`, which names what differs */
export function checkSame(where: string, header: CheckpointHeader, recipe: TrainingRecipe, { parameters, optimizer, best }: TrainingState): void {
  const inJson = (value: unknown) => JSON.stringify(value) ?? 'nothing'
  const differing = [...new Set([...Object.keys(recipe), ...Object.keys(header.recipe)])].filter(key => inJson(recipe[key]) !== inJson(header.recipe[key]))
  const isOfShape = header.parameters === parameters.length && header.stateVectors === optimizer.state.length && (header.best === null) === (best === null)
  if (differing.length === 0 && isOfShape) return
  const what = differing.length > 0 ? differing.join(', ') : 'shape'
  throw new KinmeshError('CheckpointMismatch', `the checkpoint in ${where} is of another training (what differs: ${what.slice(0, 200)}): go on with what it was made with, or use another folder`)
}

/** Reads the vectors, which lie one behind the other from `offset` on, into `state`. `readInto` fills bytes from a place of the file. */
export async function restore(header: CheckpointHeader, state: TrainingState, offset: number, readInto: (bytes: Uint8Array, offset: number) => Promise<void>): Promise<void> {
  const [steps, evaluations] = [new Float64Array(header.steps), new Float64Array(header.evaluations)]
  let at = offset
  for (const vector of [...vectorsOf(state), steps, evaluations]) {
    await readInto(bytesOf(vector), at)
    at += vector.byteLength
  }
  state.record.restore({ steps, evaluations })
  state.step = header.step
  state.worse = header.worse
  state.optimizer.updates = header.updates
  if (state.best && header.best) {
    state.best.step = header.best.step
    state.best.loss = header.best.loss ?? Infinity
  }
}

function vectorsOf({ parameters, optimizer, best }: TrainingState): Float32Array[] {
  return [parameters, ...optimizer.state, ...(best ? [best.parameters] : [])]
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
