import * as assert from 'uvu/assert'
import { isKinmeshError } from '../../mesh/errors.ts'
import { databaseVersion, type TableName } from '../idb.browser.ts'
import { Random } from '../random.fixtures.ts'
import { compareWithMemory } from '../store-batches.fixtures.ts'
import { type BrowserStore, type BrowserStoreOptions, openIndexedDbStore } from '../store.browser.ts'
import { baseRow, entryRow, everything, logRow, type OpenedStore, storeContract, versionRow } from '../store.contract.ts'
import type { Commit, VersionRow } from '../store.ts'
import { names, runOne, test } from '../../tools/browser/page-suite.ts'

// A page that runs the suite of all stores on the browser's own store, and tries what only that one meets.

async function openTemporary(): Promise<OpenedStore> {
  const name = crypto.randomUUID()
  let store = await openIndexedDbStore({ name })
  return {
    store,
    async reopen() {
      await close(store)
      return (store = await openIndexedDbStore({ name }))
    },
    async destroy() {
      await close(store)
      await deleteDatabase(name)
    }
  }
}

storeContract('browser store', openTemporary)
const seed = new URLSearchParams(location.search).get('seed')
for (const each of seed === null ? [1, 2, 3, 4, 5, 6] : [Number(seed)]) {
  const replay = `replay: KINMESH_SEED=${each} npm test -- sync/store.browser`
  test(`the same batches leave a browser store and the memory store with the same answers (${replay})`, async () => compareWithMemory(new Random(each), await openTemporary()))
}

const open = (name: string, options: BrowserStoreOptions = {}) => openIndexedDbStore({ name, ...options })
const look = (store: BrowserStore) => everything(store, 's', ['a', 'b'], ['x.0', 'y.0', 'i7.1'], ['r'])
const rows = (count: number, rev: number, shard: string): VersionRow[] => Array.from({ length: count }, (_, n) => versionRow(`i${n}.${shard}`, 'a', { rev: rev + n }))
const somewhat: Commit = {
  space: 's', naming: [{ id: 's', name: 'personal' }], logs: [logRow('a', 1)], entries: [entryRow('a', 1)], bases: [baseRow('a', 0, 1)], versions: [versionRow('x.0', 'a')],
  shards: [{ shard: 0, sum: '01', live: 1, slots: 1 }], statements: [{ hash: new Uint8Array(32), bytes: new Uint8Array(3) }], meta: { a: '1' }, faults: [{ at: 1, kind: 'Test', device: null, text: 'fault' }],
  held: [{ ref: 'r', author: 'a', count: 1, at: 1 }], acks: [{ device: 'p', author: 'a', height: 1, at: 1 }], settled: ['q']
}

async function close(store: BrowserStore): Promise<void> {
  store.close()
  await store.released
}

function deleteDatabase(name: string): Promise<void> {
  return answered(indexedDB.deleteDatabase(name)).then(() => undefined)
}

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('no answer'))
  })
}

/** Reaches into a store that is closed. */
async function tamper(name: string, work: (database: IDBDatabase) => Promise<unknown>): Promise<void> {
  const database = await answered(indexedDB.open(name))
  try {
    await work(database)
  } finally {
    database.close()
  }
}

const onTable = <T>(table: TableName, work: (table: IDBObjectStore) => IDBRequest<T>) => (database: IDBDatabase): Promise<unknown> => answered(work(database.transaction(table, 'readwrite').objectStore(table)))

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(() => undefined, (thrown: unknown) => thrown)
  return isKinmeshError(error) ? `${error.code}: ${error.message}` : String(error)
}

/** A store by that name while `use` runs; gone afterwards. */
async function withStore(use: (store: BrowserStore, name: string) => Promise<BrowserStore | void>): Promise<void> {
  const name = crypto.randomUUID()
  const store = await open(name)
  const last = await use(store, name)
  await close(last ?? store)
  await deleteDatabase(name)
}

test('small changes, large ones and the folding of a long journal lead to the same answers after opening again', () =>
  withStore(async (store, name) => {
    await store.commit(somewhat)
    await store.commit({ space: 's', versions: rows(600, 10, '1') })
    for (let n = 0; n < 300; n++) await store.commit({ space: 's', versions: [versionRow(`i${n % 9}.1`, 'a', { rev: 1000 + n, body: n % 4 === 0 ? null : `{"text":"${n}"}` }), versionRow(`y.${n % 3}`, 'b', { rev: 2000 + n })] })
    await store.commit({ space: 's', versions: rows(400, 3000, '2'), dropVersions: [{ id: 'y.0', author: 'b' }], gone: [{ id: 'y.0', rev: 4000 }] })
    await store.commit({ space: 's', dropVersions: [{ id: 'i5.2', author: 'a' }] })
    const before = look(store)
    await close(store)
    const again = await open(name)
    assert.equal(look(again), before)
    assert.not(again.lostView('s'))
    return again
  }))

test('a record that is damaged is refused by name, and the store is left as it is', async () => {
  const tables: TableName[] = ['meta', 'spaces', 'statements', 'logs', 'entries', 'bases', 'acks', 'held', 'settled', 'faults']
  for (const table of tables) {
    const name = crypto.randomUUID()
    const store = await open(name)
    await store.commit(somewhat)
    await close(store)
    await tamper(name, async database => {
      const [record] = await answered(database.transaction(table).objectStore(table).getAll() as IDBRequest<Record<string, unknown>[]>)
      const lost = Object.keys(record ?? {}).findLast(field => !['space', 'n', 'ref', 'id', 'key', 'author', 'seq', 'shard', 'device', 'into'].includes(field))
      if (table === 'settled') await onTable(table, each => each.put({ space: 's', ref: 7 }))(database)
      else await onTable(table, each => each.put({ ...record, [lost ?? '']: undefined }))(database)
    })
    assert.match(await codeOf(open(name)), new RegExp(`^StoreCorrupt: record 1 of 1 under "${table}"|^StoreCorrupt: record 1 of 2 under "${table}"`), table)
    await deleteDatabase(name)
  }
})

