import { encodeCbor } from '../mesh/codec.ts'
import { sha256 } from '../mesh/crypto.ts'
import { publicKeyOf } from '../mesh/identity.ts'
import type { DeviceId } from '../mesh/types.ts'
import { clientIdOf } from './shard-doc.ts'
import type { SpaceState } from './space-state.ts'
import type { BaseInfo } from './store.ts'

/** SHA-256 over the CBOR of `[[shard, seq, hash], …]` in the order of shards. */
export function rootOf(bases: readonly Pick<BaseInfo, 'shard' | 'seq' | 'hash'>[]): Uint8Array {
  return sha256(encodeCbor([...bases].sort((a, b) => a.shard - b.shard).map(({ shard, seq, hash }) => [shard, seq, hash])))
}

/** The clientID that the canonical form of a shard is written under: it follows from the checkpoint that made it. */
export function baseClientId(state: SpaceState, author: DeviceId, seq: number, shard: number): number {
  return clientIdOf(state.spaceId, publicKeyOf(author), `base ${seq} ${shard}`)
}

/** The clientID that an author writes updates under during one run of its device; `boot` is the random number of that run. */
export function updateClientId(state: SpaceState, author: DeviceId, boot: number): number {
  return clientIdOf(state.spaceId, publicKeyOf(author), `boot ${boot}`)
}
