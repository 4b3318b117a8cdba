import { KinmeshError } from '../mesh/errors.ts'
import { publicKeyOf } from '../mesh/identity.ts'
import { FakeTime } from '../mesh/timers.fixtures.ts'
import type { Channel, DeviceId } from '../mesh/types.ts'
import { until } from './devices.fixtures.ts'
import { type Entry, noHash } from './entry.ts'
import { type Frame, type LogHeight, decodeFrame, encodeFrame } from './frames.ts'
import { dropLog } from './drop-log.ts'
import { PeerHeights } from './peer-heights.ts'
import type { Refusal } from './receive.ts'
import { type Author, type Scene, scene, startMs } from './receive.fixtures.ts'
import { Session } from './session.ts'
import { LocalSpace } from './space.ts'
import { SpaceState } from './space-state.ts'

/** For tests: two ends of a channel in memory. A sender waits while more than `window` bytes are on their way or unread. */
export function pipe(a: DeviceId, b: DeviceId, window = Number.POSITIVE_INFINITY): [PipeEnd, PipeEnd] {
  const ends: [PipeEnd, PipeEnd] = [new PipeEnd(b, window), new PipeEnd(a, window)]
  ends[0].other = ends[1]
  ends[1].other = ends[0]
  return ends
}

export class PipeEnd implements Channel {
  readonly peer: DeviceId
  readonly frames: AsyncIterable<Uint8Array>
  other: PipeEnd | undefined
  /** Set: nothing is read off this end. */
  deaf = false
  #state: 'open' | 'ended' | 'broken' = 'open'
  #room: number
  #inbox: Uint8Array[] = []
  #changed = Promise.withResolvers<void>()
  #turn: Promise<void> = Promise.resolve()

