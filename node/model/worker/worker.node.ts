import { parentPort, workerData } from 'node:worker_threads'
import { openModel } from '../open-model.node.ts'
import type { ToWorker, WorkerStart } from './messages.ts'
import { serveModel } from './serve-model.ts'

// A model in a thread of its own: while its kernels run, everything else of the device goes on.

const port = parentPort
if (!port) throw new Error('this file is for a worker thread')
const { dir, name, ...options } = workerData as WorkerStart

await serveModel({
  say: message => port.postMessage(message),
  listen: heard => void port.on('message', (message: ToWorker) => heard(message)),
  close: () => port.close()
}, () => openModel(dir, name, { ...options, onNote: note => port.postMessage({ type: 'note', note }) }))
