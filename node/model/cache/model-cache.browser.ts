import { bytesToHex } from '@noble/hashes/utils.js'
import { KinmeshError } from '../../../mesh/errors.ts'
import type { LoadProgress, ModelLoad, ModelSource } from '../load.ts'
import { manifestFile } from '../store/file-path.ts'
import { type Manifest, type ModelFile, bytesOf, maxManifestBytes, modelId, parseManifest } from '../store/manifest.ts'
import { noRoom } from './cache-errors.ts'
import { fetchInto, piecesOf } from './fetch-model.ts'
import { fetchWhole, wait } from './fetch-whole.ts'
import type { FileCache } from './file-cache.ts'
import { allFileCaches, openFileCache } from './open-file-cache.browser.ts'
import { type CacheRecord, isRecordName, readRecord, recordName, writeRecord } from './record.ts'

export type CacheOptions = { readonly onProgress?: ((progress: LoadProgress) => void) | undefined; readonly signal?: AbortSignal | undefined }

/** A model with its files by their paths, whole and checked. */
export type CachedFiles = Pick<ModelLoad, 'id' | 'name' | 'keptIn' | 'fetchedBytes'> & {
  readonly files: ReadonlyMap<string, Blob>
  /** Of its weights, where its manifest says so. */
  readonly bits: number | undefined
  readonly note: string | undefined
}

export type CachedModel = { readonly id: string; readonly name: string; readonly url: string; readonly bytes: number }

/** Two tabs do not fetch, load and remove at the same time. */
const lockName = 'kinmesh models'

/**
 * Gives a model to `use`: from what is kept, where it is whole, without any network, and else fetched. Nobody removes it until `use` is done.
 * @throws KinmeshError `DownloadFailed` · `BadManifest` · `ManifestNewer` · `WrongModel` · `WrongHash` · `DiskFull` · `StoreFailed`; the reason of the signal; what `use` throws
 */
export function withModelFiles<T>(source: ModelSource, options: CacheOptions, use: (model: CachedFiles, manifest: Manifest) => Promise<T>): Promise<T> {
  return locked(async () => {
    const { cache, note } = await openFileCache()
    const kept = (await recordsOf(cache)).find(({ url, id }) => (source.id === undefined ? url === source.url : id === source.id))
    const manifest = kept?.manifest ?? (await fetchManifest(source, options.signal))
    const { files, fetchedBytes } = await filesOf(cache, source.url, manifest, kept, options)
    return use({ id: modelId(manifest), name: manifest.name, bits: manifest.recipe?.bits, keptIn: cache.keptIn, fetchedBytes, files, note }, manifest)
  }, options.signal)
}

/** The models that this browser keeps for this page, whole. */
export async function cachedModels(): Promise<CachedModel[]> {
  const records = (await Promise.all((await allFileCaches()).map(recordsOf))).flat()
  return records.map(({ id, url, manifest }) => ({ id, url, name: manifest.name, bytes: bytesOf(manifest) }))
}

/** Removes what is kept of a model, and what nobody needs without it. @throws KinmeshError `StoreFailed` */
export function removeCached(id: string): Promise<void> {
  return locked(async () => {
    for (const cache of await allFileCaches()) {
      await cache.remove(recordName(id))
      await removeUnused(cache, [])
    }
  })
}

async function locked<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  // Without locks there are no files either.
  return 'locks' in navigator ? navigator.locks.request(lockName, signal ? { signal } : {}, work) : work()
}

async function recordsOf(cache: FileCache): Promise<CacheRecord[]> {
  const found = await Promise.all((await cache.names()).filter(isRecordName).map(async name => {
    const record = readRecord((await (await cache.read(name))?.text()) ?? '')
    return record && recordName(record.id) === name ? [record] : []
  }))
  return found.flat()
}

async function fetchManifest({ url, id }: ModelSource, signal: AbortSignal | undefined): Promise<Manifest> {
  const manifest = parseManifest(await fetchWhole(url, manifestFile, maxManifestBytes, signal))
  if (id !== undefined && modelId(manifest) !== id) throw new KinmeshError('WrongModel', `at ${url} there is another model (${manifest.name}) than the one that was asked for: ask for it where it is now`)
  return manifest
}

