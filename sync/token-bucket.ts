/** Lets `burst` through at once and `perSecond` on the long run. `now` in ms. */
export class TokenBucket {
  readonly #perSecond: number
  readonly #burst: number
  readonly #now: () => number
  #tokens: number
  #filledAt: number

  constructor(perSecond: number, burst: number, now: () => number) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#now = now
    this.#tokens = burst
    this.#filledAt = now()
  }

  /** Takes `count` tokens if they are there. */
  tryTake(count: number): boolean {
    if (this.take(count) === 0) return true
    this.#tokens += count
    return false
  }

  /** Takes `count` tokens and says how long to wait (ms) until they would have been there. */
  take(count: number): number {
    const now = this.#now()
    // A clock that was set back must not empty the bucket.
    const elapsedMs = Math.max(0, now - this.#filledAt)
    this.#tokens = Math.min(this.#burst, this.#tokens + (elapsedMs / 1000) * this.#perSecond) - count
    this.#filledAt = now
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#perSecond) * 1000
  }
}
