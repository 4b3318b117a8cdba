import { KinmeshError, isKinmeshError } from '../../../mesh/errors.ts'
import type { LanguageModel } from '../language-model.ts'
import type { ModelLoad } from '../load.ts'
import type { OpenedModel } from '../opened-model.ts'
import type { FromWorker, ToWorker } from './messages.ts'

/** The way to whoever asks. */
export type Port = { say(message: FromWorker): void; listen(heard: (message: ToWorker) => void): void; close(): void }

/** `loadAdapter`: where there are folders. */
type Served = OpenedModel & { readonly load?: ModelLoad; readonly loadAdapter?: (dir: string) => Promise<string> }

/** The side of the worker: loads a model, and writes what is asked for. */
export async function serveModel({ say, listen, close }: Port, open: () => Promise<Served>): Promise<void> {
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
  const handle = async (opened: Served, message: ToWorker) => {
    switch (message.type) {
      case 'cancel':
        return cancels.get(message.id)?.abort()
      case 'generate':
        return write(opened.model, message)
      case 'loadAdapter':
      case 'unloadAdapter':
        return say(await changeAdapters(opened, message).catch((error: unknown) => failure(message.id, error)))
      case 'close':
        await opened.close()
        close()
    }
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

async function changeAdapters({ model, loadAdapter }: Served, message: ToWorker & { type: 'loadAdapter' | 'unloadAdapter' }): Promise<FromWorker> {
  if (message.type === 'unloadAdapter') {
    model.adapters.unload(message.adapter)
    return { type: 'adapter', id: message.id, adapter: message.adapter }
  }
  if (!loadAdapter) throw new KinmeshError('InvalidOption', 'a page has no folders to load an adapter from')
  return { type: 'adapter', id: message.id, adapter: await loadAdapter(message.dir) }
}

function failure(id: number | null, error: unknown): FromWorker {
  const known = isKinmeshError(error)
  return { type: 'failed', id, code: known ? error.code : 'ModelFailed', message: error instanceof Error ? error.message : String(error) }
}
