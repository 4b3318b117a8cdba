import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseIdentity } from '../../mesh/identity.ts'
import type { LocalSpace } from '../../sync/space.ts'
import { openSqliteStore } from '../../sync/store.node.ts'
import { openSync } from '../../sync/sync.ts'
import { verifySpace } from '../../sync/verify.ts'

/** Copies the databases of a home, and what opens them: opening the files themselves would recover them, which the device has to do. */
export function copyStores(home: string, scratch: string): void {
  rmSync(scratch, { recursive: true, force: true })
  mkdirSync(scratch, { recursive: true })
  // A shared-memory file is made anew.
  for (const name of readdirSync(home)) if ((/\.db(-wal|-journal)?$/.test(name) && name !== 'lock.db') || name === 'identity') copyFileSync(join(home, name), join(scratch, name))
}

/** What is wrong with the files that a killed process left, one line each. */
export async function damagedStores(dir: string): Promise<string[]> {
  await new Promise(resolve => setImmediate(resolve)) // SQLite blocks: whoever copied them has something to start first
  const names = readdirSync(dir)
  const damaged = names.filter(name => name.endsWith('.db')).flatMap(name => {
    try {
      const db = new DatabaseSync(join(dir, name))
      try {
        const rows = db.prepare('PRAGMA integrity_check').all().map(found => String(Object.values(found)[0]))
        return rows.length === 1 && rows[0] === 'ok' ? [] : [`${name}: ${rows.join('; ')}`]
      } finally {
        db.close()
      }
    } catch (error) {
      return [`${name}: ${String(error)}`]
    }
  })
  return damaged.length > 0 ? damaged : await damagedSpaces(dir, names)
}

/** Opens the spaces as the device will when it starts again, and compares logs, hashes and view. */
async function damagedSpaces(dir: string, names: readonly string[]): Promise<string[]> {
  if (!names.includes('identity') || !names.includes('sync.db')) return []
  const store = openSqliteStore(join(dir, 'sync.db'))
  try {
    const sync = await openSync({ identity: parseIdentity(readFileSync(join(dir, 'identity'))), card: { name: 'examined', place: 'bench' }, store })
    try {
      return sync.spaces().flatMap(space => verifySpace((space as LocalSpace).state).map(({ text }) => `space ${space.name}: ${text}`))
    } finally {
      await sync.stop()
    }
  } catch (error) {
    store.close()
    return [`sync.db: ${String(error)}`]
  }
}
