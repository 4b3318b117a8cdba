import { KinmeshError } from '../mesh/errors.ts'
import type { DeviceId } from '../mesh/types.ts'
import { LogWriter, type Write } from './log-writer.ts'
import { newItemId, noSuchItem, shardOfId } from './item-id.ts'
import { maxEncodedValueBytes, maxShards, maxSlotsPerShard, maxValueBytes, shardSlots } from './limits.ts'
import { cutRemoved, takeKeys } from './reader-members.ts'
import { realign } from './realign.ts'
import { type Receipt, receive } from './receive.ts'
import type { SharedSpace } from './shared-space.ts'
import { checkSlot } from './shard-doc.ts'
import { encodedSize } from './slot-size.ts'
import type { SpaceState } from './space-state.ts'
import type { Change, Item, ItemValue, Space, SpaceName } from './types.ts'

/** The face of one space: what a person's programs read and write. */
export class LocalSpace implements Space, SharedSpace {
  readonly state: SpaceState
  readonly readable: SpaceState
  readonly #writer: LogWriter
  readonly #subscribers = new Set<(rev: number) => void>()
  readonly #appended = new Set<(authors: ReadonlySet<DeviceId>) => void>()
  /** New items go here until it is full. `taken` counts those still on their way to the disk. */
  #fill = { shard: 0, taken: 0 }

  constructor(state: SpaceState, lowestAck: (author: DeviceId) => number) {
    this.state = state
    this.readable = state
    this.#writer = new LogWriter(state, lowestAck, () => this.#changed(new Set([state.self])))
    this.#fill = { shard: state.view.lastShard, taken: 0 }
  }

  get name(): SpaceName {
    return this.state.name
  }

  get id(): string {
    return this.state.id
  }

  get count(): number {
    return this.state.view.count
  }

  get rev(): number {
    return this.state.view.rev
  }

  digest(): string {
    return this.state.view.digest()
  }

  async put(value: ItemValue, id?: string): Promise<Item> {
    return this.#put(this.#write(value, id))
  }

