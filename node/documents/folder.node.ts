import { lstat, opendir, realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { KinmeshError } from '../../mesh/errors.ts'
import { kindOf, type Unread } from './documents.ts'
import { fileError } from './read.node.ts'

/** Of a folder, with all that is in it: more is a disk and no folder of documents. */
const maxEntries = 500_000
const maxFiles = 100_000

/** Files that can be read. `failed`: folders that could not be looked into. `skipped`: links, and files of other kinds. */
export type Found = { readonly files: readonly string[]; readonly failed: readonly Unread[]; readonly skipped: number }

/**
 * What is to be read of a path, sorted. Links inside a folder are not followed, so nothing is read twice or from elsewhere; what begins with a dot, and node_modules, is nobody's document.
 * @param leaveOut a folder that is passed over
 * @throws KinmeshError `FolderTooLarge`; the reason of the signal
 */
export async function filesIn(folder: string, leaveOut: string, signal?: AbortSignal): Promise<Found> {
  const [files, failed, folders]: [string[], Unread[], string[]] = [[], [], [folder]]
  let [entries, skipped] = [0, 0]
  for (let dir = folders.pop(); dir !== undefined; dir = folders.pop()) {
    signal?.throwIfAborted()
    try {
      for await (const entry of await opendir(dir)) {
        const path = join(dir, entry.name)
        if (++entries > maxEntries || files.length > maxFiles) throw new KinmeshError('FolderTooLarge', `it holds more than ${maxFiles} documents or ${maxEntries} files: add the folders in it that you mean`)
        if (entry.name.startsWith('.') || entry.name === 'node_modules' || path === leaveOut) continue
        if (entry.isDirectory()) folders.push(path)
        else if (entry.isFile() && kindOf(entry.name)) files.push(path)
        else skipped++
      }
    } catch (cause) {
      if (cause instanceof KinmeshError) throw cause
      const { code, message } = fileError(cause)
      failed.push({ file: dir, code, message })
    }
  }
  return { files: files.sort(), failed, skipped }
}

/** The real path of what a person named, and whether it is a folder. @throws KinmeshError `NoSuchFile`, `FileUnreadable` */
export async function look(path: string): Promise<{ real: string; isFolder: boolean }> {
  try {
    const real = await realpath(path)
    const about = await lstat(real)
    if (!about.isDirectory() && !about.isFile()) throw new KinmeshError('FileUnreadable', 'it is neither a file nor a folder')
    return { real, isFolder: about.isDirectory() }
  } catch (cause) {
    throw cause instanceof KinmeshError ? cause : fileError(cause)
  }
}

/** The real path of what may be there no longer: as far as it is there. */
export async function realOf(path: string): Promise<string> {
  const whole = resolve(path)
  try {
    return await realpath(whole)
  } catch {
    return dirname(whole) === whole ? whole : join(await realOf(dirname(whole)), basename(whole))
  }
}
