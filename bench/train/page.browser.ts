import { openPageThread } from '../../node/model/worker/thread.browser.ts'
import type { Measured, Steps, Task } from './tasks.ts'

// A page that trains in a worker, as pages do.

export type PageTrainingCalls = {
  /** Everything is loaded, and one step made. */
  readonly load: { readonly question: null; readonly answer: Pick<Measured, 'tokens' | 'parameters'> }
  readonly run: { readonly question: null; readonly answer: Steps }
}

let training: Awaited<ReturnType<typeof openPageThread<PageTrainingCalls, null>>> | undefined

async function load(task: Task): Promise<Pick<Measured, 'tokens' | 'parameters'>> {
  training = await openPageThread<PageTrainingCalls, null>(new Worker(new URL('./worker.browser.ts', import.meta.url), { type: 'module' }), task, 'the training')
  return training.ask('load', null)
}

function run(): Promise<Steps> {
  if (!training) throw new Error('load a training first')
  return training.ask('run', null)
}

Object.assign(globalThis, { load, run })
