import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { KinmeshError } from '../../../mesh/errors.ts'
import { syncFolder } from '../../durable-file.node.ts'
import { diskError, isMissing } from '../../model/store/files.node.ts'

/**
 * A folder that is not there yet, which appears whole or not at all: `fill` writes into one beside it, and what it writes is to be on disk when it resolves.
 * @throws KinmeshError `FolderExists` · `DiskFull` · `StoreFailed`; those of `fill`
 */
export async function newFolder<T>(dir: string, fill: (making: string) => Promise<T>): Promise<T> {
  const to = resolve(dir)
  // Left over from a crash it is begun anew.
  const making = join(dirname(to), `.${basename(to)}.making`)
  try {
    if (await isThere(to)) throw new KinmeshError('FolderExists', `${to} is there already: name a folder that is not, or remove it`)
    await rm(making, { recursive: true, force: true })
    await mkdir(making, { recursive: true })
    const result = await fill(making)
    await syncFolder(making)
    await rename(making, to)
    await syncFolder(dirname(to))
    return result
  } catch (cause) {
    await rm(making, { recursive: true, force: true })
    throw diskError(to, cause)
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (cause) {
    if (isMissing(cause)) return false
    throw cause
  }
}
