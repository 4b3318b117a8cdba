import { adapterConfigFile } from './adapter-config.ts'
import { adapterWeightsFile, inMemory, maxAdapterBytes, maxAdapterConfigBytes } from './adapter.ts'
import { fetchWhole } from './cache/fetch-whole.ts'
import type { AdapterSource } from './load.ts'
import { badModelFile } from './model-errors.ts'
import type { FileSource } from './safetensors.ts'

const limits: Readonly<Record<string, number>> = { [adapterConfigFile]: maxAdapterConfigBytes, [adapterWeightsFile]: maxAdapterBytes }

/** Opens the files of an adapter in a page, by name. What is at an address is fetched each time. @throws KinmeshError `DownloadFailed` · `BadModelFile`; the reason of the signal */
export function adapterFiles(source: AdapterSource, signal?: AbortSignal): (name: string) => Promise<FileSource> {
  if ('url' in source) return async name => inMemory(await fetchWhole(source.url, name, limits[name] ?? 0, signal))
  return async name => {
    const file = name === adapterConfigFile ? source.config : source.weights
    return { size: file.size, read: (offset, length) => readPart(file, name, offset, length) }
  }
}

async function readPart(file: Blob, name: string, offset: number, length: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.slice(offset, offset + length).arrayBuffer())
  } catch (cause) {
    throw badModelFile(`the browser cannot read ${name} any more (${String(cause)}): choose the file again`, cause)
  }
}
