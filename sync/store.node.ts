import { uptime } from 'node:os'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { KinmeshError } from '../mesh/errors.ts'
import type { DeviceId } from '../mesh/types.ts'
import { shardOfId } from './item-id.ts'
import { maxFaults } from './limits.ts'
import type { Commit, EntryRow, LogRow, Store, VersionRow } from './store.ts'
import type { SpaceName } from './types.ts'

/** Raised with every change of the tables; an older kinmesh refuses a newer file. */
export const storeVersion = 1

const schema = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE spaces (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT UNIQUE, carryInto TEXT);
  CREATE TABLE statements (space INTEGER NOT NULL, n INTEGER PRIMARY KEY, hash BLOB NOT NULL, bytes BLOB NOT NULL, UNIQUE (space, hash));
  CREATE TABLE logs (n INTEGER PRIMARY KEY, space INTEGER NOT NULL, author TEXT NOT NULL, height INTEGER NOT NULL, head BLOB NOT NULL,
    checkpoint INTEGER NOT NULL, lowest INTEGER NOT NULL, tailBytes INTEGER NOT NULL, frozen INTEGER NOT NULL, UNIQUE (space, author));
  CREATE TABLE entries (log INTEGER NOT NULL, seq INTEGER NOT NULL, shard INTEGER NOT NULL, hash BLOB NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (log, seq));
  CREATE INDEX entriesByShard ON entries (log, shard, seq);
  CREATE TABLE bases (log INTEGER NOT NULL, shard INTEGER NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (log, shard));
  CREATE TABLE versions (space INTEGER NOT NULL, id TEXT NOT NULL, log INTEGER NOT NULL, shard INTEGER NOT NULL, hlc INTEGER NOT NULL, body TEXT,
    seq INTEGER NOT NULL, held TEXT, pending INTEGER, shown INTEGER NOT NULL, rev INTEGER NOT NULL, PRIMARY KEY (space, shard, id, log)) WITHOUT ROWID;
  CREATE INDEX versionsByRev ON versions (space, rev) WHERE shown = 1;
  CREATE INDEX versionsRemoved ON versions (log, seq) WHERE body IS NULL;
  CREATE INDEX versionsHeld ON versions (log, held) WHERE held IS NOT NULL;
  CREATE TABLE gone (space INTEGER NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, PRIMARY KEY (space, id)) WITHOUT ROWID;
  CREATE TABLE shards (space INTEGER NOT NULL, shard INTEGER NOT NULL, sum TEXT NOT NULL, live INTEGER NOT NULL, slots INTEGER NOT NULL, PRIMARY KEY (space, shard)) WITHOUT ROWID;
  CREATE TABLE acks (space INTEGER NOT NULL, device TEXT NOT NULL, author TEXT NOT NULL, height INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (space, device, author)) WITHOUT ROWID;
  CREATE TABLE held (space INTEGER NOT NULL, ref TEXT NOT NULL, author TEXT NOT NULL, count INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (space, ref)) WITHOUT ROWID;
  CREATE TABLE settled (space INTEGER NOT NULL, ref TEXT NOT NULL, PRIMARY KEY (space, ref)) WITHOUT ROWID;
  CREATE TABLE faults (n INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, device TEXT, text TEXT NOT NULL);
