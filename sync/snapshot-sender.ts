import { KinmeshError } from '../mesh/errors.ts'
import { deviceIdOf, publicKeyOf } from '../mesh/identity.ts'
import type { DeviceId } from '../mesh/types.ts'
import { type Frame, basesPerFrame } from './frames.ts'
import { maxQueuedFetches, snapshotPartBytes } from './limits.ts'
import type { SpaceState } from './space-state.ts'

type Wire = {
  readonly index: number
  send(frame: Frame): Promise<void>
  spawn(work: () => Promise<void>): void
}

/** Where a base is: its author's log, the checkpoint that made it, its shard. */
type Fetch = { readonly author: DeviceId; readonly seq: number; readonly shard: number }

/** Gives one peer snapshots: offers, and the bases that it orders, one after the other. */
export class SnapshotSender {
  readonly #state: SpaceState
  readonly #wire: Wire
  readonly #offers = new Set<DeviceId>()
  #fetches: Fetch[] = []
  #sending = false
  #stopped = false

  constructor(state: SpaceState, wire: Wire) {
    this.#state = state
    this.#wire = wire
  }

  stop(): void {
    this.#stopped = true
    this.#offers.clear()
    this.#fetches = []
  }

  /** Offers a log as of its checkpoint. The peer starts over with it: what it had ordered of that log before is not sent any more. */
  offer(author: DeviceId): void {
    this.#fetches = this.#fetches.filter(fetch => fetch.author !== author)
    this.#offers.add(author)
    this.#start()
  }

  /** @throws KinmeshError `TooManyFetches` */
  fetch({ author, seq, shard }: Frame & { type: 'fetch' }): void {
    if (this.#fetches.length >= maxQueuedFetches) throw new KinmeshError('TooManyFetches', `the peer ordered more than ${maxQueuedFetches} bases and waited for none`)
    this.#fetches.push({ author: deviceIdOf(author), seq, shard })
    this.#start()
  }

  #start(): void {
    if (!this.#sending && !this.#stopped) this.#wire.spawn(() => this.#run())
  }

  // Parts of a base that was ordered before an offer never follow that offer: the peer need not tell them apart.
  async #run(): Promise<void> {
    this.#sending = true
    while (!this.#stopped) {
      const [offer] = this.#offers
      const fetch = offer === undefined ? this.#fetches.shift() : undefined
      if (offer !== undefined) {
        this.#offers.delete(offer)
        await this.#sendOffer(offer)
      } else if (fetch) await this.#sendBase(fetch)
      else break
    }
    this.#sending = false
  }

  /** The author's signed checkpoint, and the list of bases that its root is made of. */
  async #sendOffer(author: DeviceId): Promise<void> {
    const { store } = this.#state.context
    // Everything from the store: while a checkpoint is being committed, what is in memory is a step behind.
    const log = store.logs(this.#state.id).find(row => row.author === author)
    const [checkpoint] = log && log.checkpoint > 0 ? store.entries(this.#state.id, author, log.checkpoint, 1) : []
    if (!checkpoint) return
    const bases = store.bases(this.#state.id, author)
    for (let at = 0; (at === 0 || at < bases.length) && !this.#stopped; at += basesPerFrame) {
      const more = at + basesPerFrame < bases.length
      await this.#wire.send({ type: 'snapshot', space: this.#wire.index, author: publicKeyOf(author), checkpoint: checkpoint.bytes, bases: bases.slice(at, at + basesPerFrame), more })
    }
  }

  /** One base in parts; `SnapshotGone` when a newer checkpoint has replaced it. */
  async #sendBase({ author, seq, shard }: Fetch): Promise<void> {
    const { id, context } = this.#state
    const known = context.store.bases(id, author).find(base => base.shard === shard)
    const bytes = known?.seq === seq ? context.store.base(id, author, shard) : undefined
    const address = { space: this.#wire.index, author: publicKeyOf(author), seq }
    if (!bytes) return this.#wire.send({ type: 'nack', ...address, code: 'SnapshotGone' })
    for (let offset = 0; offset < bytes.length && !this.#stopped; offset += snapshotPartBytes) {
      await this.#wire.send({ type: 'part', ...address, shard, offset, bytes: bytes.subarray(offset, offset + snapshotPartBytes) })
    }
  }
}
