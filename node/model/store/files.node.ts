import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readdir, stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { KinmeshError } from '../../../mesh/errors.ts'
import { replaceFile } from '../../durable-file.node.ts'
import type { WorkOptions } from './store.ts'

/** What is left to the rest of the device, whose memories need room too. */
const spareBytes = 128 * 1024 * 1024
const readBytes = 1024 * 1024

/** As `replaceFile`, with an error that says what to do. */
export async function writeAtomic(path: string, text: string): Promise<void> {
  try {
    await replaceFile(path, text)
  } catch (cause) {
    throw diskError(path, cause)
  }
}

export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+') // Windows syncs only what may be written
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

export type Tree = {
  /** Paths with forward slashes, and their sizes. */
  readonly files: ReadonlyMap<string, number>
  /** Folders below, the deepest first, and those that are neither file nor folder. */
  readonly folders: readonly string[]
  readonly others: readonly string[]
}

/** Everything below a folder. Links are not followed: they are neither file nor folder. */
export async function walk(dir: string): Promise<Tree> {
  const files = new Map<string, number>()
  const folders: string[] = []
  const others: string[] = []
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const full = join(entry.parentPath, entry.name)
    const path = full.slice(dir.length + 1).replaceAll('\\', '/')
    if (entry.isFile()) files.set(path, (await stat(full)).size)
    else if (entry.isDirectory()) folders.push(path)
    else others.push(path)
  }
  return { files, folders: folders.sort((a, b) => b.length - a.length), others }
}

/** The content of a file, piece by piece. */
export async function* chunksOf(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const chunk of createReadStream(path, { highWaterMark: readBytes }) as AsyncIterable<Uint8Array>) {
    signal?.throwIfAborted()
    yield chunk
  }
}

/** SHA-256 of a file in hex. */
export async function hashFile(path: string, { onBytes, signal }: WorkOptions = {}): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of chunksOf(path, signal)) {
    hash.update(chunk)
    onBytes?.(chunk.length)
  }
  return hash.digest('hex')
}

/** Bytes that this process may still write below `dir`, which need not be there yet. */
export async function freeBytes(dir: string): Promise<number> {
  for (let at = dir; ; at = dirname(at)) {
    try {
      const { bavail, bsize } = await statfs(at)
      return bavail * bsize
    } catch (cause) {
      if (!isMissing(cause) || at === dirname(at)) throw diskError(dir, cause)
    }
  }
}

/** @throws KinmeshError `DiskFull` */
export function checkSpace(dir: string, bytes: number, free: number): void {
  const missing = bytes + spareBytes - free
  if (bytes > 0 && missing > 0) throw new KinmeshError('DiskFull', `the disk of ${dir} has ${mib(free)} MiB free, and ${mib(bytes)} MiB more with ${mib(spareBytes)} MiB to spare are needed: free ${mib(missing)} MiB and try again`)
}

export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR'
}

/** Says of a failed write what to do; passes on what says so already, and the wish to stop. */
export function diskError(path: string, cause: unknown): unknown {
  const code = codeOf(cause)
  if (code === undefined || cause instanceof KinmeshError) return cause
  if (code === 'ENOSPC' || code === 'EDQUOT') return new KinmeshError('DiskFull', `the disk is full (${code} at ${path}): free some space and try again`, { cause })
  return new KinmeshError('StoreFailed', `cannot read or write ${path} (${code}): check the disk and the permissions, then try again`, { cause })
}

/** Of an error of the operating system, "ENOSPC". */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code) ? error.code : undefined
}

function mib(bytes: number): number {
  return Math.max(0, Math.ceil(bytes / 1024 / 1024))
}
