import { KinmeshError } from '../../../mesh/errors.ts'
import { type Asking, type Calls, type FromThread, type Served, type ToThread, answering, asking } from './thread-calls.ts'

/** Something in a worker of the page. */
export type PageThread<All extends Calls, About> = Pick<Asking<All, About, never>, 'ask' | 'idle'> & {
  readonly about: About
  /** Ends the worker as it is, and with it the threads that it began. */
  stop(): void
}

/** `signal`: ends the opening. `onNews` hears of it. */
export type PageThreadOptions<News> = { readonly signal?: AbortSignal | undefined; readonly onNews?: ((news: News) => void) | undefined }

/**
 * Starts a worker that calls `servePageThread`. `what` names it in errors: "the training".
 * @throws KinmeshError what opening it threw there; the reason of the signal
 */
export async function openPageThread<All extends Calls, About, News = never>(worker: Worker, start: object, what: string, { signal, onNews }: PageThreadOptions<News> = {}): Promise<PageThread<All, About>> {
  const { heard, end, loaded, ask, idle } = asking<All, About, News>(message => worker.postMessage(message), onNews)
  worker.addEventListener('message', ({ data }: MessageEvent<FromThread<About, News>>) => heard(data))
  worker.addEventListener('error', ({ message }) => end(new KinmeshError('ModelFailed', `${what} stopped: ${message}`)))
  const stop = () => {
    worker.terminate()
    end(new KinmeshError('DeviceStopped', `${what} is shutting down`))
  }
  signal?.addEventListener('abort', stop, { once: true })
  worker.postMessage(start)
  try {
    return { about: await loaded, ask, idle, stop }
  } catch (cause) {
    stop()
    throw signal?.aborted ? signal.reason : cause
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

/** The other half of `openPageThread`. */
export function servePageThread<Start, All extends Calls, About, News = never>(open: (start: Start, tell: (news: News) => void) => Promise<Served<All, About>>): void {
  globalThis.addEventListener('message', ({ data: start }: MessageEvent<Start>) => {
    void answering<All, About, News>({
      say: (message, moved = []) => globalThis.postMessage(message, { transfer: [...moved] }),
      listen: heard => globalThis.addEventListener('message', ({ data }: MessageEvent<ToThread>) => heard(data)),
      close: () => globalThis.close()
    }, tell => open(start, tell))
  }, { once: true })
}

/** Of a folder, from the page on: a worker lies in another one. @throws KinmeshError `InvalidOption` */
export function folderAddress(url: string): string {
  const address = URL.parse(url.replace(/\/*$/, '/'), location.href)?.href
  if (address === undefined) throw new KinmeshError('InvalidOption', `models and adapters are opened by the address of their folder, and ${JSON.stringify(url)} is none: give one`)
  return address
}
