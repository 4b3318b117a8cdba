import { copyFile, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readAdapter } from '../../model/adapter.ts'
import { keptFile, readFolderText } from '../../model/convert.node.ts'
import { folderFiles } from '../../model/file-source.node.ts'
import type { WeightType } from '../../model/float-bits.ts'
import { openTensors } from '../../model/safetensors.ts'
import { checkSpace, freeBytes, syncFile } from '../../model/store/files.node.ts'
import { type MergeReport, planMerge } from './merge.ts'
import { newFolder } from './new-folder.node.ts'

export type MergeOptions = {
  /** In which the weights are stored; else each in its own. */
  readonly type?: WeightType
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((bytes: number, totalBytes: number) => void) | undefined
}

/**
 * Writes a published model, a folder with safetensors, once more with an adapter in its weights (`merge`), or with one taken out of them again (`unmerge`). The new folder appears whole or
 * not at all, with what belongs to the model but its weights. A few MiB of weights are held at a time.
 * @throws KinmeshError `BadModelFile` · `UnknownModel` · `BadAdapter` · `UnknownAdapter` · `AdapterMismatch` · `FolderExists` · `DiskFull` · `StoreFailed`; the reason of the signal
 */
export async function mergeFolder(what: 'merge' | 'unmerge', model: string, adapter: string, out: string, { type, signal, onProgress }: MergeOptions = {}): Promise<MergeReport> {
  const [modelFiles, adapterFiles] = [folderFiles(model), folderFiles(adapter)]
  try {
    const { config } = await readFolderText(model)
    const plan = planMerge(await openTensors(modelFiles.open), await readAdapter(adapterFiles.open, config), what === 'merge' ? 1 : -1, type)
    return await newFolder(out, async making => {
      checkSpace(out, plan.bytes, await freeBytes(out))
      for (const name of (await readdir(model)).filter(name => keptFile.test(name))) {
        await copyFile(join(model, name), join(making, name))
        await syncFile(join(making, name))
      }
      const file = await open(join(making, 'model.safetensors'), 'wx', 0o600)
      try {
        let written = 0
        const report = await plan.write(async piece => {
          await file.writeFile(piece)
          written += piece.length
          onProgress?.(written, plan.bytes)
        }, signal)
        await file.sync()
        return report
      } finally {
        await file.close()
      }
    })
  } finally {
    await Promise.all([modelFiles.close(), adapterFiles.close()])
  }
}
