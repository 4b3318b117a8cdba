import { equals } from 'uint8arrays/equals'
import { KinmeshError, isKinmeshError } from '../mesh/errors.ts'
import type { Timers } from '../mesh/timers.ts'
import type { Channel, DeviceId } from '../mesh/types.ts'
import { FramePace } from './frame-pace.ts'
import { type Frame, decodeFrame, encodeFrame, maxStatements } from './frames.ts'
import { haveIntervalMs, helloTimeoutMs, silenceMs } from './limits.ts'
import { Outbox } from './outbox.ts'
import type { Receipt } from './receive.ts'
import type { SharedSpace } from './shared-space.ts'
import { SpaceSession, type SpaceSessionHost } from './space-session.ts'
import { hexOf } from './stage.ts'
import { TimerSet } from './timer-set.ts'

/** What sessions ask of the device. */
export type SessionHost = {
  readonly timers: Timers
  now(): number
  host(space: SharedSpace, session: Session): Omit<SpaceSessionHost, 'peer' | 'index' | 'timers' | 'send' | 'post' | 'spawn' | 'accepted'>
  /** Membership statements from the peer. @throws KinmeshError when they break a rule */
  members(space: SharedSpace, statements: readonly Uint8Array[]): Promise<void>
  changed(): void
  warn(message: string, peer: DeviceId, error: unknown): void
}

/** So many PINGs in a row may go unanswered: one that is lost does not end a session. Counted, for clocks are set and jump. */
const silentPings = 3
const pingIntervalMs = silenceMs / silentPings
/** Statements one MEMBERS frame carries: each is at most 16 KiB, a frame 64 KiB. */
const membersFrameBytes = 56 * 1024

/** The one long-lived stream between two devices: greeting, dispatch to the spaces they share, and signs of life. */
export class Session {
  readonly peer: DeviceId
  readonly #channel: Channel
  readonly #spaces: readonly SharedSpace[]
  readonly #host: SessionHost
  /** By our index, and by the peer's. */
  readonly #ours = new Map<SharedSpace, SpaceSession>()
  readonly #theirs = new Map<number, SharedSpace>()
  readonly #timers: TimerSet
  readonly #outbox: Outbox
  readonly #pace: FramePace
  /** PINGs since anything was heard. */
  #unanswered = 0
  #ended = false
  /** The peer's clock minus ours, in ms, from the quickest answer to a PING so far. */
  #clock: { offsetMs: number; roundTripMs: number } | undefined
  lagMs: number | undefined
  /** True once the peer broke the protocol: what it sent, or did not send, ended the session. */
  misbehaved = false

  constructor(channel: Channel, spaces: readonly SharedSpace[], host: SessionHost) {
    this.peer = channel.peer
    this.#channel = channel
    this.#spaces = spaces
    this.#host = host
    this.#timers = new TimerSet(host.timers)
    this.#pace = new FramePace(() => host.now())
    this.#outbox = new Outbox(frame => this.#send(frame), work => this.#spawn(work))
  }

  /** True when every shared space is. */
  get synced(): boolean {
    return this.#ours.size > 0 && [...this.#ours.values()].every(each => each.synced)
  }

  get ended(): boolean {
    return this.#ended
  }

