import type { DeviceId } from '../mesh/types.ts'
import type { Entry } from './entry.ts'
import type { LogState } from './space-state.ts'
import type { Commit, EntryRow, LogRow } from './store.ts'

type Rest = Omit<Commit, 'space' | 'entries' | 'logs' | 'versions' | 'dropVersions' | 'gone' | 'shards'>

/** Entries on their way to the disk: they and what else they change of their logs goes there in one commit, and into memory only after it. */
export class LogStage {
  readonly #state: LogState
  readonly #entries: (EntryRow & { author: DeviceId })[] = []
  readonly #logs = new Map<DeviceId, LogRow>()
  #rest: Rest = {}

  constructor(state: LogState) {
    this.#state = state
  }

  /** The log as this stage leaves it. */
  log(author: DeviceId): LogRow {
    return this.#logs.get(author) ?? this.#state.logRow(author)
  }

  get empty(): boolean {
    return this.#entries.length === 0 && this.#logs.size === 0
  }

  /** Authors of the logs that change. */
  get authors(): Iterable<DeviceId> {
    return this.#logs.keys()
  }

  /** The hash of an entry that is on its way to the disk. */
  hashOf(author: DeviceId, seq: number): Uint8Array | undefined {
    return this.#entries.find(entry => entry.author === author && entry.seq === seq)?.hash
  }

  append(author: DeviceId, entry: Entry, shard: number): void {
    const log = this.log(author)
    this.#entries.push({ author, seq: entry.seq, shard, hash: entry.hash, bytes: entry.bytes })
    this.setLog({ ...log, height: entry.seq, head: entry.hash, tailBytes: log.tailBytes + entry.bytes.length })
  }

  setLog(row: LogRow): void {
    this.#logs.set(row.author, row)
  }

  /** Adds anything else that belongs to the same commit; lists are appended. */
  also({ meta, ...more }: Rest): void {
    const merged: Record<string, unknown> = { ...this.#rest, ...(meta ? { meta: { ...this.#rest.meta, ...meta } } : {}) }
    for (const [key, value] of Object.entries(more)) {
      const present = merged[key]
      merged[key] = Array.isArray(present) && Array.isArray(value) ? [...(present as unknown[]), ...(value as unknown[])] : value
    }
    this.#rest = merged
  }

  /** All of it as the store takes it. */
  batch(): Commit {
    return { ...this.#rest, space: this.#state.id, logs: [...this.#logs.values()], entries: this.#entries }
  }

  /** @throws KinmeshError `StoreFailed`: nothing was written, and nothing changed in memory */
  async commit(): Promise<void> {
    await this.#state.context.store.commit(this.batch())
    this.applied()
  }

  /** Takes it into memory, all at once: who looks in between would see the logs of one moment and the view of another. */
  protected applied(): void {
    for (const [author, row] of this.#logs) this.#state.logs.set(author, row)
  }
}
