import type { DeviceId } from '../mesh/types.ts'
import { forgiveMs, maxPenaltyMs, penaltyMs, sessionStartsBurst, sessionStartsPerSecond, stalledMs } from './limits.ts'
import { TokenBucket } from './token-bucket.ts'

type Strikes = { count: number; at: number }

/**
 * How the other devices behaved. Whoever broke the protocol is not listened to for a while, each time twice as long: a stolen or
 * broken device costs little then, however often it comes back. What it did is forgotten after a time, as people update devices.
 */
export class Conduct {
  readonly #now: () => number
  readonly #strikes = new Map<DeviceId, Strikes>()
  /** Logs that a peer did not deliver, by peer and log. */
  readonly #stalls = new Map<DeviceId, Map<string, Strikes>>()
  readonly #starts = new Map<DeviceId, TokenBucket>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** The peer broke the protocol. */
  strike(peer: DeviceId): void {
    this.#strikes.set(peer, { count: this.#count(peer) + 1, at: this.#now() })
  }

  /** The peer said to have a log, and did not deliver it. */
  stalled(peer: DeviceId, log: string): void {
    const stalls = this.#stalls.get(peer) ?? new Map<string, Strikes>()
    this.#stalls.set(peer, stalls)
    stalls.set(log, { count: (stalls.get(log)?.count ?? 0) + 1, at: this.#now() })
  }

  /** Is it too early to ask the peer for this log again, when another one has it? */
  isStalled(peer: DeviceId, log: string): boolean {
    const stall = this.#stalls.get(peer)?.get(log)
    const sinceMs = this.#now() - (stall?.at ?? 0)
    return stall !== undefined && sinceMs >= 0 && sinceMs < Math.min(forgiveMs, stalledMs * 2 ** (stall.count - 1))
  }

  /** How long (ms) the peer is not listened to from now on. */
  penaltyMs(peer: DeviceId): number {
    const strikes = this.#strikes.get(peer)
    if (!strikes) return 0
    const sinceMs = this.#now() - strikes.at
    // A clock that was set back must lock nobody out for longer.
    return sinceMs < 0 ? 0 : Math.max(0, Math.min(maxPenaltyMs, penaltyMs * 2 ** (strikes.count - 1)) - sinceMs)
  }

  /** May the peer begin one more session now? Counts it. */
  mayStart(peer: DeviceId): boolean {
    const starts = this.#starts.get(peer) ?? new TokenBucket(sessionStartsPerSecond, sessionStartsBurst, this.#now)
    this.#starts.set(peer, starts)
    return this.penaltyMs(peer) === 0 && starts.tryTake(1)
  }

  #count(peer: DeviceId): number {
    const strikes = this.#strikes.get(peer)
    const sinceMs = this.#now() - (strikes?.at ?? 0)
    return strikes && sinceMs >= 0 && sinceMs < forgiveMs ? strikes.count : 0
  }
}
