import { sha256 } from '@noble/hashes/sha2.js'
import { cacheError } from '../../model/cache/cache-errors.ts'
import { type CheckpointFolder, checkpointsOf } from './checkpoint-files.ts'
import { type Checkpoints, Damage } from './checkpoint.ts'

/** What a file has for a name until it is whole. */
const unfinished = '.tmp'

/**
 * Checkpoints of one training in a folder of the page's own files (OPFS), for a worker: only there they are written at once, and flushed. A browser does not say that a new name is on
 * the disk as well: should a power cut take it back, the checkpoint before is there.
 */
export function checkpointsInPage(directory: FileSystemDirectoryHandle): Checkpoints {
  const folder: CheckpointFolder = {
    name: `"${directory.name}" of this page's files`,
    async names() {
      const names: string[] = []
      for await (const name of directory.keys()) names.push(name)
      for (const name of names) if (name.endsWith(unfinished)) await directory.removeEntry(name)
      return names
    },
    write: (name, parts) => writeNew(directory, name, parts),
    async open(name) {
      const file = await (await directory.getFileHandle(name)).getFile()
      return { size: file.size, readInto: (bytes, offset) => readExactly(file, bytes, offset), close: async () => {} }
    },
    remove: name => directory.removeEntry(name),
    sha256: () => sha256.create(),
    failed: trainingError
  }
  return checkpointsOf(folder)
}

/** As `cacheError`, of a training. */
export function trainingError(cause: unknown): unknown {
  return cause instanceof DOMException ? cacheError(cause, 'this training') : cause
}

/** The content of a file is on disk before it has its name. */
export async function writeNew(directory: FileSystemDirectoryHandle, name: string, parts: Iterable<Uint8Array>): Promise<void> {
  const temp = `${name}${unfinished}`
  try {
    const file = await directory.getFileHandle(temp, { create: true })
    const handle = await file.createSyncAccessHandle()
    try {
      handle.truncate(0)
      let at = 0
      for (const part of parts) for (let done = 0; done < part.length; ) {
        const written = handle.write(part.subarray(done), { at })
        done += written
        at += written
      }
      handle.flush()
    } finally {
      handle.close()
    }
    await file.move(name)
  } catch (cause) {
    await directory.removeEntry(temp).catch(() => {}) // the cause is what the caller must hear; the next start removes what is left
    throw cause
  }
}

async function readExactly(file: File, bytes: Uint8Array, offset: number): Promise<void> {
  const part = new Uint8Array(await file.slice(offset, offset + bytes.length).arrayBuffer())
  if (part.length < bytes.length) throw new Damage(`it ends at ${offset + part.length}`)
  bytes.set(part)
}
