import { badTrainingData } from '../train/training-errors.ts'
import type { DataFile } from './data-file.ts'
import { readDataFile } from './data-files.node.ts'
import { type Plays, readPlays } from './plays.ts'

const file = 'text/tinyshakespeare.txt'
const advice = `give the folder that holds ${file}, plays by speaker (https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt)`

/** From `dir`/text. @throws KinmeshError `DataMissing` · `BadTrainingData` · `StoreFailed` */
export async function readPlaysFile(dir: string): Promise<{ readonly plays: Plays; readonly files: readonly DataFile[] }> {
  const { bytes, file: read } = await readDataFile(dir, file, advice)
  return { plays: readPlays(file, textOf(bytes)), files: [read] }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw badTrainingData(`${file} is no text in UTF-8: get it again`, cause)
  }
}
