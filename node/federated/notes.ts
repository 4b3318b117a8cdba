import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { type CborValue, decodeCbor, encodeCbor, FieldReader, malformed } from '../../mesh/codec.ts'
import { hashBytes } from '../../mesh/crypto.ts'
import { isKinmeshError } from '../../mesh/errors.ts'
import { readTask, type Task } from './task.ts'

// What devices of one person say to each other about the tasks they learn in, and how one that is behind gets the adapter as it is. Rounds have a protocol of their own (federated/round/PROTOCOL.md).

/** Of a task in which a device takes part. A keeper or a stranger is told none. */
export type Note = {
  readonly task: Task
  /** Of the round that it would take part in next, and how many were committed. */
  readonly number: number
  readonly height: number
  /** What `baseOf` says of its adapter; SHA-256 as hex. */
  readonly base: string
  /** What it found of a new adapter by what it holds back; null where it was not asked. A yes, a no, or that it cannot tell, and no loss: even a rounded one would say something about what was said. */
  readonly verdict: { readonly adapter: string; readonly says: Says } | null
}
export const saysWords = ['yes', 'no', 'unknown'] as const
export type Says = (typeof saysWords)[number]

export type NoteMessage =
  | { readonly type: 'notes'; readonly notes: readonly Note[] }
  /** The numbers of a task's adapter, named by their base. */
  | { readonly type: 'want'; readonly task: string; readonly base: string }
  | { readonly type: 'part'; readonly bytes: Uint8Array; readonly more: boolean }
  | { readonly type: 'gone' }

export const notesProtocol = '/kinmesh/federated/1'
/** A device tells of so many tasks, which fit a frame with terms of this length. */
export const maxTasks = 12
const maxTermsChars = 4096
/** Of the numbers of an adapter, in a frame. */
export const partBytes = 60 * 1024
/** Of a task's id. */
const maxIdChars = 128
const version = 1
const types = ['notes', 'want', 'part', 'gone'] as const
const what = 'learning together'

/** CBOR [version, type, …fields]; a note is [terms as JSON, number, height, base, verdict], a verdict [] or [adapter, says]. */
export function encodeNotes(message: NoteMessage): Uint8Array {
  return encodeCbor([version, types.indexOf(message.type), ...fieldsOf(message)])
}

function fieldsOf(message: NoteMessage): CborValue[] {
  switch (message.type) {
    case 'notes':
      return [message.notes.map(({ task, number, height, base, verdict }) => [JSON.stringify(task), number, height, fromString(base, 'base16'), verdict ? [fromString(verdict.adapter, 'base16'), verdict.says] : []])]
    case 'want':
      return [message.task, fromString(message.base, 'base16')]
    case 'part':
      return [message.bytes, message.more]
    case 'gone':
      return []
  }
}

/** @throws KinmeshError `MalformedBytes` · `BadTask` */
export function decodeNotes(frame: Uint8Array): NoteMessage {
  const fields = new FieldReader(decodeCbor(frame), what)
  if (fields.uint('version') !== version) throw malformed(what, 'was written by a newer kinmesh')
  const type = types[fields.uint('type', types.length - 1)]!
  const message = readFields(type, fields)
  fields.end()
  return message
}

function readFields(type: NoteMessage['type'], fields: FieldReader): NoteMessage {
  switch (type) {
    case 'notes':
      return { type, notes: fields.list('notes', maxTasks, readNote) }
    case 'want':
      return { type, task: fields.text('task', maxIdChars), base: hashOf(fields, 'base') }
    case 'part':
      return { type, bytes: fields.bytes('numbers', { max: partBytes }), more: fields.bool('more') }
    case 'gone':
      return { type }
  }
}

function readNote(value: CborValue): Note {
  const fields = new FieldReader(value, what)
  const task = readTerms(fields.text('terms', maxTermsChars))
  const note = { task, number: fields.uint('number'), height: fields.uint('height'), base: hashOf(fields, 'base') }
  const verdict = fields.list('verdict', 2, each => each)
  fields.end()
  return { ...note, verdict: verdict.length === 0 ? null : readVerdict(verdict) }
}

function readTerms(json: string): Task {
  try {
    return readTask(JSON.parse(json))
  } catch (error) {
    if (isKinmeshError(error)) throw error
    throw malformed(what, 'terms are not JSON')
  }
}

function readVerdict(value: CborValue[]): NonNullable<Note['verdict']> {
  const fields = new FieldReader(value, what)
  const [adapter, given] = [hashOf(fields, 'adapter'), fields.text('verdict', 16)]
  const found = saysWords.find(each => each === given)
  if (!found) throw malformed(what, 'a verdict is yes, no or unknown')
  return { adapter, says: found }
}

function hashOf(fields: FieldReader, name: string): string {
  return toString(fields.bytes(name, { length: hashBytes }), 'base16')
}
