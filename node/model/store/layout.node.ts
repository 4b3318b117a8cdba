import { lstat, mkdir, readdir, rm, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncFolder } from '../../durable-file.node.ts'
import { tryLock } from './lock.node.ts'
import type { ModelKind } from './manifest.ts'

/**
 * What lies in the folder of a store:
 *
 *     <id>/           a model, whole
 *     current.json    which one writes
 *     current-encoder.json    which one makes vectors
 *     staging/        models that are being made: NAME/model, NAME/work, and NAME.lock while somebody works there
 *     packed/<id>/    the weights of the model that was loaded last, as the kernels of this machine want them
 *     held/           ID.lock, for as long as programs have a model open
 *     trash/          on its way out
 *     lock            whoever changes any of these names holds it, for a moment
 */
export type Layout = ReturnType<typeof layout>

/** What a pull left is kept for this long after it was last worked on, in ms. */
export const keepStagedMs = 14 * 86_400_000

export function layout(dir: string) {
  return {
    dir,
    lock: join(dir, 'lock'),
    /** The first one was there before encoders were. */
    current: (kind: ModelKind) => join(dir, kind === 'decoder' ? 'current.json' : 'current-encoder.json'),
    model: (id: string) => join(dir, id),
    packed: (id: string) => join(dir, 'packed', id),
    held: (id: string) => join(dir, 'held', `${id}.lock`),
    staging: (name: string) => join(dir, 'staging', name),
    stagingLock: (name: string) => join(dir, 'staging', `${name}.lock`),
    trash: (name: string) => join(dir, 'trash', name),
    packeds: join(dir, 'packed'),
    stagings: join(dir, 'staging'),
    helds: join(dir, 'held'),
    trashes: join(dir, 'trash')
  } as const
}

/** With a key a staging room is taken up again; without one it is of use to nobody once its maker is gone. */
export const keyedPrefix = 'key-'
export const singlePrefix = 'one-'

export async function makeFolders({ dir, stagings, helds, trashes }: Layout): Promise<void> {
  for (const each of [dir, stagings, helds, trashes]) {
    const first = await mkdir(each, { recursive: true, mode: 0o700 })
    if (first === undefined) continue
    // A model is on disk once every folder above it is.
    for (let above = dirname(each); above.length >= dirname(first).length; above = dirname(above)) {
      await syncFolder(above)
      if (above === dirname(above)) break
    }
  }
}

/**
 * Removes what a crash left, and nothing that somebody works on. To be called under the lock, which everyone holds who makes, takes or removes one of these names: a lock
 * file that nobody has is then nobody's next moment.
 */
export async function clean(at: Layout, now: number): Promise<void> {
  for (const name of await readdir(at.trashes)) await rm(at.trash(name), { recursive: true, force: true })
  for (const name of await readdir(at.dir)) if (name.endsWith('.tmp')) await rm(join(at.dir, name), { force: true })
  const names = new Set((await readdir(at.stagings)).map(name => name.replace(/\.lock$/, '')))
  for (const name of names) await cleanStaging(at, name, now)
  for (const name of await readdir(at.helds)) {
    const path = join(at.helds, name)
    const lock = tryLock(path, 'exclusive')
    lock?.release()
    if (lock) await rm(path, { force: true })
  }
}

async function cleanStaging(at: Layout, name: string, now: number): Promise<void> {
  const lock = tryLock(at.stagingLock(name), 'exclusive')
  if (!lock) return
  try {
    const isOld = now - (await lstat(at.stagingLock(name))).mtimeMs > keepStagedMs
    const isKept = name.startsWith(keyedPrefix) && !isOld && (await isThere(at.staging(name)))
    if (isKept) return
    await rm(at.staging(name), { recursive: true, force: true })
    lock.release()
    await rm(at.stagingLock(name), { force: true })
  } finally {
    lock.release()
  }
}

/** Tells `clean` that a staging room was worked on. */
export async function touch(lockFile: string, now: number): Promise<void> {
  await utimes(lockFile, now / 1000, now / 1000)
}

export async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch {
    return false
  }
}
