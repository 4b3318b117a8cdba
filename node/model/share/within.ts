import type { Timers } from '../../../mesh/timers.ts'

/** What `work` gives; fails with `late()` when that takes longer than `ms`. It stops the wait, not the work. */
export async function within<T>(work: Promise<T>, ms: number, timers: Timers, late: () => Error): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = timers.set(() => reject(late()), ms)
  try {
    return await Promise.race([work, promise])
  } finally {
    timers.clear(timer)
  }
}

/** Resolves after `ms`; fails as `signal` does. */
export async function pause(ms: number, timers: Timers, signal?: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = timers.set(resolve, ms)
  const abort = () => reject(signal?.reason as Error)
  signal?.addEventListener('abort', abort, { once: true })
  try {
    signal?.throwIfAborted()
    await promise
  } finally {
    timers.clear(timer)
    signal?.removeEventListener('abort', abort)
  }
}
