import { toString } from 'uint8arrays/to-string'
import { encodeCbor } from '../mesh/codec.ts'
import { sha256 } from '../mesh/crypto.ts'
import { KinmeshError } from '../mesh/errors.ts'
import type { Logger } from '../mesh/log.ts'
import type { Keyring, MembershipLog } from '../mesh/membership.ts'
import type { Timers } from '../mesh/timers.ts'
import type { DeviceId, Identity, WireTap } from '../mesh/types.ts'
import { DocCache } from './doc-cache.ts'
import { type Entry, noHash, openEntry, readEntry } from './entry.ts'
import type { HybridClock } from './hlc.ts'
import { ListedHashes } from './listed-hashes.ts'
import { listedHashBytes } from './limits.ts'
import { decodePayload, type Payload } from './payload.ts'
import type { EntryRow, FaultRow, LogRow, Store } from './store.ts'
import type { SpaceName } from './types.ts'
import { View } from './view.ts'

/** What every space of a device shares. */
export type DeviceContext = {
  readonly identity: Identity
  readonly store: Store
  readonly clock: HybridClock
  /** Drawn at each start: the Yjs clientID of what this run writes follows from it. */
  readonly boot: number
  readonly now: () => number
  readonly timers: Timers
  /** Entries between checkpoints. */
  readonly checkpointEvery: number
  readonly log: Logger
  readonly tap: WireTap | undefined
}

/** The logs and the members of one space as this device holds them, read or sealed. */
export class LogState {
  readonly context: DeviceContext
  readonly name: SpaceName
  /** Hash of the create statement, 32 bytes, and its hex. */
  readonly spaceId: Uint8Array
  readonly id: string
  readonly membership: MembershipLog
  readonly logs: Map<DeviceId, LogRow>
  readonly listed: ListedHashes
  /** Logs of which some shards show already and the rest is on its way: what is held then compares with nobody's. */
  readonly partial = new Set<DeviceId>()
  #turn: Promise<unknown> = Promise.resolve()
  #heads: { members: string; rows: readonly LogRow[]; hash: string } | undefined

  constructor(context: DeviceContext, name: SpaceName, membership: MembershipLog) {
    this.context = context
    this.name = name
    this.membership = membership
    this.spaceId = membership.space
    this.id = toString(membership.space, 'base16')
    this.logs = new Map(context.store.logs(this.id).map(row => [row.author, row]))
    this.listed = new ListedHashes(this)
  }

  get self(): DeviceId {
    return this.context.identity.id
  }

  logRow(author: DeviceId): LogRow {
    return this.logs.get(author) ?? { author, height: 0, head: noHash, checkpoint: 0, lowest: 1, tailBytes: 0, frozen: false }
  }

  /** Every entry names the one before it. */
  listOf({ prevHash }: Entry): Uint8Array {
    return prevHash.subarray(0, listedHashBytes)
  }

  /** One value for which entries and which members we hold. It is asked for whenever anything changes, by each session and for each peer. */
  heads(): string {
    const members = this.membership.version()
    const rows = [...this.logs.values()]
    const last = this.#heads
    if (this.partial.size > 0) return this.self
    // A row that changes is another one.
    if (last?.members === members && last.rows.length === rows.length && rows.every((row, index) => row === last.rows[index])) return last.hash
    const held = rows.filter(row => row.height > 0).sort((a, b) => (a.author < b.author ? -1 : 1))
    const hash = toString(sha256(encodeCbor([members, ...held.map(row => [row.author, row.height, row.head])])), 'base16')
    this.#heads = { members, rows, hash }
    return hash
  }

  /**
   * Runs `work` alone: writing, receiving and summing up read the state, wait for the disk and then change the state, and must
   * not interleave. Runs go in the order of calls.
   */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#turn.then(work)
    this.#turn = run.catch(() => undefined) // the caller has the rejection; the next in line only needs its turn
    return run
  }

  fault(kind: string, device: DeviceId | null, text: string): FaultRow {
    this.context.log.warn(text, { fault: kind, ...(device ? { device } : {}) })
    return { at: this.context.now(), kind, device, text }
  }
}

/** One space as a device that may read it holds it: the state that writing, receiving and summing up work on. */
export class SpaceState extends LogState {
  readonly view: View
  readonly docs: DocCache
  keyring: Keyring
  /** This device was restored from an older copy and fetches its own later entries: until it has them it must not write. */
  recovering = false
  /** Devices that it waits for then. */
  awaited: () => readonly DeviceId[] = () => []
  /** Removed devices of whose log another branch is fetched than was held, and since when (Unix ms). */
  readonly realigning = new Map<DeviceId, number>()

  private constructor(context: DeviceContext, name: SpaceName, membership: MembershipLog, keyring: Keyring) {
    super(context, name, membership)
    this.keyring = keyring
    this.view = new View(context.store, this.id)
    this.docs = new DocCache(context.store, this.id, row => this.#updateOf(row))
  }

  static async open(context: DeviceContext, name: SpaceName, membership: MembershipLog): Promise<SpaceState> {
    return new SpaceState(context, name, membership, await membership.keyring(context.identity))
  }

  /** @throws KinmeshError `UnknownEpoch` · `CannotDecrypt` · `MalformedBytes` */
  openPayload(entry: Entry): Payload {
    const key = this.keyring.get(entry.epoch)
    if (!key) throw new KinmeshError('UnknownEpoch', 'sealed with a space key that this device was not given (yet)')
    return decodePayload(openEntry(entry, key))
  }

  /** A checkpoint lists more of them. */
  override listOf(entry: Entry): Uint8Array {
    const payload = this.openPayload(entry)
    return payload.kind === 'checkpoint' ? payload.before : super.listOf(entry)
  }

  #updateOf(row: EntryRow): Uint8Array {
    const payload = this.openPayload(readEntry(row.bytes))
    if (payload.kind !== 'update') throw new Error(`entry ${row.seq} of shard ${row.shard} is no update`)
    return payload.update
  }
}

