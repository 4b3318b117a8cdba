/** A process that stood still for this long, in ms, was asleep. */
const asleepMs = 1000
const beatMs = 100

/**
 * The clock of a device that a bench puts to sleep: nobody can wait for half an hour, so the time that it slept is added when it
 * wakes, before anything of it looks at the clock.
 */
export class SleepClock {
  #aheadMs = 0
  #pendingMs = 0
  #beatAt = 0
  #timer: NodeJS.Timeout | undefined

  /** Unix ms. */
  readonly now = (): number => {
    this.#beat()
    return Date.now() + this.#aheadMs
  }

  sleepSoon(ms: number): void {
    this.#pendingMs = ms
    this.#beatAt = performance.now()
    this.#timer = setInterval(() => this.#beat(), beatMs)
    this.#timer.unref()
  }

  #beat(): void {
    const stoodStillMs = performance.now() - this.#beatAt
    this.#beatAt += stoodStillMs
    if (this.#pendingMs === 0 || stoodStillMs < asleepMs) return
    this.#aheadMs += this.#pendingMs
    this.#pendingMs = 0
    clearInterval(this.#timer)
  }
}
