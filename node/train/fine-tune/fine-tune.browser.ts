import { withModelFiles } from '../../model/cache/model-cache.browser.ts'
import type { LoadProgress } from '../../model/load.ts'
import { OrtWasm } from '../../model/runtime/ort-wasm.browser.ts'
import { openBaseModel } from './base-model.browser.ts'
import type { PageFineTuneOptions, PreparedPageFineTune } from './page-fine-tune.ts'
import { readConversations } from './page-data.browser.ts'
import { type PageRunFolder, openRunFolder } from './run-file.browser.ts'
import { Tuning, checkOptions } from './tuning.ts'

/** More cores than this wait for each other; each is a worker that takes memory of a phone. */
const maxThreads = 4
/** Share of what memory there is. */
const memoryShare = 0.5
/** Where the browser does not say how much there is. */
const usualMemoryBytes = 4 * 1024 ** 3
/** The library has 4 GB at most; what its allocator cannot use any more is left to it. */
const mostBytes = 3.75 * 1024 ** 3
/** The library, its threads, and what a download leaves to the collector: 110 to 240 MiB where it was measured. */
const runtimeBytes = 256 * 1024 ** 2

/**
 * Reads model and data, and finds out how to train. To be called in a worker: its runs hold up everything else. Nothing leaves the page.
 * @throws KinmeshError `InvalidOption` · `TooLittleMemory` · `TrainingBusy`; those of `withModelFiles`, of the model and of the data
 */
export async function prepareFineTune(options: PageFineTuneOptions, onLoad?: (progress: LoadProgress) => void): Promise<PreparedPageFineTune> {
  checkOptions(options)
  const { threads: wanted = Math.min(maxThreads, navigator.hardwareConcurrency) } = options
  const threads = globalThis.crossOriginIsolated ? wanted : 1
  const folder = await openRunFolder(options.name)
  try {
    const ort = await OrtWasm.load(threads)
    return await withModelFiles(options.model, { onProgress: onLoad }, async ({ note, files }, manifest) => {
      const model = await openBaseModel(manifest, files, ort)
      const tuning = await Tuning.prepare({ model, folder, examples: startedAt => readConversations(options.conversations, model.text, startedAt), maxMemoryBytes: memoryFor(options), runtimeBytes, anew: 'with restart' }, options)
      return prepared(tuning, folder, ort, threads, [note, threads < wanted ? oneThread : undefined, folder.note])
    })
  } catch (error) {
    await folder.release()
    throw error
  }
}

const oneThread = 'this page is not cross-origin isolated, so it trains on one thread: the server of the page decides that, by its headers, and only over https or on this machine'

function memoryFor({ maxMemoryBytes }: PageFineTuneOptions): number {
  const { deviceMemory } = navigator
  return Math.min(mostBytes, maxMemoryBytes ?? memoryShare * (deviceMemory === undefined ? usualMemoryBytes : deviceMemory * 1024 ** 3))
}

function prepared(tuning: Tuning, folder: PageRunFolder, ort: OrtWasm, threads: number, notes: readonly (string | undefined)[]): PreparedPageFineTune {
  return {
    summary: { ...tuning.summary, threads, keptIn: folder.keptIn, notes: notes.filter(note => note !== undefined) },
    async run(options) {
      const { report, files } = await tuning.train(options)
      const blob = (bytes: Uint8Array, type: string) => new Blob([bytes.slice()], { type })
      return { report: { ...report, libraryBytes: ort.memoryBytes }, adapter: { config: blob(files['adapter_config.json'], 'application/json'), weights: blob(files['adapter_model.safetensors'], 'application/octet-stream') } }
    },
    done: folder.clear,
    async close() {
      await tuning.close()
      await folder.release()
    }
  }
}
