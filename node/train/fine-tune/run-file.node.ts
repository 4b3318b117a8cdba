import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { KinmeshError, isKinmeshError } from '../../../mesh/errors.ts'
import { diskError, isMissing, writeAtomic } from '../../model/store/files.node.ts'
import { type Lock, tryLock } from '../../model/store/lock.node.ts'
import type { MemoryPlan } from '../memory-plan.ts'

/** What a training has to find again when it goes on, besides its checkpoints. `startedAt`: Unix ms; what was said later is no part of it, and templates write this day. */
export type RunFile = { readonly startedAt: number; readonly plan: MemoryPlan }

const count = v.pipe(v.number(), v.integer(), v.minValue(1))
const schema = v.strictObject({
  format: v.literal(1), startedAt: v.pipe(v.number(), v.integer(), v.minValue(0)),
  plan: v.strictObject({ checkpoint: v.boolean(), lengths: v.array(count), batchTokens: count, batchesPerStep: count, bytes: count })
})

/** The folder of one training, which one process at a time has. */
export type RunFolder = {
  readonly checkpoints: string
  read(): Promise<RunFile | undefined>
  write(run: RunFile): Promise<void>
  /** When the training is over; or to begin anew. */
  clear(): Promise<void>
  release(): void
}

/** @throws KinmeshError `TrainingBusy` · `StoreFailed` · `DiskFull` */
export async function openRunFolder(dir: string): Promise<RunFolder> {
  const [path, checkpoints] = [join(dir, 'training.json'), join(dir, 'checkpoints')]
  let held: Lock | undefined
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    held = tryLock(join(dir, 'lock'), 'exclusive')
  } catch (cause) {
    throw diskError(dir, cause)
  }
  if (!held) throw new KinmeshError('TrainingBusy', 'another process trains under this name: wait for it or stop it, or give this training a name of its own')
  return {
    checkpoints,
    async read() {
      try {
        const { format: _, ...run } = v.parse(schema, JSON.parse(await readFile(path, 'utf8')))
        return run
      } catch (cause) {
        if (isMissing(cause)) return undefined
        const failure = diskError(path, cause)
        if (isKinmeshError(failure)) throw failure
        throw new KinmeshError('FileCorrupt', `${path} is damaged: begin this training anew with --restart`, { cause })
      }
    },
    write: run => writeAtomic(path, `${JSON.stringify({ format: 1, ...run })}\n`),
    async clear() {
      await rm(path, { force: true })
      await rm(checkpoints, { recursive: true, force: true })
    },
    release: () => held.release()
  }
}
