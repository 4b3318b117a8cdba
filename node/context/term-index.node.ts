import { rmSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { isKinmeshError } from '../../mesh/errors.ts'
import type { Logger } from '../../mesh/log.ts'
import { observedAt } from '../memory.ts'
import { inTransaction, isDamaged, openDatabase, sqliteError } from '../sqlite.node.ts'
import { type IndexedVersion, type Place, type TermIndex, episodeOf, indexedTerms } from './term-index.ts'

/** Changes whenever the same text would be indexed in another way: the file is then built anew. */
const version = 2
// Contentless: the texts stay in the spaces, and the file holds terms only. They come ready made, and unicode61 keeps them as they are.
const schema = `
  CREATE TABLE spaces (name TEXT PRIMARY KEY, id TEXT NOT NULL, rev INTEGER NOT NULL, digest TEXT NOT NULL) STRICT;
  CREATE TABLE items (
    key INTEGER PRIMARY KEY, space TEXT NOT NULL, id TEXT NOT NULL, hlc INTEGER NOT NULL, device TEXT NOT NULL,
    episode TEXT NOT NULL, at REAL NOT NULL, UNIQUE(space, id)
  ) STRICT;
  CREATE INDEX episodes ON items (episode, at, id) WHERE episode <> '';
  CREATE VIRTUAL TABLE terms USING fts5(text, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* Co'")`

/** Opens the file, or starts it anew when it does not fit: it is a cache. */
export function openTermIndex(path: string, log: Logger): TermIndex {
  try {
    return termIndex(openFile(path), path)
  } catch (error) {
    if (isKinmeshError(error, 'StoreCorrupt', 'StoreNewer')) {
      log.warn('the index of terms does not fit and is built anew', { reason: error.code })
      removeFile(path)
      return termIndex(openFile(path), path)
    }
    log.warn('the index of terms cannot be kept on disk; it goes on in memory', { reason: error instanceof Error ? error.message : String(error) })
    return termIndex(openFile(':memory:'), ':memory:')
  }
}

function openFile(path: string): DatabaseSync {
  return openDatabase(path, { version, schema, synchronous: 'NORMAL' })
}

function removeFile(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
}

function termIndex(db: DatabaseSync, path: string): TermIndex {
  const getState = db.prepare('SELECT id, rev, digest FROM spaces WHERE name = ?')
  const setState = db.prepare('INSERT OR REPLACE INTO spaces VALUES (?, ?, ?, ?)')
  const countItems = db.prepare('SELECT count(*) AS count FROM items WHERE space = ?')
  const getVersions = db.prepare('SELECT id, hlc, device FROM items WHERE space = ?')
  const deleteItem = db.prepare('DELETE FROM items WHERE space = ? AND id = ? RETURNING key')
  const insertItem = db.prepare('INSERT INTO items (space, id, hlc, device, episode, at) VALUES (?, ?, ?, ?, ?, ?)')
  const deleteTerms = db.prepare('DELETE FROM terms WHERE rowid = ?')
  const insertTerms = db.prepare('INSERT INTO terms (rowid, text) VALUES (?, ?)')
  const countTerm = db.prepare('SELECT count(*) AS count FROM terms WHERE terms MATCH ?')
  // The best first, and only then joined: a common term has many memories.
  const match = db.prepare('SELECT space, id, episode FROM (SELECT rowid, rank FROM terms WHERE terms MATCH ? ORDER BY rank LIMIT ?) AS found JOIN items ON items.key = found.rowid ORDER BY found.rank, at DESC, id')
  const ofEpisode = db.prepare("SELECT space, id, episode FROM items WHERE episode = ? AND episode <> '' ORDER BY at, id")
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
        for (const row of getVersions.iterate(space)) versions.set(String(row['id']), { hlc: Number(row['hlc']), device: String(row['device']) })
        return versions
      }),
    write: (space, changes, { id: spaceId, rev = -1, digest = '' }) =>
      attempt(() =>
        inTransaction(db, () => {
          for (const { id, item } of changes) {
            const old = deleteItem.get(space, id)
            if (old) deleteTerms.run(Number(old['key']))
            if (item) insertTerms.run(insertItem.run(space, id, item.hlc, item.device, episodeOf(item), observedAt(item)).lastInsertRowid, indexedTerms(item).join(' '))
          }
          setState.run(space, spaceId, rev, digest)
        })
      ),
    counts: terms => attempt(() => terms.map(term => Number(countTerm.get(quoted(term))?.['count']))),
    find: (terms, limit) => (terms.length === 0 ? [] : attempt(() => match.all(terms.map(quoted).join(' OR '), limit).map(placeOf))),
    episode: name => attempt(() => ofEpisode.all(name).map(placeOf)),
    close: () => db.close()
  }
}

function placeOf(row: Record<string, unknown>): Place {
  return { space: String(row['space']), id: String(row['id']), episode: String(row['episode']) }
}

/** A quoted string is a term and nothing else in FTS5's query language; a quote inside is doubled. */
function quoted(term: string): string {
  return `"${term.replaceAll('"', '""')}"`
}
