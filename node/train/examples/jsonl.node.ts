import { stat } from 'node:fs/promises'
import { chunksOf, diskError, isMissing } from '../../model/store/files.node.ts'
import { badTrainingData } from '../training-errors.ts'
import { type TextLine, textLines } from './json-lines.ts'

/** The lines of a file, read as they are asked for. @throws KinmeshError `BadTrainingData` · `TooMuchTrainingData` · `StoreFailed`; the reason of the signal */
export async function* fileLines(path: string, signal?: AbortSignal): AsyncGenerator<TextLine> {
  try {
    // A pipe would be waited for without an end.
    if (!(await stat(path)).isFile()) throw badTrainingData(`${path} is no file: name one with a conversation in JSON on each line`)
    yield* textLines(chunksOf(path, signal))
  } catch (cause) {
    if (isMissing(cause)) throw badTrainingData(`there is no file ${path}: name one with a conversation in JSON on each line`, cause)
    throw diskError(path, cause)
  }
}
