import { nextTurn } from '#mesh/turn'

/** Injected, so that tests turn the clock themselves. */
export type Timers = {
  /** Of 0 ms: once the event loop has turned. */
  set(act: () => void, delayMs: number): unknown
  clear(handle: unknown): void
}

export const realTimers: Timers = {
  set: (act, delayMs) => (delayMs === 0 ? nextTurn(act) : setTimeout(act, delayMs)),
  clear: handle => (typeof handle === 'function' ? (handle as () => void)() : clearTimeout(handle as ReturnType<typeof setTimeout>))
}
