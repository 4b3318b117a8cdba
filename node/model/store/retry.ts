import { KinmeshError } from '../../../mesh/errors.ts'
import type { Logger } from '../../../mesh/log.ts'

/** A failure that may be gone the next time: a cut connection, a server that is busy. */
export class PassingError extends Error {
  /** How long the server asks to wait, in ms. */
  readonly retryAfterMs: number | undefined

  constructor(message: string, { retryAfterMs, ...options }: ErrorOptions & { retryAfterMs?: number | undefined } = {}) {
    super(message, options)
    this.retryAfterMs = retryAfterMs
  }
}

export type RetryOptions = {
  /** What is asked for, in the error. */
  what: string
  /** Grows whenever something was achieved: failures are counted from there. */
  progress?: () => number
  /** Failures without progress between them: with the waits, half a minute if nothing else is said. */
  maxInRow?: number
  wait: (ms: number, signal?: AbortSignal) => Promise<void>
  log: Logger
  signal?: AbortSignal | undefined
}

/** Failures in all: one who gives a byte at a time does not keep us for ever. */
const maxInAll = 100
const firstWaitMs = 1000
const longestWaitMs = 30_000
/** Whoever asks for more patience than this is told to the person. */
const maxAskedMs = 5 * 60_000

/** Does `work` until it succeeds, with growing waits. @throws KinmeshError `DownloadFailed` when what may pass did not; what else `work` throws, at once */
export async function withRetries<T>(work: () => Promise<T>, { what, progress = () => 0, maxInRow = 6, wait, log, signal }: RetryOptions): Promise<T> {
  let [inRow, inAll, at] = [0, 0, progress()]
  for (;;) {
    signal?.throwIfAborted()
    try {
      return await work()
    } catch (error) {
      signal?.throwIfAborted()
      if (!(error instanceof PassingError)) throw error
      inRow = progress() > at ? 1 : inRow + 1
      at = progress()
      const { retryAfterMs } = error
      if (retryAfterMs !== undefined && retryAfterMs > maxAskedMs) throw failed(what, `${error.message}, for ${Math.ceil(retryAfterMs / 60_000)} minutes`, error)
      if (inRow >= maxInRow || ++inAll >= maxInAll) throw failed(what, error.message, error)
      const waitMs = retryAfterMs ?? Math.min(longestWaitMs, firstWaitMs * 2 ** (inRow - 1))
      log.info('did not come; it is tried again', { what, reason: error.message, waitMs })
      await wait(waitMs, signal)
    }
  }
}

/** Seconds or a date (RFC 9110, 10.2.3), as ms from now. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}

export function failed(what: string, reason: string, cause?: unknown): KinmeshError {
  return new KinmeshError('DownloadFailed', `could not get ${what} (${reason}): try again later; what was fetched is kept and goes on from there`, { cause })
}
