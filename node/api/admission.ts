import { KinmeshError } from '../../mesh/errors.ts'

export type Limits = {
  /** Requests under way at once. */
  readonly atOnce: number
  /** Requests a second in the long run, and so many at once after a pause. */
  readonly perSecond: number
  readonly burst: number
}

/** What a program that works hard still may; what comes faster is a loop that went wrong. */
export const limits = {
  /** /v1, where a device answers some tens of short questions a second. Each request may hold a body of 1 MiB, and a place in the model's queue. */
  openAi: { atOnce: 16, perSecond: 200, burst: 400 },
  /** /api: a device writes and finds some hundreds of memories a second. */
  requests: { atOnce: 128, perSecond: 500, burst: 1000 },
  /** What goes on until somebody leaves costs nothing while it is quiet, and counts against nothing else. */
  streams: { atOnce: 64, perSecond: 50, burst: 100 }
} as const satisfies Record<string, Limits>

/** A caller that comes too often, or while too many are served. */
export class BusyError extends KinmeshError {
  /** Seconds, as the header Retry-After has them. */
  readonly retryAfter: number

  constructor(message: string, retryAfter: number) {
    super('RateLimited', message)
    this.retryAfter = retryAfter
  }
}

export type Admission = {
  /** Counts a request in; gives what counts it out, once, however often it is called. @throws KinmeshError `RateLimited` */
  enter(): () => void
}

/** `clock`: ms; it may go back. */
export function createAdmission({ atOnce, perSecond, burst }: Limits, clock: () => number): Admission {
  let inside = 0
  let left = burst
  let before = clock()
  return {
    enter() {
      const now = clock()
      left = Math.min(burst, left + (Math.max(0, now - before) / 1000) * perSecond)
      before = now
      if (inside >= atOnce) throw new BusyError(`${atOnce} requests are under way, and no more at once are taken: try again when one of them is done`, 1)
      if (left < 1) throw new BusyError(`more than ${perSecond} requests a second: ask less often`, Math.ceil((1 - left) / perSecond))
      left--
      inside++
      let isOut = false
      return () => {
        if (!isOut) inside--
        isOut = true
      }
    }
  }
}
