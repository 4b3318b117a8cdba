import type { Timers } from '../mesh/timers.ts'

/** Timers that end together: after `stop` none is left, and none can be set. */
export class TimerSet {
  readonly #timers: Timers
  readonly #pending = new Set<unknown>()
  #stopped = false

  constructor(timers: Timers) {
    this.#timers = timers
  }

  /** Returns what cancels it. */
  after(ms: number, act: () => void): () => void {
    if (this.#stopped) return () => undefined
    const handle = this.#timers.set(() => {
      this.#pending.delete(handle)
      act()
    }, ms)
    this.#pending.add(handle)
    return () => {
      this.#pending.delete(handle)
      this.#timers.clear(handle)
    }
  }

  every(ms: number, act: () => void): void {
    this.after(ms, () => {
      this.every(ms, act)
      act()
    })
  }

  stop(): void {
    this.#stopped = true
    for (const handle of this.#pending) this.#timers.clear(handle)
    this.#pending.clear()
  }
}
