import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { KinmeshError } from '../../mesh/errors.ts'
import { isFolder, readChoiceFile } from './store/choice-file.node.ts'
import { writeAtomic } from './store/files.node.ts'
import { sha256Schema } from './store/manifest.ts'

/** The adapter that a model answers through: a folder of this name beside this file. It is that model's alone. */
const choiceSchema = v.strictObject({ format: v.literal(1), name: v.pipe(v.string(), v.regex(/^[^./\\][^/\\]{0,63}$/)), model: sha256Schema })
export type ChosenAdapter = Omit<v.InferOutput<typeof choiceSchema>, 'format'>

/** No name of an adapter begins with a dot. */
const choiceFile = '.current.json'

/** Undefined where none was chosen. `dir`: by custom HOME/adapters. @throws KinmeshError `FileCorrupt` · `StoreFailed` */
export async function chosenAdapter(dir: string): Promise<ChosenAdapter | undefined> {
  const choice = await readChoiceFile(join(dir, choiceFile), choiceSchema, 'choose the adapter again with kinmesh train use NAME, or none with kinmesh train use --none')
  return choice && { name: choice.name, model: choice.model }
}

/** @throws KinmeshError `UnknownAdapterName` · `StoreFailed` · `DiskFull` */
export async function chooseAdapter(dir: string, choice: ChosenAdapter | undefined): Promise<void> {
  if (!choice) return rm(join(dir, choiceFile), { force: true })
  if (!(await isFolder(join(dir, choice.name)))) throw new KinmeshError('UnknownAdapterName', `there is no adapter ${choice.name} here: list them with kinmesh train list`)
  await writeAtomic(join(dir, choiceFile), `${JSON.stringify({ format: 1, ...choice })}\n`)
}
