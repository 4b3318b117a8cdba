import { KinmeshError, isKinmeshError } from '../../../mesh/errors.ts'

// Questions to a model in a thread of its own, and its answers: what both sides say, and both sides. How it is said is a matter of the platform.

/** What a thread is asked, by name. */
export type Calls = Readonly<Record<string, { readonly question: unknown; readonly answer: unknown }>>

/** `id` names what is asked, from `ask` to `done`, `cancelled` or `failed`. */
export type ToThread = { readonly type: 'ask'; readonly id: number; readonly name: string; readonly question: unknown } | { readonly type: 'cancel'; readonly id: number } | { readonly type: 'close' }

export type FromThread<About, News> =
  /** While it is loaded. */
  | { readonly type: 'news'; readonly news: News }
  | { readonly type: 'ready'; readonly about: About }
  /** Of a text that is being written. */
  | { readonly type: 'piece'; readonly id: number; readonly piece: string }
  | { readonly type: 'done'; readonly id: number; readonly answer: unknown }
  | { readonly type: 'cancelled'; readonly id: number }
  /** Without an id: the model did not load. */
  | { readonly type: 'failed'; readonly id: number | null; readonly code: string; readonly message: string }

export type AskOptions = { readonly signal?: AbortSignal | undefined; readonly onPiece?: ((piece: string) => void) | undefined }

/** The side of whoever asks. */
export type Asking<All extends Calls, About, News> = {
  /** What the thread told of itself. @throws KinmeshError what opening the model threw there */
  readonly loaded: Promise<About>
  /** Resolves to what it answers. @throws KinmeshError what it threw there, `DeviceStopped` once it is gone; the reason of the signal */
  ask<Name extends keyof All & string>(name: Name, question: All[Name]['question'], options?: AskOptions): Promise<All[Name]['answer']>
  /** Resolves when nothing is asked. */
  idle(): Promise<void>
  /** To be given what the thread says. */
  heard(message: FromThread<About, News>): void
  /** To be called when the thread is no more. */
  end(error: KinmeshError): void
}

type Waiting = { readonly resolve: (answer: unknown) => void; readonly reject: (error: unknown) => void; readonly options: AskOptions; readonly done: Promise<unknown> }

/** Asks a model in a thread, which `say` reaches. `onNews` hears of the loading. */
export function asking<All extends Calls, About, News>(say: (message: ToThread) => void, onNews?: (news: News) => void): Asking<All, About, News> {
  const waiting = new Map<number, Waiting>()
  const loaded = Promise.withResolvers<About>()
  let nextId = 1
  let gone: KinmeshError | undefined

  const end = (error: KinmeshError) => {
    gone ??= error
    loaded.reject(gone)
    for (const { reject } of waiting.values()) reject(gone)
    waiting.clear()
  }
  return {
    loaded: loaded.promise,
    end,
    heard(message) {
      if (message.type === 'news') return onNews?.(message.news)
      if (message.type === 'ready') return loaded.resolve(message.about)
      if (message.type === 'failed' && message.id === null) return end(new KinmeshError(message.code, message.message))
      const asked = waiting.get(message.id ?? 0)
      if (!asked) return
      if (message.type === 'piece') return asked.options.onPiece?.(message.piece)
      waiting.delete(message.id ?? 0)
      if (message.type === 'done') asked.resolve(message.answer)
      else if (message.type === 'cancelled') asked.reject(asked.options.signal?.reason)
      else asked.reject(new KinmeshError(message.code, message.message))
    },
    ask(name, question, options = {}) {
      const { signal } = options
      if (gone) return Promise.reject(gone)
      if (signal?.aborted) return Promise.reject(signal.reason as Error)
      const id = nextId++
      const cancel = () => say({ type: 'cancel', id })
      signal?.addEventListener('abort', cancel, { once: true })
      const { promise: done, resolve, reject } = Promise.withResolvers<unknown>()
      waiting.set(id, { resolve, reject, options, done })
      try {
        say({ type: 'ask', id, name, question })
      } catch (cause) {
        waiting.delete(id)
        reject(new KinmeshError('InvalidOption', 'what a model is asked is plain values: no functions, no promises', { cause }))
      }
      return done.finally(() => signal?.removeEventListener('abort', cancel))
    },
    idle: async () => void (await Promise.allSettled([...waiting.values()].map(({ done }) => done)))
  }
}

export type AnswerOptions = { readonly signal: AbortSignal; readonly onPiece: (piece: string) => void }

/** The side of the thread, once its model is loaded. */
export type Served<All extends Calls, About> = {
  readonly about: About
  readonly answers: { readonly [Name in keyof All]: (question: All[Name]['question'], options: AnswerOptions) => Promise<All[Name]['answer']> }
  /** Memory of an answer that moves to who asked, and is not copied. */
  moved?(answer: unknown): readonly ArrayBuffer[]
  close(): Promise<void>
}

/** The way to whoever asks. */
export type Port<About, News> = { say(message: FromThread<About, News>, moved?: readonly ArrayBuffer[]): void; listen(heard: (message: ToThread) => void): void; close(): void }

/** Loads a model, and answers: while its kernels run here, everything else goes on. */
export async function answering<All extends Calls, About, News = never>({ say, listen, close }: Port<About, News>, open: (tell: (news: News) => void) => Promise<Served<All, About>>): Promise<void> {
  const cancels = new Map<number, AbortController>()
  const answer = async ({ answers, moved }: Served<All, About>, { id, name, question }: ToThread & { type: 'ask' }) => {
    const cancel = new AbortController()
    cancels.set(id, cancel)
    try {
      const found = await answers[name]?.(question, { signal: cancel.signal, onPiece: piece => say({ type: 'piece', id, piece }) })
      say({ type: 'done', id, answer: found }, moved?.(found))
    } catch (error) {
      say(cancel.signal.aborted ? { type: 'cancelled', id } : { type: 'failed', id, ...told(error) })
    } finally {
      cancels.delete(id)
    }
  }
  const handle = async (served: Served<All, About>, message: ToThread) => {
    if (message.type === 'cancel') return cancels.get(message.id)?.abort()
    if (message.type === 'ask') return answer(served, message)
    await served.close()
    close()
  }
  try {
    const served = await open(news => say({ type: 'news', news }))
    listen(message => void handle(served, message))
    say({ type: 'ready', about: served.about })
  } catch (error) {
    say({ type: 'failed', id: null, ...told(error) })
    close()
  }
}

function told(error: unknown): { code: string; message: string } {
  return { code: isKinmeshError(error) ? error.code : 'ModelFailed', message: error instanceof Error ? error.message : String(error) }
}
