import type { Measured, Message, Model, TextOptions } from '../../model.ts'
import type { WrittenText } from '../language-model.ts'
import type { GpuChoice, LoadProgress, ModelSource } from '../load.ts'
import type { OpenOptions, OpenedModel } from '../opened-model.ts'
import type { Asking, Served } from './thread-calls.ts'

/** What a language model in a thread is asked. `Adapter`: where one is found. */
export type ModelCalls<Adapter> = {
  readonly generate: { readonly question: { readonly messages: readonly Message[]; readonly options: Omit<TextOptions, 'signal' | 'onToken'> }; readonly answer: WrittenText }
  readonly measure: { readonly question: readonly string[]; readonly answer: Measured }
  /** The answer is its id. */
  readonly loadAdapter: { readonly question: Adapter; readonly answer: string }
  readonly unloadAdapter: { readonly question: string; readonly answer: null }
}

/** What the worker of a page is started with. */
export type PageStart = Omit<OpenOptions, 'clock'> & { readonly source: ModelSource; readonly gpu?: GpuChoice | undefined }

/** Before a model is loaded: how far that is, and for people, what takes time or makes it slower than it could be. */
export type LoadNews = { readonly note: string } | { readonly progress: LoadProgress }

export type ThreadedModel = Omit<Model, 'generate'> & {
  generate(messages: readonly Message[], options?: TextOptions): Promise<WrittenText>
  measure(texts: readonly string[]): Promise<Measured>
  /** Resolves when nothing is being written. */
  idle(): Promise<void>
  /** Ends what is being written, and gives the memory back. Always finishes. */
  close(): Promise<void>
}

export type AdaptableModel<Adapter> = ThreadedModel & {
  /**
   * Makes an adapter (PEFT) one that texts may name; its id.
   * @throws KinmeshError `BadAdapter` · `UnknownAdapter` · `AdapterMismatch` · `TooManyAdapters` · `NotConverted` · `ModelFailed` · `DeviceStopped`; in a page `DownloadFailed` · `StoreFailed`; the reason of the signal
   */
  loadAdapter(source: Adapter, options?: { readonly signal?: AbortSignal }): Promise<string>
  /** Gives its memory back, once no text is being written through it. @throws KinmeshError `AdapterNotLoaded` · `DeviceStopped` */
  unloadAdapter(id: string): Promise<void>
}

/** A model as it is asked here, by the thread that it is in. */
export function threadedModel<Adapter>({ name, template }: Pick<Model, 'name' | 'template'>, { ask, idle }: Pick<Asking<ModelCalls<Adapter>, unknown, never>, 'ask' | 'idle'>, close: () => Promise<void>): AdaptableModel<Adapter> {
  const generate = (messages: readonly Message[], { signal, onToken, ...options }: TextOptions = {}) => ask('generate', { messages, options }, { signal, onPiece: onToken })
  return {
    name, template, generate, idle, close,
    measure: texts => ask('measure', texts),
    loadAdapter: (source, options) => ask('loadAdapter', source, options),
    unloadAdapter: async id => void (await ask('unloadAdapter', id))
  }
}

/** A model as it answers in its thread. */
export function servedModel<Adapter, About>({ model, close, loadAdapter }: OpenedModel & { loadAdapter(source: Adapter, signal?: AbortSignal): Promise<string> }, about: About): Served<ModelCalls<Adapter>, About> {
  return {
    about, close,
    answers: {
      generate: ({ messages, options }, { signal, onPiece }) => model.generate(messages, { ...options, signal, onToken: onPiece }),
      measure: texts => model.measure(texts),
      loadAdapter: (source, { signal }) => loadAdapter(source, signal),
      async unloadAdapter(id) {
        model.adapters.unload(id)
        return null
      }
    }
  }
}
