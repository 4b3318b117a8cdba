/**
 * A hybrid logical clock (Kulkarni et al. 2014) in one safe integer: Unix ms × 1024 + counter. It orders what one device wrote
 * after what it had read, whatever the wall clocks say, and stays exact until the year 2248.
 */
const counters = 1024
/** Remote clocks further ahead than this do not move ours: one device with a wrong year must not date everybody's memories. */
const maxAheadMs = 366 * 24 * 3600 * 1000

export function hlcFromMs(ms: number): number {
  return Math.max(0, Math.floor(ms)) * counters
}

export function msFromHlc(hlc: number): number {
  return Math.floor(hlc / counters)
}

export class HybridClock {
  readonly #now: () => number
  #last: number

  /** `last`: the highest value this device ever gave out or saw, from its store. */
  constructor(now: () => number, last = 0) {
    this.#now = now
    this.#last = last
  }

  get last(): number {
    return this.#last
  }

  /** A value above every one before it, and above `over` (the version it replaces). */
  next(over = 0): number {
    this.#last = Math.max(hlcFromMs(this.#now()), this.#last + 1)
    return Math.max(this.#last, over + 1)
  }

  /** Takes note of a value that another device gave out. */
  see(hlc: number): void {
    if (hlc > this.#last && hlc <= hlcFromMs(this.#now() + maxAheadMs)) this.#last = hlc
  }
}
