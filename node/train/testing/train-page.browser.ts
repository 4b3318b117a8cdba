import { isKinmeshError } from '../../../mesh/errors.ts'
import type { TrainingProgress } from '../trainer/train.ts'
import type { PageFineTuneOptions, PageFineTuneReport, PageFineTuneSummary, PreparedPageFineTune } from '../fine-tune/page-fine-tune.ts'
import { openFineTune } from '../fine-tune/threaded-fine-tune.browser.ts'

// A page that trains as a page of ours does.

let tuning: PreparedPageFineTune | undefined
/** Of the last run, as it goes on. */
let progress: TrainingProgress[] = []
let awaited = { step: Infinity, resolve: () => {} }
let cancelled = new AbortController()

/** `weights`: of the adapter, in base64. */
type Ran = { readonly report: PageFineTuneReport; readonly progress: TrainingProgress[]; readonly config: string; readonly weights: string }

/** The conversations come as a file. */
let ofFile = false

/** What it is to be, or the error. */
async function prepare({ conversations, ...options }: PageFineTuneOptions): Promise<PageFineTuneSummary | string> {
  try {
    tuning = await openFineTune({ ...options, conversations: ofFile ? new Blob((conversations as unknown[]).map(each => `${JSON.stringify(each)}\n`)) : conversations })
    return tuning.summary
  } catch (error) {
    return told(error)
  }
}

async function run(): Promise<Ran | string> {
  progress = []
  cancelled = new AbortController()
  try {
    if (!tuning) throw new Error('prepare a training first')
    const { report, adapter } = await tuning.run({
      signal: cancelled.signal, onProgress(each) {
        progress.push(each)
        if (each.step >= awaited.step) awaited.resolve()
      }
    })
    return { report, progress, config: await adapter.config.text(), weights: await base64(adapter.weights) }
  } catch (error) {
    return told(error)
  }
}

/** Resolves when so many steps are made. */
async function reached(step: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>()
  awaited = { step, resolve }
  if ((progress.at(-1)?.step ?? 0) < step) await promise
  return progress.at(-1)?.step ?? 0
}

/** How far it was then. */
function cancel(): number {
  cancelled.abort('enough')
  return progress.length
}

async function cancelPreparing(options: PageFineTuneOptions): Promise<string> {
  const signal = new AbortController()
  return openFineTune(options, { signal: signal.signal, onLoad: ({ step }) => void (step === 'load' && signal.abort('enough')) }).then(() => 'prepared', told)
}

async function close(): Promise<void> {
  await tuning?.close()
  tuning = undefined
  ofFile = false
}

async function base64(file: Blob): Promise<string> {
  return btoa(new Uint8Array(await file.arrayBuffer()).reduce((text, byte) => text + String.fromCharCode(byte), ''))
}

function told(error: unknown): string {
  return isKinmeshError(error) ? `${error.code}: ${error.message}` : String(error)
}

/** Names and sizes of what is kept of a training; null where it has no folder. */
async function kept(name: string): Promise<Record<string, number> | null> {
  const folder = await folderOf(name)
  const found: Record<string, number> = {}
  for await (const [each, handle] of folder?.entries() ?? []) found[each] = handle instanceof FileSystemFileHandle ? (await handle.getFile()).size : 0
  return folder ? found : null
}

/** Changes a file that is kept, as a bad disk would. */
async function damage(name: string, file: string, how: 'flip' | 'cut'): Promise<void> {
  const handle = await (await folderOf(name))!.getFileHandle(file)
  const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer())
  const at = bytes.length >> 1
  bytes[at] = (bytes[at] ?? 0) ^ 1
  const writable = await handle.createWritable()
  await writable.write(how === 'flip' ? bytes : bytes.subarray(0, at))
  await writable.close()
}

/** Writes a file of a training. */
async function keep(name: string, file: string, text: string): Promise<void> {
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('kinmesh-training', { create: true })
  const writable = await (await (await root.getDirectoryHandle(name, { create: true })).getFileHandle(file, { create: true })).createWritable()
  await writable.write(text)
  await writable.close()
}

async function folderOf(name: string): Promise<FileSystemDirectoryHandle | undefined> {
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('kinmesh-training', { create: true })
  return root.getDirectoryHandle(name).catch(() => undefined)
}

Object.assign(globalThis, { prepare, run, reached, cancel, cancelPreparing, close, kept, keep, damage, done: () => tuning?.done(), ofFile: () => void (ofFile = true), usage: async () => (await navigator.storage.estimate()).usage })
