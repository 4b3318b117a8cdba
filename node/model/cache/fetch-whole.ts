import { silentLogger } from '../../../mesh/log.ts'
import { type RetryOptions, withRetries } from '../store/retry.ts'
import { fetchAll } from './fetch-file.ts'
import { addressOf } from './fetch-model.ts'

/** Between two tries. */
export const wait: RetryOptions['wait'] = (ms, signal) =>
  new Promise((resolve, reject) => {
    setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })

/** A file of unknown length, into memory. `folder`: the address of its folder. @throws KinmeshError `DownloadFailed`; the reason of the signal */
export function fetchWhole(folder: string, path: string, maxBytes: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
  return withRetries(() => fetchAll(addressOf(folder, path), path, maxBytes, signal), { what: path, maxInRow: 3, wait, log: silentLogger, signal })
}
