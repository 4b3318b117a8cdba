import { type CborValue, FieldReader, decodeCbor, encodeCbor, malformed } from '../mesh/codec.ts'
import { hashBytes } from '../mesh/crypto.ts'
import { listedHashBytes, listedHashes, maxEntryBytes, maxShards } from './limits.ts'

/** What an entry seals. */
export type Payload =
  /** `[0, at, shard, boot, update]`: one merged Yjs update to the author's part of one shard. `boot` names the clientID it was made under. */
  | { readonly kind: 'update'; readonly at: number; readonly shard: number; readonly boot: number; readonly update: Uint8Array }
  /** `[1, at, root, before]`: the author's own summary of its log so far, see checkpoint.ts; `before`: the entries before it, see listed-hashes.ts. */
  | { readonly kind: 'checkpoint'; readonly at: number; readonly root: Uint8Array; readonly before: Uint8Array }
  /** `[2, at, ref]`: a person at the author's device decided on the large deletion in the entry with hash `ref`; nobody holds it any more. */
  | { readonly kind: 'settle'; readonly at: number; readonly ref: Uint8Array }

const kinds = { update: 0, checkpoint: 1, settle: 2 } as const
const maxBoot = 0xffff_ffff

export function encodePayload(payload: Payload): Uint8Array {
  return encodeCbor(fieldsOf(payload))
}

function fieldsOf(payload: Payload): CborValue[] {
  switch (payload.kind) {
    case 'update':
      return [kinds.update, payload.at, payload.shard, payload.boot, payload.update]
    case 'checkpoint':
      return [kinds.checkpoint, payload.at, payload.root, payload.before]
    case 'settle':
      return [kinds.settle, payload.at, payload.ref]
  }
}

/** @throws KinmeshError `MalformedBytes` */
export function decodePayload(bytes: Uint8Array): Payload {
  const fields = new FieldReader(decodeCbor(bytes), 'payload')
  const kind = fields.uint('kind')
  const at = fields.uint('at')
  let payload: Payload
  if (kind === kinds.update) {
    payload = { kind: 'update', at, shard: fields.uint('shard', maxShards - 1), boot: fields.uint('boot', maxBoot), update: fields.bytes('update', { max: maxEntryBytes }) }
  } else if (kind === kinds.checkpoint) {
    payload = { kind: 'checkpoint', at, root: fields.bytes('root', { length: hashBytes }), before: fields.bytes('before', { max: listedHashes * listedHashBytes }) }
    if (payload.before.length % listedHashBytes !== 0) throw malformed('payload', 'lists a part of a hash')
  } else if (kind === kinds.settle) {
    payload = { kind: 'settle', at, ref: fields.bytes('ref', { length: hashBytes }) }
  } else {
    throw malformed('payload', `has kind ${kind}, which this version does not know: update kinmesh`)
  }
  fields.end()
  return payload
}
