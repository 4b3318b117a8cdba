import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { badModelFile, quoted } from './model-errors.ts'
import type { FileSource } from './safetensors.ts'

/** The files of one folder, for openTensors. They stay open until `close`: a model that is exchanged meanwhile is read to its end as it was. */
export type FolderFiles = { open(name: string): Promise<FileSource | undefined>; close(): Promise<void> }

/**
 * Links are followed, wherever they lead: the hub's own cache keeps every file of a model as a link to a folder beside it, and what is read is only ever taken
 * for weights. A pipe or a device is none. Names are names: they lead to no other folder.
 */
export function folderFiles(dir: string): FolderFiles {
  const handles: FileHandle[] = []
  return {
    open: async name => {
      if (name !== basename(name) || name.includes('\\') || ['', '.', '..'].includes(name)) throw badModelFile(`${quoted(name)} is not the name of a file: get the model again`)
      const path = join(dir, name)
      const handle = await openFile(path)
      if (!handle) return undefined
      handles.push(handle)
      const stats = await handle.stat()
      if (!stats.isFile()) throw badModelFile(`${path} is not a file: choose the folder of a model`)
      return { size: stats.size, read: (offset, length) => readFrom(handle, path, offset, length) }
    },
    close: async () => {
      await Promise.all(handles.splice(0).map(handle => handle.close()))
    }
  }
}

async function openFile(path: string): Promise<FileHandle | undefined> {
  try {
    // Without waiting: opening a pipe would last until somebody writes to it.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw unreadable(path, cause)
  }
}

/** Fewer bytes only where the file ends. */
async function readFrom(handle: FileHandle, path: string, offset: number, length: number): Promise<Uint8Array> {
  // Not filled with zeros first, which takes as long as half the reading; and its own, not part of a pool.
  const bytes = Buffer.allocUnsafeSlow(length)
  let filled = 0
  try {
    while (filled < length) {
      const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
  } catch (cause) {
    throw unreadable(path, cause)
  }
  return new Uint8Array(bytes.buffer, 0, filled)
}

function unreadable(path: string, cause: unknown): Error {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  return badModelFile(`cannot read ${path} (${reason}): check the disk and the permissions of this file, then try again`, cause)
}
