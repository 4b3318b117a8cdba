import { KinmeshError } from '../../../mesh/errors.ts'
import { silentLogger } from '../../../mesh/log.ts'
import type { ModelFile } from '../store/manifest.ts'
import { type RetryOptions, withRetries } from '../store/retry.ts'
import { fetchFile } from './fetch-file.ts'
import type { FileCache, FileWrite } from './file-cache.ts'
import { PiecedHash, pieceBytes } from './pieced-hash.ts'

export type ModelFetch = {
  readonly cache: FileCache
  /** Of the folder. */
  readonly url: string
  /** Bytes that are there, just fetched or from before; less than none where they turn out to be of no use. */
  readonly onBytes: (bytes: number, fetched: boolean) => void
  readonly wait: RetryOptions['wait']
  readonly signal?: AbortSignal | undefined
}

/** Where a file of a model is to be asked for. */
export function addressOf(folder: string, path: string): string {
  return new URL(path.split('/').map(encodeURIComponent).join('/'), folder.endsWith('/') ? folder : `${folder}/`).href
}

/**
 * Brings a file into the cache, under its SHA-256, from where an earlier attempt ended. Returns the hashes of its pieces.
 * @throws KinmeshError `DownloadFailed` · `WrongHash` (what came is thrown away then) · `DiskFull` · `StoreFailed`; the reason of the signal
 */
export async function fetchInto(file: ModelFile, { cache, url, onBytes, wait, signal }: ModelFetch): Promise<readonly string[]> {
  const there = await cache.read(file.sha256)
  let hash = new PiecedHash()
  let have = 0
  let write: FileWrite | undefined
  const count = (bytes: Uint8Array, fetched: boolean) => {
    hash.update(bytes)
    have += bytes.length
    onBytes(bytes.length, fetched)
  }
  const forget = () => {
    onBytes(-have, false)
    ;[hash, have] = [new PiecedHash(), 0]
  }
  /** What is there is read before it is written on: a browser gives the bytes of a file as long as nobody changes it. */
  const takeUp = async (there: Blob) => {
    try {
      for await (const piece of piecesOf(there)) count(piece, false)
    } catch (cause) {
      if (!(cause instanceof DOMException)) throw cause
      forget() // a disk that cannot be read
    }
  }
  const startOver = async () => {
    forget()
    await write?.leave()
    write = undefined
    write = await cache.write(file.sha256, 0)
  }
  const take = async (bytes: Uint8Array<ArrayBuffer>) => {
    await write?.add(bytes)
    count(bytes, true)
  }
  const attempt = () => fetchFile(addressOf(url, file.path), file, { from: have, take, startOver, signal })
  try {
    if (there && (there.size === file.bytes || (cache.resumes && there.size < file.bytes))) await takeUp(there)
    if (have < file.bytes || file.bytes === 0) write = await cache.write(file.sha256, have)
    for (let isResumed = have > 0; ; isResumed = false) {
      if (have < file.bytes) await withRetries(attempt, { what: file.path, progress: () => have, wait, log: silentLogger, signal })
      const { sha256, pieces } = hash.end()
      if (sha256 === file.sha256) {
        await write?.finish()
        return pieces
      }
      // The first bytes may be of an earlier attempt that ended badly: once more, from nothing.
      await startOver()
      if (!isResumed) throw new KinmeshError('WrongHash', `${file.path} is not what its manifest says: try again; if it stays so, the server or the way to it is damaged`)
    }
  } catch (cause) {
    await write?.leave()
    throw cause
  }
}

/** The bytes of a file, some at a time. @throws DOMException where the disk cannot be read, or the file was changed */
export async function* piecesOf(blob: Blob): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  for (let at = 0; at < blob.size; at += pieceBytes) yield new Uint8Array(await blob.slice(at, at + pieceBytes).arrayBuffer())
}
