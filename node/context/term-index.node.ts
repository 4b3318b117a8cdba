import type { Logger } from '../../mesh/log.ts'
import { observedAt } from '../memory.ts'
import { inTransaction } from '../sqlite.node.ts'
import { type OpenedCache, followedTables, openCacheFile } from './cache-file.node.ts'
import { type Place, type TermIndex, episodeOf, indexedTerms } from './term-index.ts'

/** Changes whenever the same text would be indexed in another way: the file is then built anew. */
const version = 4
// The texts stay in the spaces, and the file holds terms only. They come ready made, and unicode61 keeps them as they are. It keeps their order too, because without it what is forgotten would stay in
// the index until that is merged.
const schema = `
  CREATE TABLE spaces (name TEXT PRIMARY KEY, id TEXT NOT NULL, rev INTEGER NOT NULL, digest TEXT NOT NULL) STRICT;
  CREATE TABLE items (
    key INTEGER PRIMARY KEY, space TEXT NOT NULL, id TEXT NOT NULL, hlc INTEGER NOT NULL, device TEXT NOT NULL,
    episode TEXT NOT NULL, at REAL NOT NULL, UNIQUE(space, id)
  ) STRICT;
  CREATE INDEX episodes ON items (episode, at, id) WHERE episode <> '';
  CREATE VIRTUAL TABLE terms USING fts5(text, tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* Co'");
  INSERT INTO terms (terms, rank) VALUES ('secure-delete', 1)`

/** Opens the file, or starts it anew when it does not fit: it is a cache. */
export function openTermIndex(path: string, log: Logger): TermIndex {
  return openCacheFile({ path, version, schema, name: 'the index of terms', log }, termIndex)
}

function termIndex(cache: OpenedCache): TermIndex {
  const { db, inMemory, inFile, emptyLog } = cache
  const { setState, ...followed } = followedTables(cache)
  const deleteItem = db.prepare('DELETE FROM items WHERE space = ? AND id = ? RETURNING key')
  const insertItem = db.prepare('INSERT INTO items (space, id, hlc, device, episode, at) VALUES (?, ?, ?, ?, ?, ?)')
  const deleteTerms = db.prepare('DELETE FROM terms WHERE rowid = ?')
  const insertTerms = db.prepare('INSERT INTO terms (rowid, text) VALUES (?, ?)')
  const countTerm = db.prepare('SELECT count(*) AS count FROM terms WHERE terms MATCH ?')
  // The best first, and only then joined, also with their terms (c0 of FTS5's own table): a common term has many memories.
  const match = db.prepare('SELECT space, items.id, episode, c0 AS text FROM (SELECT rowid, rank FROM terms WHERE terms MATCH ? ORDER BY rank LIMIT ?) AS found JOIN items ON items.key = found.rowid JOIN terms_content ON terms_content.id = found.rowid ORDER BY found.rank, at DESC, items.id')
  const ofEpisode = db.prepare("SELECT space, id, episode FROM items WHERE episode = ? AND episode <> '' ORDER BY at, id")
  return {
    ...followed,
    inMemory,
    write: (space, changes, state) =>
      inFile(() => {
        let isGone = false
        inTransaction(db, () => {
          for (const { id, item } of changes) {
            const old = deleteItem.get(space, id)
            if (old) deleteTerms.run(Number(old['key']))
            isGone ||= old !== undefined
            if (item) insertTerms.run(insertItem.run(space, id, item.hlc, item.device, episodeOf(item), observedAt(item)).lastInsertRowid, indexedTerms(item).join(' '))
          }
          setState(space, state)
        })
        if (isGone) emptyLog()
      }),
    counts: terms => inFile(() => terms.map(term => Number(countTerm.get(quoted(term))?.['count']))),
    find: (terms, limit) => (terms.length === 0 ? [] : inFile(() => match.all(terms.map(quoted).join(' OR '), limit).map(row => ({ ...placeOf(row), terms: String(row['text']).split(' ') })))),
    episode: name => inFile(() => ofEpisode.all(name).map(placeOf)),
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
