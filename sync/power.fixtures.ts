import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createIdentity } from '../mesh/identity.ts'
import type { Identity } from '../mesh/types.ts'
import type { LocalSpace } from './space.ts'
import { openSqliteStore } from './store.node.ts'
import { openSync } from './sync.ts'
import type { Damage } from './verify.ts'
import { verifySpace } from './verify.ts'

/** For tests: what was shown, and how long the write-ahead log was, when a write was acknowledged. */
export type Moment = { readonly walBytes: number; readonly shown: string }

/** For tests: a device on disk, its history and the bytes of its files, as they were while it ran. */
export type History = { readonly identity: Identity; readonly moments: readonly Moment[]; readonly db: Buffer; readonly wal: Buffer; readonly shm: Buffer }

/** https://sqlite.org/fileformat2.html#the_write_ahead_log */
export const walHeaderBytes = 32
export const frameHeaderBytes = 24
export const pageBytes = 4096
export const frameBytes = frameHeaderBytes + pageBytes

const card = { name: 'laptop', place: 'test' }
/** Checkpoints come often, so that each history has some. */
const pace = { checkpointEvery: 7, housekeepingMs: 1e6 }

/** What a power cut leaves is made by hand here: the files need not lie on a disk, and are opened thousands of times. */
const inMemory = '/dev/shm'

export function withFolder<T>(run: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(existsSync(inMemory) ? inMemory : tmpdir(), 'kinmesh-power-'))
  return run(dir).finally(() => rmSync(dir, { recursive: true, force: true }))
}

/** What a reader sees of the personal space, and where its log ends. */
export function pictureOf(space: LocalSpace): string {
  const { height, head } = space.state.logRow(space.state.self)
  return JSON.stringify([space.list({ limit: 1e6 }).map(({ id, value }) => [id, value]), height, Buffer.from(head).toString('hex'), space.digest()])
}

/** Writes, replaces and removes memories, one acknowledgement after the other. `then` sees the files before they are closed. */
export async function liveThrough(dir: string, writes: number, { identity, then }: { identity?: Identity; then?: (db: DatabaseSync) => void } = {}): Promise<History> {
  mkdirSync(dir, { recursive: true })
  const path = join(dir, 'sync.db')
  const self = identity ?? (await createIdentity())
  const store = openSqliteStore(path)
  const sync = await openSync({ identity: self, card, store, pace })
  const space = sync.space('personal') as LocalSpace
  const moments: Moment[] = []
  const note = () => moments.push({ walBytes: statSync(`${path}-wal`).size, shown: pictureOf(space) })
  note()
  const ids: string[] = []
  for (let n = 0; n < writes; n++) {
    const known = ids[n % 5]
    if (n % 4 === 3) ids.push(...(await space.putMany(Array.from({ length: 12 }, (_, k) => ({ text: `group ${n} ${k}` })))).map(({ id }) => id))
    else if (n % 7 === 5 && known !== undefined && space.get(known)) await space.remove(known)
    else if (n % 3 === 2 && known !== undefined) await space.put({ text: `again ${n}` }, known)
    else ids.push((await space.put({ text: `memory ${n} ${'word '.repeat(n % 40)}` })).id)
    // A checkpoint follows its write, and is a commit of its own.
    await space.flush()
    note()
  }
  if (then) {
    const db = new DatabaseSync(path)
    then(db)
    db.close()
  }
  const history = { identity: self, moments, db: readFileSync(path), wal: readFileSync(`${path}-wal`), shm: readFileSync(`${path}-shm`) }
  await sync.stop()
  return history
}

export type Files = { readonly db: Uint8Array; readonly wal?: Uint8Array; readonly shm?: Uint8Array }

/** The path of a store made of these bytes. */
export function laid(dir: string, { db, wal, shm }: Files): string {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir)
  const path = join(dir, 'sync.db')
  writeFileSync(path, db)
  if (wal) writeFileSync(`${path}-wal`, wal)
  if (shm) writeFileSync(`${path}-shm`, shm)
  return path
}

/** What the device shows when its machine starts anew and it starts on these files, and what is wrong with it then. @throws KinmeshError as a start does */
export async function started(path: string, identity: Identity, bootedAt = 0): Promise<{ shown: string; damages: Damage[]; faults: string[]; stop(): Promise<void> }> {
  const store = openSqliteStore(path, { bootedAt })
  try {
    const sync = await openSync({ identity, card, store, pace })
    const space = sync.space('personal') as LocalSpace
    return { shown: pictureOf(space), damages: sync.spaces().flatMap(each => verifySpace((each as LocalSpace).state)), faults: sync.faults().map(({ kind }) => kind), stop: () => sync.stop() }
  } catch (error) {
    store.close()
    throw error
  }
}

export function integrityOf(path: string): string {
  const db = new DatabaseSync(path)
  try {
    return String(Object.values(db.prepare('PRAGMA integrity_check').get() ?? {})[0])
  } finally {
    db.close()
  }
}
