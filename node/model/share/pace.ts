import { maxOrders, queueMs } from './limits.ts'

/** Answers after which the quickest is forgotten: a connection changes. */
const rememberedAnswers = 256

/**
 * How many orders may be on their way. Bytes that wait in front of a slow line hold up what else goes over it, a memory that was just written for instance: as soon as
 * answers take noticeably longer than the quickest did, fewer are ordered at a time. One is always on its way. Times in ms.
 */
export class Pace {
  #orders = 2
  #quickest = Infinity
  #before = Infinity
  #answers = 0
  /** Answers until the next change: what was ordered before it tells nothing about it. */
  #wait = 0

  get orders(): number {
    return this.#orders
  }

  answered(measuredMs: number): void {
    // A clock that was set back must not make every later answer look slow.
    const tookMs = Math.max(0, measuredMs)
    if (++this.#answers % rememberedAnswers === 0) [this.#before, this.#quickest] = [this.#quickest, Infinity]
    this.#quickest = Math.min(this.#quickest, tookMs)
    if (this.#wait-- > 0) return
    const isQueued = tookMs > Math.min(this.#quickest, this.#before) + queueMs
    this.#orders = isQueued ? Math.max(1, this.#orders >> 1) : Math.min(maxOrders, this.#orders + 1)
    this.#wait = this.#orders
  }
}
