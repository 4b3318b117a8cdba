import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { toString } from 'uint8arrays/to-string'
import { sha256 } from '#mesh/sha256'
import { hashBytes } from '../../../mesh/crypto.ts'
import { isKinmeshError, KinmeshError } from '../../../mesh/errors.ts'
import { isMissing } from '../store/files.node.ts'
import { modelId, type Manifest } from '../store/manifest.ts'
import type { ModelStore, StoredModel } from '../store/store.ts'
import { openModelStore } from '../store/store.node.ts'
import { chunkBytes, hashesPerFrame, maxOffered, maxSharedFileBytes } from './limits.ts'
import type { Offers } from './serve.ts'

/** Hash lists that are remembered, in bytes: those of 128 GiB. */
const rememberedBytes = 16 * 1024 * 1024

type Offered = { readonly path: string; readonly bytes: number }
/** A file as it was when all of it was read and was what its manifest says. */
type Known = Offered & { readonly changedMs: number; readonly hashes: Uint8Array }

/** The models of the store in `dir`, and the one in use where it lies elsewhere. Nothing of a file is given away before all of it was compared with its manifest. */
export function openOffers(dir: string): Offers {
  let store: ModelStore | undefined
  let offered: ReadonlyMap<string, Offered> = new Map()
  const known = new Map<string, Known>()

  const look = async (): Promise<Manifest[]> => {
    store ??= await openModelStore(dir)
    const models = (await modelsOf(store)).filter(({ manifest }) => manifest.files.every(({ bytes }) => bytes <= maxSharedFileBytes)).slice(0, maxOffered)
    offered = new Map(models.flatMap(({ dir: place, manifest }) => manifest.files.map(({ path, bytes, sha256: content }) => [content, { path: join(place, path), bytes }] as const)))
    return models.map(({ manifest }) => shown(manifest))
  }
  /** Looks again when the file is not where it was: another model may have the same one. */
  const openOffered = async (content: string): Promise<{ found: Offered; file: FileHandle }> => {
    for (let isSecond = false; ; isSecond = true) {
      const found = offered.get(content)
      try {
        if (found) return { found, file: await open(found.path, 'r') }
      } catch (cause) {
        if (!isMissing(cause)) throw cause
      }
      if (isSecond) throw new KinmeshError('UnknownContent', 'no model here has a file of this content')
      await look()
    }
  }
  const remember = (content: string, made: Known) => {
    known.delete(content)
    known.set(content, made)
    let bytes = [...known.values()].reduce((sum, { hashes }) => sum + hashes.length, 0)
    for (const [oldest, { hashes }] of known) {
      if (bytes <= rememberedBytes || oldest === content) break
      known.delete(oldest)
      bytes -= hashes.length
    }
  }
  /** Reads all of a file; a piece of its hashes after the other, the last one only once all of it is what it should be. */
  async function* measure(content: string, { path, bytes }: Offered, file: FileHandle): AsyncGenerator<Uint8Array> {
    const { mtimeMs, size } = await file.stat()
    const whole = createHash('sha256')
    const hashes = new Uint8Array(Math.ceil(bytes / chunkBytes) * hashBytes)
    if (size !== bytes) throw damaged(path)
    const room = new Uint8Array(chunkBytes)
    let told = 0
    for (let index = 0; index * hashBytes < hashes.length; index++) {
      const chunk = await readAt(file, index * chunkBytes, room.subarray(0, Math.min(chunkBytes, bytes - index * chunkBytes)))
      whole.update(chunk)
      hashes.set(sha256(chunk), index * hashBytes)
      if (index + 1 - told > hashesPerFrame) yield hashes.subarray(told * hashBytes, (told += hashesPerFrame) * hashBytes)
    }
    if (whole.digest('hex') !== content) throw damaged(path)
    remember(content, { path, bytes, changedMs: mtimeMs, hashes })
    yield hashes.subarray(told * hashBytes)
  }
  /** Opens a file whose content is known; one that changed since is measured anew. */
  const openKnown = async (content: string): Promise<{ file: FileHandle; bytes: number }> => {
    const { found, file } = await openOffered(content)
    try {
      const [{ mtimeMs, size }, before] = [await file.stat(), known.get(content)]
      if (before?.path !== found.path || before.changedMs !== mtimeMs || before.bytes !== size) for await (const _ of measure(content, found, file));
      return { file, bytes: found.bytes }
    } catch (error) {
      await file.close()
      throw error
    }
  }

  return {
    manifests: look,
    async *hashes(named) {
      const content = toString(named, 'hex')
      const { found, file } = await openOffered(content)
      try {
        const { mtimeMs } = await file.stat()
        const before = known.get(content)
        if (before?.path === found.path && before.changedMs === mtimeMs) for (let at = 0; at === 0 || at < before.hashes.length; at += hashesPerFrame * hashBytes) yield before.hashes.subarray(at, at + hashesPerFrame * hashBytes)
        else yield* measure(content, found, file)
      } finally {
        await file.close()
      }
    },
    async open(named) {
      const { file, bytes } = await openKnown(toString(named, 'hex'))
      const room = new Uint8Array(chunkBytes)
      let start = 0
      let chunk = room.subarray(0, 0)
      return {
        async read(offset, length) {
          if (length === 0 || offset + length > bytes) throw new KinmeshError('OutOfRange', `${offset}+${length} of ${bytes} bytes`)
          if (offset < start || offset + length > start + chunk.length) {
            start = offset
            chunk = await readAt(file, offset, room.subarray(0, Math.min(chunkBytes, bytes - offset)))
          }
          return chunk.subarray(offset - start, offset - start + length)
        },
        close: () => file.close()
      }
    }
  }
}

async function modelsOf(store: ModelStore): Promise<StoredModel[]> {
  const { models } = await store.list()
  const current = await store.current().catch((error: unknown) => {
    if (!isKinmeshError(error)) throw error
    return undefined // the person is told of it elsewhere
  })
  // One content, one offer; the one in use first, should there be too many.
  return [...new Map([...(current ? [current] : []), ...models].map(model => [modelId(model.manifest), model])).values()]
}

/** Where it lay on this machine is nobody else's affair. */
function shown(manifest: Manifest): Manifest {
  return 'path' in manifest.source ? { ...manifest, source: { path: basename(manifest.source.path) || '.' } } : manifest
}

/** Fills `bytes`, and returns it. */
async function readAt<T extends Uint8Array>(file: FileHandle, offset: number, bytes: T): Promise<T> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, offset + done)
    if (bytesRead === 0) throw damaged(`a file of ${offset + done} bytes`)
    done += bytesRead
  }
  return bytes
}

function damaged(path: string): KinmeshError {
  return new KinmeshError('Damaged', `${path} is not what the manifest of its model says: remove the model and get or make it again`)
}
