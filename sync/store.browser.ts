import { KinmeshError } from '../mesh/errors.ts'
import { type Logger, silentLogger } from '../mesh/log.ts'
import { allOf, beginNewFile, openDatabase, settled, storeFailed, type TableName, tableNames } from './idb.browser.ts'
import { takeLock } from './lock.browser.ts'
import { wholeRecords } from './record-shapes.ts'
import type { AckRow, BaseRow, Commit, EntryRow, FaultRow, HeldRow, LogRow, SpaceRow, Store } from './store.ts'
import { StoreTables } from './store-tables.ts'
import { compacted, deleteSpace, writeDevice, writeSpace } from './store-writes.browser.ts'
import { type CacheMark, type CacheStep, ViewCache } from './view-cache.browser.ts'
import type { ViewChange } from './view-tables.ts'

/** The store of a page, with room for the few secrets of its device beside it. */
export type BrowserStore = Required<Omit<Store, 'doubtful' | 'trust'>> & {
  /** A small file of the device itself: its identity, its address book. */
  file(name: string): Uint8Array | undefined
  /** Resolves when it is on disk. @throws `StoreFailed` */
  keepFile(name: string, bytes: Uint8Array): Promise<void>
  /** Resolves when everything under way has ended and another tab may open the store. */
  readonly released: Promise<void>
}

export type BrowserStoreOptions = {
  /** Of the database, one for each device of this origin. */
  readonly name?: string
  /** Wait until no other tab has the store, or the signal says to give up. Without it an open store elsewhere is an error at once. */
  readonly wait?: AbortSignal
  readonly log?: Logger
  /** The browser took the store away while it was open: its data was cleared. Nothing can be written any more. */
  readonly onLost?: () => void
}

type InSpace<Row> = Row & { readonly space: string }
type SpaceRecord = SpaceRow & CacheMark & { readonly n: number }
type Space = { readonly n: number; readonly cache: ViewCache }

/**
 * The store of a browser device: rows in memory, and on disk in IndexedDB, each commit in one transaction with `durability: 'strict'`
 * (https://w3c.github.io/IndexedDB/#transaction-durability-hint). One tab has it at a time, by a Web Lock.
 * @throws KinmeshError `HomeInUse` · `InsecurePage` · `StoreCorrupt` · `StoreNewer` · `StoreFailed`
 */
export async function openIndexedDbStore({ name = 'kinmesh', wait, log = silentLogger, onLost }: BrowserStoreOptions = {}): Promise<BrowserStore> {
  const release = await takeLock(`kinmesh store ${name}`, wait)
  try {
    // A device starts, and reads, where nothing more can be kept.
    await beginNewFile().catch((error: unknown) => log.warn('the browser could not begin a new file for the store', { error: String(error) }))
    const store = new IndexedDbStore(await openDatabase(name), release, log, onLost)
    await store.load()
    return store
  } catch (error) {
    release()
    throw error
  }
}

class IndexedDbStore extends StoreTables implements BrowserStore {
  readonly released: Promise<void>
  readonly #db: IDBDatabase
  readonly #log: Logger
  readonly #files = new Map<string, Uint8Array>()
  readonly #kept = new Map<string, Space>()
  readonly #end = Promise.withResolvers<void>()
  #turn: Promise<unknown> = Promise.resolve()
  #closing = false
  #lastFault = 0

