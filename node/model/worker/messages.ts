import type { Message } from '../../model.ts'
import type { TextOptions, WrittenText } from '../language-model.ts'
import type { LoadProgress, ModelLoad, ModelSource } from '../load.ts'
import type { OpenOptions } from '../opened-model.ts'

/** What a model's worker is started with, where it lies in a folder. */
export type WorkerStart = { readonly dir: string; readonly name: string; readonly positions?: number | undefined; readonly slots?: number | undefined; readonly threads?: number | undefined; readonly packed?: string | undefined }

/** What the worker of a page is started with. */
export type PageStart = Omit<OpenOptions, 'clock'> & { readonly source: ModelSource }

/** `id` names what is asked for, up to `done`, `adapter`, `cancelled` or `failed`. */
export type ToWorker =
  | { readonly type: 'generate'; readonly id: number; readonly messages: readonly Message[]; readonly options: Omit<TextOptions, 'signal' | 'onToken'> }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'loadAdapter'; readonly id: number; readonly dir: string }
  | { readonly type: 'unloadAdapter'; readonly id: number; readonly adapter: string }
  | { readonly type: 'close' }

export type FromWorker =
  /** Where something is told about how it was loaded. */
  | { readonly type: 'ready'; readonly load?: ModelLoad }
  /** Before `ready`, for people: what takes time, or makes it slower than it could be. */
  | { readonly type: 'note'; readonly note: string }
  | { readonly type: 'progress'; readonly progress: LoadProgress }
  | { readonly type: 'piece'; readonly id: number; readonly piece: string }
  | { readonly type: 'done'; readonly id: number; readonly text: WrittenText }
  /** It is held, or no longer. */
  | { readonly type: 'adapter'; readonly id: number; readonly adapter: string }
  | { readonly type: 'cancelled'; readonly id: number }
  /** Without an id: the model did not load. */
  | { readonly type: 'failed'; readonly id: number | null; readonly code: string; readonly message: string }
