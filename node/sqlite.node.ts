import { DatabaseSync } from 'node:sqlite'
import { KinmeshError } from '../mesh/errors.ts'

// Primary result codes of SQLite (sqlite.org/rescode.html); extended ones hold them in their low byte.
const busy = 5
const full = 13
const corrupt = 11
const notADatabase = 26

/** True when the file itself is damaged, as opposed to a disk that is full or a file that is in use. */
export function isDamaged(error: unknown): boolean {
  const code = primaryCode(error)
  return code === corrupt || code === notADatabase
}

export function isBusy(error: unknown): boolean {
  return primaryCode(error) === busy
}

/** Turns what node:sqlite throws into an error that says which file and what to do; passes everything else through. */
export function sqliteError(error: unknown, path: string): unknown {
  if (primaryCode(error) === undefined) return error
  const reason = error instanceof Error ? error.message : 'unknown reason'
  if (isDamaged(error)) return storeCorrupt(path, error)
  const help = primaryCode(error) === full ? 'free some disk space and try again' : 'check the disk and the permissions of this file, then try again'
  return new KinmeshError('StoreFailed', `cannot write ${path} (${reason}): ${help}; nothing was stored`, { cause: error })
}

export type DatabaseOptions = {
  /** Format of the file, kept in SQLite's user_version. */
  version: number
  /** Creates the tables of an empty file. */
  schema: string
  /** FULL: a commit is on disk when it returns. NORMAL: a power cut may lose the last commits, and never the file's consistency. */
  synchronous: 'FULL' | 'NORMAL'
}

/**
 * Opens a WAL database of a known format.
 * @throws KinmeshError `StoreCorrupt`, `StoreNewer` (left untouched, both), `StoreFailed`
 */
export function openDatabase(path: string, { version, schema, synchronous }: DatabaseOptions): DatabaseSync {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(path)
    const found = Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
    if (found > version) throw storeNewer(path, found, version)
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}`)
    if (found === 0) {
      // A file with tables but no version was not written by kinmesh.
      if (db.prepare('SELECT 1 FROM sqlite_schema').get()) throw storeCorrupt(path)
      db.exec(`BEGIN IMMEDIATE; ${schema}; PRAGMA user_version = ${version}; COMMIT`)
    }
    return db
  } catch (error) {
    db?.close()
    throw sqliteError(error, path)
  }
}

/**
 * Opens a database of a known format that another process may be writing; nothing of it is changed.
 * @throws KinmeshError `StoreCorrupt`, `StoreNewer`, `StoreFailed`
 */
export function openToRead(path: string, version: number): DatabaseSync {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(path, { readOnly: true })
    const found = Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
    if (found > version) throw storeNewer(path, found, version)
    if (found === 0) throw storeCorrupt(path)
    return db
  } catch (error) {
    db?.close()
    throw sqliteError(error, path)
  }
}

/** Runs `work` in one transaction: all of it is stored, or nothing. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    // A full disk makes SQLite roll back by itself.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

function primaryCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined
  return typeof code === 'number' ? code & 0xff : undefined
}

function storeNewer(path: string, found: number, version: number): KinmeshError {
  return new KinmeshError('StoreNewer', `${path} was written by a newer kinmesh (format ${found}, this one knows ${version}): update kinmesh on this device`)
}

function storeCorrupt(path: string, cause?: unknown): KinmeshError {
  return new KinmeshError('StoreCorrupt', `${path} is damaged or not a file of kinmesh: move it away and start again, or restore it from a backup`, { cause })
}