  /** True while the peer keeps entries for others, and not all that is missing here. */
  get gap(): boolean {
    return [...this.#ours.values()].some(each => each.gap)
  }

  get clockOffsetMs(): number | undefined {
    return this.#clock?.offsetMs
  }

  /** Greets, then serves until the stream ends; what ended it is logged when it was a fault. Leaves no timer and nothing that waits. */
  async run(): Promise<void> {
    const frames = this.#channel.frames[Symbol.asyncIterator]()
    const greeted = this.#timers.after(helloTimeoutMs, () => this.#fail(new KinmeshError('HelloTimeout', `no greeting within ${helloTimeoutMs / 1000} s`)))
    try {
      await this.#send({ type: 'hello', spaces: this.#spaces.map(({ state }) => ({ id: state.spaceId, members: state.membership.version() })) })
      const first = await frames.next()
      if (first.done || this.#ended) return
      const hello = decodeFrame(first.value)
      if (hello.type !== 'hello') throw new KinmeshError('MalformedBytes', `the first frame is ${hello.type}, not hello`)
      greeted()
      await this.#greeted(hello)
      for (let next = await frames.next(); !next.done && !this.#ended; next = await frames.next()) {
        this.#unanswered = 0
        const frame = decodeFrame(next.value)
        const waitMs = this.#pace.take(frame.type, next.value.length)
        if (waitMs !== undefined) await this.#timers.wait(waitMs)
        if (!this.#ended) await this.#handle(frame)
      }
    } catch (error) {
      if (!isKinmeshError(error, 'ChannelClosed')) this.#fail(error)
    } finally {
      this.#end()
      await this.#channel.close()
    }
  }

  spaceSessions(): IterableIterator<SpaceSession> {
    return this.#ours.values()
  }

  of(space: SharedSpace): SpaceSession | undefined {
    return this.#ours.get(space)
  }

  /** The membership of a space changed: the peer gets the whole log, which is a few kilobytes. */
  sendMembers(space: SharedSpace): void {
    if (this.#ours.has(space)) this.#outbox.post(`members ${space.id}`, () => this.#membersFrames(space))
  }

  /** Says why, and closes. Always finishes: closing the channel ends the sending, also where the peer does not read. */
  async bye(code: string): Promise<void> {
    const said = this.#ended ? undefined : this.#send({ type: 'bye', code })
    this.#end()
    const closed = this.#channel.close()
    try {
      await said
    } catch (error) {
      this.#host.warn('the stream closed before the last word', this.peer, error)
    }
    await closed
  }

  async #greeted(hello: Frame & { type: 'hello' }): Promise<void> {
    for (const [theirIndex, { id, members }] of hello.spaces.entries()) {
      const index = this.#spaces.findIndex(({ state }) => equals(state.spaceId, id))
      const space = this.#spaces[index]
      if (!space || this.#ours.has(space)) continue
      this.#theirs.set(theirIndex, space)
      this.#ours.set(space, new SpaceSession(space, {
        ...this.#host.host(space, this),
        peer: this.peer,
        index,
        timers: this.#host.timers,
        send: frame => this.#send(frame),
        post: (kind, make) => this.#outbox.post(`${kind} ${space.id}`, make),
        spawn: work => this.#spawn(work),
        accepted: entries => this.#accepted(entries)
      }))
      if (members !== space.state.membership.version()) this.sendMembers(space)
    }
    if (this.#ours.size === 0) return this.bye('NoSharedSpace')
    for (const each of this.#ours.values()) each.sendHave()
    const ping = () => this.#outbox.post('ping', () => [{ type: 'ping', sentAt: this.#host.now() }])
    ping()
    this.#timers.every(pingIntervalMs, () => (this.#unanswered++ >= silentPings ? this.#fail(new KinmeshError('PeerSilent', `nothing heard for ${silenceMs / 1000} s`)) : ping()))
    this.#timers.every(haveIntervalMs, () => this.#ours.forEach(each => each.tick()))
    this.#host.changed()
  }

  async #handle(frame: Frame): Promise<void> {
    switch (frame.type) {
      case 'hello':
        throw new KinmeshError('MalformedBytes', 'hello came twice')
      case 'ping':
        return this.#outbox.post('pong', () => [{ type: 'pong', sentAt: frame.sentAt, now: this.#host.now() }])
      case 'pong':
        return this.#onPong(frame.sentAt, frame.now)
      case 'bye':
        throw new KinmeshError('ChannelClosed', `the peer ended the session: ${frame.code}`)
      case 'members': {
        const space = this.#theirs.get(frame.space)
        return space && this.#host.members(space, frame.statements)
      }
      default: {
        const space = this.#theirs.get(frame.space)
        return space && this.#ours.get(space)?.handle(frame)
      }
    }
  }

  #onPong(sentAt: number, theirNow: number): void {
    const now = this.#host.now()
    const roundTripMs = now - sentAt
    if (roundTripMs < 0 || (this.#clock && roundTripMs > this.#clock.roundTripMs)) return
    const first = !this.#clock
    this.#clock = { roundTripMs, offsetMs: theirNow - (sentAt + now) / 2 }
    if (first) this.#host.changed()
  }

  #accepted(entries: Receipt['accepted']): void {
    const latest = entries.findLast(({ author }) => author === this.peer)
    if (latest?.at !== undefined && this.#clock) this.lagMs = Math.max(0, Math.round(this.#host.now() - (latest.at - this.#clock.offsetMs)))
    if (entries.length > 0) this.#host.changed()
  }

  /** What is on the disk: a removal that a crash took back here, and that only the removed device had heard of, would part it from the others. */
  #membersFrames(space: SharedSpace): Frame[] {
    const { context, membership } = space.state
    const stored = new Set(context.store.statements(space.id).map(hexOf))
    const batches: Uint8Array[][] = [[]]
    let size = 0
    for (const statement of membership.statements().filter(each => stored.has(hexOf(each)))) {
      if (size + statement.length > membersFrameBytes || (batches.at(-1)?.length ?? 0) >= maxStatements) {
        batches.push([])
        size = 0
      }
      batches.at(-1)?.push(statement)
      size += statement.length
    }
    return batches.map(statements => ({ type: 'members', space: this.#spaces.indexOf(space), statements }))
  }

  #send(frame: Frame): Promise<void> {
    return this.#channel.send(encodeFrame(frame))
  }

  #spawn(work: () => Promise<void>): void {
    if (this.#ended) return
    work().catch((error: unknown) => {
      if (!isKinmeshError(error, 'ChannelClosed')) this.#fail(error)
    })
  }

  #fail(error: unknown): void {
    if (this.#ended) return
    this.#host.warn('session ended', this.peer, error)
    this.misbehaved = isKinmeshError(error) && !isKinmeshError(error, 'StoreFailed', 'PeerSilent')
    this.#end()
    this.#channel.abort(error instanceof Error ? error : new Error(String(error)))
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#timers.stop()
    this.#outbox.stop()
    for (const each of this.#ours.values()) each.stop()
    this.#host.changed()
  }
}
