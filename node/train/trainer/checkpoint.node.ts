import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { KinmeshError } from '../../../mesh/errors.ts'
import { syncFolder } from '../../durable-file.node.ts'
import { chunksOf, diskError, isMissing } from '../../model/store/files.node.ts'
import { type CheckpointHeader, type Checkpoints, Damage, checkSame, checkpointParts, hashBytes, headerLength, prefixBytes, readHeader, restore } from './checkpoint.ts'

/** The last one, and the one before for the case that a disk spoils it. */
const keptCheckpoints = 2
const name = /^step-(\d{12})\.checkpoint$/
const nameOf = (step: number) => `step-${String(step).padStart(12, '0')}.checkpoint`

/** Checkpoints of one training in a folder of its own, which need not be there yet. One process at a time uses it. */
export function checkpointsIn(dir: string): Checkpoints {
  return {
    async save(recipe, state) {
      try {
        await mkdir(dir, { recursive: true, mode: 0o700 })
        await writeNew(join(dir, nameOf(state.step)), checkpointParts(recipe, state))
        await syncFolder(dir)
        // Later ones were damaged, else this training had gone on from them.
        const files = await checkpointsOf(dir)
        for (const file of files.filter((file, at) => file > nameOf(state.step) || at >= files.indexOf(nameOf(state.step)) + keptCheckpoints)) await unlink(join(dir, file))
      } catch (cause) {
        throw diskError(dir, cause)
      }
    },
    async load(recipe, state) {
      const notes: string[] = []
      try {
        const files = await checkpointsOf(dir)
        for (const file of files) {
          try {
            await readWhole(join(dir, file), async (handle, header, start) => {
              checkSame(dir, header, recipe, state)
              await restore(header, state, start, (bytes, offset) => readExactly(handle, bytes, offset))
            })
            return { notes }
          } catch (error) {
            if (!(error instanceof Damage)) throw error
            notes.push(`the checkpoint ${file} is damaged (${error.message}): the training goes on from the one before`)
          }
        }
        if (files.length > 0) throw new KinmeshError('CheckpointDamaged', `no checkpoint in ${dir} is whole: check the disk; remove the folder to begin anew`)
        return undefined
      } catch (cause) {
        throw diskError(dir, cause)
      }
    }
  }
}

/** Names of the checkpoints in a folder, the last first. What a crash left half-written goes. */
async function checkpointsOf(dir: string): Promise<string[]> {
  let files: string[]
  try {
    files = await readdir(dir)
  } catch (cause) {
    if (isMissing(cause)) return []
    throw cause
  }
  for (const file of files) if (file.endsWith('.checkpoint.tmp')) await unlink(join(dir, file))
  return files.filter(file => name.test(file)).sort().reverse()
}

/** Its content is on disk before it has its name. */
async function writeNew(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const temp = `${path}.tmp`
  const hash = createHash('sha256')
  try {
    const file = await open(temp, 'w', 0o600)
    try {
      for (const part of parts) {
        hash.update(part)
        await file.writeFile(part)
      }
      await file.writeFile(hash.digest())
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

/** Checks a checkpoint to its last bit before `use` reads anything of it into a training. @throws Damage */
async function readWhole(path: string, use: (file: FileHandle, header: CheckpointHeader, start: number) => Promise<void>): Promise<void> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    if (size < prefixBytes + hashBytes) throw new Damage(`it has ${size} bytes`)
    const prefix = new Uint8Array(prefixBytes)
    await readExactly(file, prefix, 0)
    const text = new Uint8Array(Math.min(headerLength(prefix), size - prefixBytes - hashBytes))
    await readExactly(file, text, prefixBytes)
    await checkHash(path, file, size)
    await use(file, readHeader(text, size), prefixBytes + text.length)
  } finally {
    await file.close()
  }
}

async function checkHash(path: string, file: FileHandle, size: number): Promise<void> {
  const hash = createHash('sha256')
  let left = size - hashBytes
  for await (const chunk of chunksOf(path)) {
    hash.update(chunk.subarray(0, left))
    left = Math.max(0, left - chunk.length)
  }
  const expected = Buffer.alloc(hashBytes)
  await readExactly(file, expected, size - hashBytes)
  if (!hash.digest().equals(expected)) throw new Damage('its content is not what it was')
}

async function readExactly(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, offset + done)
    if (bytesRead === 0) throw new Damage(`it ends at ${offset + done}`)
    done += bytesRead
  }
}
