import { KinmeshError } from '../../../mesh/errors.ts'
import { checkpointsInPage, trainingError, writeNew } from '../trainer/checkpoint.browser.ts'
import { type RunFile, type RunFolder, parseRun, runFileName, runText } from './run-file.ts'

/** `note`: what a person should know, where nothing is kept. */
export type PageRunFolder = Omit<RunFolder, 'release'> & { readonly keptIn: 'opfs' | 'nowhere'; readonly note: string | undefined; release(): Promise<void> }

const root = 'kinmesh-training'
/** Whatever the files of other systems take, should browsers ever pass names on to them. */
const namePattern = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u

/** A tab that was closed or reloaded gives its lock back a little later. */
const lockMs = 3000

/** The folder of the training of this name, for a worker. @throws KinmeshError `InvalidOption` · `TrainingBusy` · `StoreFailed` · `DiskFull` */
export async function openRunFolder(name: string): Promise<PageRunFolder> {
  if (!namePattern.test(name)) throw new KinmeshError('InvalidOption', 'name: 1 to 64 letters, digits, spaces, and . _ -, with a letter or digit first')
  const unlock = await locked(`${root} ${name}`)
  try {
    const parent = await filesOfPage()
    return parent ? keptRun(parent, await parent.getDirectoryHandle(name, { create: true }), unlock) : passingRun(unlock)
  } catch (cause) {
    unlock()
    throw trainingError(cause)
  }
}

function keptRun(parent: FileSystemDirectoryHandle, folder: FileSystemDirectoryHandle, unlock: () => void): PageRunFolder {
  const orFailed = <T>(work: Promise<T>): Promise<T> => work.catch((cause: unknown) => {
    throw trainingError(cause)
  })
  return {
    keptIn: 'opfs', note: undefined, checkpoints: checkpointsInPage(folder),
    read: () => orFailed(readRun(folder)),
    write: run => orFailed(writeNew(folder, runFileName, [new TextEncoder().encode(runText(run))])),
    clear: () => orFailed(clear(folder)),
    async release() {
      await parent.removeEntry(folder.name).catch(() => {}) // one with something in it stays
      unlock()
    }
  }
}

async function readRun(folder: FileSystemDirectoryHandle): Promise<RunFile | undefined> {
  try {
    return parseRun(await (await (await folder.getFileHandle(runFileName)).getFile()).text())
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'NotFoundError') return undefined
    if (cause instanceof DOMException) throw cause
    throw new KinmeshError('FileCorrupt', `what this page keeps of the training ${folder.name} is damaged: begin it anew with restart`, { cause })
  }
}

/** What says that there is a training goes first. */
async function clear(folder: FileSystemDirectoryHandle): Promise<void> {
  const names: string[] = []
  for await (const name of folder.keys()) names.push(name)
  for (const name of names.sort((a, b) => Number(b === runFileName) - Number(a === runFileName))) await folder.removeEntry(name)
}

/** A training that lasts as long as its page. */
function passingRun(unlock: () => void): PageRunFolder {
  const why = globalThis.isSecureContext ? 'this browser keeps no files for this page' : 'this page came over plain http from another machine, so the browser keeps no files for it'
  return { keptIn: 'nowhere', note: `${why}: a training that is interrupted begins anew`, checkpoints: undefined, read: async () => undefined, write: async () => {}, clear: async () => {}, release: async () => unlock() }
}

/** Undefined where a worker has none that can be flushed and renamed. */
async function filesOfPage(): Promise<FileSystemDirectoryHandle | undefined> {
  if (!('FileSystemSyncAccessHandle' in globalThis) || !('move' in FileSystemFileHandle.prototype)) return undefined
  try {
    return await (await navigator.storage.getDirectory()).getDirectoryHandle(root, { create: true })
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'QuotaExceededError') throw cause
    return undefined // private windows of some browsers have them, and open none
  }
}

/** Gives it back. @throws KinmeshError `TrainingBusy` */
async function locked(name: string): Promise<() => void> {
  // Without locks there are no files either.
  if (!('locks' in navigator)) return () => {}
  const { promise, resolve, reject } = Promise.withResolvers<() => void>()
  navigator.locks.request(name, { signal: AbortSignal.timeout(lockMs) }, () => new Promise<void>(release => resolve(release))).catch(reject)
  try {
    return await promise
  } catch (cause) {
    throw new KinmeshError('TrainingBusy', 'another tab trains under this name: wait for it or stop it, or give this training a name of its own', { cause })
  }
}
