import { readFolderText } from '../../model/convert.node.ts'
import { folderFiles } from '../../model/file-source.node.ts'
import { adaptedFiles, weightFile } from '../../model/graph/decoder.ts'
import { badModelFile } from '../../model/model-errors.ts'
import { openOrtSession } from '../../model/runtime/ort-session.node.ts'
import { modelId } from '../../model/store/manifest.ts'
import { readManifest } from '../../model/store/read-model.node.ts'
import { ModelBase } from '../model-base.ts'
import { type BaseModel, readRecipe } from './base-model.ts'

/** A converted model in its folder. @throws KinmeshError `NotConverted` · `BadManifest` · `BadModelFile` · `UnknownModel` */
export async function openBaseModel(dir: string, threads: number): Promise<BaseModel> {
  const manifest = await readManifest(dir)
  const recipe = readRecipe(manifest)
  const text = await readFolderText(dir)
  const files = folderFiles(dir)
  try {
    const weights = await files.open(weightFile)
    if (!weights || !(await files.open(adaptedFiles.graph))) throw badModelFile(`${dir} lacks ${weights ? adaptedFiles.graph : weightFile}: get or make the model again`)
    const base = new ModelBase(text.config, recipe, weights)
    return { id: modelId(manifest), name: manifest.name, text, base, unpacked: undefined, open: model => openOrtSession(model, { threads, asWritten: true }), place: numbers => numbers, close: files.close }
  } catch (error) {
    await files.close()
    throw error
  }
}
