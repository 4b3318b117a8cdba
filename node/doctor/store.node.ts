import { statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import type { Sync } from '../../sync/types.ts'
import { fail, ok, warn, type Check } from './check.ts'

/** Below this much free space, in bytes, a device soon cannot remember any more … */
const lowSpace = 500 * 1024 * 1024
/** … and below this one it may fail at any moment. */
const noSpace = 50 * 1024 * 1024

export function checkHome(dir: string): Check {
  const mode = statSync(dir).mode & 0o777
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) return warn('home', `${dir} can be read by others on this machine (mode ${mode.toString(8)})`, `chmod 700 ${dir}`)
  return ok('home', dir)
}

export async function checkDisk(dir: string): Promise<Check> {
  const { bavail, bsize } = await statfs(dir)
  return diskCheck(bavail * bsize)
}

/** @param freeBytes that this device may still use */
export function diskCheck(freeBytes: number): Check {
  const text = `${(freeBytes / 1e9).toFixed(1)} GB free`
  if (freeBytes < noSpace) return fail('disk', text, 'free some disk space: nothing more can be remembered until then')
  return freeBytes < lowSpace ? warn('disk', text, 'free some disk space soon') : ok('disk', text)
}

/** Reads the whole file of the store beside the device that uses it: damage shows where nothing was read for months. */
export function checkStore(file: string, sync: Sync): Check {
  const damage = damageOf(file)
  if (damage) return fail('store', `${file} is damaged: ${damage}`, 'stop this device, move the file away and start again: it fetches everything from your other devices; restore a backup if there is none')
  if (sync.removed) return fail('store', 'this device was removed from its mesh: it keeps what it has, and no longer syncs', 'stop it and start it again: it then goes on with a new key and what it had, and can be let in with kinmesh invite and kinmesh join')
  const faults = sync.faults()
  const last = faults.at(-1)
  const count = sync.spaces().reduce((sum, space) => sum + space.count, 0)
  const memories = count === 1 ? '1 memory' : `${count} memories`
  return last ? warn('store', `${memories}; ${faults.length} faults, the last: ${last.text}`, 'see kinmesh status for all of them') : ok('store', `${memories}, and the file is whole`)
}

function damageOf(file: string): string | undefined {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(file, { readOnly: true })
    const result = String(db.prepare('PRAGMA quick_check(1)').get()?.['quick_check'])
    return result === 'ok' ? undefined : result
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    db?.close()
  }
}
