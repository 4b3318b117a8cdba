import type { Timers } from '../mesh/timers.ts'

/** Timers that end together: after `stop` none is left, and none can be set. */
export class TimerSet {
  readonly #timers: Timers
  readonly #pending = new Set<unknown>()
  readonly #waiting = new Set<() => void>()
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

  /** Resolves after `ms`, or when the set stops. */
  wait(ms: number): Promise<void> {
    if (this.#stopped) return Promise.resolve()
    return new Promise(resolve => {
      this.#waiting.add(resolve)
      this.after(ms, () => {
        this.#waiting.delete(resolve)
        resolve()
      })
    })
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
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }
}
