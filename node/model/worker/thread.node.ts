import { SHARE_ENV, Worker } from 'node:worker_threads'
import { KinmeshError } from '../../../mesh/errors.ts'

/** `id` names what is asked, from `ask` to `done`, `cancelled` or `failed`. */
export type ToThread<Question> =
  | { readonly type: 'ask'; readonly id: number; readonly question: Question }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'close' }

export type FromThread<About, Answer> =
  | { readonly type: 'ready'; readonly about: About }
  | { readonly type: 'done'; readonly id: number; readonly answer: Answer }
  | { readonly type: 'cancelled'; readonly id: number }
  /** Without an id: the model did not load. */
  | { readonly type: 'failed'; readonly id: number | null; readonly code: string; readonly message: string }

export type AskOptions = { readonly signal?: AbortSignal | undefined }

/** A model in a thread of its own. */
export type Thread<About, Question, Answer> = {
  /** What it told of itself when it was loaded. */
  readonly about: About
  ask(question: Question, options?: AskOptions): Promise<Answer>
  /** Ends what is asked, and gives the memory back. Always finishes. */
  close(): Promise<void>
}

type Waiting<Answer> = { readonly resolve: (answer: Answer) => void; readonly reject: (error: unknown) => void; readonly signal: AbortSignal | undefined }

/** Starts `file`, which calls `serveThread`. `what` names the model in errors: "the encoder". @throws KinmeshError what opening it threw there */
export async function openThread<About, Question, Answer>(file: URL, start: object, what: string): Promise<Thread<About, Question, Answer>> {
  // The heap of a thread of its own starts small and grows; its arrays lie outside of it.
  const worker = new Worker(file, { workerData: start, name: `kinmesh ${what}`, env: SHARE_ENV })
  const waiting = new Map<number, Waiting<Answer>>()
  const loaded = Promise.withResolvers<About>()
  const ended = Promise.withResolvers<void>()
  let nextId = 1
  let gone: KinmeshError | undefined

  const end = (error: KinmeshError) => {
    gone ??= error
    loaded.reject(gone)
    for (const { reject } of waiting.values()) reject(gone)
    waiting.clear()
  }
  const heard = (message: FromThread<About, Answer>) => {
    if (message.type === 'ready') return loaded.resolve(message.about)
    if (message.type === 'failed' && message.id === null) return end(new KinmeshError(message.code, message.message))
    const asked = waiting.get(message.id ?? 0)
    if (!asked) return
    waiting.delete(message.id ?? 0)
    if (message.type === 'done') asked.resolve(message.answer)
    else if (message.type === 'cancelled') asked.reject(asked.signal?.reason)
    else asked.reject(new KinmeshError(message.code, message.message))
  }
  worker.on('message', heard)
  worker.on('error', error => end(new KinmeshError('ModelFailed', `${what} stopped: ${error instanceof Error ? error.message : String(error)}`)))
  worker.on('exit', () => {
    end(new KinmeshError('DeviceStopped', `${what} is shutting down`))
    ended.resolve()
  })
  const about = await loaded.promise
  const say = (message: ToThread<Question>) => worker.postMessage(message)
  return {
    about,
    ask(question, { signal } = {}) {
      if (gone) return Promise.reject(gone)
      if (signal?.aborted) return Promise.reject(signal.reason as Error)
      const id = nextId++
      const cancel = () => say({ type: 'cancel', id })
      signal?.addEventListener('abort', cancel, { once: true })
      const { promise: done, resolve, reject } = Promise.withResolvers<Answer>()
      waiting.set(id, { resolve, reject, signal })
      say({ type: 'ask', id, question })
      return done.finally(() => signal?.removeEventListener('abort', cancel))
    },
    async close() {
      say({ type: 'close' })
      await ended.promise
    }
  }
}
