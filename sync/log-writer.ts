import { KinmeshError } from '../mesh/errors.ts'
import type { DeviceId } from '../mesh/types.ts'
import { updateClientId } from './base-names.ts'
import { commitCheckpoint, noShard, summarise } from './checkpoint.ts'
import { type Entry, writeEntry } from './entry.ts'
import { checkpointBytes, maxItemsPerEntry, newcomerBytes, targetUpdateBytes } from './limits.ts'
import { type Payload, encodePayload } from './payload.ts'
import { release } from './receive.ts'
import type { SlotValue } from './shard-doc.ts'
import { slotSize } from './slot-size.ts'
import type { SpaceState } from './space-state.ts'
import { Stage, hexOf } from './stage.ts'
import type { ItemValue } from './types.ts'
import { asWritten, highest } from './view.ts'

/** One change of an own slot. `hlc` is given only for versions that are carried over: such a write yields to a newer version. */
export type Write = { readonly id: string; readonly shard: number; readonly hlc?: number } & (
  | { readonly kind: 'set'; readonly fields: ItemValue }
  | { readonly kind: 'remove' }
  /** Takes the words out of the own slot, after another device's removal won. */
  | { readonly kind: 'withdraw' }
  /** Takes an own removal out without a trace. */
  | { readonly kind: 'clear' }
)

/** What a write became; nothing when something newer stood there already. */
export type Written = { readonly hlc: number } | undefined

type Waiting = { readonly write: Write; readonly resolve: (written: Written) => void; readonly reject: (error: unknown) => void }

/** Writes one commit takes at most: about what a disk writes in the time of one fsync. */
const maxWritesPerCommit = 4096

/**
 * Writes this device's log of one space. Nothing waits for a timer: the first write starts a commit, and what comes while it
 * runs goes together into the next one (group commit).
 */
export class LogWriter {
  readonly #state: SpaceState
  readonly #lowestAck: (author: DeviceId) => number
  readonly #written: () => void
  #queue: Waiting[] = []
  #running: Promise<void> | undefined
  #stopped = false

  constructor(state: SpaceState, lowestAck: (author: DeviceId) => number, written: () => void) {
    this.#state = state
    this.#lowestAck = lowestAck
    this.#written = written
  }

