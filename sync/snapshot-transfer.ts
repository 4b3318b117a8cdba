import { equals } from 'uint8arrays/equals'
import { KinmeshError } from '../mesh/errors.ts'
import { deviceIdOf, publicKeyOf } from '../mesh/identity.ts'
import { sha256 } from '../mesh/crypto.ts'
import type { DeviceId } from '../mesh/types.ts'
import { installSnapshot, rootOf } from './checkpoint.ts'
import { readEntry, verifyEntry } from './entry.ts'
import { type Frame, type SnapshotBase, basesPerFrame } from './frames.ts'
import { maxShardBytes, maxShards, snapshotPartBytes, snapshotWindowBytes } from './limits.ts'
import type { SpaceState } from './space-state.ts'
import { hexOf } from './stage.ts'

type Send = (frame: Frame) => Promise<void>
type Offer = Frame & { type: 'snapshot' }
type SendOrder = (order: Omit<Frame & { type: 'fetch' }, 'space'>) => void
type Part = Frame & { type: 'part' }

/** Offers a log as of its checkpoint: the author's signed entry and the list of bases that its root is made of. */
export async function offerSnapshot(state: SpaceState, author: DeviceId, space: number, send: Send): Promise<void> {
  const { store } = state.context
  // Everything from the store: while a checkpoint is being committed, what is in memory is a step behind.
  const log = store.logs(state.id).find(row => row.author === author)
  const [checkpoint] = log ? store.entries(state.id, author, log.checkpoint, 1) : []
  if (!checkpoint) return
  const bases = store.bases(state.id, author)
  for (let at = 0; at === 0 || at < bases.length; at += basesPerFrame) {
    const more = at + basesPerFrame < bases.length
    await send({ type: 'snapshot', space, author: publicKeyOf(author), checkpoint: checkpoint.bytes, bases: bases.slice(at, at + basesPerFrame), more })
  }
}

/** Answers one FETCH with the parts of one base; says `SnapshotGone` when a newer checkpoint has replaced it. */
export async function sendBase(state: SpaceState, { author, seq, shard }: Frame & { type: 'fetch' }, space: number, send: Send): Promise<void> {
  const device = deviceIdOf(author)
  const known = state.context.store.bases(state.id, device).find(base => base.shard === shard)
  const bytes = known?.seq === seq ? state.context.store.base(state.id, device, shard) : undefined
  if (!bytes) return send({ type: 'nack', space, author, seq, code: 'SnapshotGone' })
  for (let offset = 0; offset < bytes.length; offset += snapshotPartBytes) {
    await send({ type: 'part', space, author, seq, shard, offset, bytes: bytes.subarray(offset, offset + snapshotPartBytes) })
  }
}

/**
 * The receiving side, for one log: collects the offer, orders the bases it lacks, checks each against its hash and all of them
 * against the author's signature, and takes the log over. Bases that arrived stay in `arrived` (by hash) when the connection
 * breaks, so that the next attempt orders only the rest.
 */
export class SnapshotFetch {
  readonly #state: SpaceState
  readonly #author: DeviceId
  readonly #arrived: Map<string, Uint8Array>
  readonly #send: SendOrder
  #bases: SnapshotBase[] = []
  #checkpoint: Uint8Array | undefined
  #complete = false
  #waiting: SnapshotBase[] = []
  #ordered = new Map<number, { base: SnapshotBase; bytes: Uint8Array; filled: number }>()

  constructor(state: SpaceState, author: DeviceId, arrived: Map<string, Uint8Array>, send: SendOrder) {
    this.#state = state
    this.#author = author
    this.#arrived = arrived
    this.#send = send
  }

