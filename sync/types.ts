import type { DeviceCard, DeviceId, Role } from '../mesh/types.ts'

/** `device` never leaves this device; `personal` is shared by all devices of the person. */
export type SpaceName = 'device' | 'personal'

/** Flat JSON: what a memory is, is the business of node/; sync adds when (`hlc`) and who (`device`). */
export type Scalar = null | boolean | number | string
export type ItemValue = { readonly [field: string]: Scalar | readonly Scalar[] | { readonly [field: string]: Scalar } }

export type Version = {
  readonly value: ItemValue
  /** Hybrid logical clock: Unix ms × 1024 + counter. */
  readonly hlc: number
  /** The device that wrote it. */
  readonly device: DeviceId
}

/** One remembered thing. Of concurrent versions the highest (hlc, device) wins; the others stay readable. */
export type Item = Version & {
  readonly id: string
  readonly others: readonly Version[]
}

/** What happened to an item since some revision; `item` is null when it was removed. */
export type Change = { readonly id: string; readonly rev: number; readonly item: Item | null }

/** A set of items with its own members and keys. */
export type Space = {
  readonly name: SpaceName
  /** Hex of the hash of the statement that created it. */
  readonly id: string
  /** Live items. */
  readonly count: number
  /** Local revision: grows with every change of the view, own or received. */
  readonly rev: number
  /** Hex; equal on two devices exactly when they hold the same versions. */
  digest(): string
  /** Creates an item, or writes a new version of `id`. Resolves when it is on disk. @throws `ValueTooLarge`, `StoreFailed` */
  put(value: ItemValue, id?: string): Promise<Item>
  /** Many at once, one wait for the disk. */
  putMany(values: readonly ItemValue[]): Promise<Item[]>
  /** Resolves when the removal is on disk. @throws `NoSuchItem` */
  remove(id: string): Promise<void>
  get(id: string): Item | undefined
  /** Live items in a stable order, from after the id `after`. */
  list(options?: { after?: string; limit?: number }): Item[]
  /** Changes with rev > `rev`, oldest first; an item that changed twice appears once. */
  changesSince(rev: number, limit?: number): Change[]
  /** Called after every batch of changes is on disk and in the view. */
  subscribe(listener: (rev: number) => void): () => void
}

export type MemberStatus = {
  readonly id: DeviceId
  readonly name: string
  readonly place: string
  /** Unix ms. */
  readonly addedAt: number
  readonly self: boolean
  /** A keeper holds sealed entries for the others and can read none. */
  readonly role: Role
}

export type PeerSync = {
  readonly id: DeviceId
  readonly name: string
  readonly connected: boolean
  /** True only when both sides hold the same logs and their digests were compared equal; between a keeper and another device, when both hold the same logs. */
  readonly synced: boolean
  readonly role: Role
  /** True while it is a keeper that does not have any more what is missing here next: another device has to be on. */
  readonly gap: boolean
  /** Time from an entry's writing there to its durable arrival here, last seen; undefined before the first. */
  readonly lagMs: number | undefined
  /** Its clock minus ours, in ms; undefined while it is not connected. */
  readonly clockOffsetMs: number | undefined
}

/** What a keeper holds for the others. */
export type KeptEntries = {
  readonly entries: number
  readonly bytes: number
  readonly quotaBytes: number
  readonly ttlMs: number
  /** When the oldest came at the earliest, Unix ms; undefined when there is none. */
  readonly oldestAt: number | undefined
}

/** Something a person should know: each has a text that says what to do. */
export type Fault = { readonly at: number; readonly kind: string; readonly device?: DeviceId; readonly text: string }

/** A large deletion by another device that waits for a person. */
export type HeldDeletion = { readonly ref: string; readonly device: DeviceId; readonly count: number; readonly at: number }

export type Sync = {
  /** @throws `UnknownSpace`, `KeeperCannotRead` */
  space(name: string): Space
  spaces(): Space[]
  members(): MemberStatus[]
  peers(): PeerSync[]
  faults(): Fault[]
  held(): HeldDeletion[]
  /** Carries out (`accept`) or undoes a held deletion, on every device. @throws `NoSuchItem` */
  settle(ref: string, accept: boolean): Promise<void>
  /** True once this device found that it was removed from its mesh: it still reads, and no longer syncs. */
  readonly removed: boolean
  /** What this device keeps sealed for the others; undefined when it is no keeper, and reads. */
  kept(): KeptEntries | undefined
  /** For pairing: throws when this device could not become what it is invited to be. @throws `AlreadyInMesh`, `HasMemories` */
  mayJoin(role: Role): void
  /** For pairing: somebody is invited, who will ask for all there is; what is needed for that is made while a person types. Always finishes. */
  expectNewcomer(): Promise<void>
  /** For pairing: writes the newcomer into the personal space, durably, and returns its whole membership log. Default role: admin. */
  admit(newcomer: DeviceCard, role?: Role): Promise<Uint8Array[]>
  /** For pairing: takes over the mesh of `statements`; items this device had in `personal` are written into it anew. @throws `AlreadyInMesh`, `HasMemories` */
  adopt(statements: Uint8Array[]): Promise<void>
  /** Removes a device and gives the others a new key. @throws `NoSuchDevice`, `CannotRemoveSelf` */
  removeDevice(id: DeviceId): Promise<void>
  /** Called with the ids that may connect, now and at every change. */
  onMembers(listener: (members: ReadonlySet<DeviceId>) => void): () => void
  /** Called whenever `peers()` may have changed. */
  onPeers(listener: () => void): () => void
  /** Everything acknowledged is on disk already; this closes channels and the store. Always finishes. */
  stop(): Promise<void>
}