  constructor(peer: DeviceId, window: number) {
    this.peer = peer
    this.#room = window
    this.frames = { [Symbol.asyncIterator]: () => ({ next: () => this.#next() }) }
  }

  send(frame: Uint8Array): Promise<void> {
    const sent = this.#turn.then(() => this.#send(frame.slice()))
    this.#turn = sent.catch(() => undefined)
    return sent
  }

  async close(): Promise<void> {
    // As of a real channel: what has room goes out, what has none never will.
    for (let turns = 0; turns < 10; turns++) await Promise.resolve()
    this.end('ended')
    setImmediate(() => this.other?.end('ended'))
    await this.#turn
  }

  abort(): void {
    this.end('broken')
    this.#inbox = []
    setImmediate(() => this.other?.end('broken'))
  }

  end(how: 'ended' | 'broken'): void {
    if (this.#state === 'open') this.#state = how
    this.#wake()
  }

  grant(bytes: number): void {
    this.#room += bytes
    this.#wake()
  }

  get unread(): number {
    return this.#inbox.length
  }

  /** Reads on. */
  hear(): void {
    this.deaf = false
    this.#wake()
  }

  async #send(frame: Uint8Array): Promise<void> {
    while (this.#state === 'open' && this.#room < frame.length) await this.#changed.promise
    if (this.#state !== 'open') throw new KinmeshError('ChannelClosed', 'closed')
    this.#room -= frame.length
    setImmediate(() => this.other?.deliver(frame))
  }

  deliver(frame: Uint8Array): void {
    this.#inbox.push(frame)
    this.#wake()
  }

  async #next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const frame = this.deaf ? undefined : this.#inbox.shift()
      if (frame) {
        this.other?.grant(frame.length)
        return { done: false, value: frame }
      }
      if (this.deaf && this.#inbox.length > 0) await this.#changed.promise
      else if (this.#state === 'broken') throw new KinmeshError('ChannelClosed', 'broken')
      else if (this.#state === 'ended') return { done: true, value: undefined }
      else await this.#changed.promise
    }
  }

  #wake(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers<void>()
  }
}

/** Often enough for a flood, and seldom enough that nothing else happens while a few frames are on their way. */
const looksPerTurn = 200

/** For tests: a peer that says what the test lets it say. */
export class Hand {
  readonly channel: Channel
  /** What came and was not asked for with `next`. */
  readonly inbox: Frame[] = []
  ended = false
  /** Lets the device's event loop turn, where its time is a test's own: a device that reads much turns it in between. */
  readonly #turn: () => Promise<void>
  #pings = 1e6

  constructor(channel: Channel, turn: () => Promise<void> = async () => undefined) {
    this.channel = channel
    this.#turn = turn
    void this.#listen()
  }

  async send(...frames: Frame[]): Promise<void> {
    for (const frame of frames) await this.channel.send(encodeFrame(frame))
  }

  async greet(id: Uint8Array, members: string): Promise<void> {
    await this.send({ type: 'hello', spaces: [{ id, members }] })
  }

  /** The next frame of a type, among those that nobody took yet. */
  async next<T extends Frame['type']>(type: T): Promise<Frame & { type: T }> {
    await until(`${type} comes`, () => this.inbox.some(frame => frame.type === type))
    const [frame] = this.inbox.splice(this.inbox.findIndex(each => each.type === type), 1)
    return frame as Frame & { type: T }
  }

  /** Takes all that came of a type, out of what nobody took yet. */
  all<T extends Frame['type']>(type: T): (Frame & { type: T })[] {
    const found = this.inbox.filter(frame => frame.type === type)
    for (const frame of found) this.inbox.splice(this.inbox.indexOf(frame), 1)
    return found as (Frame & { type: T })[]
  }

  /** Resolves when the device has dealt with all that was sent to it so far. */
  async barrier(): Promise<void> {
    const sentAt = ++this.#pings
    await this.send({ type: 'ping', sentAt })
    const answered = () => this.ended || this.inbox.some(frame => frame.type === 'pong' && frame.sentAt >= sentAt)
    let looks = 0
    await until('everything sent was dealt with', () => {
      if (++looks % looksPerTurn === 0) void this.#turn()
      return answered()
    })
  }

  have(...logs: [Author | DeviceId, number][]): Promise<void> {
    return this.send({ type: 'have', space: 0, logs: logs.map(([author, height]): LogHeight => ({ author: keyOf(author), height, head: noHash })), more: false })
  }

  entries(...entries: Entry[]): Promise<void> {
    return this.send({ type: 'entry', space: 0, entries: entries.map(({ bytes }) => bytes) })
  }

  async #listen(): Promise<void> {
    try {
      for await (const bytes of this.channel.frames) this.inbox.push(decodeFrame(bytes))
    } catch (error) {
      if (!(error instanceof KinmeshError)) throw error
    }
    this.ended = true
  }
}

/** Lets the clock go as fast as the true one: signatures take true time, and a peer must not seem silent meanwhile. */
export async function passing(time: FakeTime, what: string, condition: () => boolean, timeoutMs = 20_000): Promise<void> {
  const start = Date.now()
  for (let at = start; !condition(); ) {
    const elapsedMs = Date.now() - at
    at += elapsedMs
    if (at - start > timeoutMs) throw new Error(`waited ${timeoutMs} ms in vain until ${what}`)
    await time.run(elapsedMs)
  }
}

export const keyOf = (author: Author | DeviceId): Uint8Array => (typeof author === 'string' ? publicKeyOf(author) : author.identity.signing.publicKey)

/** For tests: one end of a session as sync.ts makes it, and what it told its device. */
export class Side {
  readonly space: LocalSpace
  readonly session: Session
  readonly heights: PeerHeights
  readonly told: Refusal[] = []
  readonly warned: string[] = []
  /** Claims that are held, and those that were. */
  readonly claims = new Set<DeviceId>()
  readonly released: DeviceId[] = []
  readonly stalls: DeviceId[] = []
  /** How often the session said that something about it is new. */
  news = 0
  diverged = 0
  forked = 0
  dropped = 0
  ended = false
  readonly done: Promise<void>

  constructor(state: SpaceState, channel: Channel, time: FakeTime, { arrived = new Map(), connected = [] }: RigOptions = {}) {
    this.space = new LocalSpace(state, () => 0)
    this.heights = new PeerHeights(state.context.store, state.id, time.clock)
    this.session = new Session(channel, [this.space], {
      timers: time,
      now: time.clock,
      members: async (_space, statements) => void (await state.membership.merge(statements)),
      changed: () => void this.news++,
      warn: (message, _peer, error) => void this.warned.push(`${message}: ${error instanceof KinmeshError ? error.code : String(error)}`),
      host: () => ({
        heights: this.heights,
        arrived: author => {
          const bases = arrived.get(author) ?? new Map<string, Uint8Array>()
          arrived.set(author, bases)
          return bases
        },
        refused: refusal => void this.told.push(refusal),
        forked: () => void this.forked++,
        damaged: async author => {
          this.dropped++
          await state.exclusive(() => dropLog(state, author))
        },
        diverged: () => void this.diverged++,
        isConnected: device => connected.includes(device),
        changed: () => undefined,
        claim: author => !!this.claims.add(author),
        stalled: author => void this.stalls.push(author),
        release: author => {
          this.claims.delete(author)
          this.released.push(author)
        }
      })
    })
    this.space.onAppended(authors => this.session.of(this.space)?.appended(authors))
    this.done = this.session.run().then(() => void (this.ended = true))
  }
}

export type RigOptions = {
  readonly arrived?: Map<DeviceId, Map<string, Uint8Array>>
  /** Devices that have a session too. */
  readonly connected?: readonly DeviceId[]
  readonly window?: number
  readonly greet?: boolean
  /** Entries between checkpoints. */
  readonly checkpointEvery?: number
  readonly set?: Scene
  /** Which member the test plays. */
  readonly peer?: 'phone' | 'mini'
}

export type Rig = Scene & { readonly time: FakeTime; readonly side: Side; readonly hand: Hand; readonly end: PipeEnd; settle(): Promise<void>; stop(): Promise<void> }

/** For tests: the laptop of a scene in session with its phone, or its mini PC, which the test plays. */
export async function rig(options: RigOptions = {}): Promise<Rig> {
  const { greet = true, set = await scene() } = options
  const time = new FakeTime()
  time.now = startMs
  const context = { ...set.state.context, now: time.clock, ...(options.checkpointEvery ? { checkpointEvery: options.checkpointEvery } : {}) }
  const state = await SpaceState.open(context, 'personal', set.membership)
  const [near, far] = pipe(set.laptop.id, set[options.peer ?? 'phone'].id, options.window)
  const side = new Side(state, near, time, options)
  const hand = new Hand(far, () => time.run(0))
  const settle = async () => {
    await hand.barrier()
    await time.run(0)
    await hand.barrier()
  }
  const stop = async () => {
    await side.session.bye('Stopping')
    await side.done
  }
  if (greet) {
    await hand.greet(state.spaceId, state.membership.version())
    await settle()
    hand.inbox.length = 0
  }
  return { ...set, state, time, side, hand, end: far, settle, stop }
}