  /** True once the log was taken over. @throws KinmeshError `WrongSnapshot` */
  async offered(offer: Offer): Promise<boolean> {
    if (this.#complete || (this.#checkpoint && !equals(this.#checkpoint, offer.checkpoint))) throw wrong('was offered twice')
    this.#checkpoint = offer.checkpoint
    this.#bases.push(...offer.bases)
    if (this.#bases.length > maxShards) throw wrong(`lists more than ${maxShards} shards`)
    if (offer.more) return false
    this.#complete = true
    await this.#checkOffer()
    this.#waiting = this.#bases.filter(({ hash }) => !this.#arrived.has(hexOf(hash)))
    this.#order()
    return this.#finishWhenWhole()
  }

  /** True once the log was taken over. Parts nobody ordered are ignored: they may belong to an attempt that was given up. */
  async part(part: Part): Promise<boolean> {
    const order = this.#ordered.get(part.shard)
    if (!order || order.base.seq !== part.seq) return false
    if (part.offset !== order.filled || part.offset + part.bytes.length > order.bytes.length) throw wrong('came in parts that do not fit')
    order.bytes.set(part.bytes, part.offset)
    order.filled += part.bytes.length
    if (order.filled < order.bytes.length) return false
    if (!equals(sha256(order.bytes), order.base.hash)) throw wrong(`is damaged in shard ${part.shard}`)
    this.#arrived.set(hexOf(order.base.hash), order.bytes)
    this.#ordered.delete(part.shard)
    this.#order()
    return this.#finishWhenWhole()
  }

  // Sizes and hashes are believed only after the author's signature was found to cover them (sizes: through the hash, at arrival).
  async #checkOffer(): Promise<void> {
    const { entry, root } = await this.#signed()
    if (entry.seq <= this.#state.logRow(this.#author).height && this.#state.logRow(this.#author).checkpoint > 0) throw wrong('is older than what is here')
    if (!equals(rootOf(this.#bases), root)) throw wrong('is not the one that its author signed')
    if (this.#bases.some(({ size }) => size === 0 || size > maxShardBytes)) throw wrong('declares a shard of impossible size')
  }

  async #signed(): Promise<{ entry: ReturnType<typeof readEntry>; root: Uint8Array }> {
    const entry = readEntry(this.#checkpoint ?? new Uint8Array())
    if (!equals(entry.author, publicKeyOf(this.#author)) || !equals(entry.space, this.#state.spaceId) || !(await verifyEntry(entry))) throw wrong('is not signed by its author')
    const removal = this.#state.membership.removedDevices().get(this.#author)
    if (!this.#state.membership.members().has(this.#author) && !(removal && entry.seq <= removal.lastSeq)) throw wrong('is of a device that is no member')
    const payload = this.#state.openPayload(entry)
    if (payload.kind !== 'checkpoint') throw wrong('does not start at a checkpoint')
    return { entry, root: payload.root }
  }

  #order(): void {
    let onOrder = 0
    for (const { base } of this.#ordered.values()) onOrder += base.size
    while (this.#waiting.length > 0 && onOrder < snapshotWindowBytes) {
      const base = this.#waiting.shift()
      if (!base) return
      onOrder += base.size
      this.#ordered.set(base.shard, { base, bytes: new Uint8Array(base.size), filled: 0 })
      this.#send({ type: 'fetch', author: publicKeyOf(this.#author), seq: base.seq, shard: base.shard })
    }
  }

  async #finishWhenWhole(): Promise<boolean> {
    if (!this.#complete || this.#waiting.length > 0 || this.#ordered.size > 0) return false
    const { entry, root } = await this.#signed()
    const bases = this.#bases.map(({ shard, seq, hash }) => ({ shard, seq, hash, bytes: this.#arrived.get(hexOf(hash)) ?? new Uint8Array() }))
    await this.#state.exclusive(() => installSnapshot(this.#state, this.#author, entry, root, bases))
    this.#arrived.clear()
    return true
  }
}

function wrong(problem: string): KinmeshError {
  return new KinmeshError('WrongSnapshot', `a snapshot ${problem}: it was not used`)
}
