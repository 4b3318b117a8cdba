import { createHash } from 'node:crypto'
import { createReadStream, existsSync, rmSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { LargeIndexes } from './growing-index.ts'
import type { OpenLargeIndex } from './vector-index.ts'

/** Large indexes, kept in the file `path`. The library trusts what it reads, so a file is read only if it is, byte by byte, the one that was written. */
export function largeIndexes(open: OpenLargeIndex, path: string): LargeIndexes {
  const beside = `${path}.new`
  const drop = () => {
    for (const each of [path, beside]) rmSync(each, { force: true })
  }
  return {
    create: dimensions => open(dimensions),
    async load(dimensions, sha256) {
      if (!existsSync(path) || (await hashOf(path)) !== sha256) {
        drop()
        return undefined
      }
      return open(dimensions, path)
    },
    async save(index) {
      await index.save(beside)
      const sha256 = await hashOf(beside)
      await rename(beside, path)
      return sha256
    },
    drop
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
