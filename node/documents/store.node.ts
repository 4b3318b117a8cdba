import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { inTransaction, openDatabase, sqliteError } from '../sqlite.node.ts'
import type { Document, DocumentKind } from './documents.ts'
import type { PassageIndex, StoredPassage } from './find.ts'
import { type Block, passageTerms } from './passages.ts'

const version = 1
/** Changes whenever the same file would be read, divided or indexed in another way: it is then read anew when it is added again. */
export const readingVersion = 1
/** For the other process that has the file open, in ms. */
const busyMs = 5000
// Words are kept once, in `passages`; the index holds terms only (context/term-index.node.ts has the same).
const schema = `
  CREATE TABLE documents (
    key INTEGER PRIMARY KEY, file TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, hash TEXT NOT NULL, reading INTEGER NOT NULL, bytes INTEGER NOT NULL, at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE passages (
    key INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents(key), id TEXT NOT NULL, headings TEXT NOT NULL, line INTEGER, page INTEGER, text TEXT NOT NULL, UNIQUE(document, id)
  ) STRICT;
  CREATE VIRTUAL TABLE terms USING fts5(text, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* Co'")`

/**
 * What the device asks; it writes nothing.
 * @throws KinmeshError `StoreFailed`, `StoreCorrupt`
 */
export type DocumentReader = PassageIndex & {
  /** Documents by file name, from the one after `after`. */
  list(options: { after?: string | undefined; limit: number }): Document[]
  /** A document of a path or id, or all that lie in a folder. */
  named(name: string): Document[]
  close(): void
}

/** What the process that reads files writes, each call in one transaction. @throws KinmeshError `StoreFailed`, `StoreCorrupt` */
export type DocumentWriter = {
  /** Whether this very file was read before, in this way. */
  has(file: string, hash: string): boolean
  /** Takes a document over, whole or not at all: passages that are there already stay. @throws what `passages` throws */
  put(document: { file: string; kind: DocumentKind; hash: string; bytes: number; at: number }, passages: AsyncIterable<Block>): Promise<{ isNew: boolean; passages: number }>
  /** Takes documents out, and their words off the disk. */
  remove(files: readonly string[]): void
  /** Has all of it on disk, and gives room back where much is free. */
  flush(): void
  close(): void
}

/** Opens the file, and makes it at first. @throws KinmeshError `StoreCorrupt`, `StoreNewer`, `StoreFailed` */
export function openDocumentReader(path: string): DocumentReader {
  const { db, attempt } = open(path)
  const one = 'SELECT key, file, kind, bytes, at, (SELECT count(*) FROM passages WHERE document = documents.key) AS passages FROM documents'
  const page = db.prepare(`${one} WHERE file > ? ORDER BY file LIMIT ?`)
  const exact = db.prepare(`${one} WHERE file = ?`)
  // "/" is followed by "0": what lies between is in the folder.
  const within = db.prepare(`${one} WHERE file > ? AND file < ? ORDER BY file`)
  const countAll = db.prepare('SELECT count(*) AS count FROM passages')
  const countTerm = db.prepare('SELECT count(*) AS count FROM terms WHERE terms MATCH ?')
  const match = db.prepare(`
    SELECT id, file, headings, line, page, text FROM (SELECT rowid, rank FROM terms WHERE terms MATCH ? ORDER BY rank LIMIT ?) AS found
    JOIN passages ON passages.key = found.rowid JOIN documents ON documents.key = passages.document ORDER BY found.rank, file, passages.key`)
  return {
    list: ({ after = '', limit }) => attempt(() => page.all(after, limit).map(toDocument)),
    named: name =>
      attempt(() => {
        const found = exact.all(name)
        if (found.length > 0) return found.map(toDocument)
        const folder = name.replace(/[\\/]+$/, '')
        const inside = ['/', '\\'].flatMap(mark => within.all(folder + mark, folder + String.fromCharCode(mark.charCodeAt(0) + 1)))
        return (inside.length > 0 ? inside : /^[0-9a-f]{16}$/.test(name) ? db.prepare(one).all().filter(row => documentId(String(row['file'])) === name) : []).map(toDocument)
      }),
    passages: () => attempt(() => Number(countAll.get()?.['count'])),
    counts: terms => attempt(() => terms.map(term => Number(countTerm.get(quoted(term))?.['count']))),
    find: (terms, limit) => (terms.length === 0 ? [] : attempt(() => match.all(terms.map(quoted).join(' OR '), limit).map(toPassage))),
    close: () => db.close()
  }
}

