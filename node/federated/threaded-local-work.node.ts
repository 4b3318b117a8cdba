import { extname, join } from 'node:path'
import type { Clipped } from '../../federated/privacy/clip.ts'
import { readFolderText } from '../model/convert.node.ts'
import { openThread } from '../model/worker/thread.node.ts'
import type { AdapterFiles } from '../train/adapter-files/adapter-file.ts'
import type { AdoptedAdapters } from './adopted.node.ts'
import type { HoldoutLoss } from './holdout.ts'
import type { LocalWork, ModelInUse } from './local-work.ts'
import type { Task } from './task.ts'

export type LocalStart = { readonly model: string; readonly database: string; readonly adapters: string }

/** What the thread is asked. `now`: Unix ms, up to which is looked at what was said. */
export type LocalCalls = {
  readonly count: { readonly question: { readonly now: number }; readonly answer: { readonly training: number; readonly heldOut: number } }
  readonly parameters: { readonly question: Task['adapter']; readonly answer: number }
  readonly update: { readonly question: { readonly task: Task; readonly flat: Float32Array; readonly now: number }; readonly answer: { readonly delta: Clipped; readonly examples: number } }
  readonly files: { readonly question: { readonly task: Task; readonly flat: Float32Array }; readonly answer: AdapterFiles }
  readonly losses: { readonly question: { readonly names: readonly (string | null)[]; readonly since: number; readonly now: number }; readonly answer: readonly HoldoutLoss[] }
}

/** Beside this file, in the sources as in what is published. */
const workerFile = new URL(`./local-worker.node${extname(import.meta.url)}`, import.meta.url)

export type LocalPlaces = { readonly home: string; readonly adopted: AdoptedAdapters; readonly clock: () => number }

/** In a thread of its own for each question, whose memory is given back after it. Everything else of the device goes on meanwhile. */
export function threadedLocalWork(model: ModelInUse, { home, adopted, clock }: LocalPlaces): LocalWork {
  const start: LocalStart = { model: model.dir, database: join(home, 'conversations.db'), adapters: join(home, 'adapters') }
  const ask = async <Name extends keyof LocalCalls>(name: Name, question: LocalCalls[Name]['question'], signal?: AbortSignal): Promise<LocalCalls[Name]['answer']> => {
    const thread = await openThread<LocalCalls, null>(workerFile, start, 'what learns together')
    try {
      return await thread.ask(name, question, { signal })
    } finally {
      await thread.close()
    }
  }
  return {
    count: () => ask('count', { now: clock() }),
    parameters: shape => ask('parameters', shape),
    update: (task, flat, signal) => ask('update', { task, flat, now: clock() }, signal),
    async keep(task, flat) {
      const [files, { config }] = await Promise.all([ask('files', { task, flat }), readFolderText(model.dir)])
      return adopted.keep(files, { config })
    },
    losses: (names, since, signal) => ask('losses', { names, since, now: clock() }, signal)
  }
}
