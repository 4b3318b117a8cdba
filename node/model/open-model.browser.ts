import type { MountedFile } from 'onnxruntime-web/ort-wasm-simd-threaded.mjs'
import { KinmeshError } from '../../mesh/errors.ts'
import { type CacheOptions, type CachedFiles, withModelFiles } from './cache/model-cache.browser.ts'
import { loadGrammarLibrary } from './grammar/library.browser.ts'
import { graphFile, pageFile, weightFile } from './graph/decoder.ts'
import type { ModelLoad, ModelSource } from './load.ts'
import { badModelFile } from './model-errors.ts'
import { readModelText } from './model-text.ts'
import { type OpenOptions, type OpenedModel, openedModel } from './opened-model.ts'
import { DecoderSession } from './runtime/decoder-session.ts'
import { openWebSession } from './runtime/ort-web-session.browser.ts'
import { OrtWasm } from './runtime/ort-wasm.browser.ts'

/** A page answers one person, and the library has 4 GB at most: fewer than a device of its own has. */
const defaultPositions = 2048
const defaultSlots = 2
/** More cores than this wait for each other; each is a worker that takes memory of a phone. */
const maxThreads = 4

/**
 * Loads a converted model from an address, or from what was kept of it. To be called in a worker: its runs hold up everything else.
 * @throws KinmeshError those of `withModelFiles` · `NotConverted` · `BadModelFile` · `UnknownModel` · `ModelFailed`
 */
export function openModel(source: ModelSource, { signal, onProgress, ...options }: OpenOptions & CacheOptions): Promise<OpenedModel & { readonly load: ModelLoad }> {
  return withModelFiles(source, { signal, onProgress }, model => openFiles(model, options))
}

async function openFiles({ files, note, ...model }: CachedFiles, { positions = defaultPositions, slots = defaultSlots, threads: wanted = defaultThreads(), clock = Date.now }: OpenOptions): Promise<OpenedModel & { readonly load: ModelLoad }> {
  const graph = files.get(pageFile) ?? files.get(graphFile)
  const weights = files.get(weightFile)
  if (!graph || !weights) throw new KinmeshError('NotConverted', `${model.name} is as it was published: make one of it that runs here with kinmesh model convert DIR --out DIR, and serve that`)
  const threads = globalThis.crossOriginIsolated ? wanted : 1
  const notes = [
    note,
    threads < wanted ? `this page is not cross-origin isolated, so the model runs on one thread instead of ${wanted}: the server of the page decides that, by its headers, and only over https or on this machine` : undefined,
    model.bits !== 32 && !files.has(pageFile) ? 'this model was made small, which pages run about ten times slower: one that was made without --small is better here' : undefined
  ]
  const text = await readModelText(async (name, maxBytes) => {
    const file = files.get(name)
    if (file && file.size > maxBytes) throw badModelFile(`${name} has ${file.size} bytes, and at most ${maxBytes} are read: choose another model`)
    return file && bytesOf(file)
  })
  const session = openWebSession(await OrtWasm.load(threads), await bytesOf(graph), { [weightFile]: mounted(weights) })
  const decoder = new DecoderSession(session, text.config, { slots, positions: Math.min(positions, text.config.maxPositions) })
  const opened = openedModel({ name: model.name, text, decoder, clock, turn: createTurn(), loadGrammars: loadGrammarLibrary })
  return { ...opened, load: { id: model.id, name: model.name, keptIn: model.keptIn, fetchedBytes: model.fetchedBytes, threads, notes: notes.filter(each => each !== undefined) } }
}

function defaultThreads(): number {
  return Math.min(maxThreads, navigator.hardwareConcurrency)
}

async function bytesOf(file: Blob): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer())
}

/** A file that the library reads weight by weight, so that it is never in memory as a whole. */
function mounted(file: Blob): MountedFile {
  const reader = new FileReaderSync()
  return { byteLength: file.size, subarray: (begin, end) => new Uint8Array(reader.readAsArrayBuffer(file.slice(begin, end))) }
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
