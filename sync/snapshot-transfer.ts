import { equals } from 'uint8arrays/equals'
import { KinmeshError } from '../mesh/errors.ts'
import { publicKeyOf } from '../mesh/identity.ts'
import { sha256 } from '../mesh/crypto.ts'
import type { DeviceId } from '../mesh/types.ts'
import { rootOf } from './base-names.ts'
import { installSnapshot } from './checkpoint.ts'
import { readEntry, verifyEntry } from './entry.ts'
import { isOther } from './entry-checks.ts'
import type { Frame, SnapshotBase } from './frames.ts'
import { listedAt } from './listed-hashes.ts'
import { maxShardBytes, maxShards, maxSnapshotBytes, snapshotWindowBases, snapshotWindowBytes } from './limits.ts'
import type { SpaceState } from './space-state.ts'
import { hexOf } from './stage.ts'

type Offer = Frame & { type: 'snapshot' }
type Part = Frame & { type: 'part' }
export type FetchOrder = Omit<Frame & { type: 'fetch' }, 'space'>

export type FetchOptions = {
  /** A checkpoint whose bases the peer said to have no more: the next one lies above. */
  readonly above: number
  /** Bases that arrived, by hash; it outlives this attempt. */
  readonly arrived: Map<string, Uint8Array>
  order(order: FetchOrder): void
}

/**
 * The receiving side of a snapshot, for one log: collects the offer, orders the bases it lacks, checks each against its hash and
 * all of them against the author's signature, and takes the log over. Bases that arrived stay in `arrived` when the connection
 * breaks, so that the next attempt orders only the rest.
 */
export class SnapshotFetch {
  readonly #state: SpaceState
  readonly #author: DeviceId
  readonly #options: FetchOptions
  #bases: SnapshotBase[] = []
  #checkpoint: Uint8Array | undefined
  #complete = false
  #mayOrder = false
  #waiting: SnapshotBase[] = []
  #ordered = new Map<number, { base: SnapshotBase; bytes: Uint8Array; filled: number }>()

  constructor(state: SpaceState, author: DeviceId, options: FetchOptions) {
    this.#state = state
    this.#author = author
    this.#options = options
  }

  /** The seq of the offered checkpoint; 0 before the offer is whole. */
  get checkpoint(): number {
    return this.#complete && this.#checkpoint ? readEntry(this.#checkpoint).seq : 0
  }

  /** It is this log's turn: one at a time keeps what is on order at a peer within the window. */
  go(): void {
    this.#mayOrder = true
    this.#order()
  }

