import { cacheError } from './cache-errors.ts'
import type { FileCache, FileWrite } from './file-cache.ts'

/** In the origin private file system (https://fs.spec.whatwg.org/). Only workers write there a piece at a time. @throws KinmeshError `StoreFailed` */
export async function openOpfs(folder: string): Promise<FileCache> {
  const directory = await navigator.storage.getDirectory().then(root => root.getDirectoryHandle(folder, { create: true })).catch(failed)
  return {
    keptIn: 'opfs',
    resumes: true,
    async names() {
      const names: string[] = []
      for await (const name of directory.keys()) names.push(name)
      return names
    },
    read: name => directory.getFileHandle(name).then(handle => handle.getFile()).catch(absent),
    write: async (name, from) => writeAt(await directory.getFileHandle(name, { create: true }).catch(failed), from),
    remove: name => directory.removeEntry(name).catch(absent)
  }
}

async function writeAt(file: FileSystemFileHandle, from: number): Promise<FileWrite> {
  const handle = await file.createSyncAccessHandle().catch(failed)
  let at = from
  try {
    handle.truncate(from)
  } catch (cause) {
    handle.close()
    throw cacheError(cause)
  }
  return {
    async add(bytes) {
      try {
        for (let done = 0; done < bytes.length; ) {
          const written = handle.write(bytes.subarray(done), { at })
          done += written
          at += written
        }
      } catch (cause) {
        failed(cause)
      }
    },
    async finish() {
      try {
        handle.flush()
      } catch (cause) {
        failed(cause)
      } finally {
        handle.close()
      }
    },
    // What is not on the disk is fetched once more.
    leave: async () => handle.close()
  }
}

function failed(cause: unknown): never {
  throw cacheError(cause)
}

function absent(cause: unknown): undefined {
  if (cause instanceof Error && cause.name === 'NotFoundError') return undefined
  throw cacheError(cause)
}