  async putMany(values: readonly ItemValue[]): Promise<Item[]> {
    return Promise.all(values.map(value => this.#write(value)).map(write => this.#put(write)))
  }

  async remove(id: string): Promise<void> {
    const shard = shardOfId(id)
    if (shard === undefined || !this.get(id)) throw noSuchItem(id)
    await this.#writer.write({ id, shard, kind: 'remove' })
  }

  /** Writes versions that were acknowledged elsewhere on this device (another mesh, a log that forked) under their own clock values. */
  async carry(versions: readonly { id: string; hlc: number; body: string | null }[]): Promise<void> {
    const writes = versions.flatMap(({ id, hlc, body }): Write[] => {
      const shard = shardOfId(id)
      if (shard === undefined) return []
      return [body === null ? { id, shard, kind: 'remove', hlc } : { id, shard, kind: 'set', fields: JSON.parse(body) as ItemValue, hlc }]
    })
    await Promise.all(writes.map(write => this.#writer.write(write)))
  }

  get(id: string): Item | undefined {
    return this.state.view.get(id)
  }

  list({ after = '', limit = 1000 }: { after?: string; limit?: number } = {}): Item[] {
    return this.state.view.list(after, limit)
  }

  changesSince(rev: number, limit = 1000): Change[] {
    return this.state.view.changesSince(rev, limit)
  }

  subscribe(listener: (rev: number) => void): () => void {
    this.#subscribers.add(listener)
    return () => this.#subscribers.delete(listener)
  }

  /** Called with the authors whose logs grew, once the entries are on disk: now they may be sent. */
  onAppended(listener: (authors: ReadonlySet<DeviceId>) => void): () => void {
    this.#appended.add(listener)
    return () => this.#appended.delete(listener)
  }

  /** Takes entries from a peer; see receive.ts. */
  async receive(entries: readonly Uint8Array[]): Promise<Receipt> {
    const receipt = await receive(this.state, entries)
    if (receipt.accepted.length > 0) this.#changed(new Set(receipt.accepted.map(({ author }) => author)))
    for (const id of receipt.removedOwn) this.#withdraw(id)
    return receipt
  }

  sumUp(): Promise<void> {
    return this.#writer.sumUp()
  }

  /** A reader that lacks entries takes a snapshot instead. */
  mayBegin(): boolean {
    return false
  }

  async membershipGrew(save: (statements: readonly Uint8Array[]) => Promise<void>): Promise<void> {
    await takeKeys(this.state, save)
    for (const author of await cutRemoved(this.state)) this.viewChanged(new Set([author]))
  }

  async realign(author: DeviceId): Promise<void> {
    await realign(this.state, author)
    this.viewChanged(new Set([author]))
  }

  /** Writes down a person's decision about a held deletion; undone ones are written anew first. */
  async settle(ref: Uint8Array, restored: readonly { id: string; value: ItemValue }[]): Promise<void> {
    await Promise.all(restored.map(({ id, value }) => this.put(value, id)))
    for (const id of await this.#writer.settle(ref)) this.#withdraw(id)
  }

  /** To be called after anything else changed the view: a snapshot, a rebuild. */
  viewChanged(authors: ReadonlySet<DeviceId>): void {
    this.#changed(authors)
  }

  /** Resolves when nothing is on its way to the disk. */
  flush(): Promise<void> {
    return this.#writer.flush()
  }

  /** No more writes from here on; those under way end on disk. */
  async stop(): Promise<void> {
    await this.#writer.stop()
    await this.state.exclusive(() => Promise.resolve()) // whatever a session was storing is stored
  }

  #write(value: ItemValue, id?: string): Write & { kind: 'set' } {
    const shard = id === undefined ? this.#nextShard() : shardOfId(id)
    if (shard === undefined) throw noSuchItem(id ?? '')
    // Counts every author's versions, so that our own never reach the number that the others refuse.
    if (id !== undefined && this.state.view.slots(shard) >= maxSlotsPerShard) throw new KinmeshError('ShardFull', 'too many versions of the items around this one: write it as a new item')
    if ('hlc' in value || 'del' in value) throw new KinmeshError('BadValue', 'the fields "hlc" and "del" of an item belong to sync: use other names')
    const json = JSON.stringify(value)
    const fields = JSON.parse(json) as ItemValue
    if (new TextEncoder().encode(json).length > maxValueBytes - 64 || encodedSize(fields) > maxEncodedValueBytes) {
      throw new KinmeshError('ValueTooLarge', `an item holds at most ${maxValueBytes / 1024} KiB: split it into several`)
    }
    // What no other device would take must not get into the log: it would end there. Yjs would make a prototype of "__proto__".
    if (json.includes('"__proto__":')) throw new KinmeshError('BadValue', 'no field of an item may be named "__proto__": use another name')
    checkSlot({ ...fields, hlc: 1 })
    return { id: id ?? newItemId(shard), shard, kind: 'set', fields }
  }

  #nextShard(): number {
    const { view } = this.state
    let { shard, taken } = this.#fill
    if (view.slots(shard) + taken >= shardSlots || taken >= shardSlots) {
      shard = Math.min(Math.max(shard + 1, view.lastShard), maxShards - 1)
      taken = 0
    }
    this.#fill = { shard, taken: taken + 1 }
    return shard
  }

  async #put(write: Write & { kind: 'set' }): Promise<Item> {
    const written = await this.#writer.write(write)
    if (!written) throw new Error(`item ${write.id} was not written`)
    const { id, fields } = write
    const others = this.state.view.hasOthers(write.shard) ? (this.get(id)?.others ?? []).filter(other => other.device !== this.state.self) : []
    return { id, value: fields, hlc: written.hlc, device: this.state.self, others }
  }

  #withdraw(id: string): void {
    const shard = shardOfId(id)
    if (shard === undefined) return
    this.#writer.write({ id, shard, kind: 'withdraw' }).catch((error: unknown) => this.state.context.log.error('could not take the words of a removed item out of the own log; it stays hidden', { id, error: String(error) }))
  }

  #changed(authors: ReadonlySet<DeviceId>): void {
    for (const listener of this.#appended) listener(authors)
    for (const listener of this.#subscribers) listener(this.rev)
  }
}
