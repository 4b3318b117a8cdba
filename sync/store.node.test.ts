import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../mesh/errors.ts'
import { rejects } from '../tools/assert.ts'
import { seededTest } from './random.fixtures.ts'
import { compareWithMemory } from './store-batches.fixtures.ts'
import { baseRow, entryRow, everything, faultRow, filled, logRow, type OpenedStore, storeContract, versionRow } from './store.contract.ts'
import { openSqliteStore, storeVersion } from './store.node.ts'
import type { Commit, Store } from './store.ts'

function tempFolder(): { path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'kinmesh-store-'))
  return { path: join(folder, 'sync.db'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

function openTemporary(): OpenedStore {
  const { path, remove } = tempFolder()
  let store = openSqliteStore(path)
  return {
    store,
    reopen: () => {
      store.close()
      return (store = openSqliteStore(path))
    },
    destroy: () => {
      store.close()
      remove()
    }
  }
}

storeContract('sqlite store', openTemporary)

async function withStore(run: (store: Store, path: string) => Promise<void>): Promise<void> {
  const { path, remove } = tempFolder()
  const store = openSqliteStore(path)
  try {
    await run(store, path)
  } finally {
    store.close()
    remove()
  }
}

const coded = (code: string) => (error: unknown) => isKinmeshError(error, code)
const look = (store: Store) => everything(store, 's', ['a', 'b'], ['x.0', 'y.0'], ['r'])
const somewhat: Commit = {
  space: 's', naming: [{ id: 's', name: 'personal' }], logs: [logRow('a', 1)], entries: [entryRow('a', 1)], bases: [baseRow('a', 0, 1)], versions: [versionRow('x.0', 'a')], meta: { a: '1' }
}

test('a batch of which one part fails leaves nothing behind, in a space that was there and in a new one', () =>
  withStore(async store => {
    await store.commit(somewhat)
    const before = look(store)
    const rest: Omit<Commit, 'space'> = {
      meta: { a: '2', b: '3' }, naming: [{ id: 't', name: 'device' }], statements: [{ hash: filled(32, 1), bytes: filled(3, 1) }], dropLogs: ['b'], logs: [logRow('b', 1)],
      bases: [baseRow('b', 0, 1)], versions: [versionRow('y.0', 'b')], gone: [{ id: 'z.0', rev: 4 }], shards: [{ shard: 0, sum: '01', live: 1, slots: 1 }],
      acks: [{ device: 'p', author: 'a', height: 1, at: 1 }], held: [{ ref: 'r', author: 'a', count: 1, at: 1 }], settled: ['r'], faults: [faultRow(1)]
    }
    await rejects(store.commit({ ...rest, space: 's', entries: [entryRow('b', 1), entryRow('a', 1)] }), coded('StoreFailed'))
    assert.equal(look(store), before)
    await rejects(store.commit({ ...rest, space: 'new', entries: [entryRow('b', 1), entryRow('b', 1)] }), coded('StoreFailed'))
    assert.equal(look(store), before)
    await store.commit({ ...rest, space: 'new', entries: [entryRow('b', 1)] })
    assert.equal(store.logs('new').map(row => row.author), ['b'], 'what a failed batch numbered is not used afterwards')
    assert.equal(store.entries('new', 'b', 0, 9).length, 1)
  }))

test('what resolved is in the file before close', () =>
  withStore(async (store, path) => {
    await store.commit(somewhat)
    const other = openSqliteStore(path)
    try {
      assert.equal(look(other), look(store))
    } finally {
      other.close()
    }
  }))

test('the file is in WAL mode with full synchronisation', () =>
  withStore(async (_store, path) => {
    const db = watchOpen(() => openSqliteStore(path).close())
    assert.equal(db.execs.some(text => text.includes('synchronous = FULL')), true)
    assert.equal(readFileSync(path).subarray(18, 20), Buffer.from([2, 2]), 'read and write version 2 mean WAL: https://sqlite.org/fileformat2.html')
  }))

test('a damaged file and a file that is no database are refused and named, and stay as they are', async () => {
  const { path, remove } = tempFolder()
  try {
    const store = openSqliteStore(path)
    for (let seq = 1; seq <= 400; seq++) await store.commit({ space: 's', entries: [{ ...entryRow('a', seq), bytes: filled(2000, seq) }], versions: [versionRow(`i${seq}.0`, 'a', { rev: seq })] })
    store.close()
    const whole = readFileSync(path)
    const damaged = Buffer.from(whole)
    // Whole pages in the middle: tables and indexes no longer agree, and the pages are none.
    damaged.fill(0xa5, 16 * 4096, 200 * 4096)
    writeFileSync(path, damaged)
    assert.throws(() => openSqliteStore(path), (error: unknown) => isKinmeshError(error, 'StoreCorrupt') && error.message.includes(path))
    assert.equal(readFileSync(path), damaged)

    const text = Buffer.from('this is a shopping list, and a long one: '.repeat(200))
    writeFileSync(path, text)
    assert.throws(() => openSqliteStore(path), coded('StoreCorrupt'))
    assert.equal(readFileSync(path), text)

    writeFileSync(path, whole)
    const again = openSqliteStore(path)
    assert.is(again.entries('s', 'a', 0, 1000).length, 400)
    again.close()
  } finally {
    remove()
  }
})

test('damage that is met only later fails as StoreCorrupt too', () =>
  withStore(async store => {
    const spoilt = { code: 'ERR_SQLITE_ERROR', errcode: 11 | (1 << 8) }
    const original = execOf()
    DatabaseSync.prototype.exec = function () {
      throw Object.assign(new Error('database disk image is malformed'), spoilt)
    }
    try {
      await rejects(store.commit(somewhat), coded('StoreCorrupt'))
    } finally {
      DatabaseSync.prototype.exec = original
    }
  }))

test('a store of a newer kinmesh is refused with its bytes untouched, whatever mode it is in', () => {
  for (const mode of ['WAL', 'DELETE']) {
    const { path, remove } = tempFolder()
    try {
      const db = new DatabaseSync(path)
      db.exec(`PRAGMA journal_mode = ${mode}; CREATE TABLE later (x); INSERT INTO later VALUES (1); PRAGMA user_version = ${storeVersion + 1}`)
      db.close()
      const bytes = readFileSync(path)
      assert.throws(() => openSqliteStore(path), (error: unknown) => isKinmeshError(error, 'StoreNewer') && error.message.includes('update kinmesh'))
      assert.equal(readFileSync(path), bytes, mode)
      assert.not(existsSync(`${path}-wal`))
    } finally {
      remove()
    }
  }
})

test('a folder that is missing or no folder gives StoreFailed and says what to check', () => {
  const { path, remove } = tempFolder()
  try {
    writeFileSync(path, 'a file')
    for (const wrong of [join(path, '..', 'missing', 'sync.db'), join(path, 'sync.db')]) {
      assert.throws(() => openSqliteStore(wrong), (error: unknown) => isKinmeshError(error, 'StoreFailed') && error.message.includes('check that the folder exists'))
    }
  } finally {
    remove()
  }
})

test('a full disk fails the batch and nothing else: no half of it is stored, reads go on, and room makes it work again', async () => {
  const { path, remove } = tempFolder()
  let store: Store | undefined
  try {
    const { db } = watchOpen(() => (store = openSqliteStore(path)))
    assert.ok(store && db)
    await store.commit(somewhat)
    const before = look(store)
    // The limit gives the very error of a full disk, SQLITE_FULL, on any machine.
    const pages = (db.prepare('PRAGMA page_count').get() as { page_count: number }).page_count
    db.exec(`PRAGMA max_page_count = ${pages + 4}`)
    const large: Commit = {
      space: 's', logs: [logRow('b', 40)], meta: { a: '2' }, versions: [versionRow('y.0', 'b')],
      entries: Array.from({ length: 40 }, (_, index) => ({ ...entryRow('b', index + 1), bytes: filled(4000, index) }))
    }
    await rejects(store.commit(large), (error: unknown) => isKinmeshError(error, 'StoreFailed') && error.message.includes('is full: free some space'))
    assert.equal(look(store), before)
    db.exec('PRAGMA max_page_count = 1000000')
    await store.commit(large)
    assert.is(store.entries('s', 'b', 0, 100).length, 40)
    store.close()
    store = openSqliteStore(path)
    assert.is(store.entries('s', 'b', 0, 100).length, 40)
  } finally {
    store?.close()
    remove()
  }
})

test('a store that was closed says so with StoreFailed, and closing twice is fine', async () => {
  const { path, remove } = tempFolder()
  const store = openSqliteStore(path)
  store.close()
  store.close()
  await rejects(store.commit(somewhat), coded('StoreFailed'))
  remove()
})

seededTest('the same batches leave a sqlite store and the memory store with the same answers', 'store.node', 6, random => compareWithMemory(random, openTemporary()))

function execOf(): (this: DatabaseSync, text: string) => void {
  return Object.getOwnPropertyDescriptor(DatabaseSync.prototype, 'exec')?.value as (this: DatabaseSync, text: string) => void
}

/** Runs `open` and gives the connection that it made, with what it executed on it. */
function watchOpen(open: () => unknown): { db: DatabaseSync; execs: string[] } {
  const execs: string[] = []
  const connections: DatabaseSync[] = []
  const original = execOf()
  DatabaseSync.prototype.exec = function (text) {
    connections.push(this)
    execs.push(text)
    original.call(this, text)
  }
  try {
    open()
  } finally {
    DatabaseSync.prototype.exec = original
  }
  const [db] = connections
  if (!db) throw new Error('no database was opened')
  return { db, execs }
}

test.run()
