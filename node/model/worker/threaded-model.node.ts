import { extname } from 'node:path'
import { SHARE_ENV, Worker } from 'node:worker_threads'
import { KinmeshError } from '../../../mesh/errors.ts'
import type { FromWorker, WorkerStart } from './messages.ts'
import { type AdapterCalls, type ThreadedModel, modelClient } from './model-client.ts'

/** Beside this file, in the sources as in what is published. */
const workerFile = new URL(`./worker.node${extname(import.meta.url)}`, import.meta.url)

/** Loads a model in a thread of its own. `onNote` hears what takes time, or makes it slower than it could be. @throws KinmeshError what opening it threw there */
export async function openThreadedModel(start: WorkerStart, onNote?: (note: string) => void): Promise<ThreadedModel & AdapterCalls> {
  // The heap of a thread of its own starts small and grows; its arrays lie outside of it.
  const worker = new Worker(workerFile, { workerData: start, name: 'kinmesh model', env: SHARE_ENV })
  const { heard, end, loaded, generate, loadAdapter, unloadAdapter, idle } = modelClient(message => worker.postMessage(message), { onNote })
  const ended = Promise.withResolvers<void>()
  worker.on('message', (message: FromWorker) => heard(message))
  worker.on('error', error => end(new KinmeshError('ModelFailed', `the model stopped: ${error instanceof Error ? error.message : String(error)}`)))
  worker.on('exit', () => {
    end(new KinmeshError('DeviceStopped', 'the model is shutting down'))
    ended.resolve()
  })
  await loaded
  return {
    name: start.name, generate, loadAdapter, unloadAdapter, idle,
    async close() {
      worker.postMessage({ type: 'close' })
      await ended.promise
    }
  }
}
