import { extname } from 'node:path'
import { SHARE_ENV, Worker } from 'node:worker_threads'
import { KinmeshError } from '../../../mesh/errors.ts'
import type { Message, Model } from '../../model.ts'
import type { TextOptions, WrittenText } from '../language-model.ts'
import type { FromWorker, ToWorker, WorkerStart } from './messages.ts'

export type ThreadedModel = Model & {
  generate(messages: readonly Message[], options?: TextOptions): Promise<WrittenText>
  /** Makes the adapter in a folder (PEFT) one that texts may name; its id. @throws KinmeshError `BadAdapter` · `UnknownAdapter` · `AdapterMismatch` · `TooManyAdapters` · `NotConverted` · `ModelFailed` · `DeviceStopped` */
  loadAdapter(dir: string): Promise<string>
  /** Gives its memory back, once no text is being written through it. @throws KinmeshError `AdapterNotLoaded` · `DeviceStopped` */
  unloadAdapter(id: string): Promise<void>
  /** Resolves when nothing is being written. */
  idle(): Promise<void>
  /** Ends what is being written, and gives the memory back. Always finishes. */
  close(): Promise<void>
}

type Waiting = { readonly resolve: (text: WrittenText) => void; readonly reject: (error: unknown) => void; readonly options: TextOptions; readonly done: Promise<WrittenText> }
type WaitingAdapter = { readonly resolve: (id: string) => void; readonly reject: (error: unknown) => void }

/** Beside this file, in the sources as in what is published. */
const workerFile = new URL(`./worker.node${extname(import.meta.url)}`, import.meta.url)

/** Loads a model in a thread of its own. `onNote` hears what takes time, or makes it slower than it could be. @throws KinmeshError what opening it threw there */
export async function openThreadedModel(start: WorkerStart, onNote?: (note: string) => void): Promise<ThreadedModel> {
  // The heap of a thread of its own starts small and grows; its arrays lie outside of it.
  const worker = new Worker(workerFile, { workerData: start, name: 'kinmesh model', env: SHARE_ENV })
  const waiting = new Map<number, Waiting>()
  const adapters = new Map<number, WaitingAdapter>()
  const loaded = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  let nextId = 1
  let gone: KinmeshError | undefined

  const end = (error: KinmeshError) => {
    gone ??= error
    loaded.reject(gone)
    for (const { reject } of [...waiting.values(), ...adapters.values()]) reject(gone)
    waiting.clear()
    adapters.clear()
  }
  const heard = (message: FromWorker) => {
    if (message.type === 'ready') return loaded.resolve()
    if (message.type === 'note') return onNote?.(message.note)
    if (message.type === 'failed' && message.id === null) return end(new KinmeshError(message.code, message.message))
    const ofAdapter = adapters.get(message.id ?? 0)
    adapters.delete(message.id ?? 0)
    if (message.type === 'adapter') return ofAdapter?.resolve(message.adapter)
    if (ofAdapter && message.type === 'failed') return ofAdapter.reject(new KinmeshError(message.code, message.message))
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
  const askForAdapter = (message: { type: 'loadAdapter'; dir: string } | { type: 'unloadAdapter'; adapter: string }): Promise<string> => {
    if (gone) return Promise.reject(gone)
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const id = nextId++
    adapters.set(id, { resolve, reject })
    say({ ...message, id })
    return promise
  }
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
      say({ type: 'generate', id, messages, options: rest })
      return done.finally(() => signal?.removeEventListener('abort', cancel))
    },
    loadAdapter: dir => askForAdapter({ type: 'loadAdapter', dir }),
    unloadAdapter: async adapter => void (await askForAdapter({ type: 'unloadAdapter', adapter })),
    idle: async () => void (await Promise.allSettled([...waiting.values()].map(({ done }) => done))),
    async close() {
      say({ type: 'close' })
      await ended.promise
    }
  }
}
