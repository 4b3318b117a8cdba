import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { KinmeshError } from '../../mesh/errors.ts'
import { version } from '../version.node.ts'
import { type ConvertRecipe, graphRecipe, graphVersion } from './convert-recipe.ts'
import type { DecoderConfig } from './decoder-config.ts'
import { folderFiles } from './file-source.node.ts'
import { adaptedFiles, decoderGraph, graphFile, pageFile, promptsFile, weightFile } from './graph/decoder.ts'
import { badModelFile, quoted, unknownModel } from './model-errors.ts'
import { type ModelText, readModelText } from './model-text.ts'
import { type TensorFiles, openTensors } from './safetensors.ts'
import { checkSpace, diskError, freeBytes, hashFile, isMissing } from './store/files.node.ts'
import { type Manifest, type ModelFile, modelId } from './store/manifest.ts'
import type { Convert } from './store/pull.node.ts'
import { seal } from './store/staged.node.ts'
import { type MatrixError, writeWeights } from './write-weights.ts'

export type ConvertOptions = {
  readonly signal?: AbortSignal | undefined
  /** Bytes of the new weights that are written, and of all. */
  readonly onProgress?: ((bytes: number, totalBytes: number) => void) | undefined
}

export type Conversion = { readonly files: ModelFile[]; readonly errors: readonly MatrixError[]; readonly config: DecoderConfig }

/** What goes along as it is: what the model says about itself, its tokenizer, and what must be said about it. */
export const keptFile = /^(config\.json|generation_config\.json|tokenizer\.json|tokenizer_config\.json|chat_template\.jinja|(licen[cs]e|notice|copying|use_policy)([._-][\w.-]*)?)$/i

/**
 * Makes a model of a published one: reads its folder, and writes graph, weights and the texts that go along into another one that is there
 * and empty. Nothing of the weights is held but a few rows.
 * @throws KinmeshError `BadModelFile` · `UnknownModel` · `DiskFull` · `StoreFailed`: what was written until then is the caller's to remove
 */
export async function convertFiles(source: string, out: string, recipe: ConvertRecipe, { signal, onProgress }: ConvertOptions = {}): Promise<Conversion> {
  const files = folderFiles(source)
  try {
    const { config } = await readFolderText(source)
    const graph = decoderGraph(config, graphRecipe(recipe))
    const tensors = await openTensors(files.open)
    checkAllUsed(tensors, new Set(graph.sections.flatMap(({ matrix }) => matrix.sources)), config)
    checkSpace(out, graph.weightBytes, await freeBytes(out))
    const { adapted } = graph
    const graphs = [[graphFile, graph.model], [promptsFile, graph.prompts], [adaptedFiles.graph, adapted.model], [adaptedFiles.prompts, adapted.prompts], [pageFile, graph.page], [adaptedFiles.page, adapted.page]] as const
    for (const [name, bytes] of graphs) if (bytes) await writeWhole(join(out, name), async write => write(0, bytes))
    const errors = await writeWhole(join(out, weightFile), write => writeWeights(graph.sections, tensors, write, { signal, onProgress: bytes => onProgress?.(bytes, graph.weightBytes) }), graph.weightBytes)
    for (const name of (await readdir(source)).filter(name => keptFile.test(name))) await copyFile(join(source, name), join(out, name))
    return { files: await describe(out, signal), errors, config }
  } catch (cause) {
    throw diskError(out, cause)
  } finally {
    await files.close()
  }
}

/**
 * Converts into a folder that is not there yet, which appears whole or not at all.
 * @throws KinmeshError `FolderExists`, and those of `convertFiles`
 */
