import type { Meter } from './meter.ts'

/** Progress is told this often, in ms, whether bytes come or not. */
const tellMs = 200

export type PullProgress = {
  /** list: asks what there is; fetch: gets it; convert; check: reads it once more as it lies on the disk. */
  readonly phase: 'list' | 'fetch' | 'convert' | 'check'
  readonly bytes: number
  /** 0 while it is not known. */
  readonly totalBytes: number
  readonly bytesPerSecond: number | null
  readonly leftMs: number | null
}

export type Teller = <T>(phase: PullProgress['phase'], meter: Meter | undefined, work: () => Promise<T>) => Promise<T>

/** Tells how a phase goes at its beginning, now and then, and at its end. */
export function createTeller(onProgress: (progress: PullProgress) => void = () => {}): Teller {
  return async (phase, meter, work) => {
    const tell = () => onProgress({ phase, ...(meter?.read() ?? { bytes: 0, totalBytes: 0, bytesPerSecond: null, leftMs: null }) })
    const timer = setInterval(tell, tellMs)
    try {
      tell()
      const result = await work()
      tell()
      return result
    } finally {
      clearInterval(timer)
    }
  }
}
