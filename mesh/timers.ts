/** Injected, so that tests turn the clock themselves. */
export type Timers = {
  set(act: () => void, delayMs: number): unknown
  clear(handle: unknown): void
}

export const realTimers: Timers = {
  set: (act, delayMs) => setTimeout(act, delayMs),
  clear: handle => clearTimeout(handle as ReturnType<typeof setTimeout>)
}