async function filesOf(cache: FileCache, url: string, manifest: Manifest, kept: CacheRecord | undefined, { onProgress, signal }: CacheOptions): Promise<{ files: Map<string, Blob>; fetchedBytes: number }> {
  const totalBytes = bytesOf(manifest)
  const progress = { bytes: 0, fetched: 0 }
  const say = (step: LoadProgress['step']) => onProgress?.({ step, bytes: progress.bytes, totalBytes })
  const pieces: Record<string, readonly string[]> = { ...kept?.pieces }
  const lacking: ModelFile[] = []
  for (const file of manifest.files) {
    signal?.throwIfAborted()
    say('check')
    if (await isWhole(cache, file, kept?.pieces[file.sha256])) progress.bytes += file.bytes
    else lacking.push(file)
  }
  if (lacking.length > 0) {
    // What is kept is not whole from here on, until all of it is there.
    await cache.remove(recordName(modelId(manifest)))
    await removeUnused(cache, manifest.files)
    await checkRoom(cache, lacking)
    say('fetch')
    for (const file of lacking) {
      pieces[file.sha256] = await fetchInto(file, {
        cache, url, wait, signal,
        onBytes(bytes, fetched) {
          progress.bytes += bytes
          if (fetched) progress.fetched += bytes
          say('fetch')
        }
      })
    }
    const record = await cache.write(recordName(modelId(manifest)), 0)
    await record.add(writeRecord({ url, manifest, pieces }))
    await record.finish()
    // An address gives one model: what it gave before is given up.
    for (const { id, url: its } of await recordsOf(cache)) if (its === url && id !== modelId(manifest)) await cache.remove(recordName(id))
    await removeUnused(cache, [])
  }
  const files = new Map<string, Blob>()
  for (const { path, sha256 } of manifest.files) {
    const blob = await cache.read(sha256)
    if (!blob) throw new KinmeshError('StoreFailed', `the browser lost ${path} while the model was loaded: try again`)
    files.set(path, blob)
  }
  say('load')
  return { files, fetchedBytes: progress.fetched }
}

/** Compares a kept file with the hashes of its pieces. One that is damaged is removed. */
async function isWhole(cache: FileCache, { sha256, bytes }: ModelFile, pieces: readonly string[] | undefined): Promise<boolean> {
  // Without a record it may be under way: whoever fetches it goes on with it.
  if (!pieces) return false
  const blob = await cache.read(sha256)
  if (blob?.size === bytes && (await isSame(blob, pieces))) return true
  await cache.remove(sha256)
  return false
}

async function isSame(blob: Blob, hashes: readonly string[]): Promise<boolean> {
  try {
    let index = 0
    for await (const piece of piecesOf(blob)) if (bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', piece))) !== hashes[index++]) return false
    return index === hashes.length
  } catch (cause) {
    // A disk that cannot be read is as bad as one that says something else.
    if (cause instanceof DOMException) return false
    throw cause
  }
}

/** Removes files that no kept model needs, nor one that is under way. */
async function removeUnused(cache: FileCache, underWay: readonly ModelFile[]): Promise<void> {
  const needed = new Set([...(await recordsOf(cache)).flatMap(({ manifest }) => manifest.files), ...underWay].map(({ sha256 }) => sha256))
  for (const name of await cache.names()) if (!isRecordName(name) && !needed.has(name)) await cache.remove(name)
}

async function checkRoom(cache: FileCache, lacking: readonly ModelFile[]): Promise<void> {
  if (cache.keptIn === 'nowhere') return
  const { quota, usage } = await navigator.storage.estimate()
  if (quota === undefined || usage === undefined) return
  let needed = 0
  for (const { sha256, bytes } of lacking) needed += bytes - ((await cache.read(sha256))?.size ?? 0)
  if (needed > quota - usage) throw noRoom(needed, Math.max(0, quota - usage))
}
