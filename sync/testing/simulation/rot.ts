import type { DeviceId } from '../../../mesh/types.ts'
import { digestToHex, subtractHash, versionHash } from '../../digest.ts'
import type { Commit, Store } from '../../store.ts'

/** A commit that takes an item of another author out of the view of a device, sums included, though its log has it: a view gone wrong. */
export function readCommitOf(store: Store, self: DeviceId, item: number): Commit | undefined {
  const space = store.spaces().find(({ name }) => name === 'personal')?.id
  if (space === undefined) return undefined
  const rows = store.live(space, '', 1000).filter(row => row.author !== self && row.held === null && store.versions(space, row.id).length === 1)
  const row = rows[item % rows.length]
  const shard = store.shards(space).find(each => each.shard === row?.shard)
  if (!row || !shard) return undefined
  const sum = digestToHex(subtractHash(BigInt(`0x${shard.sum}`), versionHash(row.id, row.hlc, row.author, row.body)))
  return { space, dropVersions: [{ id: row.id, author: row.author }], shards: [{ ...shard, sum, live: shard.live - 1, slots: shard.slots - 1 }] }
}
