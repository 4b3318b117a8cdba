import { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { KinmeshError } from '../../../mesh/errors.ts'
import { isBusy, isDamaged, sqliteError } from '../../sqlite.node.ts'

export type Lock = { release(): void }

/** Between two looks at a lock, in ms. */
const lookMs = 15

/**
 * An open transaction of SQLite, which the operating system ends together with its process, kill -9 included: no lock is ever stale, and no pid is guessed at. Many may
 * hold a file `shared`, and then nobody `exclusive`ly. Undefined when others are in the way. The file must not be removed while others may come for it.
 */
export function tryLock(file: string, mode: 'shared' | 'exclusive'): Lock | undefined {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(file, { timeout: 0 })
    db.exec(`PRAGMA journal_mode = MEMORY; ${mode === 'exclusive' ? 'BEGIN EXCLUSIVE' : 'BEGIN; SELECT 1 FROM sqlite_schema'}`)
    const held = db
    return { release: () => held.isOpen && held.close() }
  } catch (cause) {
    db?.close()
    if (isBusy(cause)) return undefined
    if (isDamaged(cause)) throw new KinmeshError('FileCorrupt', `${file} is damaged: remove it (it holds nothing but a lock) and try again`, { cause })
    throw sqliteError(cause, file)
  }
}

/** Waits for others, who hold it for moments only. @throws KinmeshError `StoreBusy` */
export async function lock(file: string, waitMs: number): Promise<Lock> {
  const giveUpAt = Date.now() + waitMs
  for (;;) {
    const held = tryLock(file, 'exclusive')
    if (held) return held
    if (Date.now() > giveUpAt) throw new KinmeshError('StoreBusy', `another kinmesh has been changing the models for ${Math.round(waitMs / 1000)} s: wait for it or stop it, and try again`)
    await setTimeout(lookMs)
  }
}
