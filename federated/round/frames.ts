import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { type CborValue, decodeCbor, encodeCbor, FieldReader, malformed } from '../../mesh/codec.ts'
import { hashBytes } from '../../mesh/crypto.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import { wireVersion } from './wire.ts'

// Frames that carry pieces of payloads; they are not signed, since a piece is checked against its hash. All other frames are messages (wire.ts).

/** `address` in hex. */
export type PieceFrame =
  | { readonly type: 'want'; readonly round: string; readonly address: string }
  | { readonly type: 'piece'; readonly round: string; readonly bytes: Uint8Array }
  | { readonly type: 'gone'; readonly round: string; readonly address: string }

const numbers = { want: 100, piece: 101, gone: 102 } as const
/** A chunk, or the list of 1,400 of them. */
const maxPieceBytes = 60 * 1024

export function encodePieceFrame(frame: PieceFrame): Uint8Array {
  const last: CborValue = frame.type === 'piece' ? frame.bytes : fromString(frame.address, 'base16')
  return encodeCbor([wireVersion, numbers[frame.type], fromString(frame.round, 'base16'), last])
}

/** Undefined for a frame that is a message. @throws KinmeshError `MalformedBytes`, `NewerVersion` */
export function readPieceFrame(bytes: Uint8Array): PieceFrame | undefined {
  const fields = new FieldReader(decodeCbor(bytes), 'round frame')
  if (fields.uint('version') > wireVersion) throw new KinmeshError('NewerVersion', 'another device of this round runs a newer kinmesh: update kinmesh on this device')
  const number = fields.uint('type', 255)
  if (number < numbers.want) return undefined
  const type = (['want', 'piece', 'gone'] as const).find(each => numbers[each] === number)
  if (!type) throw malformed('round frame', 'has no such type')
  const round = toString(fields.bytes('round', { length: hashBytes }), 'base16')
  const frame: PieceFrame = type === 'piece' ? { type, round, bytes: fields.bytes('piece', { max: maxPieceBytes }) } : { type, round, address: toString(fields.bytes('address', { length: hashBytes }), 'base16') }
  fields.end()
  return frame
}
