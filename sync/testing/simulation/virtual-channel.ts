import { KinmeshError } from '../../../mesh/errors.ts'
import type { Channel, DeviceId } from '../../../mesh/types.ts'

/** Carries what one end says to the other, in order, when the network lets it. A frame (alone) may be lost, which `lost` tells. */
export type Carry = (act: () => void, lost?: () => void) => void

/** So long closing a channel waits for the other side at most (ms), as in mesh/channel.ts. */
const closeMs = 50

/**
 * One end of a channel as mesh/channel.ts has them: ordered, whole frames; who sends waits while more than `windowBytes` were not
 * read yet; the end of one side ends the other, and a broken connection both.
 */
export class VirtualEnd implements Channel {
  readonly peer: DeviceId
  readonly #windowBytes: number
  readonly #carry: Carry
  readonly #after: (ms: number, act: () => void) => void
  readonly #ended: () => void
  readonly #inbox: Uint8Array[] = []
  #other: VirtualEnd | undefined
  #state: 'open' | 'ended' | 'broken' = 'open'
  #unreadBytes = 0
  #waiting: (() => void)[] = []

  constructor(peer: DeviceId, windowBytes: number, carry: Carry, after: (ms: number, act: () => void) => void, ended: () => void) {
    this.peer = peer
    this.#windowBytes = windowBytes
    this.#carry = carry
    this.#after = after
    this.#ended = ended
  }

  join(other: VirtualEnd): void {
    this.#other = other
  }

  async send(frame: Uint8Array): Promise<void> {
    while (this.#state === 'open' && this.#unreadBytes > 0 && this.#unreadBytes + frame.length > this.#windowBytes) await this.#change()
    if (this.#state !== 'open') throw new KinmeshError('ChannelClosed', 'the channel closed')
    const sent = frame.slice()
    this.#unreadBytes += sent.length
    // Its room comes back, as if it had been read: a channel that lost its credit for ever would stand still, which no channel of ours does.
    this.#carry(() => this.#other?.arrived(sent), () => this.granted(sent.length))
  }

  get frames(): AsyncIterable<Uint8Array> {
    return this.#read()
  }

  async close(): Promise<void> {
    if (this.#state !== 'open') return
    this.end('ended')
    this.#carry(() => this.#other?.end('ended'))
    await new Promise<void>(resolve => this.#after(closeMs, resolve))
  }

  abort(): void {
    if (this.#state === 'broken') return
    this.end('broken')
    this.#carry(() => this.#other?.end('broken'))
  }

  /** The connection is gone, and this side knows. */
  break(): void {
    this.end('broken')
  }

  arrived(frame: Uint8Array): void {
    if (this.#state !== 'open') return
    this.#inbox.push(frame)
    this.#changed()
  }

  granted(bytes: number): void {
    this.#unreadBytes -= bytes
    this.#changed()
  }

  end(how: 'ended' | 'broken'): void {
    if (this.#state !== 'open') return
    this.#state = how
    this.#ended()
    this.#changed()
  }

  #changed(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  #change(): Promise<void> {
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const frame = this.#inbox.shift()
      if (frame) {
        this.#carry(() => this.#other?.granted(frame.length))
        yield frame
      } else if (this.#state === 'ended') return
      else if (this.#state === 'broken') throw new KinmeshError('ChannelClosed', 'the channel broke')
      else await this.#change()
    }
  }
}
