import type { Timers } from './timers.ts'

/** For tests: a clock that only `run` moves, and timers that fire in its order. */
export class FakeTime implements Timers {
  now = 1_000_000
  readonly clock = () => this.now
  readonly #timers = new Map<number, { act: () => void; at: number }>()
  #next = 1
  #recorded: number[] | undefined

  /** The delays (ms) that are asked for from now on. */
  recorded(): readonly number[] {
    return (this.#recorded = [])
  }

  set(act: () => void, delayMs: number): unknown {
    this.#recorded?.push(delayMs)
    this.#timers.set(this.#next, { act, at: this.now + delayMs })
    return this.#next++
  }

  clear(handle: unknown): void {
    this.#timers.delete(handle as number)
  }

  get pending(): number {
    return this.#timers.size
  }

  /** Lets `ms` pass, firing timers one by one with everything they cause. */
  async run(ms: number): Promise<void> {
    const until = this.now + ms
    for (;;) {
      await settled()
      const due = [...this.#timers].filter(([, { at }]) => at <= until).sort(([a, x], [b, y]) => x.at - y.at || a - b)[0]
      if (!due) break
      this.#timers.delete(due[0])
      this.now = Math.max(this.now, due[1].at)
      due[1].act()
    }
    this.now = until
  }

  /** The machine sleeps: time passes, and no timer fires. */
  sleep(ms: number): void {
    this.now += ms
    for (const timer of this.#timers.values()) timer.at += ms
  }
}

/** Lets every promise that can settle do so. */
function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
