import type { MembershipLog } from '../mesh/membership.ts'
import type { DeviceId } from '../mesh/types.ts'
import { Arrivals } from './arrivals.ts'
import { readEntry } from './entry.ts'
import { keptQuotaBytes, keptTtlMs } from './limits.ts'
import { LogStage } from './log-stage.ts'
import { endsAsNamed } from './named-branch.ts'
import type { PeerHeights } from './peer-heights.ts'
import { thaw } from './reader-members.ts'
import type { Receipt } from './receive.ts'
import { receiveSealed } from './receive-sealed.ts'
import type { SharedSpace } from './shared-space.ts'
import { type DeviceContext, LogState } from './space-state.ts'
import type { KeptEntries, SpaceName } from './types.ts'

/** How long a keeper keeps what somebody still lacks, and how much of it. */
export type Keeping = { readonly ttlMs: number; readonly quotaBytes: number }

/** Set while a space rests sealed: its logs are of no use to a device that reads, which fetches and checks them anew. */
const sealedKey = (space: string): string => `sealed ${space}`
/** Rows one step of letting go reads. */
const pageRows = 64
/** A full keeper frees this share of its quota at once, so that not every entry costs a commit of its own. */
const freedShare = 1 / 16

/**
 * The shared space on a keeper: it holds the sealed, signed entries of the members for those that are away, and can read none. Of each
 * log it keeps the end, without gaps; the height of a log stays when its entries are let go.
 */
export class KeptSpace implements SharedSpace {
  readonly state: LogState
  readonly readable = undefined
  readonly #keeping: Keeping
  readonly #arrivals: Arrivals
  readonly #appended = new Set<(authors: ReadonlySet<DeviceId>) => void>()

  private constructor(state: LogState, keeping: Keeping) {
    this.state = state
    this.#keeping = keeping
    this.#arrivals = new Arrivals(state)
  }

  static async open(context: DeviceContext, name: SpaceName, membership: MembershipLog, { ttlMs = keptTtlMs, quotaBytes = keptQuotaBytes }: Partial<Keeping> = {}): Promise<KeptSpace> {
    const state = new LogState(context, name, membership)
    if (context.store.meta(sealedKey(state.id)) !== 'yes') await context.store.commit({ space: state.id, meta: { [sealedKey(state.id)]: 'yes' } })
    return new KeptSpace(state, { ttlMs, quotaBytes })
  }

  get id(): string {
    return this.state.id
  }

  /** A keeper sees nothing that could be compared. */
  digest(): string {
    return ''
  }

