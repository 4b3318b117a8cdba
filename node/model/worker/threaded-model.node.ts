import { extname } from 'node:path'
import type { FolderOptions } from '../open-model.node.ts'
import { type LoadNews, type ModelCalls, type ThreadedModel, generating } from './model-calls.ts'
import { openThread } from './thread.node.ts'

/** What a model's thread is started with. */
export type ModelStart = Omit<FolderOptions, 'clock' | 'onNote'> & { readonly dir: string; readonly name: string }

/** A model of a folder, which takes adapters. */
export type FolderModel = ThreadedModel & {
  /** Makes the adapter in a folder (PEFT) one that texts may name; its id. @throws KinmeshError `BadAdapter` · `UnknownAdapter` · `AdapterMismatch` · `TooManyAdapters` · `NotConverted` · `ModelFailed` · `DeviceStopped` */
  loadAdapter(dir: string): Promise<string>
  /** Gives its memory back, once no text is being written through it. @throws KinmeshError `AdapterNotLoaded` · `DeviceStopped` */
  unloadAdapter(id: string): Promise<void>
}

/** Beside this file, in the sources as in what is published. */
const workerFile = new URL(`./worker.node${extname(import.meta.url)}`, import.meta.url)

/** Loads a model in a thread of its own. `onNote` hears what takes time, or makes it slower than it could be. @throws KinmeshError what opening it threw there */
export async function openThreadedModel(start: ModelStart, onNote?: (note: string) => void): Promise<FolderModel> {
  const thread = await openThread<ModelCalls, null, LoadNews>(workerFile, start, 'the model', news => 'note' in news && onNote?.(news.note))
  const { ask, idle, close } = thread
  return {
    name: start.name, generate: generating(thread), idle, close,
    loadAdapter: dir => ask('loadAdapter', dir),
    unloadAdapter: async id => void (await ask('unloadAdapter', id))
  }
}
