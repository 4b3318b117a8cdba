import { rmSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { KinmeshError, isKinmeshError } from '../../mesh/errors.ts'
import type { Logger } from '../../mesh/log.ts'
import { type DatabaseOptions, isDamaged, openDatabase, sqliteError } from '../sqlite.node.ts'
import type { FollowedIndex, IndexedState, IndexedVersion } from './term-index.ts'

/** `schema` has the tables of `followedTables` too. `name`: for the log. */
export type CacheFile = Pick<DatabaseOptions, 'version' | 'schema'> & { readonly path: string; readonly name: string; readonly log: Logger }

/**
 * A database that is a cache, in which what is deleted is overwritten. `inFile`: runs what reads or writes it; a file that turns out to be damaged is removed. `emptyLog`: the log beside the file still holds what
 * was written into it before; afterwards it does not.
 */
export type OpenedCache = { readonly db: DatabaseSync; readonly inMemory: boolean; readonly inFile: <T>(work: () => T) => T; readonly emptyLog: () => void }

/** Opens the file; starts it anew when it does not fit, and goes on in memory where it cannot be. */
export function openCacheFile<T>({ path, name, log, ...options }: CacheFile, make: (cache: OpenedCache) => T): T {
  const open = (at: string) => {
    const db = openDatabase(at, { ...options, synchronous: 'NORMAL' })
    const found = Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
    if (found === options.version) return make(openedCache(db, at))
    db.close()
    throw new KinmeshError('CacheOlder', `${at} has format ${found}`)
  }
  try {
    return open(path)
  } catch (error) {
    if (isKinmeshError(error, 'StoreCorrupt', 'StoreNewer', 'CacheOlder')) {
      log.warn(`${name} does not fit and is built anew`, { reason: error.code })
      removeFile(path)
      return open(path)
    }
    log.warn(`${name} cannot be kept on disk; it goes on in memory`, { reason: error instanceof Error ? error.message : String(error) })
    return open(':memory:')
  }
}

/** Of which memories a cache holds something, in its tables `spaces` and `items`. */
export function followedTables({ db, inFile }: OpenedCache): Pick<FollowedIndex, 'state' | 'count' | 'versions'> & { setState(space: string, state: IndexedState): void } {
  const getState = db.prepare('SELECT id, rev, digest FROM spaces WHERE name = ?')
  const setState = db.prepare('INSERT OR REPLACE INTO spaces VALUES (?, ?, ?, ?)')
  const countItems = db.prepare('SELECT count(*) AS count FROM items WHERE space = ?')
  const getVersions = db.prepare('SELECT id, hlc, device FROM items WHERE space = ?')
  return {
    state: space =>
      inFile(() => {
        const row = getState.get(space)
        return row && { id: String(row['id']), rev: Number(row['rev']) < 0 ? undefined : Number(row['rev']), digest: String(row['digest']) || undefined }
      }),
    count: space => inFile(() => Number(countItems.get(space)?.['count'])),
    versions: space =>
      inFile(() => {
        const versions = new Map<string, IndexedVersion>()
        for (const row of getVersions.iterate(space)) versions.set(String(row['id']), { hlc: Number(row['hlc']), device: String(row['device']) })
        return versions
      }),
    setState: (space, { id, rev = -1, digest = '' }) => void setState.run(space, id, rev, digest)
  }
}

function openedCache(db: DatabaseSync, path: string): OpenedCache {
  db.exec('PRAGMA secure_delete = ON')
  return {
    db,
    emptyLog: () => void db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get(),
    inMemory: path === ':memory:',
    inFile: work => {
      try {
        return work()
      } catch (error) {
        if (isDamaged(error)) removeFile(path)
        throw sqliteError(error, path)
      }
    }
  }
}

function removeFile(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
}