export async function convertFolder(source: string, out: string, recipe: ConvertRecipe, options: ConvertOptions = {}): Promise<{ id: string; manifest: Manifest; errors: readonly MatrixError[] }> {
  const [from, to] = [resolve(source), resolve(out)]
  if (await stat(to).catch(absent)) throw new KinmeshError('FolderExists', `${to} is there already: name a folder that is not, or remove it`)
  if (!(await stat(from).catch(absent))?.isDirectory()) throw badModelFile(`there is no folder ${from}: name the folder of a published model`)
  // Beside it, so that it takes its place in one step; left over from a crash it is begun anew.
  const making = join(dirname(to), `.${basename(to)}.making`)
  try {
    await rm(making, { recursive: true, force: true })
    await mkdir(making, { recursive: true })
    const { files, errors } = await convertFiles(from, making, recipe, options)
    const manifest: Manifest = { format: 1, name: basename(to), kind: 'decoder', source: { path: from }, licence: null, recipe: recipeFields(recipe), files, madeAt: Date.now(), madeBy: `kinmesh ${version}` }
    await seal(making, manifest, { signal: options.signal })
    await rename(making, to)
    return { id: modelId(manifest), manifest, errors }
  } catch (cause) {
    await rm(making, { recursive: true, force: true })
    throw diskError(to, cause)
  }
}

/** Makes what `pullModel` fetched fit to run here. */
export function pullConversion(recipe: ConvertRecipe, clock: () => number = Date.now): Convert {
  const made = recipeFields(recipe)
  return {
    isResult: ({ recipe: its }) => its !== null && Object.entries(made).every(([key, value]) => its[key] === value),
    async run({ dir, manifest }, out, { signal }) {
      const { files } = await convertFiles(dir, out.dir, recipe, { signal })
      return { ...manifest, recipe: made, files, madeAt: clock(), madeBy: `kinmesh ${version}` }
    }
  }
}

/** As a manifest says it. */
export function recipeFields({ bits, block, zeroPoints, small }: ConvertRecipe): NonNullable<Manifest['recipe']> {
  return bits === 32 ? { bits, block: null, graph: graphVersion } : { bits, block, zeroPoints, small, graph: graphVersion }
}

/** What a model in a folder says of itself, weights apart. @throws KinmeshError `BadModelFile` · `UnknownModel` */
export async function readFolderText(dir: string): Promise<ModelText> {
  const files = folderFiles(dir)
  try {
    return await readModelText(async (name, maxBytes) => {
      const file = await files.open(name)
      if (file && file.size > maxBytes) throw badModelFile(`${name} has ${file.size} bytes, and at most ${maxBytes} are read: choose another model`)
      return file?.read(0, file.size)
    })
  } finally {
    await files.close()
  }
}

/** Weights that nobody asks for are something that this version does not know of, and the model would run wrongly without them. */
function checkAllUsed(tensors: TensorFiles, used: ReadonlySet<string>, { tiedHead }: DecoderConfig): void {
  const harmless = (name: string) => name.endsWith('.rotary_emb.inv_freq') || (tiedHead && name === 'lm_head.weight')
  const strange = tensors.names().find(name => !used.has(name) && !harmless(name))
  if (strange !== undefined) throw unknownModel(`the weights hold ${quoted(strange)}, for which config.json gives no use: choose another model, or update kinmesh`)
}

/** A new file of this length, written in any order, on disk when this resolves. */
async function writeWhole<T>(path: string, fill: (write: (offset: number, bytes: Uint8Array) => Promise<void>) => Promise<T>, bytes = 0): Promise<T> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.truncate(bytes)
    const result = await fill(async (offset, piece) => {
      for (let done = 0; done < piece.length; ) done += (await file.write(piece, done, piece.length - done, offset + done)).bytesWritten
    })
    await file.sync()
    return result
  } finally {
    await file.close()
  }
}

async function describe(dir: string, signal: AbortSignal | undefined): Promise<ModelFile[]> {
  const files: ModelFile[] = []
  for (const path of (await readdir(dir)).sort()) files.push({ path, bytes: (await stat(join(dir, path))).size, sha256: await hashFile(join(dir, path), { signal }) })
  return files
}

function absent(cause: unknown): undefined {
  if (!isMissing(cause)) throw cause
}
