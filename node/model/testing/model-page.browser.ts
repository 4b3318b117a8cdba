import { isKinmeshError } from '../../../mesh/errors.ts'
import type { Message, TextOptions } from '../../model.ts'
import { names, runOne } from '../../../tools/browser/page-suite.ts'
import { adapterWeightsFile } from '../adapter.ts'
import { adapterConfigFile } from '../adapter-config.ts'
import { cachedModels, removeCached } from '../cache/model-cache.browser.ts'
import type { LoadProgress, ModelLoad } from '../load.ts'
import { graphFile, weightFile } from '../graph/decoder.ts'
import { DecoderSession } from '../runtime/decoder-session.ts'
import { openGpu } from '../runtime/gpu-device.browser.ts'
import { OrtGpu } from '../runtime/ort-gpu.browser.ts'
import { openGpuSession, openWebSession } from '../runtime/ort-web-session.browser.ts'
import { OrtWasm } from '../runtime/ort-wasm.browser.ts'
import { sessionContract } from '../runtime/session.contract.ts'
import type { PageStart } from '../worker/model-calls.ts'
import { type PageModel, openThreadedModel } from '../worker/threaded-model.browser.ts'
import type { WrittenText } from '../language-model.ts'
import type { DecoderConfig } from '../decoder-config.ts'
import { onCard, onProcessor } from './page-suites.ts'

// A page that runs the suite of all graph sessions, and loads models as a page of ours does.

sessionContract(onProcessor, async (model, { threads }) => openWebSession(await OrtWasm.load(threads), model))
sessionContract(onCard, async model => openGpuSession(await loadCard(), model))

async function loadCard(): Promise<OrtGpu> {
  const device = await openGpu('any')
  if (typeof device === 'string') throw new Error(device)
  return OrtGpu.load(device)
}

let decoderCard: Promise<OrtGpu> | undefined

/** What two runs come to, the first of which lacks its inputs. */
async function failOnCard(url: string): Promise<string[]> {
  const [graph, weights] = await filesAt(url)
  const session = await openGpuSession(await loadCard(), graph!, { [weightFile]: weights! })
  const run = () => session.run({}, {}).then(() => 'done', told)
  return [await run(), await run()]
}

function filesAt(url: string): Promise<Uint8Array[]> {
  return Promise.all([graphFile, weightFile].map(async name => new Uint8Array(await (await fetch(url + name)).arrayBuffer())))
}

/**
 * Logits by a decoder on the graphics card, f32 [vocabSize] each, of a text of 12 tokens: its 6th and 11th, read in one go after 5; its 12th, alone; again in another slot, after a copied beginning
 * of 6; and of token 13, in both slots in one step: after all of it, and after its first 8.
 */
async function decodeOnCard(url: string, config: DecoderConfig, ids: readonly number[]): Promise<number[][]> {
  const [graph, weights] = await filesAt(url)
  decoderCard ??= loadCard()
  const decoder = new DecoderSession(await openGpuSession(await decoderCard, graph!, { [weightFile]: weights! }), config, { slots: 2, positions: 32 })
  await decoder.read(0, 0, ids.slice(0, 5), [])
  const logits = [await decoder.read(0, 5, ids.slice(5, 11), [0, 5]), await decoder.step(0, ids.slice(11), [11])]
  decoder.copy(0, 1, 6)
  logits.push(await decoder.read(1, 6, ids.slice(6), [5]), await decoder.step(0, [13, 13], [12, 8]))
  decoder.close()
  return logits.map(each => [...each])
}

let model: PageModel | undefined
let progress: LoadProgress[] = []
let awaited = { bytes: Infinity, resolve: () => {} }
let loading: AbortController | undefined

/** What came of it, or the error. */
async function load(start: PageStart): Promise<{ load: ModelLoad; progress: LoadProgress[] } | string> {
  progress = []
  loading = new AbortController()
  try {
    await model?.close()
    model = await openThreadedModel(start, { signal: loading.signal, onProgress: heard })
    return { load: model.load, progress }
  } catch (error) {
    return told(error)
  }
}

