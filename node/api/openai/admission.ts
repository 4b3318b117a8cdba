import { BusyError } from './errors.ts'

export type Limits = {
  /** Requests under way at once. Each may hold a body of 1 MiB, and a place in the model's queue. */
  readonly atOnce: number
  /** Requests a second in the long run, and so many at once after a pause. */
  readonly perSecond: number
  readonly burst: number
}

/** A device answers some tens of short questions a second; what comes faster than this is a loop that went wrong. */
export const limits: Limits = { atOnce: 16, perSecond: 200, burst: 400 }

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
