import { lstat, readFile } from 'node:fs/promises'
import * as v from 'valibot'
import { KinmeshError } from '../../../mesh/errors.ts'
import { diskError, isMissing } from './files.node.ts'

/** What a person chose, as a small file says it; undefined where there is none. `advice`: what to do about a damaged one. @throws KinmeshError `FileCorrupt` · `StoreFailed` */
export async function readChoiceFile<T>(path: string, schema: v.GenericSchema<unknown, T>, advice: string): Promise<T | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (isMissing(cause)) return undefined
    throw diskError(path, cause)
  }
  try {
    return v.parse(schema, JSON.parse(text))
  } catch (cause) {
    throw new KinmeshError('FileCorrupt', `${path} is damaged: ${advice}`, { cause })
  }
}

/** Whether there is a folder itself, and no link to one. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory()
  } catch {
    return false
  }
}
