import type { MountedFile } from 'onnxruntime-web/ort-wasm-simd-threaded.mjs'
import type { DecoderConfig } from './decoder-config.ts'
import { weightFile } from './graph/decoder.ts'
import type { GpuChoice, ModelLoad } from './load.ts'
import { DecoderSession } from './runtime/decoder-session.ts'
import { openGpu } from './runtime/gpu-device.browser.ts'
import type { CacheSize } from './runtime/key-values.ts'
import type { GraphPair } from './runtime/loaded-graphs.ts'
import { OrtGpu } from './runtime/ort-gpu.browser.ts'
import { openGpuSession, openWebSession } from './runtime/ort-web-session.browser.ts'
import { OrtWasm } from './runtime/ort-wasm.browser.ts'
import type { GraphSession } from './runtime/session.ts'

/** One decoder, without and with inputs for an adapter; models that were made before there were adapters lack the second. */
export type DecoderGraphFiles = { readonly plain: Blob; readonly adapted: Blob | undefined }
/** `page`: the graphs for the processor, where the model has some of its own. `bits`: of its weights, where it says so. */
export type DecoderFiles = { readonly graph: DecoderGraphFiles; readonly page: DecoderGraphFiles | undefined; readonly weights: Blob; readonly bits: number | undefined }
export type DecoderPlace = { readonly threads: number; readonly gpu: GpuChoice }

/** A decoder where it runs. `close`: gives back what the decoder itself does not. */
export type PlacedDecoder = Pick<ModelLoad, 'runsOn' | 'threads' | 'notes'> & { readonly decoder: DecoderSession; close(): void }

/** Loads a decoder onto a graphics card where that is of use, and else onto the processor, which is told. @throws KinmeshError `ModelFailed` */
export async function openDecoder(files: DecoderFiles, config: DecoderConfig, size: CacheSize, { threads, gpu }: DecoderPlace): Promise<PlacedDecoder> {
  if (gpu === 'never') return onProcessor(files, config, size, threads)
  const placed = await onCard(files, config, size, gpu)
  if (typeof placed !== 'string') return placed
  const { notes, ...instead } = await onProcessor(files, config, size, threads)
  return { ...instead, notes: [`${placed}, so the model runs on the processor`, ...notes] }
}

async function onProcessor({ graph, page, weights, bits }: DecoderFiles, config: DecoderConfig, size: CacheSize, wanted: number): Promise<PlacedDecoder> {
  const threads = globalThis.crossOriginIsolated ? wanted : 1
  const notes = [
    threads < wanted ? `this page is not cross-origin isolated, so the model runs on one thread instead of ${wanted}: the server of the page decides that, by its headers, and only over https or on this machine` : undefined,
    bits !== 32 && !page ? 'this model was made small, which pages run about ten times slower: one that was made without --small is better here' : undefined
  ]
  const ort = await OrtWasm.load(threads)
  const decoder = await decoderOf(page ?? graph, config, size, async file => openWebSession(ort, await bytesOf(file), { [weightFile]: mounted(weights) }))
  return { decoder, runsOn: 'processor', threads, notes: notes.filter(note => note !== undefined), close: () => {} }
}

/** Or why not: the beginning of a sentence. */
async function onCard({ graph, weights, bits }: DecoderFiles, config: DecoderConfig, size: CacheSize, choice: Exclude<GpuChoice, 'never'>): Promise<PlacedDecoder | string> {
  if (choice === 'auto' && bits === 32) return 'graphics cards multiply no matrices of 32 bits here'
  const device = await openGpu(choice)
  if (typeof device === 'string') return device
  try {
    const ort = await OrtGpu.load(device)
    const decoder = await decoderOf(graph, config, size, async file => openGpuSession(ort, await bytesOf(file), { [weightFile]: mounted(weights) }))
    // Much of what a card cannot do shows only once it is done: there are kernels for several tokens, and for one.
    await decoder.read(0, 0, [0, 0], [1])
    await decoder.step(0, [0], [2])
    return { decoder, runsOn: 'graphics card', threads: 1, notes: [], close: () => device.destroy() }
  } catch (error) {
    device.destroy()
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n')
    return `the graphics card could not run this model (${reason})`
  }
}

async function decoderOf({ plain, adapted }: DecoderGraphFiles, config: DecoderConfig, size: CacheSize, open: (file: Blob) => Promise<GraphSession>): Promise<DecoderSession> {
  const openPair = async (isAdapted: boolean): Promise<GraphPair> => {
    const session = await open(isAdapted && adapted ? adapted : plain)
    return { steps: session, prompts: session }
  }
  const { steps } = await openPair(false)
  return new DecoderSession(steps, config, size, steps, { open: adapted && openPair })
}

export async function bytesOf(file: Blob): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer())
}

/** A file that the library reads weight by weight, so that it is never in memory as a whole. */
function mounted(file: Blob): MountedFile {
  const reader = new FileReaderSync()
  return { byteLength: file.size, subarray: (begin, end) => new Uint8Array(reader.readAsArrayBuffer(file.slice(begin, end))) }
}
