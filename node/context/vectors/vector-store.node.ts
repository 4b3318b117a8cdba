import type { Logger } from '../../../mesh/log.ts'
import { inTransaction } from '../../sqlite.node.ts'
import { type OpenedCache, followedTables, openCacheFile } from '../cache-file.node.ts'
import type { KeyedVector, VectorStore } from './vector-store.ts'

const version = 1
// Keys are never given twice: a large index that was saved before a crash may still know old ones. An empty vector: there will be none.
const schema = `
  CREATE TABLE spaces (name TEXT PRIMARY KEY, id TEXT NOT NULL, rev INTEGER NOT NULL, digest TEXT NOT NULL) STRICT;
  CREATE TABLE items (
    key INTEGER PRIMARY KEY AUTOINCREMENT, space TEXT NOT NULL, id TEXT NOT NULL, hlc INTEGER NOT NULL, device TEXT NOT NULL,
    vector BLOB, UNIQUE(space, id)
  ) STRICT;
  CREATE INDEX pending ON items (key) WHERE vector IS NULL;
  CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT`

/** Opens the file, or starts it anew when it does not fit: it is a cache. */
export function openVectorStore(path: string, log: Logger): VectorStore {
  return openCacheFile({ path, version, schema, name: 'the store of vectors', log }, vectorStore)
}

function vectorStore(cache: OpenedCache): VectorStore {
  const { db, inMemory, inFile, emptyLog } = cache
  const { setState, ...followed } = followedTables(cache)
  const deleteItem = db.prepare('DELETE FROM items WHERE space = ? AND id = ? RETURNING key')
  const insertItem = db.prepare('INSERT INTO items (space, id, hlc, device) VALUES (?, ?, ?, ?)')
  const selectPending = db.prepare('SELECT key, space, id FROM items WHERE vector IS NULL AND key > ? ORDER BY key LIMIT ?')
  const setVector = db.prepare('UPDATE items SET vector = ? WHERE key = ?')
  const dropVectors = db.prepare('UPDATE items SET vector = NULL')
  const selectVectors = db.prepare('SELECT key, vector FROM items WHERE length(vector) > 0 AND key > ? ORDER BY key LIMIT ?')
  const selectKeys = db.prepare('SELECT key FROM items WHERE length(vector) > 0 ORDER BY key')
  const selectPlace = db.prepare('SELECT space, id FROM items WHERE key = ?')
  const getAbout = db.prepare('SELECT value FROM about WHERE name = ?')
  const setAbout = db.prepare('INSERT OR REPLACE INTO about VALUES (?, ?)')
  const about = (name: string) => inFile(() => String(getAbout.get(name)?.['value'] ?? ''))
  return {
    ...followed,
    inMemory,
    write: (space, changes, state) =>
      inFile(() => {
        const gone = inTransaction(db, () => {
          const removed: number[] = []
          for (const { id, item } of changes) {
            const old = deleteItem.get(space, id)
            if (old) removed.push(Number(old['key']))
            if (item) insertItem.run(space, id, item.hlc, item.device)
          }
          if (removed.length > 0) setAbout.run('largeIndex', '')
          setState(space, state)
          return removed
        })
        if (gone.length > 0) emptyLog()
        return gone
      }),
    model: () => about('model'),
    reset: model =>
      inFile(() => {
        inTransaction(db, () => {
          dropVectors.run()
          setAbout.run('model', model)
          setAbout.run('largeIndex', '')
        })
        emptyLog()
      }),
    pending: (after, limit) => inFile(() => selectPending.all(after, limit).map(row => ({ key: Number(row['key']), space: String(row['space']), id: String(row['id']) }))),
    keep: vectors => inFile(() => inTransaction(db, () => vectors.filter(({ key, vector }) => Number(setVector.run(bytesOf(vector), key).changes) > 0 && vector.length > 0))),
    vectors: (after, limit) => inFile(() => selectVectors.all(after, limit).map(toVector)),
    vectorKeys: () => inFile(() => selectKeys.all().map(row => Number(row['key']))),
    places: keys =>
      inFile(() => new Map(keys.flatMap(key => {
        const row = selectPlace.get(key)
        return row ? [[key, { space: String(row['space']), id: String(row['id']) }] as const] : []
      }))),
    largeIndex: () => about('largeIndex') || undefined,
    setLargeIndex: sha256 => inFile(() => void setAbout.run('largeIndex', sha256 ?? '')),
    close: () => db.close()
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** f32 as this machine has them: the file is never moved to another one. */
function toVector(row: Record<string, unknown>): KeyedVector {
  const bytes = Uint8Array.from(row['vector'] as Uint8Array) // aligned
  return { key: Number(row['key']), vector: new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4)) }
}
