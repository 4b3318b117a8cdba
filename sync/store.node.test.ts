import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isKinmeshError } from '../mesh/errors.ts'
import { rejects } from '../tools/assert.ts'
import { type Random, seededTest } from './random.fixtures.ts'
import { baseRow, entryRow, everything, faultRow, filled, logRow, storeContract, versionRow } from './store.contract.ts'
import { createMemoryStore } from './store-memory.ts'
import { openSqliteStore, storeVersion } from './store.node.ts'
import type { Commit, Store, VersionRow } from './store.ts'

function tempFolder(): { path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'kinmesh-store-'))
  return { path: join(folder, 'sync.db'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

storeContract('sqlite store', () => {
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
})

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

const authors = ['a', 'b', 'c']
const ids = ['a.0', 'b.0', 'b.1', 'm.2', 'x.1', 'z.0']
const refs = ['r1', 'r2']

/** A batch as the parts of sync/ make them: entries only where there are none, rows that are not shown without a rev. */
function randomBatch(random: Random, oracle: Store, space: string, step: number): Commit {
  const taken = new Set<string>()
  const entries = random.some(authors, 0.5).flatMap(author => Array.from({ length: random.below(4) }, () => entryRow(author, random.below(12), random.below(4) - 1)).filter(({ seq }) => {
    const key = `${author} ${seq}`
    const free = !taken.has(key) && oracle.entries(space, author, seq, 1)[0]?.seq !== seq
    taken.add(key)
    return free
  }))
  let rev = oracle.rev(space)
  // One row of an item is shown at most, as `shown` says: writing about an item writes all of its rows.
  const versionsOf = (id: string): VersionRow[] => {
    const writers = [...new Set([...oracle.versions(space, id).map(row => row.author), ...random.some(authors, 0.4)])]
    const shown = random.chance(0.7) ? random.pick([...writers, 'nobody']) : 'nobody'
    return writers.map(author => versionRow(id, author, {
      hlc: random.below(1e9), body: random.chance(0.3) ? null : `{"n":${step}}`, seq: random.below(12),
      held: author === shown || random.chance(0.5) ? null : random.pick(refs), pending: random.chance(0.2) ? random.below(1e9) : null, shown: author === shown, rev: author === shown ? ++rev : 0
    }))
  }
  const forAuthors = <T>(share: number, make: (author: string) => T): T[] => random.some(authors, share).map(make)
  return {
    space,
    meta: random.chance(0.3) ? { [random.pick(['a', 'b'])]: String(step) } : {},
    naming: random.chance(0.1) ? [{ id: space, name: null, ...(random.chance(0.5) ? { into: 'personal' } : {}) }] : [],
    statements: Array.from({ length: random.below(3) }, () => random.below(20)).map(value => ({ hash: filled(32, value), bytes: filled(4, value) })),
    dropLogs: random.some(authors, 0.04),
    logs: forAuthors(0.3, author => logRow(author, random.below(12), { checkpoint: random.below(9), lowest: 1 + random.below(5), frozen: random.chance(0.1) })),
    entries,
    bases: forAuthors(0.2, author => baseRow(author, random.below(3), random.below(12))),
    dropBases: forAuthors(0.1, author => ({ author, shard: random.below(3) })),
    prune: forAuthors(0.05, author => ({ author, below: random.below(6) })),
    truncate: forAuthors(0.05, author => ({ author, above: 4 + random.below(8) })),
    dropVersions: random.some(ids, 0.1).map(id => ({ id, author: random.pick(authors) })),
    versions: random.some(ids, 0.4).flatMap(versionsOf),
    gone: random.some(ids, 0.1).map(id => ({ id, rev: ++rev })),
    shards: random.some([0, 1, 2], 0.3).map(shard => ({ shard, sum: step.toString(16), live: random.below(9), slots: random.below(9) })),
    acks: forAuthors(0.2, author => ({ device: random.pick(['p', 'q']), author, height: random.below(12), at: step })),
    held: random.some(refs, 0.2).map(ref => ({ ref, author: random.pick(authors), count: random.below(300), at: step })),
    settled: random.some(refs, 0.1),
    faults: Array.from({ length: random.below(3) }, () => faultRow(step, random.chance(0.5) ? random.pick(authors) : null))
  }
}

seededTest('the same batches leave a sqlite store and the memory store with the same answers', 'store.node', 6, async random => {
  const { path, remove } = tempFolder()
  const oracle = createMemoryStore()
  let store = openSqliteStore(path)
  try {
    for (let step = 1; step <= 80; step++) {
      const space = random.pick(['s', 's', 't'])
      const drop = random.chance(0.02)
      const batch = drop ? { space, dropSpace: true } : randomBatch(random, oracle, space, step)
      await oracle.commit(batch)
      await store.commit(batch)
      if (random.chance(0.05)) {
        store.close()
        store = openSqliteStore(path)
      }
      const limit = random.pick([1, 3, 1e9])
      for (const each of ['s', 't']) {
        const expected = everything(oracle, each, authors, ids, refs, limit)
        for (const [read, text] of Object.entries(everything(store, each, authors, ids, refs, limit))) assert.is(text, expected[read], `${read} of space ${each} after step ${step}, limit ${limit}`)
      }
    }
  } finally {
    store.close()
    remove()
  }
})

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
