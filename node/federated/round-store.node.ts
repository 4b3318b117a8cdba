import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { RoundStore } from '../../federated/round/store.ts'
import { sha256Hex } from '../../mesh/crypto.ts'
import { KinmeshError } from '../../mesh/errors.ts'
import { diskError } from '../model/store/files.node.ts'
import { PieceFile } from './pieces.node.ts'
import { openTaskFiles } from './task-files.node.ts'

/** Messages of 64 devices, some of them with lists of the others. */
const maxRoundBytes = 16 * 1024 * 1024
const piecesEnding = '.pieces'
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
  const pathOf = (round: string) => join(pieces, `${sha256Hex(round)}${piecesEnding}`)
  const held = new Map<string, PieceFile>()
  const fileOf = (round: string): PieceFile => {
    const file = held.get(round) ?? new PieceFile(pathOf(round))
    held.set(round, file)
    return file
  }
  await guarded(pieces, async () => {
    await mkdir(pieces, { recursive: true, mode: 0o700 })
    const wanted = new Set((await readdir(dir)).filter(name => name.endsWith('.round')).map(name => `${name.slice(0, -'.round'.length)}${piecesEnding}`))
    for (const name of await readdir(pieces)) if (!wanted.has(name)) await rm(join(pieces, name), { recursive: true, force: true })
  })
  return {
    load: () => files.all(),
    save: (round, state) => files.write(round, state),
    blobs: round => ({
      get: piece => guarded(pathOf(round), async () => fileOf(round).get(checked(piece))),
      put: (piece, bytes) => guarded(pathOf(round), async () => fileOf(round).put(checked(piece), bytes))
    }),
    async drop(round) {
      await files.remove(round)
      held.delete(round)
      await guarded(pathOf(round), () => rm(pathOf(round), { force: true }))
    }
  }
}

function checked(piece: string): string {
  if (!address.test(piece)) throw new KinmeshError('BadAddress', 'a piece is named by a SHA-256 in hex')
  return piece
}
