import { equals } from 'uint8arrays/equals'
import { toString } from 'uint8arrays/to-string'
import { bytesOfFloats, floatsOf } from '../../federated/round/mean.ts'
import { type CborValue, decodeCbor, encodeCbor, FieldReader } from '../../mesh/codec.ts'
import { sha256 } from '../../mesh/crypto.ts'
import { isKinmeshError, KinmeshError } from '../../mesh/errors.ts'
import type { Judgement } from './adoption.ts'
import { type Note, saysWords } from './notes.ts'
import { type Task, termsHash } from './task.ts'

/** An adapter that a round led to and that this device has not taken or refused yet. `at`: Unix ms. `own`: what this device found, null before it measured. */
export type Candidate = { readonly adapter: string; readonly height: number; readonly at: number; readonly own: Judgement['verdict'] | null }

/** Where a task stands on this device. */
export type TaskState = {
  /** Of the next round; one that failed has used its number up. */
  readonly number: number
  /** Rounds that were committed. */
  readonly height: number
  /** Of the shared adapter, as `SharedAdapter` orders it. */
  readonly flat: Float32Array
  /** What the compression of this device's last update left over. */
  readonly residual: Float32Array | null
  readonly candidate: Candidate | null
  /** What this device said of the last candidate that it took or refused: others may ask later. */
  readonly said: Note['verdict']
}

/** Where states rest, one for each task. */
export type TaskStates = {
  /** Undefined where there is none under these terms. @throws KinmeshError `TaskStateDamaged` · `TaskStateNewer` · `StoreFailed` */
  load(task: Task): Promise<TaskState | undefined>
  /** In the place of the one before, durable when it resolves. @throws KinmeshError `TaskFileTooLarge` · `StoreFailed` · `DiskFull` */
  save(task: Task, state: TaskState): Promise<void>
  remove(task: string): Promise<void>
}

/** A round has 16 Mi numbers at most (federated/round), which are here twice. */
export const maxTaskStateBytes = 2 * 4 * 2 ** 24 + 4096
const what = 'kinmesh task state'
const version = 2
const verdicts = ['better', 'no worse', 'worse', 'unknown'] as const

/**
 * Names what a round starts from: the terms, and the adapter as it is. Two devices that name the same have the same.
 * SHA-256, as hex, of CBOR ["kinmesh federated base", hash of the terms, SHA-256 of the numbers].
 */
export function baseOf(task: Task, flat: Float32Array): string {
  return toString(sha256(encodeCbor(['kinmesh federated base', termsHash(task), sha256(bytesOfFloats(flat))])), 'base16')
}

/** CBOR [what, version, SHA-256 of the body, body], the body CBOR of [terms, number, height, numbers, what is left over, candidate, what was said]. */
export function encodeTaskState(task: Task, { number, height, flat, residual, candidate, said }: TaskState): Uint8Array {
  const shown: CborValue[] = candidate ? [candidate.adapter, candidate.height, candidate.at, candidate.own ?? ''] : []
  const body = encodeCbor([termsHash(task), number, height, bytesOfFloats(flat), residual ? bytesOfFloats(residual) : new Uint8Array(), shown, said ? [said.adapter, said.says] : []])
  return encodeCbor([what, version, sha256(body), body])
}

/** Undefined for a state under other terms: the task begins anew. @throws KinmeshError `TaskStateDamaged` · `TaskStateNewer` */
export function decodeTaskState(task: Task, stored: Uint8Array): TaskState | undefined {
  try {
    const value = decodeCbor(stored)
    const [kind, found] = Array.isArray(value) ? value : []
    if (kind === what && typeof found === 'number' && found > version) throw new KinmeshError('TaskStateNewer', `where "${task.name}" stands was written by a newer kinmesh: update kinmesh on this device`)
    const whole = new FieldReader(value, what)
    const [itsKind, its, hash, body] = [whole.text('kind', 40), whole.uint('version', version), whole.bytes('hash', { length: 32 }), whole.bytes('state', { max: maxTaskStateBytes })]
    whole.end()
    if (itsKind !== what || its === 0 || !equals(sha256(body), hash)) throw damaged(task)
    return readBody(task, body, its)
  } catch (cause) {
    if (isKinmeshError(cause, 'TaskStateNewer', 'TaskStateDamaged')) throw cause
    throw damaged(task, cause)
  }
}

/** The first version says nothing of what was said. */
function readBody(task: Task, body: Uint8Array, its: number): TaskState | undefined {
  const fields = new FieldReader(decodeCbor(body), what)
  const [terms, number, height] = [fields.text('terms', 64), fields.uint('number'), fields.uint('height')]
  const [flat, residual] = [fields.bytes('adapter', { max: maxTaskStateBytes }), fields.bytes('rest', { max: maxTaskStateBytes })]
  const candidate = fields.list('candidate', 4, each => each)
  const said = its === 1 ? [] : fields.list('verdict', 2, each => each)
  fields.end()
  if (terms !== termsHash(task)) return undefined
  if (flat.length !== 4 * task.parameters || (residual.length !== 0 && residual.length !== flat.length)) throw damaged(task)
  return { number, height, flat: floatsOf(flat), residual: residual.length === 0 ? null : floatsOf(residual), candidate: candidate.length === 0 ? null : readCandidate(task, candidate), said: said.length === 0 ? null : readSaid(task, said) }
}

function readCandidate(task: Task, value: readonly CborValue[]): Candidate {
  const fields = new FieldReader([...value], what)
  const [adapter, height, at, own] = [fields.text('candidate', 64), fields.uint('height'), fields.uint('time'), fields.text('verdict', 16)]
  fields.end()
  const verdict = verdicts.find(each => each === own)
  if (own !== '' && !verdict) throw damaged(task)
  return { adapter, height, at, own: verdict ?? null }
}

function readSaid(task: Task, value: readonly CborValue[]): TaskState['said'] {
  const fields = new FieldReader([...value], what)
  const [adapter, given] = [fields.text('adapter', 64), fields.text('verdict', 16)]
  fields.end()
  const says = saysWords.find(each => each === given)
  if (!says) throw damaged(task)
  return { adapter, says }
}

function damaged({ name, id }: Task, cause?: unknown): KinmeshError {
  return new KinmeshError('TaskStateDamaged', `where "${name}" stands on this device is damaged on its disk: leave it with kinmesh federated leave ${id} --forget and join it again; the others have what was learned`, { cause })
}