  constructor(db: IDBDatabase, release: () => void, log: Logger, onLost: (() => void) | undefined) {
    super()
    this.#db = db
    this.#log = log
    this.released = this.#end.promise.then(() => this.#turn).then(() => {
      db.close()
      release()
    })
    const lost = (): void => {
      if (this.#closing) return
      log.error('the store of this page was taken away')
      this.close()
      onLost?.()
    }
    db.onclose = lost
    // Somebody deletes the database, or a newer page changes it: hold nobody up.
    db.onversionchange = () => {
      db.close()
      lost()
    }
  }

  async load(): Promise<void> {
    const logs = this.#db.transaction(tableNames)
    const read = async <Row>(table: TableName): Promise<Row[]> => wholeRecords<Row>(table, await allOf(logs, table))
    const cache = Promise.all([this.#cached('view'), this.#cached('journal')])
    const [meta, files, spaces, statements, logRows, entries] = await Promise.all([
      read<{ key: string; value: string }>('meta'), read<{ name: string; bytes: Uint8Array }>('files'), read<SpaceRecord>('spaces'),
      read<InSpace<{ hash: Uint8Array; bytes: Uint8Array }>>('statements'), read<InSpace<LogRow>>('logs'), read<InSpace<EntryRow & { author: string }>>('entries')
    ])
    const [bases, acks, held, refs, faults] = await Promise.all([
      read<InSpace<BaseRow & { author: string }>>('bases'), read<InSpace<AckRow>>('acks'), read<InSpace<HeldRow>>('held'), read<InSpace<{ ref: string }>>('settled'), read<FaultRow & { n: number }>('faults')
    ])
    const [shards, journal] = await cache

    for (const { name, bytes } of files) this.#files.set(name, bytes)
    for (const { n, id, name, into, ...mark } of spaces.toSorted((a, b) => a.n - b.n)) {
      const space = this.made(id)
      space.row = into === undefined ? { id, name } : { id, name, into }
      const kept = { n, cache: new ViewCache(id, () => space.view) }
      kept.cache.load(mark, shards.get(id) ?? [], journal.get(id) ?? [])
      if (kept.cache.lost) this.#log.warn('the view of a space is not whole and is rebuilt from its logs', { space: id })
      this.#kept.set(id, kept)
    }
    for (const { space, hash, bytes } of statements) this.made(space).apply({ space, statements: [{ hash, bytes }] })
    for (const { space, ...row } of logRows) this.made(space).logs.set(row.author, row)
    for (const { space, author, ...row } of entries) this.made(space).entriesOf(author).put(row)
    for (const { space, author, ...row } of bases) this.made(space).basesOf(author).set(row.shard, row)
    for (const { space, ...row } of acks) this.made(space).apply({ space, acks: [row] })
    for (const { space, ...row } of held) this.made(space).held.set(row.ref, row)
    for (const { space, ref } of refs) this.made(space).settled.add(ref)
    this.applyToDevice({ meta: Object.fromEntries(meta.map(({ key, value }) => [key, value])), faults: faults.map(({ n: _n, ...row }) => row) })
    this.#lastFault = faults.at(-1)?.n ?? 0
  }

  lostView(space: string): boolean {
    return this.#kept.get(space)?.cache.lost ?? false
  }

  async viewRebuilt(space: string): Promise<void> {
    const kept = this.#kept.get(space)
    if (kept?.cache.lost) await this.#exclusive(() => this.#writeCache(space, kept, kept.cache.restore()))
  }

  async commit(batch: Commit): Promise<void> {
    await this.#exclusive(() => this.#commit(batch))
    const kept = this.#kept.get(batch.space)
    if (!kept?.cache.foldable) return
    // Nobody waits for it: without it a start replays more, and that is all.
    this.#exclusive(async () => {
      if (kept.cache.foldable && this.has(batch.space)) await this.#writeCache(batch.space, kept, kept.cache.fold())
    }).catch((error: unknown) => this.#log.warn('the journal of the view could not be folded; it is tried again', { error: String(error) }))
  }

  file(name: string): Uint8Array | undefined {
    return this.#files.get(name)
  }

  async keepFile(name: string, bytes: Uint8Array): Promise<void> {
    await this.#exclusive(async () => {
      await this.#write(['files'], transaction => void transaction.objectStore('files').put({ name, bytes }))
      this.#files.set(name, bytes)
    })
  }

  close(): void {
    this.#closing = true
    this.#end.resolve()
  }

  async #cached(table: 'view' | 'journal'): Promise<Map<string, unknown[]>> {
    try {
      return Map.groupBy(await allOf(this.#db.transaction(table), table), record => (record as { space: string }).space)
    } catch (error) {
      this.#log.warn('the view could not be read and is rebuilt', { error: String(error) })
      return new Map()
    }
  }

  /** One at a time, in the order of calls: each works from what the one before left. */
  #exclusive(work: () => Promise<void>): Promise<void> {
    if (this.#closing) return Promise.reject(new KinmeshError('StoreFailed', 'the store of this page is closed: reload the page'))
    const run = this.#turn.then(work)
    this.#turn = run.catch(() => undefined) // the caller has the rejection; the next in line only needs its turn
    return run
  }

  async #write(tables: readonly TableName[], work: (transaction: IDBTransaction) => void): Promise<void> {
    try {
      const transaction = this.#db.transaction(tables, 'readwrite', { durability: 'strict' })
      const written = settled(transaction)
      work(transaction)
      await written
    } catch (error) {
      throw storeFailed(error)
    }
  }

  async #writeCache(space: string, kept: Space, step: CacheStep): Promise<void> {
    await this.#write(['view', 'journal', 'spaces'], transaction => {
      step.write(transaction)
      transaction.objectStore('spaces').put({ ...this.space(space).row, n: kept.n, ...step.mark } satisfies SpaceRecord)
    })
    step.done()
  }

  async #commit(given: Commit): Promise<void> {
    const batch = compacted(given)
    const { space } = batch
    const { dropLogs, dropVersions, versions, gone, shards } = batch
    const change: ViewChange = { ...(dropLogs && { dropLogs }), ...(dropVersions && { dropVersions }), ...(versions && { versions }), ...(gone && { gone }), ...(shards && { shards }) }
    const fresh = new Map<string, Space>()
    const keptOf = (id: string): Space => {
      const kept = this.#kept.get(id) ?? fresh.get(id) ?? { n: this.#nextSpace + fresh.size, cache: new ViewCache(id, () => this.space(id).view) }
      if (!this.#kept.has(id)) fresh.set(id, kept)
      return kept
    }
    const staged = batch.dropSpace ? new Map<never, never>() : this.space(space).view.staged(change)
    const step = batch.dropSpace ? undefined : keptOf(space).cache.change(change, staged)
    const rows = new Map([...(batch.dropSpace ? [] : [this.space(space).row]), ...(batch.naming ?? [])].map(row => [row.id, row]))
    await this.#write(tableNames, transaction => {
      if (batch.dropSpace) deleteSpace(transaction, space)
      else writeSpace(transaction, batch, this.space(space))
      writeDevice(transaction, batch, this.#lastFault)
      step?.write(transaction)
      for (const [id, row] of rows) {
        const { n, cache } = keptOf(id)
        transaction.objectStore('spaces').put({ ...row, n, ...(id === space && step ? step.mark : cache.mark) } satisfies SpaceRecord)
      }
    })
    if (batch.dropSpace) this.#kept.delete(space)
    this.apply(batch)
    this.#lastFault += batch.faults?.length ?? 0
    for (const [id, kept] of fresh) this.#kept.set(id, kept)
    this.space(space).view.take(staged)
    step?.done()
  }

  get #nextSpace(): number {
    return Math.max(0, ...[...this.#kept.values()].map(({ n }) => n)) + 1
  }
}
