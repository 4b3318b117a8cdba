import type { Stream, StreamCloseEvent, StreamMessageEvent } from '@libp2p/interface'
import { Uint8ArrayList } from 'uint8arraylist'
import { KinmeshError } from './errors.ts'
import type { Logger } from './log.ts'
import type { Channel, DeviceId, WireTap } from './types.ts'

/** One frame. TCP moves 64 KiB frames about twice as fast as 16 or 256 KiB ones. */
export const maxFrameBytes = 64 * 1024
/**
 * What a sender may have on its way before the reader has taken it. It bounds the memory of a channel at both ends, also on transports
 * without flow control (WebRTC), and allows 10 MiB/s at a round trip of 100 ms.
 */
export const channelWindowBytes = 1024 * 1024
/** How long `close` waits for the transport and for the other side before it breaks the channel. */
export const defaultCloseTimeoutMs = 5_000

const prefixBytes = 4
/** What a frame costs of the credit at least: each waits as an object of its own, and reading a window of empty ones, 260,000, would stop the event loop for a second. */
export const minFrameCostBytes = 256
/** The highest bit of a prefix says that it is not a frame's length but a grant of that many more bytes. */
const grantBit = 0x8000_0000
/** The prefix that says that no more frames come: a connection that breaks must not look like a peer that is done. */
const endPrefix = 0xffff_ffff
/** Grants go out when this much was read: often enough to keep a sender going, seldom enough to cost nothing. */
const grantBytes = channelWindowBytes / 4

export type ChannelOptions = { peer: DeviceId; protocol: string; log: Logger; tap: WireTap | undefined; onReceived?: () => void; closeTimeoutMs?: number }

/** Gives a libp2p stream frames and flow control. Only this file touches streams. */
export function channelOver(stream: Stream, options: ChannelOptions): Channel {
  return new StreamChannel(stream, options)
}

class StreamChannel implements Channel {
  readonly peer: DeviceId
  readonly frames: AsyncIterable<Uint8Array>
  readonly #stream: Stream
  readonly #options: ChannelOptions
  readonly #received = new Uint8ArrayList()
  readonly #queue: Uint8Array[] = []
  /** Bytes we may send before the peer grants more. */
  #credit = channelWindowBytes
  /** Bytes the peer may send before we grant more. */
  #allowance = channelWindowBytes
  #ungranted = 0
  #needsDrain = false
  #state: 'open' | 'ended' | 'broken' = 'open'
  #closing = false
  #cause: unknown
  #sending: Promise<void> = Promise.resolve()
  #waiting: (() => void)[] = []

