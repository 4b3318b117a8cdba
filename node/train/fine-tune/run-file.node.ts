import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { KinmeshError, isKinmeshError } from '../../../mesh/errors.ts'
import { diskError, isMissing, writeAtomic } from '../../model/store/files.node.ts'
import { type Lock, tryLock } from '../../model/store/lock.node.ts'
import { checkpointsIn } from '../trainer/checkpoint.node.ts'
import { type RunFolder, parseRun, runFileName, runText } from './run-file.ts'

/** @throws KinmeshError `TrainingBusy` · `StoreFailed` · `DiskFull` */
export async function openRunFolder(dir: string): Promise<RunFolder> {
  const [path, checkpoints] = [join(dir, runFileName), join(dir, 'checkpoints')]
  let held: Lock | undefined
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    held = tryLock(join(dir, 'lock'), 'exclusive')
  } catch (cause) {
    throw diskError(dir, cause)
  }
  if (!held) throw new KinmeshError('TrainingBusy', 'another process trains under this name: wait for it or stop it, or give this training a name of its own')
  return {
    checkpoints: checkpointsIn(checkpoints),
    async read() {
      try {
        return parseRun(await readFile(path, 'utf8'))
      } catch (cause) {
        if (isMissing(cause)) return undefined
        const failure = diskError(path, cause)
        if (isKinmeshError(failure)) throw failure
        throw new KinmeshError('FileCorrupt', `${path} is damaged: begin this training anew with --restart`, { cause })
      }
    },
    write: run => writeAtomic(path, runText(run)),
    async clear() {
      await rm(path, { force: true })
      await rm(checkpoints, { recursive: true, force: true })
    },
    release: () => held.release()
  }
}
