import { join } from 'node:path'
import { writeSynced } from '../../durable-file.node.ts'
import type { AdapterFiles } from './adapter-file.ts'
import { newFolder } from './new-folder.node.ts'

/** Writes an adapter into a folder of its own. @throws KinmeshError those of `newFolder` */
export async function writeAdapter(dir: string, files: AdapterFiles): Promise<void> {
  await newFolder(dir, async making => {
    for (const [name, bytes] of Object.entries(files)) await writeSynced(join(making, name), bytes)
  })
}
