import type { DeviceId } from '../mesh/types.ts'
import type { SpaceName } from './types.ts'

/**
 * Where a device keeps its spaces. Two implementations, one contract suite (store.contract.ts). Writes are atomic and durable
 * when `commit` resolves; reads are synchronous and see every commit that resolved: a browser store keeps its rows in memory.
 */
export type Store = {
  /** Small values about the device itself. */
  meta(key: string): string | undefined
  spaces(): SpaceRow[]
  /** Membership statements, in the order in which they were stored. */
  statements(space: string): Uint8Array[]
  logs(space: string): LogRow[]
  /** Entries with seq ≥ `from`, in order, at most `limit`. */
  entries(space: string, author: DeviceId, from: number, limit: number): EntryRow[]
  /** Entries of one shard with seq > `after`, in order. */
  shardEntries(space: string, author: DeviceId, shard: number, after: number): EntryRow[]
  /** Shards that entries with seq > `after` write to, ascending. */
  dirtyShards(space: string, author: DeviceId, after: number): number[]
  /** What is kept as of the log's checkpoint; hash and size (bytes) only. */
  bases(space: string, author: DeviceId): BaseInfo[]
  base(space: string, author: DeviceId, shard: number): Uint8Array | undefined
  versions(space: string, id: string): VersionRow[]
  /** Shown, live versions in the order of shard and id, after the id `after` (from the start when it is none). */
  live(space: string, after: string, limit: number): VersionRow[]
  /** Shown versions, removed ones included, with rev > `rev`, oldest first. */
  changes(space: string, rev: number, limit: number): VersionRow[]
  /** Ids that vanished without a trace in `versions`, with rev > `rev`, oldest first. */
  gone(space: string, rev: number, limit: number): GoneRow[]
  /** Rows of one log: every one, or those of `filter`: removals (body null) written at or before `maxSeq`, rows held under `ref`. */
  logVersions(space: string, author: DeviceId, filter?: { removedUpTo: number } | { held: string }): VersionRow[]
  shards(space: string): ShardRow[]
  /** The highest rev given out. */
  rev(space: string): number
  acks(space: string): AckRow[]
  held(space: string): HeldRow[]
  settled(space: string, ref: string): boolean
  faults(): FaultRow[]
  /** All or nothing, on disk when it resolves. @throws KinmeshError `StoreFailed` */
  commit(batch: Commit): Promise<void>
  /** Of a store on a disk: true when the machine was started anew since the store was last looked through. See doubt.ts. */
  doubtful?(): boolean
  /** It was looked through, and is as it was written. Resolves when that is on disk. @throws KinmeshError `StoreFailed` */
  trust?(): Promise<void>
  /** Of a store that keeps its view as a cache: true while the versions of a space are lost and its logs are not. See rebuild.ts. */
  lostView?(space: string): boolean
  /** The lost view is complete again: keep it. Resolves when it is on disk. @throws KinmeshError `StoreFailed` */
  viewRebuilt?(space: string): Promise<void>
  close(): void
}

/** A space in use has a `name`. One that was left has none; its items are still to be carried over `into` the one of that name. */
export type SpaceRow = { readonly id: string; readonly name: SpaceName | null; readonly into?: SpaceName }

export type LogRow = {
  readonly author: DeviceId
  /** Seq and hash of the last entry; 0 and zeros for none. */
  readonly height: number
  readonly head: Uint8Array
  /** Seq of the last checkpoint that was applied; 0 for none. */
  readonly checkpoint: number
  /** Lowest seq still kept; entries below were pruned. */
  readonly lowest: number
  /** Bytes of entries since the checkpoint. */
  readonly tailBytes: number
  /** Proof of equivocation: the log is refused from here on. */
  readonly frozen: boolean
}

export type EntryRow = {
  readonly seq: number
  /** The shard it writes to; −1 for an entry that writes to none. */
  readonly shard: number
  readonly hash: Uint8Array
  readonly bytes: Uint8Array
}

/** What a checkpoint left of one shard of one log: `seq` names the checkpoint that made it, `hash` is the SHA-256 of its bytes. */
export type BaseInfo = { readonly shard: number; readonly seq: number; readonly hash: Uint8Array; readonly size: number }
export type BaseRow = { readonly shard: number; readonly seq: number; readonly hash: Uint8Array; readonly bytes: Uint8Array }

/** One author's version of one item. */
export type VersionRow = {
  readonly id: string
  readonly author: DeviceId
  /** The one that its id names. */
  readonly shard: number
  readonly hlc: number
  /** JSON of the value; null when this version removes the item. */
  readonly body: string | null
  /** The entry of the author's log that wrote it (a checkpoint's seq when it came with a snapshot). */
  readonly seq: number
  /** Hex hash of the entry whose large deletion waits for a person. Such a version is not shown, unless it is `pending`. */
  readonly held: string | null
  /** `hlc` of a removal by the same author that waits: until it is settled the version before it, which is this row, still shows. */
  readonly pending: number | null
  /** True for the one version of the item that is shown. */
  readonly shown: boolean
  readonly rev: number
}

export type GoneRow = { readonly id: string; readonly rev: number }
/** `sum`: order-free digest in hex; `live`: shown items; `slots`: versions of all authors. */
export type ShardRow = { readonly shard: number; readonly sum: string; readonly live: number; readonly slots: number }
/** `device` holds `author`'s log up to `height`, durably; `at`: Unix ms of the word. */
export type AckRow = { readonly device: DeviceId; readonly author: DeviceId; readonly height: number; readonly at: number }
export type HeldRow = { readonly ref: string; readonly author: DeviceId; readonly count: number; readonly at: number }
export type FaultRow = { readonly at: number; readonly kind: string; readonly device: DeviceId | null; readonly text: string }

/** Changes of one space (and of the device's own values), applied together in this order. */
export type Commit = {
  readonly space: string
  readonly meta?: Readonly<Record<string, string>>
  readonly naming?: readonly SpaceRow[]
  readonly statements?: readonly { readonly hash: Uint8Array; readonly bytes: Uint8Array }[]
  /** Logs whose entries, bases and versions all go. */
  readonly dropLogs?: readonly DeviceId[]
  readonly logs?: readonly LogRow[]
  readonly entries?: readonly (EntryRow & { readonly author: DeviceId })[]
  readonly bases?: readonly (BaseRow & { readonly author: DeviceId })[]
  readonly dropBases?: readonly { readonly author: DeviceId; readonly shard: number }[]
  readonly prune?: readonly { readonly author: DeviceId; readonly below: number }[]
  /** Entries above `above` go: a log that is cut at a member's removal, or that forked. */
  readonly truncate?: readonly { readonly author: DeviceId; readonly above: number }[]
  readonly dropVersions?: readonly { readonly id: string; readonly author: DeviceId }[]
  readonly versions?: readonly VersionRow[]
  readonly gone?: readonly GoneRow[]
  readonly shards?: readonly ShardRow[]
  readonly acks?: readonly AckRow[]
  readonly held?: readonly HeldRow[]
  readonly settled?: readonly string[]
  readonly faults?: readonly FaultRow[]
  /** The whole space goes, its name included. */
  readonly dropSpace?: boolean
}
