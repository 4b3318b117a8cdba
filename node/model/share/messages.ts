import { type CborValue, FieldReader, decodeCbor, encodeCbor, malformed } from '../../../mesh/codec.ts'
import { hashBytes } from '../../../mesh/crypto.ts'
import { hashesPerFrame, manifestPartBytes, maxCodeChars, maxSharedFileBytes, partBytes } from './limits.ts'

/**
 * What two devices say about models, one frame each: deterministic CBOR of `[type, …]`. PROTOCOL.md says who may send each, how large it may be and what a bad one gets.
 * `content` is the SHA-256 of a file (32 bytes), which is all that names it.
 */
export type Question =
  | { readonly type: 'list' }
  | { readonly type: 'hashes'; readonly content: Uint8Array }
  | { readonly type: 'read'; readonly content: Uint8Array; readonly offset: number; readonly length: number }

export type Answer =
  /** A piece of a manifest, which is its JSON; `more` of it follows. */
  | { readonly type: 'manifest'; readonly more: boolean; readonly bytes: Uint8Array }
  | { readonly type: 'listed' }
  /** SHA-256 of chunk after chunk, one behind the other. */
  | { readonly type: 'hashed'; readonly more: boolean; readonly bytes: Uint8Array }
  | { readonly type: 'part'; readonly bytes: Uint8Array }
  /** And nothing after it. */
  | { readonly type: 'refused'; readonly code: string }

const questionTypes = { list: 0, hashes: 1, read: 2 } as const
const answerTypes = { manifest: 3, listed: 4, hashed: 5, part: 6, refused: 7 } as const
const typeNames = [...Object.keys(questionTypes), ...Object.keys(answerTypes)]

export function encodeQuestion(question: Question): Uint8Array {
  return encodeCbor([questionTypes[question.type], ...(question.type === 'list' ? [] : question.type === 'hashes' ? [question.content] : [question.content, question.offset, question.length])])
}

export function encodeAnswer(answer: Answer): Uint8Array {
  return encodeCbor([answerTypes[answer.type], ...fieldsOf(answer)])
}

function fieldsOf(answer: Answer): CborValue[] {
  if (answer.type === 'listed') return []
  if (answer.type === 'refused') return [answer.code]
  return answer.type === 'part' ? [answer.bytes] : [answer.more, answer.bytes]
}

/** @throws KinmeshError `MalformedBytes` */
export function decodeQuestion(bytes: Uint8Array): Question {
  const { type, fields } = read(bytes)
  const question = questionOf(type, fields)
  fields.end()
  return question
}

/** @throws KinmeshError `MalformedBytes` */
export function decodeAnswer(bytes: Uint8Array): Answer {
  const { type, fields } = read(bytes)
  const answer = answerOf(type, fields)
  fields.end()
  return answer
}

function read(bytes: Uint8Array): { type: string; fields: FieldReader } {
  const fields = new FieldReader(decodeCbor(bytes), 'frame')
  return { type: typeNames[fields.uint('type', typeNames.length - 1)] ?? '', fields }
}

function questionOf(type: string, fields: FieldReader): Question {
  const content = () => fields.bytes('content', { length: hashBytes })
  switch (type) {
    case 'list':
      return { type }
    case 'hashes':
      return { type, content: content() }
    case 'read':
      return { type, content: content(), offset: fields.uint('offset', maxSharedFileBytes), length: fields.uint('length', partBytes) }
    default:
      throw malformed('frame', 'is no question')
  }
}

function answerOf(type: string, fields: FieldReader): Answer {
  switch (type) {
    case 'manifest':
      return { type, more: fields.bool('more'), bytes: fields.bytes('bytes', { max: manifestPartBytes }) }
    case 'listed':
      return { type }
    case 'hashed':
      return { type, more: fields.bool('more'), bytes: fields.bytes('bytes', { max: hashesPerFrame * hashBytes }) }
    case 'part':
      return { type, bytes: fields.bytes('bytes', { max: partBytes }) }
    case 'refused':
      return { type, code: fields.text('code', maxCodeChars) }
    default:
      throw malformed('frame', 'is no answer')
  }
}