`

const absent = -1
/** The journal goes into the file when it has so many pages (16 MiB): each time costs two more fsyncs, and pages that were written often go once. */
const walPages = 4000
/** Versions lie together by shard: ids are random, and rows all over the table would have every commit write every page of it. */
const shardOf = (id: string): number => shardOfId(id) ?? absent
const versionColumns = 'v.id, l.author, v.shard, v.hlc, v.body, v.seq, v.held, v.pending, v.shown, v.rev'
const versionsJoin = 'versions v JOIN logs l ON l.n = v.log'

export type SqliteStoreOptions = {
  /** When this machine was started, Unix ms. */
  bootedAt?: number
}

/** Key in `meta`: the start of the machine in whose time the file was last looked through, Unix ms. */
const trustedBootKey = 'trustedBoot'
/** Clocks are corrected by less than this between two looks at the same start, in ms; one that was set costs another look. */
const bootToleranceMs = 5000

function isOtherBoot(trusted: number | undefined, bootedAt: number): boolean {
  return trusted === undefined || Math.abs(trusted - bootedAt) > bootToleranceMs
}

/**
 * The store of a Node device: one SQLite file in WAL mode with `synchronous=FULL`, so that a commit that returned survives a
 * power cut. SQLite's own calls are synchronous; a commit blocks for one fsync (2–4 ms on a laptop disk).
 * @throws KinmeshError `StoreCorrupt` · `StoreNewer` · `StoreFailed`
 */
export function openSqliteStore(path: string, { bootedAt = Date.now() - uptime() * 1000 }: SqliteStoreOptions = {}): Store {
  const { db, trustedBoot } = openDatabase(path, bootedAt)
  let doubtful = isOtherBoot(trustedBoot, bootedAt)
  const prepared = new Map<string, StatementSync>()
  const sql = (text: string): StatementSync => {
    let statement = prepared.get(text)
    if (!statement) prepared.set(text, (statement = db.prepare(text)))
    return statement
  }
  const reading = <T>(work: () => T): T => {
    try {
      return work()
    } catch (cause) {
      throw storeFailed(path, cause)
    }
  }
  const all = <Row>(text: string, ...values: SQLInputValue[]): Row[] => reading(() => sql(text).all(...values) as Row[])
  const get = <Row>(text: string, ...values: SQLInputValue[]): Row | undefined => reading(() => sql(text).get(...values) as Row | undefined)

  // Rows refer to spaces and logs by small numbers. Reads of what is not there use a number that no row has.
  const spaceNumbers = new Map<string, number>()
  const logNumbers = new Map<string, number>()
  const forgetNumbers = (): void => {
    spaceNumbers.clear()
    logNumbers.clear()
  }
  const numbered = (numbers: Map<string, number>, key: string, find: () => number | undefined): number => {
    const n = numbers.get(key) ?? find() ?? absent
    if (n !== absent) numbers.set(key, n)
    return n
  }
  const spaceOf = (id: string): number => numbered(spaceNumbers, id, () => get<{ n: number }>('SELECT n FROM spaces WHERE id = ?', id)?.n)
  const logOf = (space: number, author: DeviceId): number =>
    numbered(logNumbers, `${space} ${author}`, () => get<{ n: number }>('SELECT n FROM logs WHERE space = ? AND author = ?', space, author)?.n)
  const spaceNumber = (id: string): number => {
    if (spaceOf(id) === absent) sql('INSERT INTO spaces (id) VALUES (?)').run(id)
    return spaceOf(id)
  }
  // A log that has rows elsewhere and none of its own yet: `lowest` 0, which no real one has, keeps it out of `logs`.
  const logNumber = (space: number, author: DeviceId): number => {
    if (logOf(space, author) === absent) sql('INSERT INTO logs (space, author, height, head, checkpoint, lowest, tailBytes, frozen) VALUES (?, ?, 0, zeroblob(32), 0, 0, 0, 0)').run(space, author)
    return logOf(space, author)
  }

  const write = (batch: Commit): void => {
    const space = spaceNumber(batch.space)
    let last: { readonly author: DeviceId; readonly n: number } | undefined // rows of one log follow each other
    const log = (author: DeviceId): number => (last?.author === author ? last : (last = { author, n: logNumber(space, author) })).n
    const known = (author: DeviceId) => logOf(space, author)
    const each = <Row>(rows: readonly Row[] | undefined, text: string, values: (row: Row) => SQLInputValue[]): void => {
      if (rows?.length) for (const row of rows) sql(text).run(...values(row))
    }
    if (batch.dropSpace) dropSpace(space)
    each(batch.statements, 'INSERT OR IGNORE INTO statements (space, hash, bytes) VALUES (?, ?, ?)', row => [space, row.hash, row.bytes])
    for (const author of batch.dropLogs ?? []) dropLog(known(author))
    each(batch.logs, 'UPDATE logs SET height = ?, head = ?, checkpoint = ?, lowest = ?, tailBytes = ?, frozen = ? WHERE n = ?', row => [row.height, row.head, row.checkpoint, row.lowest, row.tailBytes, Number(row.frozen), log(row.author)])
    each(batch.entries, 'INSERT INTO entries (log, seq, shard, hash, bytes) VALUES (?, ?, ?, ?, ?)', row => [log(row.author), row.seq, row.shard, row.hash, row.bytes])
    each(batch.bases, 'INSERT OR REPLACE INTO bases (log, shard, seq, hash, bytes) VALUES (?, ?, ?, ?, ?)', row => [log(row.author), row.shard, row.seq, row.hash, row.bytes])
    each(batch.dropBases, 'DELETE FROM bases WHERE log = ? AND shard = ?', row => [known(row.author), row.shard])
    each(batch.prune, 'DELETE FROM entries WHERE log = ? AND seq < ?', row => [known(row.author), row.below])
    each(batch.truncate, 'DELETE FROM entries WHERE log = ? AND seq > ?', row => [known(row.author), row.above])
    each(batch.dropVersions, 'DELETE FROM versions WHERE space = ? AND shard = ? AND id = ? AND log = ?', row => [space, shardOf(row.id), row.id, known(row.author)])
    each(batch.versions, 'INSERT OR REPLACE INTO versions (space, id, log, shard, hlc, body, seq, held, pending, shown, rev) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', row => [space, row.id, log(row.author), row.shard, row.hlc, row.body, row.seq, row.held, row.pending, Number(row.shown), row.rev])
    if (hasGone(space)) each(batch.versions?.filter(row => row.shown), 'DELETE FROM gone WHERE space = ? AND id = ?', row => [space, row.id])
    each(batch.gone, 'INSERT OR REPLACE INTO gone (space, id, rev) VALUES (?, ?, ?)', row => [space, row.id, row.rev])
    each(batch.shards, 'INSERT OR REPLACE INTO shards (space, shard, sum, live, slots) VALUES (?, ?, ?, ?, ?)', row => [space, row.shard, row.sum, row.live, row.slots])
    each(batch.acks, 'INSERT OR REPLACE INTO acks (space, device, author, height, at) VALUES (?, ?, ?, ?, ?)', row => [space, row.device, row.author, row.height, row.at])
    each(batch.held, 'INSERT OR REPLACE INTO held (space, ref, author, count, at) VALUES (?, ?, ?, ?, ?)', row => [space, row.ref, row.author, row.count, row.at])
    each(batch.settled, 'INSERT OR IGNORE INTO settled (space, ref) VALUES (?, ?)', ref => [space, ref])
    each(batch.settled, 'DELETE FROM held WHERE space = ? AND ref = ?', ref => [space, ref])
    each(batch.naming, 'INSERT INTO spaces (id, name, carryInto) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name, carryInto = excluded.carryInto', row => [row.id, row.name, row.into ?? null])
    each(Object.entries(batch.meta ?? {}), 'INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)', row => row)
    each(batch.faults, 'INSERT INTO faults (at, kind, device, text) VALUES (?, ?, ?, ?)', row => [row.at, row.kind, row.device, row.text])
    if (batch.faults?.length) sql('DELETE FROM faults WHERE n <= (SELECT max(n) FROM faults) - ?').run(maxFaults)
  }
  const hasGone = (space: number): boolean => get('SELECT 1 FROM gone WHERE space = ? LIMIT 1', space) !== undefined
  const dropLog = (log: number): void => {
    for (const table of ['entries', 'bases', 'versions']) sql(`DELETE FROM ${table} WHERE log = ?`).run(log)
    sql('DELETE FROM logs WHERE n = ?').run(log)
    logNumbers.clear()
  }
  const dropSpace = (space: number): void => {
    for (const { n } of all<{ n: number }>('SELECT n FROM logs WHERE space = ?', space)) dropLog(n)
    for (const table of ['statements', 'gone', 'shards', 'acks', 'held', 'settled']) sql(`DELETE FROM ${table} WHERE space = ?`).run(space)
    sql('DELETE FROM spaces WHERE n = ?').run(space)
    forgetNumbers()
  }

  return {
    meta: key => get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key)?.value,
    spaces: () =>
      all<{ id: string; name: SpaceName | null; carryInto: SpaceName | null }>('SELECT id, name, carryInto FROM spaces ORDER BY n')
        .map(({ id, name, carryInto }) => (carryInto === null ? { id, name } : { id, name, into: carryInto })),
    statements: space => all<{ bytes: Uint8Array }>('SELECT bytes FROM statements WHERE space = ? ORDER BY n', spaceOf(space)).map(row => row.bytes),
    logs: space =>
      all<Omit<LogRow, 'frozen'> & { frozen: number }>('SELECT author, height, head, checkpoint, lowest, tailBytes, frozen FROM logs WHERE space = ? AND lowest > 0 ORDER BY n', spaceOf(space))
        .map(row => ({ ...row, frozen: row.frozen === 1 })),
    entries: (space, author, from, limit) => all<EntryRow>('SELECT seq, shard, hash, bytes FROM entries WHERE log = ? AND seq >= ? ORDER BY seq LIMIT ?', logOf(spaceOf(space), author), from, limit),
    shardEntries: (space, author, shard, after) => all<EntryRow>('SELECT seq, shard, hash, bytes FROM entries WHERE log = ? AND shard = ? AND seq > ? ORDER BY seq', logOf(spaceOf(space), author), shard, after),
    dirtyShards: (space, author, after) => all<{ shard: number }>('SELECT DISTINCT shard FROM entries WHERE log = ? AND seq > ? AND shard >= 0 ORDER BY shard', logOf(spaceOf(space), author), after).map(row => row.shard),
    bases: (space, author) => all('SELECT shard, seq, hash, length(bytes) AS size FROM bases WHERE log = ? ORDER BY shard', logOf(spaceOf(space), author)),
    base: (space, author, shard) => get<{ bytes: Uint8Array }>('SELECT bytes FROM bases WHERE log = ? AND shard = ?', logOf(spaceOf(space), author), shard)?.bytes,
    versions: (space, id) => all<SqlVersion>(`SELECT ${versionColumns} FROM ${versionsJoin} WHERE v.space = ? AND v.shard = ? AND v.id = ?`, spaceOf(space), shardOf(id), id).map(toVersion),
    live: (space, after, limit) => all<SqlVersion>(`SELECT ${versionColumns} FROM ${versionsJoin} WHERE v.space = ? AND (v.shard, v.id) > (?, ?) AND v.shown = 1 AND v.body IS NOT NULL ORDER BY v.shard, v.id LIMIT ?`, spaceOf(space), shardOf(after), after, limit).map(toVersion),
    changes: (space, rev, limit) => all<SqlVersion>(`SELECT ${versionColumns} FROM ${versionsJoin} WHERE v.space = ? AND v.shown = 1 AND v.rev > ? ORDER BY v.rev LIMIT ?`, spaceOf(space), rev, limit).map(toVersion),
    gone: (space, rev, limit) => all('SELECT id, rev FROM gone WHERE space = ? AND rev > ? ORDER BY rev LIMIT ?', spaceOf(space), rev, limit),
    logVersions(space, author, filter) {
      const log = logOf(spaceOf(space), author)
      const from = `SELECT ${versionColumns} FROM ${versionsJoin} WHERE v.log = ?`
      if (!filter) return all<SqlVersion>(`${from} ORDER BY v.id`, log).map(toVersion)
      if ('held' in filter) return all<SqlVersion>(`${from} AND v.held = ? ORDER BY v.id`, log, filter.held).map(toVersion)
      return all<SqlVersion>(`${from} AND v.body IS NULL AND v.seq <= ? ORDER BY v.id`, log, filter.removedUpTo).map(toVersion)
    },
    shards: space => all('SELECT shard, sum, live, slots FROM shards WHERE space = ? ORDER BY shard', spaceOf(space)),
    rev: space =>
      get<{ rev: number | null }>('SELECT max(r) AS rev FROM (SELECT max(rev) AS r FROM versions WHERE space = ?1 AND shown = 1 UNION ALL SELECT max(rev) FROM gone WHERE space = ?1)', spaceOf(space))?.rev ?? 0,
    acks: space => all('SELECT device, author, height, at FROM acks WHERE space = ?', spaceOf(space)),
    held: space => all('SELECT ref, author, count, at FROM held WHERE space = ? ORDER BY at', spaceOf(space)),
    settled: (space, ref) => get('SELECT 1 FROM settled WHERE space = ? AND ref = ?', spaceOf(space), ref) !== undefined,
    faults: () => all('SELECT at, kind, device, text FROM faults ORDER BY n'),
    async commit(batch) {
      try {
        db.exec('BEGIN IMMEDIATE')
        write(batch)
        db.exec('COMMIT')
      } catch (cause) {
        rollBack(db)
        forgetNumbers() // those given out inside the transaction went with it
        throw storeFailed(path, cause)
      }
    },
    doubtful: () => doubtful,
    async trust() {
      if (!doubtful) return
      try {
        sql('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)').run(trustedBootKey, String(Math.round(bootedAt)))
        doubtful = false
      } catch (cause) {
        throw storeFailed(path, cause)
      }
    },
    close() {
      prepared.clear()
      if (db.isOpen) db.close()
    }
  }
}

type SqlVersion = Omit<VersionRow, 'shown'> & { shown: number }

/** The row itself, which nobody else has: a copy of each costs as much as reading it. */
function toVersion(row: SqlVersion): VersionRow {
  return Object.assign(row, { shown: row.shown === 1 })
}

function openDatabase(path: string, bootedAt: number): { db: DatabaseSync; trustedBoot: number | undefined } {
  let db: DatabaseSync
  try {
    db = new DatabaseSync(path)
  } catch (cause) {
    throw storeFailed(path, cause)
  }
  try {
    db.exec('PRAGMA busy_timeout = 2000')
    const version = (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version
    if (version > storeVersion) throw new KinmeshError('StoreNewer', `${path} was written by a newer kinmesh (format ${version}, this one reads up to ${storeVersion}): update kinmesh; the file was not touched`)
    // Only now: setting the journal mode writes to the file. What is deleted is overwritten where its page is written anyway: a forgotten memory does not stay readable in the file.
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = FAST; PRAGMA cache_size = -8192; PRAGMA wal_autocheckpoint = ${walPages}`)
    if (version === 0) db.exec(`BEGIN; ${schema} PRAGMA user_version = ${storeVersion}; COMMIT`)
    const row = db.prepare('SELECT value FROM meta WHERE key = ?').get(trustedBootKey) as { value: string } | undefined
    const trustedBoot = row && Number(row.value)
    // The quick check does not compare tables with their indexes. They part when some pages of a commit reach the disk and others do not.
    const check = db.prepare(isOtherBoot(trustedBoot, bootedAt) ? 'PRAGMA integrity_check(1)' : 'PRAGMA quick_check(1)').get() ?? {}
    const found = String(Object.values(check)[0])
    if (found !== 'ok') throw storeCorrupt(path, new Error(found))
    return { db, trustedBoot }
  } catch (cause) {
    db.close()
    throw storeFailed(path, cause)
  }
}

function rollBack(db: DatabaseSync): void {
  if (db.isOpen && db.isTransaction) db.exec('ROLLBACK')
}

// Primary result codes: https://sqlite.org/rescode.html
const sqliteCorrupt = 11
const sqliteFull = 13
const sqliteNotADatabase = 26

function storeFailed(path: string, cause: unknown): KinmeshError {
  if (cause instanceof KinmeshError) return cause
  const code = typeof cause === 'object' && cause !== null && 'errcode' in cause ? Number(cause.errcode) & 0xff : undefined
  if (code === sqliteCorrupt || code === sqliteNotADatabase) return storeCorrupt(path, cause)
  if (code === sqliteFull) return new KinmeshError('StoreFailed', `the disk that holds ${path} is full: free some space and try again; nothing was half-written`, { cause })
  return new KinmeshError('StoreFailed', `cannot use ${path} (${cause instanceof Error ? cause.message : String(cause)}): check that the folder exists and may be written`, { cause })
}

function storeCorrupt(path: string, cause: unknown): KinmeshError {
  return new KinmeshError('StoreCorrupt', `${path} is damaged: keep a copy, move it away and run "kinmesh join" with an invite of another device to get everything back`, { cause })
}