  /** Resolves when the write is on disk. @throws KinmeshError `StoreFailed` · `NoSpaceKey` · `DeviceStopped` */
  write(write: Write): Promise<Written> {
    if (this.#stopped) return Promise.reject(new KinmeshError('DeviceStopped', 'this device is shutting down: start it again with kinmesh up'))
    return new Promise((resolve, reject) => {
      this.#queue.push({ write, resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Ends the waiting of a large deletion everywhere; returns the ids that it removes. */
  async settle(ref: Uint8Array): Promise<string[]> {
    const removed = await this.#state.exclusive(async () => {
      const stage = new Stage(this.#state)
      await this.#append(stage, { kind: 'settle', at: this.#state.context.now(), ref }, noShard)
      const ids = release(this.#state, stage, hexOf(ref))
      await stage.commit()
      return ids
    })
    this.#written()
    return removed
  }

  async flush(): Promise<void> {
    while (this.#running) await this.#running
  }

  /** Takes no more writes; resolves when those under way are on disk. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.flush()
  }

  async #run(): Promise<void> {
    await Promise.resolve() // let every write of this turn of the event loop join the first commit
    while (this.#queue.length > 0) {
      const taken = this.#queue.splice(0, maxWritesPerCommit)
      try {
        const written = await this.#state.exclusive(() => this.#commit(taken.map(({ write }) => write)))
        for (const { write, resolve } of taken) resolve(written.get(write))
        this.#written()
        await this.#tryCheckpoint(checkpointBytes)
      } catch (error) {
        // The cached documents may hold updates that no entry carries, and the next entry would build on them.
        this.#state.docs.forget(this.#state.self)
        for (const { reject } of taken) reject(error)
      }
    }
    this.#running = undefined
  }

  /** A checkpoint now, when a good deal was written since the last one. Always finishes. */
  async sumUp(): Promise<void> {
    if (!this.#stopped && !this.#state.recovering) await this.#tryCheckpoint(newcomerBytes)
  }

  // What was written is written: a checkpoint that fails is tried again after the next write.
  async #tryCheckpoint(dueBytes: number): Promise<void> {
    if (!this.#checkpointDue(dueBytes)) return
    try {
      // Another one may have been made while this one waited.
      await this.#state.exclusive(async () => (this.#checkpointDue(dueBytes) ? this.#checkpoint() : undefined))
      this.#written()
    } catch (error) {
      this.#state.docs.forget(this.#state.self)
      this.#state.context.log.error('could not sum up the own log', { error: String(error) })
    }
  }

  async #commit(writes: readonly Write[]): Promise<Map<Write, Written>> {
    const written = new Map<Write, Written>()
    let stage = new Stage(this.#state)
    for (const chunk of chunksOf(writes)) {
      await this.#stageChunk(stage, chunk, written)
      if (!stage.full) continue
      await stage.commit()
      stage = new Stage(this.#state)
    }
    if (!stage.empty) await stage.commit()
    return written
  }

  async #stageChunk(stage: Stage, writes: readonly Write[], written: Map<Write, Written>): Promise<void> {
    const { self, context } = this.#state
    const shard = writes[0]?.shard ?? 0
    const doc = stage.doc(self, shard)
    const changes = new Map<string, SlotValue | null>()
    for (const write of writes) {
      const newest = highest(stage.view.versions(write.id).map(asWritten))
      const hlc = write.hlc ?? (write.kind === 'withdraw' ? (newest?.hlc ?? 0) : context.clock.next(newest?.hlc))
      const value = this.#newValue(write, hlc, newest, doc.value(write.id))
      if (value === undefined) continue
      written.set(write, { hlc })
      changes.set(write.id, value)
    }
    if (changes.size === 0) return
    const update = doc.write(updateClientId(this.#state, self, context.boot), changes)
    const entry = await this.#append(stage, { kind: 'update', at: context.now(), shard, boot: context.boot, update }, shard)
    for (const [id, value] of changes) {
      if (value) stage.setVersion(self, shard, entry.seq, [id, value])
      else stage.view.clear(id, self)
    }
  }

  /** The slot's new value, null to clear it; undefined when there is nothing to do any more. */
  #newValue(write: Write, hlc: number, newest: { hlc: number; body: string | null } | undefined, own: SlotValue | undefined): SlotValue | null | undefined {
    if (write.hlc !== undefined && newest !== undefined && newest.hlc >= write.hlc) return undefined
    switch (write.kind) {
      case 'set':
        return { ...write.fields, hlc }
      case 'remove':
        return { del: 1, hlc }
      case 'withdraw':
        return newest?.body === null && own && own['del'] !== 1 ? { del: 1, hlc } : undefined
      case 'clear':
        return own?.['del'] === 1 ? null : undefined
    }
  }

  async #append(stage: Stage, payload: Payload, shard: number): Promise<Entry> {
    const entry = await this.#entry(stage.log(this.#state.self), payload)
    stage.append(this.#state.self, entry, shard)
    return entry
  }

  async #entry(log: { height: number; head: Uint8Array }, payload: Payload): Promise<Entry> {
    const { context, keyring, spaceId } = this.#state
    if (this.#state.recovering) throw this.#isRecovering()
    const key = keyring.current()
    if (!key) throw new KinmeshError('NoSpaceKey', 'this device holds no key of the space (it was removed, or a new key is on its way): connect to another device and try again')
    const plain = encodePayload(payload)
    context.tap?.({ layer: 'payload', protocol: this.#state.name, bytes: plain })
    return writeEntry(context.identity, { space: spaceId, seq: log.height + 1, prevHash: log.head }, key, plain)
  }

  #isRecovering(): KinmeshError {
    const members = this.#state.membership.members()
    const names = this.#state.awaited().map(device => members.get(device)?.name ?? device)
    const whom = names.length === 0 ? 'another of your devices' : names.join(', ')
    return new KinmeshError('Recovering', `this device was restored from an older copy and is fetching its own later entries: connect it to ${whom}, or remove there what is gone for good (kinmesh devices remove NAME), and try again`)
  }

  #checkpointDue(dueBytes: number): boolean {
    const log = this.#state.logRow(this.#state.self)
    return log.height - log.checkpoint >= this.#state.context.checkpointEvery || log.tailBytes >= dueBytes
  }

  async #checkpoint(): Promise<void> {
    const { self, context } = this.#state
    await this.#commit(this.#forgettable())
    const log = this.#state.logRow(self)
    const summary = summarise(this.#state, self, log.height + 1)
    const { root, before } = summary
    const entry = await this.#entry(log, { kind: 'checkpoint', at: context.now(), root, before })
    await commitCheckpoint(this.#state, self, entry, summary)
  }

  /** Own removals of items that every device knows to be removed by all who ever wrote to them: they hide nothing any more, and can go. */
  #forgettable(): Write[] {
    const { self, id: space, context } = this.#state
    const removals = context.store.logVersions(space, self, { removedUpTo: this.#lowestAck(self) })
    const everywhere = (row: { author: DeviceId; body: string | null; seq: number }) => row.body === null && row.seq <= this.#lowestAck(row.author)
    return removals.filter(row => context.store.versions(space, row.id).every(everywhere)).map(row => ({ id: row.id, shard: row.shard, kind: 'clear' }))
  }
}

/** Cuts writes into what one entry each carries: one shard, no id twice, bounded in size and number; order per item is kept. */
function chunksOf(writes: readonly Write[]): Write[][] {
  const chunks: Write[][] = []
  const open = new Map<number, { writes: Write[]; ids: Set<string>; size: number }>()
  for (const write of writes) {
    const size = slotSize(write.id, write.kind === 'set' ? write.fields : undefined)
    let chunk = open.get(write.shard)
    if (!chunk || chunk.ids.has(write.id) || chunk.ids.size >= maxItemsPerEntry || chunk.size + size > targetUpdateBytes) {
      chunk = { writes: [], ids: new Set(), size: 0 }
      open.set(write.shard, chunk)
      chunks.push(chunk.writes)
    }
    chunk.writes.push(write)
    chunk.ids.add(write.id)
    chunk.size += size
  }
  return chunks
}
