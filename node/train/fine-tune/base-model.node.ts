import { KinmeshError } from '../../../mesh/errors.ts'
import { type ConvertRecipe, bitChoices } from '../../model/convert-recipe.ts'
import { graphVersion, readFolderText } from '../../model/convert.node.ts'
import { folderFiles } from '../../model/file-source.node.ts'
import { adaptedFiles, weightFile } from '../../model/graph/decoder.ts'
import { adaptableLinears } from '../../model/graph/low-rank.ts'
import { badModelFile } from '../../model/model-errors.ts'
import type { ModelText } from '../../model/model-text.ts'
import { openOrtSession } from '../../model/runtime/ort-session.node.ts'
import { type Manifest, type Recipe, modelId } from '../../model/store/manifest.ts'
import { readManifest } from '../../model/store/read-model.node.ts'
import { DecoderObjective } from '../decoder-objective.ts'
import type { Learned } from '../graphs/decoder-loss.ts'
import { ModelBase } from '../model-base.ts'

/** A converted model in its folder, to learn beside it. To be closed. */
export type BaseModel = {
  readonly id: string
  readonly manifest: Manifest
  readonly text: ModelText
  readonly base: ModelBase
  /** All its linear layers, with an adapter of this rank. */
  learned(rank: number, alpha: number): Learned & { readonly kind: 'adapter' }
  /** To be closed as well, before the model. `checkpoint`: less memory for more time. */
  objective(learned: Learned, options: { readonly checkpoint: boolean; readonly threads: number }): DecoderObjective
  close(): Promise<void>
}

/** @throws KinmeshError `NotConverted` · `BadManifest` · `BadModelFile` · `UnknownModel` */
export async function openBaseModel(dir: string): Promise<BaseModel> {
  const manifest = await readManifest(dir)
  const recipe = readRecipe(manifest)
  const text = await readFolderText(dir)
  const files = folderFiles(dir)
  try {
    const weights = await files.open(weightFile)
    if (!weights || !(await files.open(adaptedFiles.graph))) throw badModelFile(`${dir} lacks ${weights ? adaptedFiles.graph : weightFile}: get or make the model again`)
    const base = new ModelBase(text.config, recipe, weights)
    return {
      id: modelId(manifest), manifest, text, base,
      learned: (rank, alpha) => ({ kind: 'adapter', rank, scale: alpha / rank, linears: new Set(adaptableLinears(text.config).map(({ name }) => name)) }),
      objective: (learned, { checkpoint, threads }) => new DecoderObjective({ config: text.config, learned, base, checkpoint, open: model => openOrtSession(model, { threads, asWritten: true }) }),
      close: files.close
    }
  } catch (error) {
    await files.close()
    throw error
  }
}

/** How the weights of a model were made, which its manifest says. */
function readRecipe({ name, kind, recipe }: Manifest): ConvertRecipe {
  if (kind !== 'decoder') throw new KinmeshError('WrongModelKind', `${name} makes vectors of texts: train a model that writes`)
  const bits = bitChoices.find(each => each === recipe?.bits)
  if (!recipe || bits === undefined || recipe['graph'] !== graphVersion) throw new KinmeshError('NotConverted', `${name} is not as this kinmesh makes models: make it anew with kinmesh model convert DIR --out DIR, or get it again`)
  if (bits === 32) return { bits, block: 32, zeroPoints: false, small: true }
  return { bits, block: blockOf(recipe, name), zeroPoints: recipe['zeroPoints'] === true, small: recipe['small'] === true }
}

function blockOf({ block }: Recipe, name: string): ConvertRecipe['block'] {
  if (block === 32 || block === 64 || block === 128) return block
  throw new KinmeshError('NotConverted', `${name} has blocks of ${block} weights, which this kinmesh does not make: get or make it again`)
}
