import { type CborValue, FieldReader, decodeCbor, encodeCbor, malformed } from '../mesh/codec.ts'
import { hashBytes, keyBytes } from '../mesh/crypto.ts'
import { maxEntryBytes, maxHelloBytes, maxShards, maxSpaces, snapshotPartBytes, wantCredit } from './limits.ts'

/**
 * What two devices say to each other, one frame each: deterministic CBOR of `[type, …]`. PROTOCOL.md says who may send each,
 * how large it may be and what a bad one gets. `space` is an index into the sender's HELLO; keys and hashes are 32 bytes.
 */
export type Frame =
  | { readonly type: 'hello'; readonly spaces: readonly { readonly id: Uint8Array; readonly members: string }[] }
  | { readonly type: 'members'; readonly space: number; readonly statements: readonly Uint8Array[] }
  | { readonly type: 'have'; readonly space: number; readonly logs: readonly LogHeight[]; readonly more: boolean }
  | { readonly type: 'want'; readonly space: number; readonly author: Uint8Array; readonly from: number; readonly credit: number }
  | { readonly type: 'entry'; readonly space: number; readonly entries: readonly Uint8Array[] }
  | { readonly type: 'ack'; readonly space: number; readonly heights: readonly { readonly author: Uint8Array; readonly height: number }[] }
  | { readonly type: 'digest'; readonly space: number; readonly heads: string; readonly digest: string }
  | { readonly type: 'ping'; readonly sentAt: number }
  | { readonly type: 'pong'; readonly sentAt: number; readonly now: number }
  | { readonly type: 'nack'; readonly space: number; readonly author: Uint8Array; readonly seq: number; readonly code: string }
  | { readonly type: 'bye'; readonly code: string }
  | { readonly type: 'snapshot'; readonly space: number; readonly author: Uint8Array; readonly checkpoint: Uint8Array; readonly bases: readonly SnapshotBase[]; readonly more: boolean }
  | { readonly type: 'fetch'; readonly space: number; readonly author: Uint8Array; readonly seq: number; readonly shard: number }
  | { readonly type: 'part'; readonly space: number; readonly author: Uint8Array; readonly seq: number; readonly shard: number; readonly offset: number; readonly bytes: Uint8Array }

export type LogHeight = { readonly author: Uint8Array; readonly height: number; readonly head: Uint8Array }
export type SnapshotBase = { readonly shard: number; readonly seq: number; readonly hash: Uint8Array; readonly size: number }

export const protocolVersion = 1
const types = { hello: 0, members: 1, have: 2, want: 3, entry: 4, ack: 5, digest: 6, ping: 7, pong: 8, nack: 9, bye: 10, snapshot: 11, fetch: 12, part: 13 } as const
const typeNames = Object.keys(types) as (keyof typeof types)[]

/** Logs of one space that one HAVE or ACK lists; the rest follows in further frames. */
export const maxLogs = 512
/** Bases one SNAPSHOT frame lists; the rest follows in further frames. */
export const basesPerFrame = 512
/** Statements one MEMBERS frame carries; the rest follows in further frames. */
export const maxStatements = 256
const maxHexChars = 64
const maxCodeChars = 40

export function encodeFrame(frame: Frame): Uint8Array {
  return encodeCbor([types[frame.type], ...fieldsOf(frame)])
}

function fieldsOf(frame: Frame): CborValue[] {
  switch (frame.type) {
    case 'hello':
      return [protocolVersion, frame.spaces.map(({ id, members }) => [id, members])]
    case 'members':
      return [frame.space, [...frame.statements]]
    case 'have':
      return [frame.space, frame.logs.map(({ author, height, head }) => [author, height, head]), frame.more]
    case 'want':
      return [frame.space, frame.author, frame.from, frame.credit]
    case 'entry':
      return [frame.space, [...frame.entries]]
    case 'ack':
      return [frame.space, frame.heights.map(({ author, height }) => [author, height])]
    case 'digest':
      return [frame.space, frame.heads, frame.digest]
    case 'ping':
      return [frame.sentAt]
    case 'pong':
      return [frame.sentAt, frame.now]
    case 'nack':
      return [frame.space, frame.author, frame.seq, frame.code]
    case 'bye':
      return [frame.code]
    case 'snapshot':
      return [frame.space, frame.author, frame.checkpoint, frame.bases.map(({ shard, seq, hash, size }) => [shard, seq, hash, size]), frame.more]
    case 'fetch':
      return [frame.space, frame.author, frame.seq, frame.shard]
    case 'part':
      return [frame.space, frame.author, frame.seq, frame.shard, frame.offset, frame.bytes]
  }
}

