import { KinmeshError } from '../../../mesh/errors.ts'
import type { Message, Model } from '../../model.ts'
import type { TextOptions, WrittenText } from '../language-model.ts'
import type { LoadProgress, ModelLoad } from '../load.ts'
import type { FromWorker, ToWorker } from './messages.ts'

export type ThreadedModel = Model & {
  generate(messages: readonly Message[], options?: TextOptions): Promise<WrittenText>
  /** Resolves when nothing is being written. */
  idle(): Promise<void>
  /** Ends what is being written, and gives the memory back. Always finishes. */
  close(): Promise<void>
}

export type AdapterCalls = {
  /** Makes the adapter in a folder (PEFT) one that texts may name; its id. @throws KinmeshError `BadAdapter` · `UnknownAdapter` · `AdapterMismatch` · `TooManyAdapters` · `NotConverted` · `ModelFailed` · `DeviceStopped` */
  loadAdapter(dir: string): Promise<string>
  /** Gives its memory back, once no text is being written through it. @throws KinmeshError `AdapterNotLoaded` · `DeviceStopped` */
  unloadAdapter(id: string): Promise<void>
}

/** The side of whoever asks: `heard` is to be given what the worker says, and `end` is to be called when it is no more. */
export type ModelClient = Pick<ThreadedModel, 'generate' | 'idle'> & AdapterCalls & {
  heard(message: FromWorker): void
  end(error: KinmeshError): void
  /** @throws KinmeshError what opening it threw there */
  readonly loaded: Promise<ModelLoad | undefined>
}

type Waiting = { readonly resolve: (text: WrittenText) => void; readonly reject: (error: unknown) => void; readonly options: TextOptions; readonly done: Promise<WrittenText> }
type WaitingAdapter = { readonly resolve: (id: string) => void; readonly reject: (error: unknown) => void }

/** Who hears of a model while it is loaded. */
export type LoadListeners = { readonly onProgress?: ((progress: LoadProgress) => void) | undefined; readonly onNote?: ((note: string) => void) | undefined }

/** Asks a model in a worker, which `say` reaches. */
export function modelClient(say: (message: ToWorker) => void, { onProgress, onNote }: LoadListeners): ModelClient {
  const waiting = new Map<number, Waiting>()
  const adapters = new Map<number, WaitingAdapter>()
  const loaded = Promise.withResolvers<ModelLoad | undefined>()
  let nextId = 1
  let gone: KinmeshError | undefined

  const end = (error: KinmeshError) => {
    gone ??= error
    loaded.reject(gone)
    for (const { reject } of [...waiting.values(), ...adapters.values()]) reject(gone)
    waiting.clear()
    adapters.clear()
  }
  const askForAdapter = (message: { type: 'loadAdapter'; dir: string } | { type: 'unloadAdapter'; adapter: string }): Promise<string> => {
    if (gone) return Promise.reject(gone)
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const id = nextId++
    adapters.set(id, { resolve, reject })
    say({ ...message, id })
    return promise
  }
  return {
    loaded: loaded.promise,
    end,
    heard(message) {
      if (message.type === 'ready') return loaded.resolve(message.load)
      if (message.type === 'note') return onNote?.(message.note)
      if (message.type === 'progress') return onProgress?.(message.progress)
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
    },
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
    idle: async () => void (await Promise.allSettled([...waiting.values()].map(({ done }) => done)))
  }
}
