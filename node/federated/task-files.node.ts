import { mkdir, open, readdir, unlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { sha256Hex } from '../../mesh/crypto.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import { replaceFile, syncFolder } from '../durable-file.node.ts'
import { diskError, isMissing } from '../model/store/files.node.ts'

/** One small file for each task in a folder of their own. */
export type TaskFiles = {
  /** Undefined where there is none. @throws KinmeshError `StoreFailed` · `TaskFileTooLarge` */
  read(task: string): Promise<Uint8Array | undefined>
  /** At once and for good: after a crash the old bytes are there or the new ones. @throws KinmeshError `StoreFailed` · `DiskFull` · `TaskFileTooLarge` */
  write(task: string, bytes: Uint8Array): Promise<void>
  /** For good when it resolves. @throws KinmeshError `StoreFailed` */
  remove(task: string): Promise<void>
  /** All there are. @throws KinmeshError `StoreFailed` · `TaskFileTooLarge` */
  all(): Promise<Uint8Array[]>
}

/**
 * Opens, and on first use makes, a folder whose files are named by the hash of the task, as a task's name may hold any character. `kind`: the end of their names. What a crash left half-written goes.
 * One process at a time has it, as it has the home.
 * @throws KinmeshError `StoreFailed`
 */
export async function openTaskFiles(dir: string, { kind, maxBytes }: { readonly kind: string; readonly maxBytes: number }): Promise<TaskFiles> {
  const ending = `.${kind}`
  const pathOf = (task: string) => join(dir, `${sha256Hex(task)}${ending}`)
  const names = async () => (await readdir(dir)).filter(name => name.endsWith(ending)).sort()
  const guarded = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (cause) {
      throw diskError(path, cause)
    }
  }
  const tooLarge = (path: string, bytes: number) => new KinmeshError('TaskFileTooLarge', `${path} has ${bytes} bytes, and ${maxBytes} are the most: leave the task, or move this file away`)
  const readBounded = async (path: string): Promise<Uint8Array> => {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      if (size > maxBytes) throw tooLarge(path, size)
      return new Uint8Array(await file.readFile())
    } finally {
      await file.close()
    }
  }
  await guarded(dir, async () => {
    // Each folder that is new is on disk once the one above is.
    for (let first = await mkdir(dir, { recursive: true, mode: 0o700 }), at = resolve(dir); first !== undefined; at = resolve(at, '..')) {
      await syncFolder(resolve(at, '..'))
      if (at === resolve(first)) break
    }
    for (const name of await readdir(dir)) if (name.includes(`${ending}.`) && name.endsWith('.tmp')) await unlink(join(dir, name))
  })
  return {
    read: task => guarded(pathOf(task), async () => {
      try {
        return await readBounded(pathOf(task))
      } catch (cause) {
        if (isMissing(cause)) return undefined
        throw cause
      }
    }),
    async write(task, bytes) {
      if (bytes.length > maxBytes) throw tooLarge(pathOf(task), bytes.length)
      await guarded(pathOf(task), () => replaceFile(pathOf(task), bytes))
    },
    remove: task => guarded(pathOf(task), async () => {
      try {
        await unlink(pathOf(task))
        await syncFolder(dir)
      } catch (cause) {
        if (!isMissing(cause)) throw cause
      }
    }),
    all: () => guarded(dir, async () => Promise.all((await names()).map(name => readBounded(join(dir, name)))))
  }
}
