import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { KinmeshError } from '../../../mesh/errors.ts'
import type { Message, Model } from '../../model.ts'
import type { TextOptions, WrittenText } from '../language-model.ts'
import type { FromWorker, ToWorker, WorkerStart } from './messages.ts'

export type ThreadedModel = Model & {
  generate(messages: readonly Message[], options?: TextOptions): Promise<WrittenText>
  /** Resolves when nothing is being written. */
  idle(): Promise<void>
  /** Ends what is being written, and gives the memory back. Always finishes. */
  close(): Promise<void>
}

type Waiting = { readonly resolve: (text: WrittenText) => void; readonly reject: (error: unknown) => void; readonly options: TextOptions; readonly done: Promise<WrittenText> }

/** Beside this file, in the sources as in what is published. */
const workerFile = new URL(`./worker.node${extname(import.meta.url)}`, import.meta.url)

/** Loads a model in a thread of its own. @throws KinmeshError what opening it threw there */
export async function openThreadedModel(start: WorkerStart): Promise<ThreadedModel> {
  // The heap of a thread of its own starts small and grows; its arrays lie outside of it.
  const worker = new Worker(workerFile, { workerData: start, name: 'kinmesh model' })
  const waiting = new Map<number, Waiting>()
  const loaded = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  let nextId = 1
  let gone: KinmeshError | undefined

  const end = (error: KinmeshError) => {
    gone ??= error
    loaded.reject(gone)
    for (const { reject } of waiting.values()) reject(gone)
    waiting.clear()
  }
  const heard = (message: FromWorker) => {
    if (message.type === 'ready') return loaded.resolve()
    if (message.type === 'failed' && message.id === null) return end(new KinmeshError(message.code, message.message))
    const asked = waiting.get(message.id ?? 0)
    if (!asked) return
    if (message.type === 'piece') return asked.options.onToken?.(message.piece)
    waiting.delete(message.id ?? 0)
    if (message.type === 'done') asked.resolve(message.text)
    else if (message.type === 'cancelled') asked.reject(asked.options.signal?.reason)
    else asked.reject(new KinmeshError(message.code, message.message))
  }
  worker.on('message', heard)
  worker.on('error', error => end(new KinmeshError('ModelFailed', `the model stopped: ${error instanceof Error ? error.message : String(error)}`)))
  worker.on('exit', () => {
    end(new KinmeshError('DeviceStopped', 'the model is shutting down'))
    ended.resolve()
  })
  await loaded.promise
  const say = (message: ToWorker) => worker.postMessage(message)
  return {
    name: start.name,
    generate(messages, options = {}) {
      const { signal, onToken: _here, ...rest } = options
      if (gone) return Promise.reject(gone)
      if (signal?.aborted) return Promise.reject(signal.reason as Error)
      const id = nextId++
      const cancel = () => say({ type: 'cancel', id })
      signal?.addEventListener('abort', cancel, { once: true })
      const { promise: done, resolve, reject } = Promise.withResolvers<WrittenText>()
      waiting.set(id, { resolve, reject, options, done })
      try {
        say({ type: 'generate', id, messages, options: rest })
      } catch (cause) {
        waiting.delete(id)
        reject(new KinmeshError('InvalidOption', 'messages and options are plain values: no functions, no promises', { cause }))
      }
      return done.finally(() => signal?.removeEventListener('abort', cancel))
    },
    idle: async () => void (await Promise.allSettled([...waiting.values()].map(({ done }) => done))),
    async close() {
      say({ type: 'close' })
      await ended.promise
    }
  }
}
