import { KinmeshError } from '../../../mesh/errors.ts'
import type { Message, Model } from '../../model.ts'
import type { TextOptions, WrittenText } from '../language-model.ts'
import type { GpuChoice, LoadProgress, ModelSource } from '../load.ts'
import type { OpenOptions, OpenedModel } from '../opened-model.ts'
import type { Asking, Served } from './thread-calls.ts'

/** What a language model in a thread is asked. */
export type ModelCalls = {
  readonly generate: { readonly question: { readonly messages: readonly Message[]; readonly options: Omit<TextOptions, 'signal' | 'onToken'> }; readonly answer: WrittenText }
  /** By its folder; the answer is its id. */
  readonly loadAdapter: { readonly question: string; readonly answer: string }
  readonly unloadAdapter: { readonly question: string; readonly answer: null }
}

/** What the worker of a page is started with. */
export type PageStart = Omit<OpenOptions, 'clock'> & { readonly source: ModelSource; readonly gpu?: GpuChoice | undefined }

/** Before a model is loaded: how far that is, and for people, what takes time or makes it slower than it could be. */
export type LoadNews = { readonly note: string } | { readonly progress: LoadProgress }

export type ThreadedModel = Model & {
  generate(messages: readonly Message[], options?: TextOptions): Promise<WrittenText>
  /** Resolves when nothing is being written. */
  idle(): Promise<void>
  /** Ends what is being written, and gives the memory back. Always finishes. */
  close(): Promise<void>
}

/** A model as it is asked here. */
export function generating({ ask }: Pick<Asking<ModelCalls, unknown, never>, 'ask'>) {
  return (messages: readonly Message[], { signal, onToken, ...options }: TextOptions = {}): Promise<WrittenText> => ask('generate', { messages, options }, { signal, onPiece: onToken })
}

/** A model as it answers in its thread. `loadAdapter`: where there are folders. */
export function servedModel<About>({ model, close }: OpenedModel, about: About, loadAdapter: (dir: string) => Promise<string> = refuse): Served<ModelCalls, About> {
  return {
    about, close,
    answers: {
      generate: ({ messages, options }, { signal, onPiece }) => model.generate(messages, { ...options, signal, onToken: onPiece }),
      loadAdapter,
      async unloadAdapter(id) {
        model.adapters.unload(id)
        return null
      }
    }
  }
}

async function refuse(): Promise<never> {
  throw new KinmeshError('InvalidOption', 'a page has no folders to load an adapter from')
}
