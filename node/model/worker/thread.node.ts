import { SHARE_ENV, Worker, parentPort, workerData } from 'node:worker_threads'
import { KinmeshError } from '../../../mesh/errors.ts'
import { type Asking, type Calls, type FromThread, type Served, type ToThread, answering, asking } from './thread-calls.ts'

/** A model in a thread of its own. */
export type Thread<All extends Calls, About> = Pick<Asking<All, About, never>, 'ask' | 'idle'> & {
  readonly about: About
  /** Ends what is asked, and gives the memory back. Always finishes. */
  close(): Promise<void>
}

/** Starts `file`, which calls `serveThread`. `what` names the model in errors: "the encoder". `onNews` hears of the loading. @throws KinmeshError what opening it threw there */
export async function openThread<All extends Calls, About, News = never>(file: URL, start: object, what: string, onNews?: (news: News) => void): Promise<Thread<All, About>> {
  // The heap of a thread of its own starts small and grows; its arrays lie outside of it. The environment is that of the process: onnxruntime is told by it to send nothing.
  const worker = new Worker(file, { workerData: start, name: `kinmesh ${what}`, env: SHARE_ENV })
  const { heard, end, loaded, ask, idle } = asking<All, About, News>(message => worker.postMessage(message), onNews)
  const ended = Promise.withResolvers<void>()
  worker.on('message', (message: FromThread<About, News>) => heard(message))
  worker.on('error', error => end(new KinmeshError('ModelFailed', `${what} stopped: ${error instanceof Error ? error.message : String(error)}`)))
  worker.on('exit', () => {
    end(new KinmeshError('DeviceStopped', `${what} is shutting down`))
    ended.resolve()
  })
  return {
    about: await loaded, ask, idle,
    async close() {
      worker.postMessage({ type: 'close' } satisfies ToThread)
      await ended.promise
    }
  }
}

/** The other half of `openThread`. */
export async function serveThread<Start, All extends Calls, About, News = never>(open: (start: Start, tell: (news: News) => void) => Promise<Served<All, About>>): Promise<void> {
  const port = parentPort
  if (!port) throw new Error('this file is for a worker thread')
  await answering<All, About, News>({
    say: (message, moved = []) => port.postMessage(message, moved),
    listen: heard => void port.on('message', (message: ToThread) => heard(message)),
    close: () => port.close()
  }, tell => open(workerData as Start, tell))
}