  async receive(entries: readonly Uint8Array[], due: (author: DeviceId) => number): Promise<Receipt> {
    const receipt = await receiveSealed(this.state, this.#arrivals, entries, due)
    if (receipt.accepted.length === 0) return receipt
    await this.state.exclusive(() => this.#keepWithinQuota())
    this.viewChanged(new Set(receipt.accepted.map(({ author }) => author)))
    return receipt
  }

  /**
   * What a device says about its own log is its own affair. On the word of another one a log goes on later only where nothing is
   * given up by it, or its author cannot say anything any more.
   */
  mayBegin(author: DeviceId, peer: DeviceId): boolean {
    const { height, lowest } = this.state.logRow(author)
    return author === peer || lowest > height || this.state.membership.removedDevices().has(author)
  }

  /** A keeper has no log of its own. */
  async sumUp(): Promise<void> {}

  viewChanged(authors: ReadonlySet<DeviceId>): void {
    for (const listener of this.#appended) listener(authors)
  }

  onAppended(listener: (authors: ReadonlySet<DeviceId>) => void): () => void {
    this.#appended.add(listener)
    return () => this.#appended.delete(listener)
  }

  async membershipGrew(): Promise<void> {
    const { state } = this
    const { membership } = state
    const changed = new Set<DeviceId>()
    await state.exclusive(async () => {
      // Logs of removed devices, and of those whose admission turned out to be void.
      for (const author of [...state.logs.keys()].filter(device => !membership.members().has(device))) {
        const lastSeq = membership.removedDevices().get(author)?.lastSeq ?? 0
        const { height, frozen } = state.logRow(author)
        if (height <= lastSeq && !frozen) continue
        if (height > lastSeq) await this.#cut(author, lastSeq)
        if (state.logRow(author).frozen) await thaw(state, author)
        changed.add(author)
      }
    })
    if (changed.size > 0) this.viewChanged(changed)
  }

  async realign(author: DeviceId): Promise<void> {
    if (endsAsNamed(this.state, author)) return
    await this.state.exclusive(() => this.#drop(author))
    this.viewChanged(new Set([author]))
  }

  /** Lets go of what is too old, and of what every reader is known to hold. */
  async keepHouse(heights: PeerHeights): Promise<void> {
    await this.state.exclusive(async () => {
      await this.#arrivals.note()
      for (const { author } of [...this.state.logs.values()]) {
        const expired = this.#arrivals.expired(author, this.#keeping.ttlMs)
        await this.#letGo(author, Math.max(expired, this.#heldByAll(heights, author)))
      }
    })
  }

  kept(): KeptEntries {
    const { quotaBytes, ttlMs } = this.#keeping
    const logs = [...this.state.logs.values()].filter(({ lowest, height }) => lowest <= height)
    const oldest = logs.map(({ author, lowest }) => this.#arrivals.of(author, lowest))
    return {
      entries: logs.reduce((sum, { lowest, height }) => sum + height - lowest + 1, 0),
      bytes: this.#bytes(),
      quotaBytes,
      ttlMs,
      oldestAt: oldest.length === 0 ? undefined : Math.min(...oldest)
    }
  }

  /** Resolves when nothing is on its way to the disk. */
  async flush(): Promise<void> {
    await this.state.exclusive(() => Promise.resolve())
  }

  stop(): Promise<void> {
    return this.flush()
  }

  /** The height up to which every member that reads holds a log, as far as it told this device; a log's author holds what it wrote. */
  #heldByAll(heights: PeerHeights, author: DeviceId): number {
    const readers = [...this.state.membership.members().values()].filter(({ id, role }) => role !== 'keeper' && id !== author)
    return Math.min(this.state.logRow(author).height, ...readers.map(({ id }) => heights.height(id, author)))
  }

  #bytes(): number {
    let bytes = 0
    for (const { tailBytes } of this.state.logs.values()) bytes += tailBytes
    return bytes
  }

  /** The log that takes most gives way, its oldest entries first: what the others take within their share is not touched. */
  async #keepWithinQuota(): Promise<void> {
    const { quotaBytes } = this.#keeping
    if (this.#bytes() <= quotaBytes) return
    const room = quotaBytes * (1 - freedShare)
    while (this.#bytes() > room) {
      const [largest, next] = [...this.state.logs.values()].sort((a, b) => b.tailBytes - a.tailBytes)
      if (!largest || largest.lowest > largest.height) return
      const goal = Math.max(0, next?.tailBytes ?? 0, largest.tailBytes - (this.#bytes() - room))
      let seq = largest.lowest
      let left = largest.tailBytes
      for (const row of this.state.context.store.entries(this.id, largest.author, largest.lowest, pageRows)) {
        if (left <= goal && row.seq > largest.lowest) break
        left -= row.bytes.length
        seq = row.seq
      }
      await this.#letGo(largest.author, seq)
    }
  }

  /** Entries up to `seq` go. */
  async #letGo(author: DeviceId, seq: number): Promise<void> {
    const { store } = this.state.context
    for (let log = this.state.logRow(author); log.lowest <= Math.min(seq, log.height); log = this.state.logRow(author)) {
      const rows = store.entries(this.id, author, log.lowest, pageRows).filter(row => row.seq <= seq)
      const bytes = rows.reduce((sum, row) => sum + row.bytes.length, 0)
      const lowest = rows.length < pageRows ? Math.min(seq, log.height) + 1 : log.lowest + pageRows
      const stage = new LogStage(this.state)
      stage.setLog({ ...log, lowest, tailBytes: Math.max(0, log.tailBytes - bytes) })
      stage.also({ prune: [{ author, below: lowest }] })
      await stage.commit()
    }
  }

  async #drop(author: DeviceId): Promise<void> {
    const stage = new LogStage(this.state)
    stage.also({ dropLogs: [author], meta: this.#arrivals.forgetting(author) })
    await stage.commit()
    this.state.logs.delete(author)
  }

  /** Entries of a removed device beyond its last one that counts go; a log that begins later goes as a whole. */
  async #cut(author: DeviceId, lastSeq: number): Promise<void> {
    const log = this.state.logRow(author)
    const { store } = this.state.context
    const [last] = store.entries(this.id, author, Math.max(1, lastSeq), 1)
    // Of the entry before the first one that is kept, only its hash is known.
    const head = last?.seq === lastSeq ? last.hash : log.lowest === lastSeq + 1 && last ? readEntry(last.bytes).prevHash : undefined
    if (!head || lastSeq === 0) return this.#drop(author)
    const stage = new LogStage(this.state)
    let cutBytes = 0
    for (let from = lastSeq + 1, rows = store.entries(this.id, author, from, pageRows); rows.length > 0; rows = store.entries(this.id, author, from, pageRows)) {
      for (const row of rows) cutBytes += row.bytes.length
      from = (rows.at(-1)?.seq ?? log.height) + 1
    }
    stage.setLog({ ...log, height: lastSeq, head, tailBytes: Math.max(0, log.tailBytes - cutBytes), lowest: Math.min(log.lowest, lastSeq + 1) })
    stage.also({ truncate: [{ author, above: lastSeq }] })
    await stage.commit()
  }
}

/** To be called before a device that reads opens a space: what it once held sealed was checked by no key, and goes. */
export async function dropSealed({ store }: DeviceContext, space: string): Promise<void> {
  if (store.meta(sealedKey(space)) !== 'yes') return
  await store.commit({ space, dropLogs: store.logs(space).map(({ author }) => author), meta: { [sealedKey(space)]: 'no' } })
}
