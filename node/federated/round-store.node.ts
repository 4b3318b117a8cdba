import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addressOf } from '../../federated/compression/chunks.ts'
import type { RoundStore } from '../../federated/round/store.ts'
import { sha256Hex } from '../../mesh/crypto.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import { diskError, isMissing } from '../model/store/files.node.ts'
import { openTaskFiles } from './task-files.node.ts'

/** Messages of 64 devices, some of them with lists of the others. */
const maxRoundBytes = 16 * 1024 * 1024
const address = /^[0-9a-f]{64}$/

/**
 * Rounds of this device in files of `dir`: states are durable, pieces of payloads are not, as they are found by their hash and asked for again. Pieces of rounds that are not there any more go at the start.
 * @throws KinmeshError `StoreFailed`
 */
export async function openRoundStore(dir: string): Promise<RoundStore> {
  const files = await openTaskFiles(dir, { kind: 'round', maxBytes: maxRoundBytes })
  const pieces = join(dir, 'pieces')
  const guarded = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (cause) {
      throw diskError(path, cause)
    }
  }
  const folderOf = (round: string) => join(pieces, sha256Hex(round))
  await guarded(pieces, async () => {
    await mkdir(pieces, { recursive: true, mode: 0o700 })
    const held = new Set((await readdir(dir)).filter(name => name.endsWith('.round')).map(name => name.slice(0, -'.round'.length)))
    for (const name of await readdir(pieces)) if (!held.has(name)) await rm(join(pieces, name), { recursive: true, force: true })
  })
  return {
    load: () => files.all(),
    save: (round, state) => files.write(round, state),
    blobs(round) {
      const pathOf = (piece: string) => {
        if (!address.test(piece)) throw new KinmeshError('BadAddress', 'a piece is named by a SHA-256 in hex')
        return join(folderOf(round), piece)
      }
      return {
        get: piece => guarded(folderOf(round), async () => {
          try {
            const bytes = new Uint8Array(await readFile(pathOf(piece)))
            // What the disk changed is as good as lost.
            return addressOf(bytes) === piece ? bytes : undefined
          } catch (cause) {
            if (isMissing(cause)) return undefined
            throw cause
          }
        }),
        put: (piece, bytes) => guarded(folderOf(round), async () => {
          await mkdir(folderOf(round), { recursive: true, mode: 0o700 })
          const making = `${pathOf(piece)}.${randomBytes(4).toString('hex')}.tmp`
          await writeFile(making, bytes, { mode: 0o600 })
          await rename(making, pathOf(piece))
        })
      }
    },
    async drop(round) {
      await files.remove(round)
      await guarded(pieces, () => rm(folderOf(round), { recursive: true, force: true }))
    }
  }
}
