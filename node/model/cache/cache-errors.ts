import { KinmeshError } from '../../../mesh/errors.ts'

const mb = (bytes: number): number => Math.ceil(bytes / 2 ** 20)

/** What a browser throws when it cannot keep a file, by name. `what` the file is of, in words. */
export function cacheError(cause: unknown, what = 'this model'): KinmeshError {
  if (cause instanceof KinmeshError) return cause
  const name = cause instanceof Error ? cause.name : ''
  if (name === 'QuotaExceededError') return new KinmeshError('DiskFull', `the browser has no room left for ${what}: ${makeRoom}`, { cause })
  if (name === 'NoModificationAllowedError') return new KinmeshError('StoreFailed', `another tab of this browser has a file of ${what} open: close that tab, and try again`, { cause })
  return new KinmeshError('StoreFailed', `the browser cannot keep the files of ${what} (${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}): reload the page and try again`, { cause })
}

export function noRoom(neededBytes: number, leftBytes: number): KinmeshError {
  return new KinmeshError('DiskFull', `this model takes ${mb(neededBytes)} MB more, and the browser has ${mb(leftBytes)} MB left for this page: ${makeRoom}`)
}

const makeRoom = 'free space on the disk, remove models that are kept, or allow this page more; then try again, it may go on from what is there'
