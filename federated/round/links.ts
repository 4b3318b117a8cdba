import { KinmeshError } from '../../mesh/errors.ts'
import type { Logger } from '../../mesh/log.ts'
import type { Timers } from '../../mesh/timers.ts'
import type { Channel, DeviceId, Mesh } from '../../mesh/types.ts'
import { addressOf } from '../compression/chunks.ts'
import { encodePieceFrame, type PieceFrame, readPieceFrame } from './frames.ts'

export const roundProtocol = '/kinmesh/round/1'

/** What rounds need of a mesh. One in memory serves as well. */
export type RoundMesh = Pick<Mesh, 'identity' | 'handle' | 'open' | 'onPeer' | 'peers'>

/** Pieces that a device may have asked for and not got; who asks for more breaks the stream. */
const maxWanted = 64
/** Frames that wait for one device; beyond them new ones are left out, since whatever is not answered is said again. */
const maxWaiting = 1024
/** An answer takes no longer, or another device is asked. */
export const askMs = 15_000

export type LinksHost = {
  readonly log: Logger
  readonly timers: Timers
  /** A frame that is a message. What it rejects with breaks the stream. */
  message(peer: DeviceId, bytes: Uint8Array): Promise<void>
  /** A piece of a round that this device may have from us. */
  piece(peer: DeviceId, round: string, address: string): Promise<Uint8Array | undefined>
}

type Asked = { readonly peer: DeviceId; resolve(bytes: Uint8Array): void; reject(error: Error): void }
type Line = { channel: Promise<Channel> | undefined; last: Promise<void>; waiting: number }

/** Streams to the other devices of rounds: each side opens the one that it speaks on, and reads the other's. */
export class Links {
  readonly #mesh: RoundMesh
  readonly #host: LinksHost
  readonly #lines = new Map<DeviceId, Line>()
  readonly #open = new Set<Channel>()
  readonly #reading = new Map<Channel, Promise<void>>()
  readonly #asked = new Map<string, Asked[]>()
  readonly #abort = new AbortController()

  constructor(mesh: RoundMesh, host: LinksHost) {
    this.#mesh = mesh
    this.#host = host
    mesh.handle(roundProtocol, channel => this.#serve(channel))
  }

  /** Hands a frame on, in order; it is lost where the device cannot be reached. */
  send(peer: DeviceId, frame: Uint8Array): Promise<void> {
    const line = this.#lines.get(peer) ?? { channel: undefined, last: Promise.resolve(), waiting: 0 }
    this.#lines.set(peer, line)
    if (line.waiting >= maxWaiting || this.#abort.signal.aborted) return Promise.resolve()
    line.waiting++
    const sent = line.last.then(() => this.#write(peer, line, frame)).finally(() => line.waiting--)
    line.last = sent
    return sent
  }

  /** Asks one device for one piece. @throws KinmeshError `PieceNotThere`, `PieceTimedOut`; the reason of `signal` */
  ask(peer: DeviceId, round: string, address: string, signal: AbortSignal): Promise<Uint8Array> {
    const key = `${round} ${address}`
    return new Promise<Uint8Array>((resolve, reject) => {
      const end = () => {
        this.#host.timers.clear(timer)
        signal.removeEventListener('abort', stop)
        const rest = (this.#asked.get(key) ?? []).filter(one => one !== asked)
        if (rest.length > 0) this.#asked.set(key, rest)
        else this.#asked.delete(key)
      }
      const fail = (error: Error) => {
        end()
        reject(error)
      }
      const stop = () => fail(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)))
      const timer = this.#host.timers.set(() => fail(new KinmeshError('PieceTimedOut', `${peer} did not answer in time: another device is asked`)), askMs)
      const asked: Asked = {
        peer,
        reject: fail,
        resolve: bytes => {
          end()
          resolve(bytes)
        }
      }
      if (signal.aborted) return stop()
      signal.addEventListener('abort', stop, { once: true })
      this.#asked.set(key, [...(this.#asked.get(key) ?? []), asked])
      void this.send(peer, encodePieceFrame({ type: 'want', round, address }))
    })
  }

  /** A device is away, or a stream to or from it has ended: nobody waits for its answers, which may be lost. */
  lost(peer: DeviceId): void {
    for (const asked of [...this.#asked.values()].flat()) if (asked.peer === peer) asked.reject(new KinmeshError('PieceNotThere', `the question to ${peer} or its answer was lost: another device is asked`))
  }

  async stop(): Promise<void> {
    this.#abort.abort(new KinmeshError('RoundStopped', 'this device stops: the round goes on when it is back'))
    await Promise.all([...this.#lines.values()].map(({ last }) => last))
    await Promise.all([...this.#open, ...this.#reading.keys()].map(channel => channel.close()))
    await Promise.allSettled(this.#reading.values())
  }

  async #write(peer: DeviceId, line: Line, frame: Uint8Array): Promise<void> {
    try {
      line.channel ??= this.#mesh.open(peer, roundProtocol, { signal: this.#abort.signal })
      const channel = await line.channel
      this.#open.add(channel)
      await channel.send(frame)
    } catch (error) {
      // Opened again with the next frame; what was lost is said again when the device is back.
      for (const channel of this.#open) if (channel.peer === peer) this.#open.delete(channel)
      line.channel = undefined
      this.lost(peer)
      this.#host.log.debug('a frame of a round was not sent', { peer, error: String(error) })
    }
  }

  #serve(channel: Channel): Promise<void> {
    const reading = this.#read(channel).finally(() => this.#reading.delete(channel))
    this.#reading.set(channel, reading)
    return reading
  }

  async #read(channel: Channel): Promise<void> {
    const { peer } = channel
    let wanted = 0
    try {
      for await (const bytes of channel.frames) {
        const frame = readPieceFrame(bytes)
        if (!frame) await this.#host.message(peer, bytes)
        else if (frame.type !== 'want') this.#answered(frame)
        else if (++wanted > maxWanted) throw new KinmeshError('TooManyWanted', `${peer} asks for more than ${maxWanted} pieces at a time`)
        // Not waited for: two devices that write to each other and do not read would wait for ever.
        else void this.#give(peer, frame).finally(() => wanted--)
      }
    } catch (error) {
      if (error instanceof KinmeshError && error.code === 'ChannelClosed') return
      this.#host.log.warn('a peer broke the protocol of rounds', { peer, error: String(error) })
      channel.abort(error instanceof Error ? error : new Error(String(error)))
    } finally {
      // However it ended: no answer comes over it any more.
      this.lost(peer)
    }
  }

  async #give(peer: DeviceId, { round, address }: PieceFrame & { type: 'want' }): Promise<void> {
    try {
      const bytes = await this.#host.piece(peer, round, address)
      await this.send(peer, encodePieceFrame(bytes ? { type: 'piece', round, bytes } : { type: 'gone', round, address }))
    } catch (error) {
      this.#host.log.error('a piece of a round could not be read', { peer, error: String(error) })
      await this.send(peer, encodePieceFrame({ type: 'gone', round, address }))
    }
  }

  #answered(frame: PieceFrame & { type: 'piece' | 'gone' }): void {
    const address = frame.type === 'piece' ? addressOf(frame.bytes) : frame.address
    // What nobody has asked for is let go of: it came too late, or was made up.
    for (const asked of this.#asked.get(`${frame.round} ${address}`) ?? []) {
      if (frame.type === 'piece') asked.resolve(frame.bytes)
      else asked.reject(new KinmeshError('PieceNotThere', `${asked.peer} has not got this piece: another device is asked`))
    }
  }
}
