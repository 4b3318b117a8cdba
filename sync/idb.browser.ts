import { KinmeshError } from '../mesh/errors.ts'

/** Where each table keeps its rows, and by which of their fields. All rows carry their key, so that `getAll` is enough to load them. */
export const keyPaths = {
  meta: 'key', files: 'name', spaces: 'id', statements: ['space', 'n'], logs: ['space', 'author'], entries: ['space', 'author', 'seq'], bases: ['space', 'author', 'shard'],
  acks: ['space', 'device', 'author'], held: ['space', 'ref'], settled: ['space', 'ref'], faults: 'n', view: ['space', 'shard'], journal: ['space', 'n']
} as const
export type TableName = keyof typeof keyPaths
export const tableNames = Object.keys(keyPaths) as TableName[]

/** Raised with every change of the tables; an older kinmesh refuses a newer database. */
export const databaseVersion = 1

/** How long another tab may take to let go of a database that is to be changed, in ms. Tabs do so at once, unless they hang. */
const blockedMs = 5_000

/** @throws KinmeshError `StoreNewer` · `StoreFailed` */
export function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, databaseVersion)
    let timer: ReturnType<typeof setTimeout> | undefined
    request.onupgradeneeded = () => {
      for (const table of tableNames) request.result.createObjectStore(table, { keyPath: keyPaths[table] as string | string[] })
    }
    request.onblocked = () => {
      timer = setTimeout(() => reject(new KinmeshError('StoreFailed', 'another tab holds on to the store of this device in an older form: close the other tabs of this page and reload it')), blockedMs)
    }
    request.onsuccess = () => {
      clearTimeout(timer)
      resolve(request.result)
    }
    request.onerror = () => {
      clearTimeout(timer)
      reject(storeFailed(request.error))
    }
  })
}

/**
 * Has the browser begin a new file for what IndexedDB writes, before anything is written. Chromium's LevelDB goes on in the file that it finds, also
 * behind a write that a crash cut short. The next start takes what follows for damage, and the browser deletes the whole of this origin's data: two
 * crashes would cost everything. A database that is deleted compacts (seen in Chromium 156), and so leaves the old file. Tens of ms; nothing elsewhere.
 */
export async function beginNewFile(): Promise<void> {
  const done = (request: IDBOpenDBRequest): Promise<IDBDatabase> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(storeFailed(request.error))
    })
  const name = 'kinmesh begins a new file'
  const empty = await done(indexedDB.open(name))
  empty.close()
  await done(indexedDB.deleteDatabase(name))
}

/** Resolves when a transaction is on disk. @throws KinmeshError `StoreFailed`: nothing of it was written */
export function settled(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(storeFailed(transaction.error))
  })
}

export function allOf(transaction: IDBTransaction, table: TableName): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const request = transaction.objectStore(table).getAll()
    request.onsuccess = () => resolve(request.result as unknown[])
    request.onerror = () => reject(request.error ?? new Error(`cannot read ${table}`))
  })
}

/** Every key that begins with `start`: arrays sort after all numbers and texts. */
export function below(...start: (string | number)[]): IDBKeyRange {
  return IDBKeyRange.bound(start, [...start, []])
}

export function storeFailed(cause: unknown): KinmeshError {
  if (cause instanceof KinmeshError) return cause
  const name = cause instanceof Error ? cause.name : ''
  if (name === 'QuotaExceededError') return new KinmeshError('StoreFailed', 'the browser has no room left for this device: free space on the disk, or allow this page more, and try again; nothing was half-written', { cause })
  if (name === 'VersionError') return new KinmeshError('StoreNewer', 'this browser holds a device of a newer kinmesh: reload the page to get it; nothing was touched', { cause })
  if (name === 'InvalidStateError') return new KinmeshError('StoreFailed', 'this page lost its store (its data was cleared, or another tab updated it): reload the page', { cause })
  return new KinmeshError('StoreFailed', `the browser cannot keep what this page writes (${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}): reload the page and try again; nothing was half-written`, { cause })
}
