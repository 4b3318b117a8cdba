import { randomBytes } from 'node:crypto'
import { open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Replaces a file at once and for good: after a crash either the old bytes are there or the new ones. @throws the error of the system; the old file is as it was */
export async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  const temp = `${path}.${randomBytes(4).toString('hex')}.tmp`
  try {
    await writeSynced(temp, content)
    await rename(temp, path)
    await syncFolder(dirname(path))
  } catch (cause) {
    await unlink(temp).catch(() => {}) // the cause is what the caller must hear; the next start removes what is left
    throw cause
  }
}

/** A file whose content is on disk; its name is once its folder is. */
export async function writeSynced(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, 'w', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A new name in a folder is on disk once the folder is. */
export async function syncFolder(dir: string): Promise<void> {
  if (process.platform === 'win32') return // Windows neither needs nor allows it
  const folder = await open(dir, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
