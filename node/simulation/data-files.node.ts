import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { KinmeshError } from '../../mesh/errors.ts'
import { diskError, isMissing } from '../model/store/files.node.ts'
import { badTrainingData } from '../train/training-errors.ts'
import type { DataFile } from './data-file.ts'
import { hashOfBytes } from '../../federated/simulation/hash.ts'

/** Ten times the files that there are. */
const maxFileBytes = 128 * 1024 * 1024
/** What such a file may unpack to. */
const maxUnpackedBytes = 1024 * 1024 * 1024

/** A file of the folder of data. `from`: where people get it. @throws KinmeshError `DataMissing` · `BadTrainingData` · `StoreFailed` */
export async function readDataFile(dir: string, name: string, from: string): Promise<{ readonly bytes: Uint8Array; readonly file: DataFile }> {
  const path = join(dir, name)
  try {
    const { size } = await stat(path)
    if (size > maxFileBytes) throw badTrainingData(`${path} has ${size} bytes, and ${maxFileBytes} is the most: it is another file`)
    const bytes = await readFile(path)
    return { bytes, file: { name, bytes: bytes.length, sha256: hashOfBytes(bytes) } }
  } catch (cause) {
    if (isMissing(cause)) throw new KinmeshError('DataMissing', `there is no ${path}: ${from}`, { cause })
    throw diskError(path, cause)
  }
}

/** @throws KinmeshError `BadTrainingData` */
export async function unpacked(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: maxUnpackedBytes })
  } catch (cause) {
    throw badTrainingData(`${name} does not unpack (${cause instanceof Error ? cause.message : String(cause)}): get it again`, cause)
  }
}
