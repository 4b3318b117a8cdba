import { createHash } from 'node:crypto'
import { mkdir, open, readdir, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from '../../durable-file.node.ts'
import { diskError, isMissing } from '../../model/store/files.node.ts'
import { type CheckpointFolder, checkpointsOf } from './checkpoint-files.ts'
import { type Checkpoints, Damage } from './checkpoint.ts'

/** Checkpoints of one training in a folder of its own, which need not be there yet. One process at a time uses it. */
export function checkpointsIn(dir: string): Checkpoints {
  const folder: CheckpointFolder = {
    name: dir,
    async names() {
      const files = await readdir(dir).catch(absent)
      for (const file of files) if (file.endsWith('.checkpoint.tmp')) await unlink(join(dir, file))
      return files
    },
    async write(name, parts) {
      await mkdir(dir, { recursive: true, mode: 0o700 })
      await writeNew(join(dir, name), parts)
      await syncFolder(dir)
    },
    open: async name => {
      const file = await open(join(dir, name), 'r')
      return { size: (await file.stat()).size, readInto: (bytes, offset) => readExactly(file, bytes, offset), close: () => file.close() }
    },
    remove: name => unlink(join(dir, name)),
    sha256: () => createHash('sha256'),
    failed: cause => diskError(dir, cause)
  }
  return checkpointsOf(folder)
}

function absent(cause: unknown): string[] {
  if (isMissing(cause)) return []
  throw cause
}

/** Its content is on disk before it has its name. */
async function writeNew(path: string, parts: Iterable<Uint8Array>): Promise<void> {
  const temp = `${path}.tmp`
  try {
    const file = await open(temp, 'w', 0o600)
    try {
      for (const part of parts) await file.writeFile(part)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temp, path)
  } catch (cause) {
    await unlink(temp).catch(() => {}) // the cause is what the caller must hear; the next start removes what is left
    throw cause
  }
}

async function readExactly(file: Awaited<ReturnType<typeof open>>, bytes: Uint8Array, offset: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, offset + done)
    if (bytesRead === 0) throw new Damage(`it ends at ${offset + done}`)
    done += bytesRead
  }
}
