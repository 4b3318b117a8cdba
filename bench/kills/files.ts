import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * Looks at the SQLite files that a killed process left, and returns what is wrong with them, one line each. Copies are opened in
 * `scratch`: opening the files themselves would recover them, which the device has to do.
 */
export function damagedFiles(home: string, scratch: string): string[] {
  rmSync(scratch, { recursive: true, force: true })
  mkdirSync(scratch, { recursive: true })
  const names = readdirSync(home)
  // Of a rollback journal or a shared-memory file nothing is needed: the first is never used, the second is made anew.
  for (const name of names) if (/\.db(-wal)?$/.test(name) && name !== 'lock.db') copyFileSync(join(home, name), join(scratch, name))
  return names.filter(name => name.endsWith('.db') && name !== 'lock.db').flatMap(name => {
    try {
      const db = new DatabaseSync(join(scratch, name))
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
}
