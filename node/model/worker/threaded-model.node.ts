import { extname } from 'node:path'
import type { FolderOptions } from '../open-model.node.ts'
import { type AdaptableModel, type LoadNews, type ModelCalls, threadedModel } from './model-calls.ts'
import { openThread } from './thread.node.ts'

/** What a model's thread is started with. */
export type ModelStart = Omit<FolderOptions, 'clock' | 'onNote'> & { readonly dir: string; readonly name: string }

/** A model of a folder, which takes adapters by their folders. */
export type FolderModel = AdaptableModel<string>

/** Beside this file, in the sources as in what is published. */
const workerFile = new URL(`./worker.node${extname(import.meta.url)}`, import.meta.url)

/** Loads a model in a thread of its own. `onNote` hears what takes time, or makes it slower than it could be. @throws KinmeshError what opening it threw there */
export async function openThreadedModel(start: ModelStart, onNote?: (note: string) => void): Promise<FolderModel> {
  const thread = await openThread<ModelCalls<string>, string, LoadNews>(workerFile, start, 'the model', news => 'note' in news && onNote?.(news.note))
  return threadedModel({ name: start.name, template: thread.about }, thread, thread.close)
}
