import { KinmeshError } from '../../../mesh/errors.ts'
import { type Asking, type Calls, type FromThread, type Served, type ToThread, answering, asking } from './thread-calls.ts'

/** Something in a worker of the page. */
export type PageThread<All extends Calls, About> = Pick<Asking<All, About, never>, 'ask' | 'idle'> & {
  readonly about: About
  /** Ends the worker as it is, and with it the threads that it began. */
  stop(): void
}

/** Starts a worker that calls `servePageThread`. `what` names it in errors: "the training". @throws KinmeshError what opening it threw there */
export async function openPageThread<All extends Calls, About>(worker: Worker, start: object, what: string): Promise<PageThread<All, About>> {
  const { heard, end, loaded, ask, idle } = asking<All, About, never>(message => worker.postMessage(message))
  worker.addEventListener('message', ({ data }: MessageEvent<FromThread<About, never>>) => heard(data))
  worker.addEventListener('error', ({ message }) => end(new KinmeshError('ModelFailed', `${what} stopped: ${message}`)))
  const stop = () => {
    worker.terminate()
    end(new KinmeshError('DeviceStopped', `${what} is shutting down`))
  }
  worker.postMessage(start)
  try {
    return { about: await loaded, ask, idle, stop }
  } catch (error) {
    stop()
    throw error
  }
}

/** The other half of `openPageThread`. */
export function servePageThread<Start, All extends Calls, About>(open: (start: Start) => Promise<Served<All, About>>): void {
  globalThis.addEventListener('message', ({ data: start }: MessageEvent<Start>) => {
    void answering<All, About>({
      say: (message, moved = []) => globalThis.postMessage(message, { transfer: [...moved] }),
      listen: heard => globalThis.addEventListener('message', ({ data }: MessageEvent<ToThread>) => heard(data)),
      close: () => globalThis.close()
    }, () => open(start))
  }, { once: true })
}
