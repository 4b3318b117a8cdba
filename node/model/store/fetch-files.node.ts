import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256Hex } from '#mesh/sha256'
import type { Logger } from '../../../mesh/log.ts'
import { createDigest, download } from './download.node.ts'
import { chunksOf, walk } from './files.node.ts'
import type { Http } from './http.node.ts'
import type { HubFile } from './hub.ts'
import type { ModelFile } from './manifest.ts'
import type { Meter } from './meter.ts'
import type { RetryOptions } from './retry.ts'
import type { ModelStore, Staging } from './store.ts'

/** Files that are fetched at a time: enough to fill a line where each connection is held back, few enough for a small machine. */
const parallel = 4

export type FetchOptions = {
  http: Http
  store: ModelStore
  staging: Staging
  meter: Meter
  /** Of every file's address, below the endpoint. */
  base: string
  wait: RetryOptions['wait']
  log: Logger
  signal: AbortSignal | undefined
}

/** Gets these files into the staging room, where some of them, or parts of them, may lie from earlier. @throws KinmeshError those of `download` */
export async function fetchFiles(files: readonly HubFile[], { http, store, staging, meter, base, wait, log, signal }: FetchOptions): Promise<ModelFile[]> {
  const stop = new AbortController()
  const within = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal
  const done = new Map<string, string>()
  const sizes = await tidy(files, staging)
  for (const file of files) {
    const sha256 = sizes.get(file.path) === file.bytes ? await digestOf(join(staging.dir, file.path), file, within) : undefined
    if (sha256 === undefined) await rm(join(staging.dir, file.path), { force: true })
    else {
      done.set(file.path, sha256)
      meter.add(file.bytes, false)
    }
  }
  const { files: partBytes } = await walk(staging.workDir)
  const missing = files.filter(({ path }) => !done.has(path))
  await store.ensureSpace(missing.reduce((sum, file) => sum + Math.max(0, file.bytes - (partBytes.get(partName(file)) ?? 0)), 0))

  const queue = missing.values()
  const work = async () => {
    for (const file of queue) {
      const address = `${base}/${file.path.split('/').map(encodeURIComponent).join('/')}`
      const place = { part: join(staging.workDir, partName(file)), target: join(staging.dir, file.path) }
      done.set(file.path, await download(file, { http, meter, address, ...place, wait, log, signal: within }))
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: parallel }, () => work().catch((error: unknown) => {
    stop.abort(error) // the others must not go on, and the first reason is the one to tell
    throw error
  })))
  if (ends.some(({ status }) => status === 'rejected')) within.throwIfAborted()
  return files.map(({ path, bytes }) => ({ path, bytes, sha256: done.get(path) ?? '' }))
}

/** Removes what an earlier attempt left and this one does not need; what is left of the model's files, by path. */
async function tidy(files: readonly HubFile[], { dir, workDir }: Staging): Promise<ReadonlyMap<string, number>> {
  const wanted = new Set(files.map(({ path }) => path))
  const parts = new Set(files.map(partName))
  const [model, work] = [await walk(dir), await walk(workDir)]
  for (const path of [...model.files.keys(), ...model.others]) if (!wanted.has(path)) await rm(join(dir, path), { force: true })
  for (const path of [...work.files.keys(), ...work.others, ...work.folders]) if (!parts.has(path)) await rm(join(workDir, path), { recursive: true, force: true })
  return model.files
}

/** Named after place and content: when the content of a file is another one on the hub, its old part is not taken for the new one's. */
function partName({ path, sha256, gitSha1 }: HubFile): string {
  return `${sha256Hex(`${sha256 ?? gitSha1} ${path}`).slice(0, 32)}.part`
}

/** SHA-256 of a file that came whole earlier; undefined when it is not what the hub lists now. */
async function digestOf(path: string, file: HubFile, signal: AbortSignal): Promise<string | undefined> {
  const digest = createDigest(file)
  for await (const chunk of chunksOf(path, signal)) digest.update(chunk)
  const { sha256, isRight } = digest.end()
  return isRight ? sha256 : undefined
}
