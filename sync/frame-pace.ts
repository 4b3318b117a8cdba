import type { Frame } from './frames.ts'
import { bytesPerTurn, controlBytesBurst, controlBytesPerSecond, framesBurst, framesPerSecond, framesPerTurn } from './limits.ts'
import { TokenBucket } from './token-bucket.ts'

/**
 * How quickly one peer is listened to. Whoever says more than a device has reason to waits, and by the channel's credit stops
 * sending; and however much of it is there already, the event loop gets its turn for everybody else.
 */
export class FramePace {
  readonly #frames: TokenBucket
  readonly #controlBytes: TokenBucket
  #turnFrames = 0
  #turnBytes = 0

  constructor(now: () => number) {
    this.#frames = new TokenBucket(framesPerSecond, framesBurst, now)
    this.#controlBytes = new TokenBucket(controlBytesPerSecond, controlBytesBurst, now)
  }

  /** How long (ms) to wait before this frame is dealt with: 0 lets the event loop turn once, undefined goes on at once. */
  take(type: Frame['type'], bytes: number): number | undefined {
    // Entries have limits of their own, and parts of a snapshot come as quickly as they were ordered. Neither is held back here for its size.
    const isBulk = type === 'entry' || type === 'part'
    const waitMs = Math.max(this.#frames.take(1), isBulk ? 0 : this.#controlBytes.take(bytes))
    this.#turnFrames++
    this.#turnBytes += isBulk ? 0 : bytes
    if (waitMs === 0 && this.#turnFrames < framesPerTurn && this.#turnBytes < bytesPerTurn) return undefined
    this.#turnFrames = 0
    this.#turnBytes = 0
    return waitMs
  }
}
