import { KinmeshError } from '../../../mesh/errors.ts'
import type { ModelFile } from '../store/manifest.ts'
import { PassingError, failed, retryAfterMs } from '../store/retry.ts'

/** Silence after which a connection counts as dead, in ms. */
const idleMs = 30_000
/** Answers that may be others in a moment (RFC 9110, RFC 6585). */
const isPassing = (status: number) => status === 408 || status === 429 || status >= 500

export type FetchOptions = {
  /** Bytes that are there already: what follows them is asked for. */
  readonly from: number
  /** Gets the bytes as they come. */
  readonly take: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>
  /** What is there is of no use: the server gives the whole file. */
  readonly startOver: () => Promise<void>
  readonly signal?: AbortSignal | undefined
}

/**
 * Fetches a file of known length, or the rest of it; once.
 * @throws PassingError where another try may help · KinmeshError `DownloadFailed` · `WrongHash` where there is more than that; what `take` throws
 */
export function fetchFile(url: string, { path, bytes }: Pick<ModelFile, 'path' | 'bytes'>, { from, take, startOver, signal }: FetchOptions): Promise<void> {
  return exchange(url, path, { range: from, signal }, async (response, chunks) => {
    let have = from
    if (response.status !== 206 && from > 0) {
      await startOver() // it cannot give parts, or has no such part
      have = 0
    }
    if (response.status === 416) throw new PassingError('there is no such part of the file')
    const range = response.headers.get('content-range')
    if (response.status === 206 && range !== `bytes ${from}-${bytes - 1}/${bytes}`) throw new PassingError(`another part than was asked for: ${(range ?? 'none').slice(0, 80)}`)
    for await (const chunk of chunks) {
      have += chunk.length
      if (have > bytes) throw new KinmeshError('WrongHash', `${path} has more than the ${bytes} bytes that its manifest says: try again; if it stays so, the server has another model there`)
      await take(chunk)
    }
    if (have < bytes) throw new PassingError(`cut after ${have} of ${bytes} bytes`)
  })
}

/** All of a small file. @throws as `fetchFile` */
export function fetchAll(url: string, path: string, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
  return exchange(url, path, { range: 0, signal }, async (_response, chunks) => {
    const parts: Uint8Array<ArrayBuffer>[] = []
    let size = 0
    for await (const chunk of chunks) {
      size += chunk.length
      if (size > maxBytes) throw failed(path, `it is larger than ${maxBytes} bytes`)
      parts.push(chunk)
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer())
  })
}

type Use<T> = (response: Response, chunks: AsyncIterable<Uint8Array<ArrayBuffer>>) => Promise<T>

async function exchange<T>(url: string, path: string, { range, signal }: { readonly range: number; readonly signal: AbortSignal | undefined }, use: Use<T>): Promise<T> {
  const silence = new AbortController()
  const within = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal
  const heard = () => setTimeout(() => silence.abort(new PassingError(`not a byte for ${idleMs / 1000} s`)), idleMs)
  let timer = heard()
  async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    const reader = body?.getReader()
    while (reader) {
      const next = await passing(reader.read(), within)
      if (next.done) return
      clearTimeout(timer)
      timer = heard()
      yield next.value
    }
  }
  try {
    // What a browser keeps of its own accord may be of an earlier time, and its answers to parts are not those of the server.
    const response = await passing(fetch(url, { headers: range > 0 ? { range: `bytes=${range}-` } : {}, signal: within, cache: 'no-store' }), within)
    if (response.status !== 416 || range === 0) check(response, path) // the caller knows what to do without a part
    return await use(response, chunksOf(response))
  } finally {
    clearTimeout(timer)
    silence.abort() // ends what is not read to its end
  }
}

function check({ status, headers }: Response, path: string): void {
  if (status === 200 || status === 206) return
  if (isPassing(status)) throw new PassingError(`the server answers ${status}`, { retryAfterMs: retryAfterMs(headers.get('retry-after'), Date.now()) })
  throw failed(path, `the server answers ${status}`)
}

/** Whatever a network does wrong may pass. */
async function passing<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await work
  } catch (cause) {
    throw signal.aborted ? signal.reason : new PassingError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
