import { randomBytes } from 'node:crypto'
import { lstat, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { sha256Hex } from '#mesh/sha256'
import { isKinmeshError, KinmeshError } from '../../../mesh/errors.ts'
import { syncFolder } from '../../durable-file.node.ts'
import { checkSpace, diskError, freeBytes, isMissing } from './files.node.ts'
import { manifestFile } from './file-path.ts'
import { findModel } from './find.ts'
import { clean, isThere, keyedPrefix, layout, makeFolders, singlePrefix, touch } from './layout.node.ts'
import { lock, tryLock } from './lock.node.ts'
import { checkManifest, kinds, modelId, type ModelKind } from './manifest.ts'
import { checkSizes, chosenModel, damaged, readChoice, readManifest, readModels, writeChoice } from './read-model.node.ts'
import { damage, makeRoom, seal } from './staged.node.ts'
import type { BrokenModel, ModelStore, Staging, StoredModel } from './store.ts'

export type StoreOptions = {
  /** How long to wait for another program that changes the store, in ms. */
  waitMs?: number
  clock?: () => number
  /** Bytes that may still be written below a folder. */
  free?: (dir: string) => Promise<number>
  /** The model that comes with the program, if there is one in this folder. */
  builtIn?: string
}

/**
 * The models in `dir`, by custom HOME/models. Needs neither the home's lock nor a running device. Makes no folder before there is something to put in it.
 * @throws KinmeshError `StoreFailed`, `StoreBusy`
 */
export async function openModelStore(dir: string, { waitMs = 10_000, clock = Date.now, free = freeBytes, builtIn: builtInDir }: StoreOptions = {}): Promise<ModelStore> {
  const at = layout(resolve(dir))

  /** Runs what changes names in the store, with nobody else doing so. */
  const alone = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      await makeFolders(at)
      const held = await lock(at.lock, waitMs)
      try {
        return await work()
      } finally {
        held.release()
      }
    } catch (cause) {
      throw diskError(at.dir, cause)
    }
  }

  const everyone = async () => {
    const { models, broken } = await readModels(at)
    return [...models, ...broken].map(named)
  }

  const builtIn = async (): Promise<StoredModel | undefined> => {
    if (builtInDir === undefined || !(await isThere(join(builtInDir, manifestFile)))) return undefined
    const manifest = await readManifest(builtInDir)
    return { id: modelId(manifest), dir: builtInDir, manifest }
  }

  const find = async (idOrName: string): Promise<StoredModel> => {
    const [own, coming] = [await everyone(), await builtIn()]
    const found = findModel(coming && !own.some(({ id }) => id === coming.id) ? [...own, named(coming)] : own, idOrName)
    if ('manifest' in found.model) return found.model
    throw new KinmeshError('ModelDamaged', `the model ${found.id.slice(0, 12)} is damaged (${found.model.problem}): remove it and get or make it again`)
  }

  /** The one that comes with the program answers where no other is chosen; a newer program has a newer one. */
  const unchosen = async (model: StoredModel) => {
    await rm(at.current('decoder'), { force: true })
    await syncFolder(at.dir)
    return model
  }

  const throwAway = async (path: string) => {
    const name = at.trash(randomBytes(8).toString('hex'))
    await rename(path, name)
    await syncFolder(at.dir)
    await rm(name, { recursive: true, force: true })
  }

  const stage = (key?: string): Promise<Staging> => alone(async () => {
    const name = key === undefined ? `${singlePrefix}${randomBytes(8).toString('hex')}` : `${keyedPrefix}${sha256Hex(key).slice(0, 32)}`
    const held = tryLock(at.stagingLock(name), 'exclusive')
    if (!held) throw new KinmeshError('ModelBusy', 'another kinmesh is getting or making this model: wait for it or stop it, and try again')
    try {
      await touch(at.stagingLock(name), clock())
      const room = await makeRoom(at.staging(name))
      const discard = async () => {
        await rm(at.staging(name), { recursive: true, force: true })
        held.release() // the lock file stays until `clean`, as another may be about to take it
      }
      return { ...room, discard, release: key === undefined ? discard : async () => held.release() }
    } catch (error) {
      held.release()
      throw error
    }
  })

  if (await isThere(at.dir)) await alone(() => clean(at, clock()))

  return {
    list: () => readModels(at),
    builtIn,
    find,
    stage,

    async open(idOrName) {
      const found = await find(idOrName) // before any folder is made
      // Nobody removes what comes with the program.
      if (found.dir === builtInDir) return { ...found, release: () => {} }
      return alone(async () => {
        const model = await find(idOrName)
        await checkSizes(model.dir, model.manifest)
        const held = tryLock(at.held(model.id), 'shared')
        if (!held) throw new KinmeshError('ModelBusy', `the model ${model.manifest.name} is just being removed`)
        return { ...model, release: held.release }
      })
    },

    async add(staging, given, options = {}) {
      const manifest = checkManifest(given)
      const id = modelId(manifest)
      try {
        await seal(staging.dir, manifest, options)
      } catch (cause) {
        throw diskError(staging.dir, cause)
      }
      const model = await alone(async () => {
        const { models, broken } = await readModels(at)
        const there = models.find(each => each.id === id)
        const isWhole = there && (await checkSizes(there.dir, there.manifest).then(() => true, (error: unknown) => {
          if (isKinmeshError(error, 'ModelDamaged')) return false
          throw error
        }))
        if (there && isWhole) {
          await rm(staging.dir, { recursive: true, force: true })
          return there
        }
        if (there || broken.some(each => each.id === id)) await throwAway(at.model(id))
        await rename(staging.dir, at.model(id))
        await syncFolder(at.dir)
        return { id, dir: at.model(id), manifest }
      })
      await rm(dirname(staging.dir), { recursive: true, force: true })
      return model
    },

    async remove(idOrName, { force = false } = {}) {
      const coming = await builtIn()
      if (coming && (await find(idOrName).catch(() => undefined))?.dir === coming.dir) throw new KinmeshError('ModelBuiltIn', 'this model comes with kinmesh and cannot be removed: kinmesh model use none has none answer')
      findModel(await everyone(), idOrName)
      return alone(async () => {
        const { id, name } = findModel(await everyone(), idOrName)
        const shown = name ?? id.slice(0, 12)
        const chosenAs: ModelKind[] = []
        for (const kind of kinds) {
          const choice = await readChoice(at, kind)
          if (choice?.id === id && choice.path === null) chosenAs.push(kind)
        }
        if (chosenAs.length > 0 && !force) throw new KinmeshError('ModelInUse', `${shown} is the model in use: choose another one first with kinmesh model use NAME, or remove it with --force`)
        const held = tryLock(at.held(id), 'exclusive')
        if (!held && !force) throw new KinmeshError('ModelInUse', `a program has ${shown} open: stop it first, or remove the model with --force`)
        try {
          for (const kind of chosenAs) await rm(at.current(kind), { force: true })
          if (chosenAs.length > 0) await syncFolder(at.dir)
          await throwAway(at.model(id))
          await rm(at.packed(id), { recursive: true, force: true })
          return { id, name }
        } finally {
          held?.release()
        }
      })
    },

    async verify(idOrName, options = {}) {
      const model = await find(idOrName)
      try {
        return await damage(model.dir, model.manifest, options)
      } catch (cause) {
        throw diskError(model.dir, cause)
      }
    },

    async use(idOrName) {
      const found = await find(idOrName)
      return alone(async () => {
        if (found.dir === builtInDir) return unchosen(found)
        const model = await find(idOrName)
        await checkSizes(model.dir, model.manifest)
        await writeChoice(at, model.manifest.kind, model.id, null)
        return model
      })
    },

    async useFolder(folder, options = {}) {
      const path = resolve(folder)
      if (!(await lstat(path).catch((cause: unknown) => { if (!isMissing(cause)) throw diskError(path, cause) }))) throw new KinmeshError('UnknownModelName', `there is no folder ${path}`)
      const manifest = await readManifest(path)
      const [first] = await damage(path, manifest, options)
      if (first) throw damaged(manifest.name, first.path, first.problem)
      const id = modelId(manifest)
      await alone(() => writeChoice(at, manifest.kind, id, path))
      return { id, dir: path, manifest }
    },

    useNone: () => alone(() => writeChoice(at, 'decoder', null, null)),

    async current(kind = 'decoder') {
      const choice = await readChoice(at, kind)
      if (choice) return choice.id === null ? undefined : chosenModel(at, kind, { id: choice.id, path: choice.path })
      return kind === 'decoder' ? builtIn() : undefined
    },

    packedDir: at.packed,

    async dropPacked(exceptOf) {
      try {
        const others = (await isThere(at.packeds)) ? (await readdir(at.packeds)).filter(name => name !== exceptOf) : []
        for (const name of others) await rm(at.packed(name), { recursive: true, force: true })
      } catch (cause) {
        throw diskError(at.packeds, cause)
      }
    },

    ensureSpace: async bytes => checkSpace(at.dir, bytes, await free(at.dir))
  }
}

function named(model: StoredModel | BrokenModel): { id: string; name: string | null; model: StoredModel | BrokenModel } {
  return { id: model.id, name: 'manifest' in model ? model.manifest.name : null, model }
}
