import { KinmeshError } from '../../mesh/errors.ts'
import { adapterFiles } from './adapter-source.ts'
import { type CacheOptions, type CachedFiles, withModelFiles } from './cache/model-cache.browser.ts'
import { loadGrammarLibrary } from './grammar/library.browser.ts'
import { adaptedFiles, graphFile, pageFile, weightFile } from './graph/decoder.ts'
import type { AdapterSource, GpuChoice, ModelLoad, ModelSource } from './load.ts'
import { badModelFile } from './model-errors.ts'
import { readModelText } from './model-text.ts'
import { type DecoderGraphFiles, bytesOf, openDecoder } from './open-decoder.browser.ts'
import { type OpenOptions, type OpenedModel, openedModel } from './opened-model.ts'

/** A page answers one person, and the library has 4 GB at most: fewer than a device of its own has. */
const defaultPositions = 2048
const defaultSlots = 2
/** More cores than this wait for each other; each is a worker that takes memory of a phone. */
const maxThreads = 4

/** `gpu`: `auto`, unless it is said otherwise. */
export type PageOptions = OpenOptions & { readonly gpu?: GpuChoice | undefined }
export type OpenedPageModel = OpenedModel & {
  readonly load: ModelLoad
  /** Makes an adapter one that texts may name; its id. @throws KinmeshError those of `adapterFiles` and of `Adapters.load`; `StoreFailed` */
  loadAdapter(source: AdapterSource, signal?: AbortSignal): Promise<string>
}

/**
 * Loads a converted model from an address, or from what was kept of it. To be called in a worker: its runs hold up everything else.
 * @throws KinmeshError those of `withModelFiles` · `NotConverted` · `BadModelFile` · `UnknownModel` · `ModelFailed`
 */
export function openModel(source: ModelSource, { signal, onProgress, ...options }: PageOptions & CacheOptions): Promise<OpenedPageModel> {
  return withModelFiles(source, { signal, onProgress }, model => openFiles(model, options))
}

async function openFiles({ files, note, bits, ...model }: CachedFiles, { positions = defaultPositions, slots = defaultSlots, threads = defaultThreads(), clock = Date.now, gpu = 'auto' }: PageOptions): Promise<OpenedPageModel> {
  const graph = graphsOf(files, graphFile, adaptedFiles.graph)
  const weights = files.get(weightFile)
  if (!graph || !weights) throw new KinmeshError('NotConverted', `${model.name} is as it was published: make one of it that runs here with kinmesh model convert DIR --out DIR, and serve that`)
  const text = await readModelText(async (name, maxBytes) => {
    const file = files.get(name)
    if (file && file.size > maxBytes) throw badModelFile(`${name} has ${file.size} bytes, and at most ${maxBytes} are read: choose another model`)
    return file && bytesOf(file)
  })
  const size = { slots, positions: Math.min(positions, text.config.maxPositions) }
  const { decoder, notes, runsOn, threads: running, close } = await openDecoder({ graph, page: graphsOf(files, pageFile, adaptedFiles.page), weights, bits }, text.config, size, { threads, gpu })
  const opened = openedModel({ name: model.name, text, decoder, clock, turn: createTurn(), loadGrammars: loadGrammarLibrary })
  return {
    ...opened,
    load: { ...model, runsOn, threads: running, notes: note === undefined ? notes : [note, ...notes] },
    async loadAdapter(source, signal) {
      await checkKept(weights)
      return opened.model.adapters.load(adapterFiles(source, signal))
    },
    async close() {
      await opened.close()
      close()
    }
  }
}

function graphsOf(files: CachedFiles['files'], plainName: string, adaptedName: string): DecoderGraphFiles | undefined {
  const plain = files.get(plainName)
  return plain && { plain, adapted: files.get(adaptedName) }
}

/** The first adapter has the weights read once more: where they are gone, what is loaded had better stay. */
async function checkKept(weights: Blob): Promise<void> {
  try {
    await weights.slice(0, 1).arrayBuffer()
  } catch (cause) {
    throw new KinmeshError('StoreFailed', 'the browser no longer keeps the files of this model, and its adapters need them: load it again', { cause })
  }
}

function defaultThreads(): number {
  return Math.min(maxThreads, navigator.hardwareConcurrency)
}

/** Lets what was said to the worker meanwhile be heard. Timers would wait for 4 ms each time. */
function createTurn(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel()
  return () =>
    new Promise(resolve => {
      port1.onmessage = () => resolve()
      port2.postMessage(null)
    })
}
