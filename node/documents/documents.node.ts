import { resolve, sep } from 'node:path'
import { isKinmeshError, KinmeshError } from '../../mesh/errors.ts'
import type { Added, AddProgress, Documents, Unread } from './documents.ts'
import { findPassages } from './find.ts'
import { filesIn, look, realOf } from './folder.node.ts'
import { Reading } from './reading.node.ts'
import { type DocumentReader, openDocumentReader } from './store.node.ts'

/**
 * Opens the documents of a home. `path`: of their store. `home`: its folder, which is passed over when a folder around it is added.
 * @throws KinmeshError `StoreCorrupt`, `StoreNewer`, `StoreFailed`
 */
export function openDocuments(path: string, home: string, reading: Reading = new Reading(path)): Documents {
  const store = openDocumentReader(path)
  const closing = new AbortController()
  let closed = false
  /** One after the other: they write one store. */
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = (async () => {
      await last
      try {
        return await work()
      } finally {
        await reading.close()
      }
    })()
    last = mine.catch(() => {}) // told to whoever asked
    return mine
  }
  return {
    add: (given, { signal, onProgress = () => {} } = {}) => {
      const either = AbortSignal.any([closing.signal, ...(signal ? [signal] : [])])
      return inTurn(() => add({ store, reading, home }, resolve(given), { signal: either, onProgress }))
    },
    list: options => store.list(options),
    remove: name =>
      inTurn(async () => {
        const real = await realOf(name)
        const named = [name, real].flatMap(each => store.named(each))
        const documents = [...new Map(named.map(document => [document.id, document])).values()]
        if (documents.length === 0) throw new KinmeshError('NoSuchDocument', `there is no document ${shown(name)}: list them with kinmesh documents`)
        await reading.ask({ type: 'remove', files: documents.map(({ file }) => file) }, { signal: closing.signal })
        await reading.ask({ type: 'flush' }, { signal: closing.signal })
        return documents
      }),
    find: (query, k) => findPassages(store, query, k),
    async close() {
      closing.abort(new KinmeshError('DeviceStopped', 'the device is shutting down: what was read is kept, and adding it again goes on from there'))
      await last
      await reading.close()
      if (!closed) store.close()
      closed = true
    }
  }
}

type Parts = { readonly store: DocumentReader; readonly reading: Reading; readonly home: string }

async function add({ store, reading, home }: Parts, path: string, { signal, onProgress }: { signal: AbortSignal; onProgress: (progress: AddProgress) => void }): Promise<Added> {
  const { real, isFolder } = await look(path).catch((error: unknown) => {
    throw named(path, error, store.named(path).length > 0 ? '; what was read of it is kept until kinmesh documents remove' : '')
  })
  const { files, failed: closed, skipped } = isFolder
    ? await filesIn(real, await realOf(home), signal).catch((error: unknown) => {
        throw named(path, error)
      })
    : { files: [real], failed: [], skipped: 0 }
  const failed: Unread[] = [...closed]
  const counts = { added: 0, changed: 0, unchanged: 0 }
  for (const [done, file] of files.entries()) {
    const progress = { done, total: files.length, file }
    onProgress(progress)
    try {
      const outcome = await reading.ask({ type: 'read', file }, { signal, onPage: page => page !== null && onProgress({ ...progress, page }) })
      if (outcome) counts[outcome]++
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (!isFolder) throw named(path, error)
      // A store that cannot be written takes nothing of the rest either.
      if (!isKinmeshError(error) || error.code.startsWith('Store')) throw error
      failed.push({ file, code: error.code, message: error.message })
    }
  }
  const removed = isFolder ? goneFrom(store, real, files, closed) : []
  if (removed.length > 0) await reading.ask({ type: 'remove', files: removed }, { signal })
  await reading.ask({ type: 'flush' }, { signal })
  const passages = store.named(real).reduce((sum, document) => sum + document.passages, 0)
  return { file: real, ...counts, removed: removed.length, skipped, passages, failed }
}

/** Documents of a folder that lie there no more. What could not be looked into may still hold its own. */
function goneFrom(store: DocumentReader, folder: string, files: readonly string[], closed: readonly Unread[]): string[] {
  const there = new Set(files)
  return store.named(folder).map(({ file }) => file).filter(file => !there.has(file) && !closed.some(each => file.startsWith(each.file + sep)))
}

/** An error with the name of what it is about. */
function named(path: string, error: unknown, more = ''): unknown {
  return isKinmeshError(error) && !error.code.startsWith('Store') ? new KinmeshError(error.code, `${shown(path)}: ${error.message}${more}`, { cause: error }) : error
}

/** Of a path in an error, in characters. */
const maxShown = 200

function shown(path: string): string {
  const plain = path.toWellFormed().replaceAll(/\p{Cc}/gu, ' ')
  return plain.length > maxShown ? `…${plain.slice(-maxShown)}` : plain
}