test('a view that is cleared, damaged or not whole is lost, the logs are not, and it stays lost until it was rebuilt', async () => {
  const damages: [string, (database: IDBDatabase) => Promise<unknown>][] = [
    ['view cleared', onTable('view', table => table.clear())],
    ['journal cleared', onTable('journal', table => table.clear())],
    ['view damaged', onTable('view', table => table.put({ space: 's', shard: 1, text: 7 }))],
    ['journal damaged', onTable('journal', table => table.put({ space: 's', n: 1 }))],
    ['one shard gone', onTable('view', table => table.delete(['s', 1]))]
  ]
  for (const [what, damage] of damages) {
    await withStore(async (first, name) => {
      await first.commit(somewhat)
      await first.commit({ space: 's', versions: rows(600, 10, '1') })
      const whole = look(first)
      await close(first)
      await tamper(name, damage)
      const lost = await open(name)
      assert.ok(lost.lostView('s'), what)
      assert.equal(lost.versions('s', 'x.0'), [], what)
      assert.is(lost.entries('s', 'a', 0, 9).length, 1, what)
      await lost.commit({ space: 's', meta: { b: '2' }, versions: [versionRow('x.0', 'a')], shards: [{ shard: 0, sum: '01', live: 1, slots: 1 }] })
      await close(lost)
      const half = await open(name)
      assert.ok(half.lostView('s'), `${what}: half of it is not all of it`)
      assert.is(half.meta('b'), '2')
      await half.commit({ space: 's', versions: [versionRow('x.0', 'a'), ...rows(600, 10, '1')], shards: [{ shard: 0, sum: '01', live: 1, slots: 1 }] })
      await half.viewRebuilt('s')
      await close(half)
      const again = await open(name)
      assert.not(again.lostView('s'), what)
      assert.equal({ ...look(again), meta: '' }, { ...whole, meta: '' }, what)
      return again
    })
  }
})

test('a database of a newer kinmesh is refused and stays as it is', async () => {
  const name = crypto.randomUUID()
  const request = indexedDB.open(name, databaseVersion + 1)
  request.onupgradeneeded = () => void request.result.createObjectStore('later')
  ;(await answered(request)).close()
  assert.match(await codeOf(open(name)), /^StoreNewer: .*reload the page/)
  await tamper(name, async database => assert.equal([database.version, ...database.objectStoreNames], [databaseVersion + 1, 'later']))
  await deleteDatabase(name)
})

test('a store whose data is cleared while it is open tells its owner, and refuses to write', async () => {
  const name = crypto.randomUUID()
  const lost = Promise.withResolvers<void>()
  const store = await open(name, { onLost: () => lost.resolve() })
  await store.commit(somewhat)
  await deleteDatabase(name)
  await lost.promise
  assert.match(await codeOf(store.commit(somewhat)), /^StoreFailed: .*reload/)
  await store.released
})

test('a store that was closed says so, and closing twice is fine', async () => {
  await withStore(async store => {
    await close(store)
    store.close()
    assert.match(await codeOf(store.commit(somewhat)), /^StoreFailed: .*closed/)
  })
})

test('every write asks for strict durability, and waits until the transaction is complete', async () => {
  const asked: (string | undefined)[] = []
  let unfinished = 0
  const original = Object.getOwnPropertyDescriptor(IDBDatabase.prototype, 'transaction')?.value as IDBDatabase['transaction']
  IDBDatabase.prototype.transaction = function (tables, mode, options) {
    const transaction = original.call(this, tables, mode, options)
    if (mode === 'readwrite') {
      asked.push(options?.durability)
      unfinished++
      transaction.addEventListener('complete', () => void unfinished--)
    }
    return transaction
  }
  try {
    await withStore(async store => {
      await store.commit(somewhat)
      assert.is(unfinished, 0)
      await store.keepFile('identity', new Uint8Array(1))
      assert.is(unfinished, 0)
    })
  } finally {
    IDBDatabase.prototype.transaction = original
  }
  assert.equal(asked, ['strict', 'strict'])
})

test('bytes that are a window on a larger buffer are kept without the rest of it', () =>
  withStore(async (store, name) => {
    const bytes = new Uint8Array(1 << 16).subarray(100, 110).fill(7)
    await store.commit({ space: 's', entries: [{ ...entryRow('a', 1), bytes }], logs: [logRow('a', 1)] })
    assert.is(store.entries('s', 'a', 1, 1)[0]?.bytes.buffer.byteLength, 10)
    await close(store)
    const again = await open(name)
    assert.is(again.entries('s', 'a', 1, 1)[0]?.bytes.buffer.byteLength, 10)
    return again
  }))

test('small files of the device are kept beside the spaces', () =>
  withStore(async (store, name) => {
    assert.is(store.file('identity'), undefined)
    await store.keepFile('identity', new Uint8Array([1, 2]))
    await store.keepFile('identity', new Uint8Array([3]))
    await close(store)
    const again = await open(name)
    assert.equal(again.file('identity'), new Uint8Array([3]))
    return again
  }))

Object.assign(globalThis, { names, runOne, open })
