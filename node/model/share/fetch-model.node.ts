import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { compare } from 'uint8arrays/compare'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { sha256, sha256Hex } from '#mesh/sha256'
import { hashBytes } from '../../../mesh/crypto.ts'
import { diskError, hashFile, walk } from '../store/files.node.ts'
import type { ModelFile } from '../store/manifest.ts'
import type { Meter } from '../store/meter.ts'
import type { ModelStore, Staging } from '../store/store.ts'
import { type ModelLink, type Offer, wrong } from './ask.ts'
import { chunkBytes } from './limits.ts'
import type { Sources } from './sources.ts'

export type FetchOptions = { readonly store: ModelStore; readonly staging: Staging; readonly sources: Sources; readonly meter: Meter; readonly signal: AbortSignal }

/**
 * Gets the files of a model into the staging room, where some of them, or parts of them, may lie from earlier: from one device after the other, until each file is what
 * the manifest says.
 * @throws KinmeshError `PeerLost`, `DiskFull`, `StoreFailed`
 */
export async function fetchModel({ manifest }: Offer, options: FetchOptions): Promise<void> {
  const { store, staging, meter, signal } = options
  try {
    const missing: ModelFile[] = []
    const { files: there } = await walk(staging.dir)
    for (const file of manifest.files) {
      const isWhole = there.get(file.path) === file.bytes && (await hashFile(join(staging.dir, file.path), { signal })) === file.sha256
      if (isWhole) meter.add(file.bytes, false)
      else missing.push(file)
    }
    const { files: parts } = await walk(staging.workDir)
    const sum = (sizes: Iterable<number>) => [...sizes].reduce((total, bytes) => total + bytes, 0)
    await store.ensureSpace(Math.max(0, sum(missing.map(({ bytes }) => bytes)) - sum(parts.values())))
    // The small ones first: what is wrong with a model shows before gigabytes have come.
    for (const file of missing.sort((a, b) => a.bytes - b.bytes)) await fetchFile(file, options)
  } catch (cause) {
    throw diskError(staging.dir, cause)
  }
}

async function fetchFile(file: ModelFile, { staging, sources, meter, signal }: FetchOptions): Promise<void> {
  let counted = 0
  const count = (bytes: number, fetched: boolean) => {
    counted += bytes
    meter.add(bytes, fetched)
    if (fetched) sources.progressed()
  }
  await sources.use(async link => {
    meter.takeBack(counted)
    counted = 0
    await fillFrom(link, file, { staging, count, signal })
  })
}

/**
 * What one device says of a file decides which chunks are taken, so what came so far lies under a name made of that: a device that lies cannot spoil what came from another
 * one. Whether it lied shows when the file is whole.
 */
async function fillFrom(link: ModelLink, file: ModelFile, { staging, count, signal }: { staging: Staging; count: (bytes: number, fetched: boolean) => void; signal: AbortSignal }): Promise<void> {
  const wanted = { content: fromString(file.sha256, 'hex'), bytes: file.bytes }
  // A file of one chunk has a hash already.
  const hashes = file.bytes > chunkBytes ? await link.hashes(wanted) : wanted.content
  const part = join(staging.workDir, `${sha256Hex(`${file.sha256} ${toString(hashes, 'hex')}`).slice(0, 32)}.part`)
  const whole = createHash('sha256')
  const isRight = (chunk: Uint8Array, index: number) => compare(sha256(chunk), hashes.subarray(index * hashBytes, (index + 1) * hashBytes)) === 0
  const target = join(staging.dir, file.path)

  const handle = await open(part, constants.O_RDWR | constants.O_CREAT, 0o600)
  try {
    let index = 0
    for await (const chunk of wholeChunks(handle, file.bytes)) {
      signal.throwIfAborted()
      if (!isRight(chunk, index)) break
      whole.update(chunk)
      count(chunk.length, false)
      index++
    }
    await handle.truncate(Math.min(index * chunkBytes, file.bytes))
    for await (const chunk of link.chunks(wanted, index)) {
      signal.throwIfAborted()
      if (!isRight(chunk, index)) throw wrong(`sends other bytes of ${file.path} than it says it has`)
      await writeAt(handle, chunk, index * chunkBytes)
      whole.update(chunk)
      count(chunk.length, true)
      index++
    }
  } finally {
    await handle.close()
  }
  if (whole.digest('hex') !== file.sha256) {
    await rm(part, { force: true })
    throw wrong(`says of ${file.path} that it has other content than it has`)
  }
  await mkdir(dirname(target), { recursive: true, mode: 0o700 })
  await rename(part, target)
}

/** What of a part is there, chunk by chunk, each good until the next; a chunk that was cut off is not there. */
async function* wholeChunks(handle: FileHandle, bytes: number): AsyncGenerator<Uint8Array> {
  const room = new Uint8Array(chunkBytes)
  for (let start = 0; start < bytes; start += chunkBytes) {
    const chunk = room.subarray(0, Math.min(chunkBytes, bytes - start))
    for (let filled = 0; filled < chunk.length; ) {
      const { bytesRead } = await handle.read(chunk, filled, chunk.length - filled, start + filled)
      if (bytesRead === 0) return
      filled += bytesRead
    }
    yield chunk
  }
}

async function writeAt(handle: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) done += (await handle.write(bytes, done, bytes.length - done, offset + done)).bytesWritten
}