  constructor(stream: Stream, options: ChannelOptions) {
    this.peer = options.peer
    this.#stream = stream
    this.#options = options
    this.frames = { [Symbol.asyncIterator]: () => ({ next: () => this.#next() }) }
    stream.inactivityTimeout = Number.POSITIVE_INFINITY
    stream.addEventListener('message', this.#onMessage)
    stream.addEventListener('drain', this.#onDrain)
    stream.addEventListener('end', this.#onEnd)
    stream.addEventListener('close', this.#onClose)
    if (stream.status !== 'open') this.#break(new Error(`the stream is ${stream.status}`))
    else if (stream.readableEnded) this.#onEnd()
  }

  async send(frame: Uint8Array): Promise<void> {
    if (frame.length > maxFrameBytes) throw new KinmeshError('FrameTooLarge', `a frame takes at most ${maxFrameBytes} bytes, not ${frame.length}`)
    if (!this.#isWritable() || this.#closing) throw this.#closedError()
    const cost = costOf(frame.length)
    const before = this.#sending
    const turn = Promise.withResolvers<void>()
    this.#sending = turn.promise
    try {
      await before
      while (this.#credit < cost && this.#isWritable()) await this.#change()
      if (!this.#isWritable()) throw this.#closedError()
      this.#credit -= cost
      this.#options.tap?.({ layer: 'frame', peer: this.peer, protocol: this.#options.protocol, bytes: frame })
      this.#write(frame.length, frame)
      while (this.#needsDrain && this.#isWritable()) await this.#change()
    } finally {
      turn.resolve()
    }
  }

  async close(): Promise<void> {
    if (this.#state === 'broken' || this.#closing) return
    this.#closing = true
    const { closeTimeoutMs = defaultCloseTimeoutMs } = this.#options
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(new Error(`not closed within ${closeTimeoutMs} ms`)), closeTimeoutMs)
    const deadline = late.signal
    try {
      await raceAbort(this.#sending, deadline)
      if (this.#isWritable()) this.#write(endPrefix, undefined)
      this.#changed()
      await raceAbort(this.#stream.close({ signal: deadline }), deadline)
      await raceAbort(closed(this.#stream), deadline)
    } catch (error) {
      this.#options.log.debug('channel did not close in time', { peer: this.peer, protocol: this.#options.protocol, error: String(error) })
      this.#stream.abort(asError(error))
    } finally {
      clearTimeout(timer)
    }
    this.#changed()
  }

  abort(reason: Error): void {
    if (this.#state === 'broken') return
    this.#options.log.debug('channel aborted', { peer: this.peer, protocol: this.#options.protocol, reason: reason.message })
    this.#break(reason)
    this.#queue.length = 0
    this.#stream.abort(reason)
  }

  async #next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const frame = this.#queue.shift()
      if (frame) {
        this.#grant(costOf(frame.length))
        return { done: false, value: frame }
      }
      if (this.#state === 'broken') throw this.#closedError()
      if (this.#state === 'ended' || this.#closing) return { done: true, value: undefined }
      await this.#change()
    }
  }

  #grant(bytes: number): void {
    this.#ungranted += bytes
    if (this.#ungranted < grantBytes || this.#state !== 'open' || this.#closing || !this.#isWritable()) return
    this.#allowance += this.#ungranted
    this.#write(grantBit + this.#ungranted, undefined)
    this.#ungranted = 0
  }

  #write(prefix: number, frame: Uint8Array | undefined): void {
    const head = new Uint8Array(prefixBytes)
    new DataView(head.buffer).setUint32(0, prefix)
    try {
      // libp2p may send this after we return, so the frame is copied: its owner may use its buffer again.
      if (!this.#stream.send(frame ? new Uint8ArrayList(head, frame.slice()) : head)) this.#needsDrain = this.#stream.writableNeedsDrain
    } catch (error) {
      this.#break(error)
      throw this.#closedError()
    }
  }

  readonly #onMessage = (event: StreamMessageEvent): void => {
    if (this.#state === 'broken') return
    this.#options.onReceived?.()
    this.#received.append(event.data)
    try {
      while (this.#readOne());
    } catch (error) {
      this.#options.log.warn('peer broke a limit of its channel', { peer: this.peer, protocol: this.#options.protocol, error: String(error) })
      this.abort(asError(error))
    }
    this.#changed()
  }

  /** Takes one frame or grant off the received bytes, if a whole one is there. */
  #readOne(): boolean {
    if (this.#received.byteLength < prefixBytes) return false
    if (this.#state === 'ended') throw new Error('sent more after its end')
    const prefix = this.#received.getUint32(0)
    if (prefix === endPrefix) {
      this.#received.consume(prefixBytes)
      this.#state = 'ended'
      return true
    }
    if (prefix >= grantBit) {
      this.#received.consume(prefixBytes)
      // Grants cost nothing, so each has to be worth something: what we send bounds their number.
      if (prefix === grantBit) throw new Error('granted nothing')
      this.#credit += prefix - grantBit
      if (this.#credit > channelWindowBytes) throw new Error('granted more than the window')
      return true
    }
    // Checked before the bytes arrive: what a peer declares is never waited for, nor stored.
    if (prefix > maxFrameBytes) throw new Error(`a frame of ${prefix} bytes`)
    if (costOf(prefix) > this.#allowance) throw new Error('sent more than it was granted')
    if (this.#received.byteLength < prefixBytes + prefix) return false
    // A copy: a view would keep the transport's larger buffer alive for as long as the frame waits.
    this.#queue.push(this.#received.slice(prefixBytes, prefixBytes + prefix))
    this.#received.consume(prefixBytes + prefix)
    this.#allowance -= costOf(prefix)
    return true
  }

  readonly #onDrain = (): void => {
    this.#needsDrain = false
    this.#changed()
  }

  readonly #onEnd = (): void => {
    if (this.#state === 'open' && !this.#closing) this.#break(new Error('the stream ended before its frames did'))
    this.#changed()
  }

  readonly #onClose = (event: StreamCloseEvent): void => {
    // Bytes that libp2p has not handed over yet still come, and "end" after them.
    if (event.error || this.#stream.readBufferLength === 0) this.#onEnd()
  }

  #break(cause: unknown): void {
    if (this.#state === 'broken') return
    this.#state = 'broken'
    this.#cause = cause
    this.#changed()
  }

  #isWritable(): boolean {
    return this.#state !== 'broken' && this.#stream.writeStatus === 'writable'
  }

  #closedError(): KinmeshError {
    return new KinmeshError('ChannelClosed', 'the connection to the other device closed; it is opened again by itself', { cause: this.#cause })
  }

  #change(): Promise<void> {
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  #changed(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}

function costOf(frameBytes: number): number {
  return Math.max(minFrameCostBytes, prefixBytes + frameBytes)
}

/** The next frame, or undefined at the end. @throws KinmeshError `ChannelClosed` */
export async function nextFrame(channel: Channel): Promise<Uint8Array | undefined> {
  const result = await channel.frames[Symbol.asyncIterator]().next()
  return result.done ? undefined : result.value
}

function closed(stream: Stream): Promise<void> {
  if (stream.status !== 'open' && stream.status !== 'closing') return Promise.resolve()
  return new Promise(resolve => stream.addEventListener('close', () => resolve(), { once: true }))
}

function raceAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([
    promise,
    new Promise<never>((_, reject) => {
      if (signal.aborted) reject(asError(signal.reason))
      else signal.addEventListener('abort', () => reject(asError(signal.reason)), { once: true })
    })
  ])
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