/** The same file, for the one process that writes it. @throws KinmeshError `StoreCorrupt`, `StoreNewer`, `StoreFailed` */
export function openDocumentWriter(path: string): DocumentWriter {
  const { db, attempt } = open(path)
  // What is removed is overwritten, and not only given free.
  db.exec('PRAGMA secure_delete = ON')
  const find = db.prepare('SELECT key, hash, reading FROM documents WHERE file = ?')
  const upsert = db.prepare(
    'INSERT INTO documents (file, kind, hash, reading, bytes, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT(file) DO UPDATE SET hash = excluded.hash, reading = excluded.reading, bytes = excluded.bytes, at = excluded.at RETURNING key'
  )
  const ofDocument = db.prepare('SELECT key, id FROM passages WHERE document = ?')
  const insert = db.prepare('INSERT INTO passages (document, id, headings, line, page, text) VALUES (?, ?, ?, ?, ?, ?)')
  const move = db.prepare('UPDATE passages SET line = ?, page = ? WHERE key = ?')
  const insertTerms = db.prepare('INSERT INTO terms (rowid, text) VALUES (?, ?)')
  const deleteTerms = db.prepare('DELETE FROM terms WHERE rowid = ?')
  const deletePassage = db.prepare('DELETE FROM passages WHERE key = ?')
  const deleteDocument = db.prepare('DELETE FROM documents WHERE key = ?')
  const drop = (key: number) => {
    deleteTerms.run(key)
    deletePassage.run(key)
  }
  return {
    has: (file, hash) =>
      attempt(() => {
        const found = find.get(file)
        return found?.['hash'] === hash && found['reading'] === readingVersion
      }),
    async put({ file, kind, hash, bytes, at }, blocks) {
      try {
        const isNew = attempt(() => find.get(file) === undefined)
        attempt(() => db.exec('BEGIN IMMEDIATE'))
        const key = attempt(() => Number(upsert.get(file, kind, hash, readingVersion, bytes, at)?.['key']))
        const before = attempt(() => new Map(ofDocument.all(key).map(row => [String(row['id']), Number(row['key'])])))
        const seen = new Map<string, number>()
        let passages = 0
        for await (const { headings, line = null, page = null, text } of blocks) {
          attempt(() => {
            const words = `${headings.join('\n')}\n\n${text}`
            const id = digest(`${file}\n${seen.get(words) ?? 0}\n${words}`)
            seen.set(words, (seen.get(words) ?? 0) + 1)
            passages++
            const stored = before.get(id)
            before.delete(id)
            if (stored !== undefined) move.run(line, page, stored)
            else insertTerms.run(insert.run(key, id, JSON.stringify(headings), line, page, text).lastInsertRowid, passageTerms(file, { headings, text }).join(' '))
          })
        }
        attempt(() => {
          for (const gone of before.values()) drop(gone)
          db.exec('COMMIT')
        })
        return { isNew, passages }
      } catch (error) {
        if (db.isTransaction) db.exec('ROLLBACK')
        throw error
      }
    },
    remove: files =>
      attempt(() => {
        inTransaction(db, () => {
          for (const file of files) {
            const key = Number(find.get(file)?.['key'] ?? 0)
            for (const row of ofDocument.all(key)) drop(Number(row['key']))
            deleteDocument.run(key)
          }
          // What was removed is in the index no longer than until its parts are merged.
          db.exec("INSERT INTO terms (terms) VALUES ('optimize')")
        })
      }),
    flush: () =>
      attempt(() => {
        const count = (of: string) => Number(db.prepare(`PRAGMA ${of}`).get()?.[of])
        if (count('freelist_count') > count('page_count') / 2) db.exec('VACUUM')
        db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      }),
    close: () => db.close()
  }
}

/** The id of a document: the same for the same path. */
export function documentId(file: string): string {
  return digest(file)
}

function open(path: string): { db: DatabaseSync; attempt: <T>(work: () => T) => T } {
  const db = openDatabase(path, { version, schema, synchronous: 'NORMAL' })
  db.exec(`PRAGMA busy_timeout = ${busyMs}`)
  return {
    db,
    attempt(work) {
      try {
        return work()
      } catch (error) {
        throw sqliteError(error, path)
      }
    }
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

function toDocument(row: Record<string, unknown>): Document {
  const file = String(row['file'])
  return { id: documentId(file), file, kind: String(row['kind']) as DocumentKind, bytes: Number(row['bytes']), passages: Number(row['passages']), at: Number(row['at']) }
}

function toPassage(row: Record<string, unknown>): StoredPassage {
  const [line, page] = [row['line'], row['page']]
  const headings = JSON.parse(String(row['headings'])) as string[]
  return { id: String(row['id']), file: String(row['file']), headings, ...(line === null ? {} : { line: Number(line) }), ...(page === null ? {} : { page: Number(page) }), text: String(row['text']) }
}

/** A quoted string is a term and nothing else in FTS5's query language; a quote inside is doubled. */
function quoted(term: string): string {
  return `"${term.replaceAll('"', '""')}"`
}
