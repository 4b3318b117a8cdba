import { rmSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { isKinmeshError } from '../mesh/errors.ts'
import type { Logger } from '../mesh/log.ts'
import type { Item } from '../sync/types.ts'
import { textOf } from './memory.ts'
import { inTransaction, isDamaged, openDatabase, sqliteError } from './sqlite.node.ts'
import { spaced } from './words.ts'

/** Changes whenever the same text would be indexed in another way: the file is then built anew. */
const version = 1
// Contentless: the texts stay in the spaces, and the file holds words and positions only.
const schema = `
  CREATE TABLE spaces (name TEXT PRIMARY KEY, id TEXT NOT NULL, rev INTEGER NOT NULL, digest TEXT NOT NULL) STRICT;
  CREATE TABLE items (key INTEGER PRIMARY KEY, space TEXT NOT NULL, id TEXT NOT NULL, hlc INTEGER NOT NULL, device TEXT NOT NULL, UNIQUE(space, id)) STRICT;
  CREATE VIRTUAL TABLE words USING fts5(text, content='', contentless_delete=1, tokenize="porter unicode61 remove_diacritics 2 categories 'L* N* M* Co'")`

export type IndexedVersion = { readonly key: number; readonly hlc: number; readonly device: string }

/** The state of a space that the index holds; without a digest it holds all changes up to `rev`, without a rev it is on its way. */
export type IndexedState = { readonly id: string; readonly rev: number | undefined; readonly digest: string | undefined }

export type WordIndex = {
  readonly inMemory: boolean
  state(space: string): IndexedState | undefined
  count(space: string): number
  versions(space: string): Map<string, IndexedVersion>
  /** Takes changes and the state they lead to over, in one transaction. */
  write(space: string, changes: readonly { id: string; item: Item | null }[], state: IndexedState): void
  /** Best first; any of the words may match. */
  find(words: readonly string[], limit: number): { space: string; id: string; score: number }[]
  close(): void
}

/** Opens the file, or starts it anew when it does not fit: it is a cache. */
export function openWordIndex(path: string, log: Logger): WordIndex {
  try {
    return wordIndex(openFile(path), path)
  } catch (error) {
    if (isKinmeshError(error, 'StoreCorrupt', 'StoreNewer')) {
      log.warn('the word index does not fit and is built anew', { reason: error.code })
      removeFile(path)
      return wordIndex(openFile(path), path)
    }
    log.warn('the word index cannot be kept on disk; it goes on in memory', { reason: error instanceof Error ? error.message : String(error) })
    return wordIndex(openFile(':memory:'), ':memory:')
  }
}

function openFile(path: string): DatabaseSync {
  return openDatabase(path, { version, schema, synchronous: 'NORMAL' })
}

function removeFile(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
}

function wordIndex(db: DatabaseSync, path: string): WordIndex {
  const getState = db.prepare('SELECT id, rev, digest FROM spaces WHERE name = ?')
  const setState = db.prepare('INSERT OR REPLACE INTO spaces VALUES (?, ?, ?, ?)')
  const countItems = db.prepare('SELECT count(*) AS count FROM items WHERE space = ?')
  const getVersions = db.prepare('SELECT id, key, hlc, device FROM items WHERE space = ?')
  const deleteItem = db.prepare('DELETE FROM items WHERE space = ? AND id = ? RETURNING key')
  const insertItem = db.prepare('INSERT INTO items (space, id, hlc, device) VALUES (?, ?, ?, ?)')
  const deleteWords = db.prepare('DELETE FROM words WHERE rowid = ?')
  const insertWords = db.prepare('INSERT INTO words (rowid, text) VALUES (?, ?)')
  const match = db.prepare('SELECT space, id, bm25(words) AS rank FROM words JOIN items ON items.key = words.rowid WHERE words MATCH ? ORDER BY rank, hlc DESC LIMIT ?')
  const attempt = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      if (isDamaged(error)) removeFile(path)
      throw sqliteError(error, path)
    }
  }
  return {
    inMemory: path === ':memory:',
    state: space =>
      attempt(() => {
        const row = getState.get(space)
        return row && { id: String(row['id']), rev: Number(row['rev']) < 0 ? undefined : Number(row['rev']), digest: String(row['digest']) || undefined }
      }),
    count: space => attempt(() => Number(countItems.get(space)?.['count'])),
    versions: space =>
      attempt(() => {
        const versions = new Map<string, IndexedVersion>()
        for (const row of getVersions.iterate(space)) versions.set(String(row['id']), { key: Number(row['key']), hlc: Number(row['hlc']), device: String(row['device']) })
        return versions
      }),
    write: (space, changes, { id: spaceId, rev = -1, digest = '' }) =>
      attempt(() =>
        inTransaction(db, () => {
          for (const { id, item } of changes) {
            const old = deleteItem.get(space, id)
            if (old) deleteWords.run(Number(old['key']))
            if (item) insertWords.run(insertItem.run(space, id, item.hlc, item.device).lastInsertRowid, indexedText(item))
          }
          setState.run(space, spaceId, rev, digest)
        })
      ),
    find: (words, limit) =>
      attempt(() => {
        // A quoted string is a term and nothing else in FTS5's query language; a quote inside is doubled.
        const query = words.map(word => `"${word.replaceAll('"', '""')}"`).join(' OR ')
        return match.all(query, limit).map(row => ({ space: String(row['space']), id: String(row['id']), score: -Number(row['rank']) }))
      }),
    close: () => db.close()
  }
}

function indexedText(item: Item): string {
  const { subject, attribute, value } = item.value
  return spaced([textOf(item), subject, attribute, value].filter(part => typeof part === 'string').join(' ').toWellFormed())
}