  /**
   * True once the log was taken over.
   * @throws KinmeshError `OwnLogForked`: of our own log, which goes on beyond what we hold · `WrongSnapshot`: not what the author signed · `StaleSnapshot`: entries were quicker · `RemovedAuthor`: the peer does not know yet of a removal · `OtherBranch`: its author signed two branches
   */
  async offered(offer: Offer): Promise<boolean> {
    if (this.#complete) return false // the answer to a WANT that was given up, overtaken by the one before
    const startsOver = this.#checkpoint && (!equals(this.#checkpoint, offer.checkpoint) || (offer.bases[0]?.shard ?? maxShards) <= (this.#bases.at(-1)?.shard ?? -1))
    if (startsOver) this.#bases = []
    this.#checkpoint = offer.checkpoint
    this.#bases.push(...offer.bases)
    if (this.#bases.length > maxShards) throw wrong(`lists more than ${maxShards} shards`)
    if (offer.more) return false
    this.#complete = true
    await this.#checkOffer()
    this.#waiting = this.#bases.filter(({ hash }) => !this.#options.arrived.has(hexOf(hash)))
    this.#order()
    return this.#finishWhenWhole()
  }

  /** Is a base as of entry `seq` on order? */
  awaits(seq: number): boolean {
    return [...this.#ordered.values()].some(({ base }) => base.seq === seq)
  }

  /** Is this a part that is still missing? */
  ordered({ shard, seq, bytes }: Part): boolean {
    return this.#ordered.get(shard)?.base.seq === seq && bytes.length > 0
  }

  /** Is it the last one of its base? */
  completes({ shard, offset, bytes }: Part): boolean {
    return offset + bytes.length === this.#ordered.get(shard)?.bytes.length
  }

  /** True once the log was taken over. Parts nobody ordered are ignored: they may belong to an attempt that was given up. @throws as `offered` */
  async part(part: Part): Promise<boolean> {
    const order = this.#ordered.get(part.shard)
    if (!order || order.base.seq !== part.seq) return false
    if (part.offset !== order.filled || part.offset + part.bytes.length > order.bytes.length) throw wrong('came in parts that do not fit')
    order.bytes.set(part.bytes, part.offset)
    order.filled += part.bytes.length
    if (order.filled < order.bytes.length) return false
    if (!equals(sha256(order.bytes), order.base.hash)) throw wrong(`is damaged in shard ${part.shard}`)
    this.#options.arrived.set(hexOf(order.base.hash), order.bytes)
    this.#ordered.delete(part.shard)
    this.#order()
    return this.#finishWhenWhole()
  }

  // Sizes and hashes are believed only after the author's signature was found to cover them (sizes: through the hash, at arrival).
  async #checkOffer(): Promise<void> {
    const { root } = await this.#signed()
    if (!equals(rootOf(this.#bases), root)) throw wrong('is not the one that its author signed')
    if (new Set(this.#bases.map(({ shard }) => shard)).size < this.#bases.length) throw wrong('lists a shard twice')
    if (this.#bases.some(({ size }) => size === 0 || size > maxShardBytes)) throw wrong('declares a shard of impossible size')
    if (this.#bases.reduce((sum, { size }) => sum + size, 0) > maxSnapshotBytes) throw wrong(`is of more bytes than a log may have (${maxSnapshotBytes})`)
    const hashes = new Set(this.#bases.map(({ hash }) => hexOf(hash)))
    for (const hash of this.#options.arrived.keys()) if (!hashes.has(hash)) this.#options.arrived.delete(hash)
  }

  async #signed(): Promise<{ entry: ReturnType<typeof readEntry>; root: Uint8Array }> {
    const entry = readEntry(this.#checkpoint ?? new Uint8Array())
    if (!equals(entry.author, publicKeyOf(this.#author)) || !equals(entry.space, this.#state.spaceId) || !(await verifyEntry(entry))) throw wrong('is not signed by its author')
    const passed = Math.max(this.#state.logRow(this.#author).height, this.#options.above)
    if (entry.seq <= passed) throw new KinmeshError('StaleSnapshot', `a snapshot as of entry ${entry.seq} came when entry ${passed} was there`)
    // Our own signature under what we never wrote: only recovery, which puts aside what we did write, may replace our log.
    if (this.#author === this.#state.self && passed > 0 && !this.#state.recovering) throw new KinmeshError('OwnLogForked', 'this device was restored from an older copy: what it wrote since is written anew')
    const removal = this.#state.membership.removedDevices().get(this.#author)
    if (removal && entry.seq > removal.lastSeq) throw new KinmeshError('RemovedAuthor', 'a snapshot goes beyond what counts of a removed device')
    if (!removal && !this.#state.membership.members().has(this.#author)) throw wrong('is of a device that is no member')
    const payload = this.#state.openPayload(entry)
    if (payload.kind !== 'checkpoint') throw wrong('does not start at a checkpoint')
    const { height, head } = this.#state.logRow(this.#author)
    const isOthers = this.#author !== this.#state.self && !removal
    if (isOthers && isOther(listedAt(payload.before, entry.seq, height), head)) throw new KinmeshError('OtherBranch', 'a snapshot is of another branch of the log than what is held here')
    return { entry, root: payload.root }
  }

  #order(): void {
    let onOrder = 0
    for (const { base } of this.#ordered.values()) onOrder += base.size
    while (this.#mayOrder && onOrder < snapshotWindowBytes && this.#ordered.size < snapshotWindowBases) {
      const base = this.#waiting.shift()
      if (!base) return
      onOrder += base.size
      this.#ordered.set(base.shard, { base, bytes: new Uint8Array(base.size), filled: 0 })
      this.#options.order({ type: 'fetch', author: publicKeyOf(this.#author), seq: base.seq, shard: base.shard })
    }
  }

  async #finishWhenWhole(): Promise<boolean> {
    if (!this.#complete || this.#waiting.length > 0 || this.#ordered.size > 0) return false
    const { arrived } = this.#options
    const bases = this.#bases.map(({ shard, seq, hash }) => ({ shard, seq, hash, bytes: arrived.get(hexOf(hash)) ?? new Uint8Array() }))
    arrived.clear()
    await this.#state.exclusive(async () => {
      // Once more, now that nothing else moves: entries, or news of a removal, may have come meanwhile.
      const { entry, root } = await this.#signed()
      await installSnapshot(this.#state, this.#author, entry, root, bases)
    })
    return true
  }
}

function wrong(problem: string): KinmeshError {
  return new KinmeshError('WrongSnapshot', `a snapshot ${problem}: it was not used`)
}
