import { isKinmeshError } from '../../../mesh/errors.ts'
import { openCacheApi } from './cache-api.browser.ts'
import type { FileCache } from './file-cache.ts'
import { noCache } from './no-cache.ts'
import { openOpfs } from './opfs.browser.ts'

const folder = 'kinmesh-models'

const opfs = () => ('storage' in navigator && 'getDirectory' in navigator.storage ? openOpfs(folder).catch(refused) : undefined)
const cacheApi = () => ('caches' in globalThis ? openCacheApi(folder).catch(refused) : undefined)

/** The best place that this browser gives this page; where it is not the usual one, `note` says so. To be called in a worker: only they write files a piece at a time. */
export async function openFileCache(): Promise<{ cache: FileCache; note: string | undefined }> {
  const files = 'FileSystemSyncAccessHandle' in globalThis ? await opfs() : undefined
  if (files) return { cache: files, note: undefined }
  const cache = await cacheApi()
  if (cache) return { cache, note: 'this browser gives this page no files of its own: a download of a model that is interrupted starts over' }
  const why = globalThis.isSecureContext ? 'this browser keeps no files for this page' : 'this page came over plain http from another machine, so the browser keeps no files for it'
  return { cache: noCache(), note: `${why}: the model is fetched anew each time` }
}

/** Every place where models may be kept: a browser that was updated may have put them elsewhere before. */
export async function allFileCaches(): Promise<FileCache[]> {
  return (await Promise.all([opfs(), cacheApi()])).filter(cache => cache !== undefined)
}

/** Private windows of some browsers have both, and open neither. */
function refused(error: unknown): undefined {
  if (!isKinmeshError(error, 'StoreFailed')) throw error
}