function heard(each: LoadProgress): void {
  progress.push(each)
  if (each.bytes >= awaited.bytes) awaited.resolve()
}

/** Resolves when so many bytes are there. */
async function reached(bytes: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  awaited = { bytes, resolve }
  if ((progress.at(-1)?.bytes ?? 0) < bytes) await promise
}

function stopLoading(): void {
  loading?.abort('enough')
}

/** `pieces`: the text as it came. */
function write(text: string, maxTokens: number): Promise<WrittenText & { pieces: string[] }> {
  return writeOn([{ role: 'user', text }], maxTokens)
}

async function writeOn(messages: readonly Message[], maxTokens: number, options: TextOptions = {}): Promise<WrittenText & { pieces: string[] }> {
  const pieces: string[] = []
  if (!model) throw new Error('load a model first')
  return { ...(await model.generate(messages, { ...options, maxTokens, onToken: piece => void pieces.push(piece) })), pieces }
}

/** The id of an adapter, or the error. `as`: by the address of its folder, or as its two files. */
async function loadAdapter(url: string, as: 'address' | 'files'): Promise<string> {
  if (!model) throw new Error('load a model first')
  const file = async (name: string) => (await fetch(`${url}/${name}`)).blob()
  const source = as === 'address' ? { url } : { config: await file(adapterConfigFile), weights: await file(adapterWeightsFile) }
  return model.loadAdapter(source).catch(told)
}

function unloadAdapter(id: string): Promise<string> {
  if (!model) throw new Error('load a model first')
  return model.unloadAdapter(id).then(() => 'unloaded', told)
}

/** Cancels a text after its first piece; then writes another one. */
async function cancel(text: string): Promise<{ reason: string; after: string }> {
  if (!model) throw new Error('load a model first')
  const signal = new AbortController()
  const reason = await model.generate([{ role: 'user', text }], { maxTokens: 1e6, signal: signal.signal, onToken: () => signal.abort('enough') }).then(() => 'written', told)
  return { reason, after: (await write(text, 5)).text }
}

async function close(): Promise<string> {
  const last = model?.generate([{ role: 'user', text: 'hello' }], { maxTokens: 1e6 }).then(() => 'written', told)
  await model?.close()
  model = undefined
  return (await last) ?? 'nothing was loaded'
}

function told(error: unknown): string {
  return isKinmeshError(error) ? `${error.code}: ${error.message}` : String(error)
}

/** Changes what is kept, as a bad disk would: `damage` of every file of at least so many bytes. */
async function damage(how: 'flip' | 'cut', leastBytes: number): Promise<number> {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('kinmesh-models')
  let damaged = 0
  for await (const [name, handle] of folder.entries()) {
    if (!(handle instanceof FileSystemFileHandle) || name.endsWith('.json')) continue
    const file = await handle.getFile()
    if (file.size < leastBytes) continue
    const bytes = new Uint8Array(await file.arrayBuffer())
    const at = bytes.length >> 1
    bytes[at] = (bytes[at] ?? 0) ^ 1
    const writable = await handle.createWritable()
    await writable.write(how === 'flip' ? bytes : bytes.subarray(0, at))
    await writable.close()
    damaged++
  }
  return damaged
}

/** Names and sizes of what lies in the page's files. */
async function kept(): Promise<{ name: string; bytes: number }[]> {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('kinmesh-models', { create: true })
  const found: { name: string; bytes: number }[] = []
  for await (const [name, handle] of folder.entries()) found.push({ name, bytes: handle instanceof FileSystemFileHandle ? (await handle.getFile()).size : 0 })
  return found
}

Object.assign(globalThis, { names, runOne, failOnCard, decodeOnCard, load, reached, stopLoading, write, writeOn, loadAdapter, unloadAdapter, cancel, close, damage, kept, cachedModels, removeCached })
