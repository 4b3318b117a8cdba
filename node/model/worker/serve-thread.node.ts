import { type Transferable, parentPort, workerData } from 'node:worker_threads'
import { isKinmeshError } from '../../../mesh/errors.ts'
import type { FromThread, ToThread } from './thread.node.ts'

/** What a thread does, once its model is loaded. */
export type Served<About, Question, Answer> = {
  readonly about: About
  answer(question: Question, options: { readonly signal: AbortSignal }): Promise<Answer>
  /** Memory of an answer that moves to who asked, and is not copied. */
  moved?(answer: Answer): Transferable[]
  close(): Promise<void>
}

/** The other half of `openThread`: while the kernels of a model run here, everything else of the device goes on. */
export async function serveThread<Start, About, Question, Answer>(open: (start: Start) => Promise<Served<About, Question, Answer>>): Promise<void> {
  const port = parentPort
  if (!port) throw new Error('this file is for a worker thread')
  const say = (message: FromThread<About, Answer>, moved: Transferable[] = []): void => port.postMessage(message, moved)
  const cancels = new Map<number, AbortController>()

  const handle = async ({ answer, moved, close }: Served<About, Question, Answer>, message: ToThread<Question>): Promise<void> => {
    if (message.type === 'cancel') return cancels.get(message.id)?.abort()
    if (message.type === 'close') {
      await close()
      return port.close()
    }
    const { id, question } = message
    const cancel = new AbortController()
    cancels.set(id, cancel)
    try {
      const found = await answer(question, { signal: cancel.signal })
      say({ type: 'done', id, answer: found }, moved?.(found))
    } catch (error) {
      say(cancel.signal.aborted ? { type: 'cancelled', id } : failure(id, error))
    } finally {
      cancels.delete(id)
    }
  }
  try {
    const served = await open(workerData as Start)
    port.on('message', (message: ToThread<Question>) => void handle(served, message))
    say({ type: 'ready', about: served.about })
  } catch (error) {
    say(failure(null, error))
    port.close()
  }
}

function failure(id: number | null, error: unknown): Extract<FromThread<never, never>, { type: 'failed' }> {
  const known = isKinmeshError(error)
  return { type: 'failed', id, code: known ? error.code : 'ModelFailed', message: error instanceof Error ? error.message : String(error) }
}
