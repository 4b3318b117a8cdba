import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { isKinmeshError, KinmeshError } from '../../../mesh/errors.ts'
import { isFolder, readChoiceFile } from './choice-file.node.ts'
import { diskError, isMissing, writeAtomic } from './files.node.ts'
import { manifestFile } from './file-path.ts'
import type { Layout } from './layout.node.ts'
import { maxManifestBytes, modelId, parseManifest, sha256Schema, type Manifest, type ModelKind } from './manifest.ts'
import { sizeDamage } from './staged.node.ts'
import type { BrokenModel, ModelList, StoredModel } from './store.ts'

/** The model in use: one of the store, or a folder elsewhere, which must still be what it was. `id` null: none, not even the one that comes with the program. */
const choiceSchema = v.strictObject({ format: v.literal(1), id: v.nullable(sha256Schema), path: v.nullable(v.string()) })
export type Choice = v.InferOutput<typeof choiceSchema>

/** The manifest of a model directory. @throws KinmeshError `BadManifest`, `ManifestNewer` */
export async function readManifest(dir: string): Promise<Manifest> {
  const path = join(dir, manifestFile)
  try {
    const { size } = await stat(path)
    // Not read at all when it is too large: it may be anything.
    if (size > maxManifestBytes) throw new KinmeshError('BadManifest', `${path} is larger than a manifest can be: get or make the model again`)
    return parseManifest(await readFile(path))
  } catch (cause) {
    if (isMissing(cause)) throw new KinmeshError('BadManifest', `${dir} is no model directory: it has no ${manifestFile}`, { cause })
    throw diskError(path, cause)
  }
}

/** What is in the store, read anew: another program may have changed it. */
export async function readModels(at: Layout): Promise<ModelList> {
  const models: StoredModel[] = []
  const broken: BrokenModel[] = []
  for (const id of await modelIds(at.dir)) {
    const dir = at.model(id)
    try {
      const manifest = await readManifest(dir)
      if (modelId(manifest) === id) models.push({ id, dir, manifest })
      else broken.push({ id, dir, problem: 'its manifest is of other files' })
    } catch (error) {
      if (!isKinmeshError(error)) throw error
      // One that was removed since the folder was read is not broken.
      if (await isFolder(dir)) broken.push({ id, dir, problem: error.message })
    }
  }
  models.sort((a, b) => (a.manifest.name.toLowerCase() < b.manifest.name.toLowerCase() ? -1 : a.manifest.name.toLowerCase() > b.manifest.name.toLowerCase() ? 1 : b.manifest.madeAt - a.manifest.madeAt))
  return { models, broken }
}

async function modelIds(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).filter(name => v.is(sha256Schema, name)).sort()
  } catch (cause) {
    if (isMissing(cause)) return []
    throw diskError(dir, cause)
  }
}

/** @throws KinmeshError `FileCorrupt` */
export function readChoice(at: Layout, kind: ModelKind): Promise<Choice | undefined> {
  return readChoiceFile(at.current(kind), choiceSchema, 'choose the model again with kinmesh model use NAME')
}

export async function writeChoice(at: Layout, kind: ModelKind, id: string | null, path: string | null): Promise<void> {
  await writeAtomic(at.current(kind), `${JSON.stringify({ format: 1, id, path } satisfies Choice)}\n`)
}

/** @throws KinmeshError `ModelGone`, `ModelDamaged`, `BadManifest`; `WrongModelKind` where a home was told to write with an encoder, before that was refused */
export async function chosenModel(at: Layout, kind: ModelKind, { id, path }: { readonly id: string; readonly path: string | null }): Promise<StoredModel> {
  const dir = path ?? at.model(id)
  if (!(await isFolder(dir))) throw new KinmeshError('ModelGone', `the model in use is no longer in ${dir}: choose another one with kinmesh model use NAME`)
  const manifest = await readManifest(dir)
  if (modelId(manifest) !== id) throw new KinmeshError('ModelGone', `${dir} holds another model than the one that was chosen: choose it again with kinmesh model use`)
  if (manifest.kind !== kind) throw new KinmeshError('WrongModelKind', `${manifest.name} ${kind === 'decoder' ? 'makes vectors of texts and writes none' : 'writes texts and makes no vectors'}: choose another model with kinmesh model use NAME`)
  await checkSizes(dir, manifest)
  return { id, dir, manifest }
}

/** @throws KinmeshError `ModelDamaged` */
export async function checkSizes(dir: string, manifest: Manifest): Promise<void> {
  const [first] = await sizeDamage(dir, manifest)
  if (first) throw damaged(manifest.name, first.path, first.problem)
}

export function damaged(name: string, path: string, problem: string): KinmeshError {
  return new KinmeshError('ModelDamaged', `the model ${name} is damaged (${path} ${problem}): remove it and get or make it again`)
}