/** @throws KinmeshError `MalformedBytes` */
export function decodeFrame(bytes: Uint8Array): Frame {
  const fields = new FieldReader(decodeCbor(bytes), 'frame')
  const type = typeNames[fields.uint('type', typeNames.length - 1)]
  if (type === 'hello' && bytes.length > maxHelloBytes) throw malformed('frame', `HELLO is over ${maxHelloBytes} bytes`)
  const frame = readFields(type ?? 'bye', fields)
  fields.end()
  return frame
}

function readFields(type: keyof typeof types, fields: FieldReader): Frame {
  const space = () => fields.uint('space', maxSpaces - 1)
  const author = () => fields.bytes('author', { length: keyBytes })
  const seq = () => fields.uint('seq')
  const shard = () => fields.uint('shard', maxShards - 1)
  switch (type) {
    case 'hello': {
      const version = fields.uint('version')
      if (version !== protocolVersion) throw malformed('frame', `the peer speaks sync version ${version}, this device ${protocolVersion}: update kinmesh on both`)
      return { type, spaces: fields.list('spaces', maxSpaces, value => readPair(value, each => ({ id: each.bytes('id', { length: hashBytes }), members: each.text('members', maxHexChars) }))) }
    }
    case 'members':
      return { type, space: space(), statements: fields.list('statements', maxStatements, readBlob) }
    case 'have':
      return { type, space: space(), logs: fields.list('logs', maxLogs, value => readPair(value, each => ({ author: each.bytes('author', { length: keyBytes }), height: each.uint('height'), head: each.bytes('head', { length: hashBytes }) }))), more: fields.bool('more') }
    case 'want':
      return { type, space: space(), author: author(), from: fields.uint('from'), credit: fields.uint('credit', wantCredit) }
    case 'entry':
      return { type, space: space(), entries: fields.list('entries', wantCredit, readBlob) }
    case 'ack':
      return { type, space: space(), heights: fields.list('heights', maxLogs, value => readPair(value, each => ({ author: each.bytes('author', { length: keyBytes }), height: each.uint('height') }))) }
    case 'digest':
      return { type, space: space(), heads: fields.text('heads', maxHexChars), digest: fields.text('digest', maxHexChars) }
    case 'ping':
      return { type, sentAt: fields.uint('sentAt') }
    case 'pong':
      return { type, sentAt: fields.uint('sentAt'), now: fields.uint('now') }
    case 'nack':
      return { type, space: space(), author: author(), seq: seq(), code: fields.text('code', maxCodeChars) }
    case 'bye':
      return { type, code: fields.text('code', maxCodeChars) }
    case 'snapshot':
      return { type, space: space(), author: author(), checkpoint: fields.bytes('checkpoint', { max: maxEntryBytes }), bases: fields.list('bases', basesPerFrame, readBase), more: fields.bool('more') }
    case 'fetch':
      return { type, space: space(), author: author(), seq: seq(), shard: shard() }
    case 'part':
      return { type, space: space(), author: author(), seq: seq(), shard: shard(), offset: fields.uint('offset'), bytes: fields.bytes('bytes', { max: snapshotPartBytes }) }
  }
}

function readBase(value: CborValue): SnapshotBase {
  return readPair(value, each => ({ shard: each.uint('shard', maxShards - 1), seq: each.uint('seq'), hash: each.bytes('hash', { length: hashBytes }), size: each.uint('size') }))
}

function readPair<T>(value: CborValue, read: (fields: FieldReader) => T): T {
  const fields = new FieldReader(value, 'frame')
  const result = read(fields)
  fields.end()
  return result
}

function readBlob(value: CborValue): Uint8Array {
  if (value instanceof Uint8Array) return value
  throw malformed('frame', 'has an element that is not a byte string')
}
