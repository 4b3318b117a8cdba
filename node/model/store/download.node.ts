import { createHash, type Hash } from 'node:crypto'
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { KinmeshError } from '../../../mesh/errors.ts'
import type { Logger } from '../../../mesh/log.ts'
import { chunksOf, diskError } from './files.node.ts'
import { asPassing, type Http } from './http.node.ts'
import type { HubFile } from './hub.ts'
import type { Meter } from './meter.ts'
import { PassingError, withRetries, type RetryOptions } from './retry.ts'

export type DownloadOptions = {
  http: Http
  meter: Meter
  /** Address below the endpoint. */
  address: string
  /** What has come so far; it is named after the content that it is to have, so that a file that changed starts over. */
  part: string
  /** Where it lies when it is whole. */
  target: string
  wait: RetryOptions['wait']
  log: Logger
  signal: AbortSignal
}

/**
 * Fetches one file, from where an earlier attempt ended, and returns its SHA-256. It is at its place only when its content was checked.
 * @throws KinmeshError `DownloadFailed`, `WrongHash` (what came is thrown away then), `DiskFull`
 */
export async function download(file: HubFile, options: DownloadOptions): Promise<string> {
  const { part, target } = options
  const handle = await open(part, 'a+', 0o600)
  let sha256: string | undefined
  try {
    sha256 = await fill(handle, file, options)
  } catch (cause) {
    throw diskError(part, cause)
  } finally {
    await handle.close()
    if (sha256 === undefined && (await stat(part)).size === 0) await rm(part, { force: true })
  }
  await mkdir(dirname(target), { recursive: true, mode: 0o700 })
  await rename(part, target)
  return sha256
}

async function fill(handle: FileHandle, file: HubFile, { http, meter, address, part, wait, log, signal }: DownloadOptions): Promise<string> {
  let digest = createDigest(file)
  let have = 0
  let isResumed = false

  const startOver = async () => {
    await handle.truncate(0)
    meter.takeBack(have)
    digest = createDigest(file)
    have = 0
    isResumed = false
  }
  const take = (chunk: Uint8Array, fetched: boolean) => {
    digest.update(chunk)
    have += chunk.length
    meter.add(chunk.length, fetched)
  }
  const wrong = async (problem: string): Promise<never> => {
    await startOver()
    throw new KinmeshError('WrongHash', `${file.path} is not what the hub lists (${problem}): try again; if it stays so, the hub or the way to it is damaged`)
  }

  const attempt = async () => {
    const guard = http.guard(signal)
    try {
      isResumed ||= have > 0
      const { response, etag } = await http.open(address, have, guard)
      if (etag !== null && isOther(etag, file)) await wrong('its name for the content has changed')
      if (response.status === 416) {
        await startOver()
        throw new PassingError('it has no such part of the file')
      }
      if (response.status === 200 && have > 0) await startOver() // it cannot give parts
      const range = response.headers.get('content-range')
      if (response.status === 206 && range !== `bytes ${have}-${file.bytes - 1}/${file.bytes}`) throw new PassingError(`the hub gives another part than was asked for: ${(range ?? 'none').slice(0, 80)}`)
      for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
        guard.alive()
        if (have + chunk.length > file.bytes) await wrong(`it has more than the ${file.bytes} bytes of the listing`)
        await handle.appendFile(chunk)
        take(chunk, true)
      }
      if (have < file.bytes) throw new PassingError(`cut after ${have} of ${file.bytes} bytes`)
    } catch (cause) {
      throw asPassing(cause, guard)
    } finally {
      guard.stop()
    }
  }

  const { size } = await handle.stat()
  if (size > file.bytes) await startOver()
  else if (size > 0) for await (const chunk of chunksOf(part, signal)) take(chunk, false)
  isResumed = have > 0
  for (let isSecond = false; ; isSecond = true) {
    if (have < file.bytes) await withRetries(attempt, { what: file.path, progress: () => have, wait, log, signal })
    const result = digest.end()
    if (result.isRight) return result.sha256
    // The first bytes may be of an older attempt, which a power cut or a proxy spoilt: once more, from nothing, and not again.
    if (!isResumed || isSecond) await wrong('another hash')
    await startOver()
  }
}

/** A hub that names content by its hash says early that a file is another one. */
function isOther(etag: string, { sha256, gitSha1 }: HubFile): boolean {
  if (sha256 !== null) return /^[0-9a-f]{64}$/.test(etag) && etag !== sha256
  return /^[0-9a-f]{40}$/.test(etag) && etag !== gitSha1
}

type Digest = { update(chunk: Uint8Array): void; end(): { sha256: string; isRight: boolean } }

/** SHA-256 of every file, as the manifest wants it; of a file that git itself holds also the id of its blob, by which the hub knows it. */
export function createDigest({ bytes, sha256, gitSha1 }: HubFile): Digest {
  const content = createHash('sha256')
  const blob: Hash | undefined = sha256 === null ? createHash('sha1').update(`blob ${bytes}\0`) : undefined
  return {
    update(chunk) {
      content.update(chunk)
      blob?.update(chunk)
    },
    end() {
      const found = content.digest('hex')
      return { sha256: found, isRight: blob ? blob.digest('hex') === gitSha1 : found === sha256 }
    }
  }
}
