import { isKinmeshError } from '../../../mesh/errors.ts'
import type { LanguageModel } from '../language-model.ts'
import type { ModelLoad } from '../load.ts'
import type { OpenedModel } from '../opened-model.ts'
import type { FromWorker, ToWorker } from './messages.ts'

/** The way to whoever asks. */
export type Port = { say(message: FromWorker): void; listen(heard: (message: ToWorker) => void): void; close(): void }

/** The side of the worker: loads a model, and writes what is asked for. */
export async function serveModel({ say, listen, close }: Port, open: () => Promise<OpenedModel & { readonly load?: ModelLoad }>): Promise<void> {
  const cancels = new Map<number, AbortController>()
  const write = async (model: LanguageModel, { id, messages, options }: ToWorker & { type: 'generate' }) => {
    const cancel = new AbortController()
    cancels.set(id, cancel)
    try {
      say({ type: 'done', id, text: await model.generate(messages, { ...options, signal: cancel.signal, onToken: piece => say({ type: 'piece', id, piece }) }) })
    } catch (error) {
      say(cancel.signal.aborted ? { type: 'cancelled', id } : failure(id, error))
    } finally {
      cancels.delete(id)
    }
  }
  const handle = async (opened: OpenedModel, message: ToWorker) => {
    if (message.type === 'cancel') return cancels.get(message.id)?.abort()
    if (message.type === 'generate') return write(opened.model, message)
    await opened.close()
    close()
  }
  try {
    const opened = await open()
    listen(message => void handle(opened, message))
    say({ type: 'ready', ...(opened.load ? { load: opened.load } : {}) })
  } catch (error) {
    say(failure(null, error))
    close()
  }
}

function failure(id: number | null, error: unknown): FromWorker {
  const known = isKinmeshError(error)
  return { type: 'failed', id, code: known ? error.code : 'ModelFailed', message: error instanceof Error ? error.message : String(error) }
}
