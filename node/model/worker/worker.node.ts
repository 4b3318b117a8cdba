import { parentPort, workerData } from 'node:worker_threads'
import { isKinmeshError } from '../../../mesh/errors.ts'
import { type OpenedModel, openModel } from '../open-model.node.ts'
import type { FromWorker, ToWorker, WorkerStart } from './messages.ts'

// A model in a thread of its own: while its kernels run, everything else of the device goes on.

const port = parentPort
if (!port) throw new Error('this file is for a worker thread')
const say = (message: FromWorker): void => port.postMessage(message)
const cancels = new Map<number, AbortController>()

async function start({ dir, name, ...options }: WorkerStart): Promise<void> {
  try {
    const opened = await openModel(dir, name, { ...options, onNote: note => say({ type: 'note', note }) })
    port!.on('message', (message: ToWorker) => void handle(opened, message))
    say({ type: 'ready' })
  } catch (error) {
    say(failure(null, error))
    port!.close()
  }
}

async function handle(opened: OpenedModel, message: ToWorker): Promise<void> {
  switch (message.type) {
    case 'cancel':
      return cancels.get(message.id)?.abort()
    case 'close':
      await opened.close()
      return port!.close()
    case 'generate':
      return generate(opened, message)
    case 'loadAdapter':
    case 'unloadAdapter':
      return say(await changeAdapters(opened, message).catch((error: unknown) => failure(message.id, error)))
  }
}

async function changeAdapters({ model, loadAdapter }: OpenedModel, message: ToWorker & { type: 'loadAdapter' | 'unloadAdapter' }): Promise<FromWorker> {
  if (message.type === 'loadAdapter') return { type: 'adapter', id: message.id, adapter: await loadAdapter(message.dir) }
  model.adapters.unload(message.adapter)
  return { type: 'adapter', id: message.id, adapter: message.adapter }
}

async function generate({ model }: OpenedModel, { id, messages, options }: ToWorker & { type: 'generate' }): Promise<void> {
  const cancel = new AbortController()
  cancels.set(id, cancel)
  try {
    say({ type: 'done', id, text: await model.generate(messages, { ...options, signal: cancel.signal, onToken: piece => say({ type: 'piece', id, piece }) }) })
  } catch (error) {
    say(cancel.signal.aborted ? { type: 'cancelled', id } : failure(id, error))
  } finally {
    cancels.delete(id)
  }
}

function failure(id: number | null, error: unknown): FromWorker {
  const known = isKinmeshError(error)
  return { type: 'failed', id, code: known ? error.code : 'ModelFailed', message: error instanceof Error ? error.message : String(error) }
}

await start(workerData as WorkerStart)
