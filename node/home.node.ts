import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, unlinkSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import * as v from 'valibot'
import { isKinmeshError, KinmeshError } from '../mesh/errors.ts'
import { replaceFile } from './durable-file.node.ts'
import { isBusy, isDamaged } from './sqlite.node.ts'

/** The folder of one device. Whoever holds it open is the only one who does, on this machine. */
export type Home = {
  readonly dir: string
  path(file: string): string
  /** Bytes of a file, or undefined when there is none. @throws `HomeUnusable` */
  read(file: string): Uint8Array | undefined
  /** Replaces a file at once and for good: after a crash either the old bytes are there or the new ones. Mode 0600. @throws `StoreFailed` */
  write(file: string, bytes: Uint8Array | string): Promise<void>
  /** JSON of a known shape. @throws `FileCorrupt` naming the file and the field that is wrong */
  readJson<T>(file: string, schema: v.GenericSchema<unknown, T>): T | undefined
  remove(file: string): void
  /** Tells other programs where this device's API is. */
  announce(api: string): Promise<void>
  /** Lets the next process in. */
  close(): void
}

/** What a process that holds a home tells the others. `api` is null while it opens no port. */
export type Running = { pid: number; api: string | null; startedAt: number }

/** Holds the bearer token of the API. */
export const tokenFile = 'api-token'
const runningFile = 'running.json'
const lockFile = 'lock.db'
const runningSchema = v.strictObject({ pid: v.number(), api: v.nullable(v.string()), startedAt: v.number() })

/** `--home`, else KINMESH_HOME, else ~/.kinmesh. @throws KinmeshError `HomeUnusable`: an empty option, as of a variable that is not set */
export function homeDir(option?: string): string {
  if (option === '') throw new KinmeshError('HomeUnusable', '--home is empty: name a folder, or leave it out')
  return resolve(option || process.env['KINMESH_HOME'] || join(homedir(), '.kinmesh'))
}

export type OpenHomeOptions = {
  /** How long to wait for a process that is about to let the home go. */
  waitMs?: number
}

/**
 * Opens, and on first use makes, a home (mode 0700).
 * @throws KinmeshError `HomeInUse` naming the process that has it, `HomeUnusable`
 */
export async function openHome(dir: string, { waitMs = 0 }: OpenHomeOptions = {}): Promise<Home> {
  try {
    makeFolders(dir)
  } catch (cause) {
    throw unusable(dir, cause)
  }
  const lock = takeLock(dir, waitMs)
  const path = (file: string) => join(dir, file)
  const home: Home = {
    dir,
    path,
    read: file => readFile(path(file)),
    write: (file, bytes) => writeAtomic(dir, file, bytes),
    readJson: (file, schema) => readJson(path(file), schema),
    remove: file => rmSync(path(file), { force: true }),
    announce: api => writeAtomic(dir, runningFile, JSON.stringify({ pid: process.pid, api, startedAt: Date.now() } satisfies Running)),
    close() {
      rmSync(path(runningFile), { force: true })
      lock.close()
    }
  }
  try {
    // Written before a crash and never renamed: nobody refers to them.
    for (const name of readdirSync(dir)) if (name.endsWith('.tmp')) unlinkSync(path(name))
    await writeAtomic(dir, runningFile, JSON.stringify({ pid: process.pid, api: null, startedAt: Date.now() } satisfies Running))
    return home
  } catch (error) {
    lock.close()
    throw error instanceof KinmeshError ? error : unusable(dir, error)
  }
}

/** True when no process has this home, after waiting for one that is about to let it go. @throws `FileCorrupt`, `HomeUnusable` */
export function isHomeFree(dir: string, waitMs: number): boolean {
  if (!existsSync(dir)) return true
  try {
    takeLock(dir, waitMs).close()
    return true
  } catch (error) {
    if (isKinmeshError(error, 'HomeInUse')) return false
    throw error
  }
}

/** The device's key to its API. @throws `HomeUnusable` */
export function readToken(dir: string): string {
  return new TextDecoder().decode(readFile(join(dir, tokenFile))).trim()
}

/** Who has this home, as far as its file tells: the process may have died since. */
export function readRunning(dir: string): Running | undefined {
  try {
    return readJson(join(dir, runningFile), runningSchema)
  } catch {
    return undefined // a hint only; the lock decides
  }
}

/**
 * An exclusive transaction that stays open for the life of the process. The operating system ends it together with the
 * process, kill -9 included, so there is no stale lock file and no guess whether a pid is still the same program.
 */
function takeLock(dir: string, waitMs: number): DatabaseSync {
  const file = join(dir, lockFile)
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(file, { timeout: waitMs })
    db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    chmodSync(file, 0o600)
    return db
  } catch (cause) {
    db?.close()
    if (isBusy(cause)) {
      const pid = readRunning(dir)?.pid
      throw new KinmeshError('HomeInUse', `${dir} is in use by ${pid ? `process ${pid}` : 'another process'}: stop it first, or choose another folder with --home`, { cause })
    }
    if (isDamaged(cause)) throw new KinmeshError('FileCorrupt', `${file} is damaged: remove it (it holds nothing but a lock) and start again`, { cause })
    throw unusable(dir, cause)
  }
}

function readFile(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw unusable(path, cause)
  }
}

function readJson<T>(path: string, schema: v.GenericSchema<unknown, T>): T | undefined {
  const bytes = readFile(path)
  if (!bytes) return undefined
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw fileCorrupt(path, 'it is not JSON', cause)
  }
  const result = v.safeParse(schema, json)
  if (result.success) return result.output
  const [issue] = result.issues
  throw fileCorrupt(path, `${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`)
}

async function writeAtomic(dir: string, name: string, bytes: Uint8Array | string): Promise<void> {
  const path = join(dir, name)
  try {
    await replaceFile(path, bytes)
  } catch (cause) {
    throw new KinmeshError('StoreFailed', `cannot write ${path} (${reasonOf(cause)}): check free space and permissions; the old file is as it was`, { cause })
  }
}

/** One after the other: `recursive` tries for ever where a file system takes no folders, as /proc (Node 24). */
function makeFolders(dir: string): void {
  const found = statSync(dir, { throwIfNoEntry: false })
  if (found?.isDirectory()) return
  if (found) throw new Error('it is no folder')
  if (dirname(dir) !== dir) makeFolders(dirname(dir))
  try {
    mkdirSync(dir, { mode: 0o700 })
  } catch (error) {
    // Another process made it meanwhile.
    if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}

function unusable(path: string, cause: unknown): KinmeshError {
  return new KinmeshError('HomeUnusable', `cannot use ${path} (${reasonOf(cause)}): check its permissions, or choose another folder with --home`, { cause })
}

function fileCorrupt(path: string, problem: string, cause?: unknown): KinmeshError {
  return new KinmeshError('FileCorrupt', `${path} is damaged (${problem.replaceAll('\n', ' ')}): repair it, or move it away and start again`, { cause })
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : cause instanceof Error ? cause.message : String(cause)
}
