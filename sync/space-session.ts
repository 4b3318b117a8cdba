import { equals } from 'uint8arrays/equals'
import { encodeCbor, malformed } from '../mesh/codec.ts'
import { type KinmeshError, isKinmeshError } from '../mesh/errors.ts'
import { deviceIdOf, publicKeyOf } from '../mesh/identity.ts'
import { sha256 } from '../mesh/crypto.ts'
import type { DeviceId } from '../mesh/types.ts'
import type { Frame, LogHeight } from './frames.ts'
import { digestQuietMs, haveIntervalMs, unaskedBytesPerSecond, unaskedEntriesBurst, unaskedEntriesPerSecond, wantCredit, wantPatienceMs } from './limits.ts'
import { LogSender } from './log-sender.ts'
import type { PeerHeights } from './peer-heights.ts'
import { type Refusal, passingRefusals } from './receive.ts'
import { SnapshotFetch, sendBase } from './snapshot-transfer.ts'
import type { LocalSpace } from './space.ts'
import { hexOf } from './stage.ts'
import { TokenBucket } from './token-bucket.ts'

/** What a session tells its device about one shared space. */
export type SpaceSessionHost = {
  readonly peer: DeviceId
  /** Index of the space in our HELLO. */
  readonly index: number
  readonly heights: PeerHeights
  /** Bases of snapshots that arrived, by log and hash; outlives the session. */
  arrived(author: DeviceId): Map<string, Uint8Array>
  /** Waits for room: for work that runs beside the reading loop. */
  send(frame: Frame): Promise<void>
  /** Does not wait: for answers out of the reading loop. */
  post(frame: Frame): void
  /** One session at a time asks for a log; the others wait until it released the claim. */
  claim(author: DeviceId): boolean
  release(author: DeviceId): void
  /** Runs work that nobody waits for; a failure ends the session. */
  spawn(work: () => Promise<void>): void
  isConnected(device: DeviceId): boolean
  /** An entry that no one can take: the log stops here, and a person should know. */
  refused(refusal: Refusal): void
  forked(): void
  damaged(author: DeviceId): Promise<void>
  /** Both sides hold the same logs, and show different things. */
  diverged(): void
  accepted(entries: readonly { readonly author: DeviceId; readonly at: number }[]): void
  changed(): void
}

/** Entries of a log that the peer still owes us, and when the last of them came (or the WANT went). */
type Asked = { left: number; progressAt: number }

/** One space between this device and one peer: who lacks which entries, and getting them across. */
export class SpaceSession {
  readonly #space: LocalSpace
  readonly #host: SpaceSessionHost
  readonly #sender: LogSender
  readonly #asked = new Map<DeviceId, Asked>()
  readonly #fetches = new Map<DeviceId, SnapshotFetch>()
  readonly #blocked = new Map<DeviceId, number>()
  readonly #unackedAuthors = new Set<DeviceId>()
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()
  readonly #unaskedEntries: TokenBucket
  readonly #unaskedBytes: TokenBucket
  #askedEntries = 0
  #peerDigest: { heads: string; digest: string } | undefined
  #throttled: (() => void) | undefined
  #digestTimer: ReturnType<typeof setTimeout> | undefined
  #ackPending = false
  #stopped = false

  constructor(space: LocalSpace, host: SpaceSessionHost) {
    this.#space = space
    this.#host = host
    this.#sender = new LogSender(space, host)
    const { now } = space.state.context
    this.#unaskedEntries = new TokenBucket(unaskedEntriesPerSecond, unaskedEntriesBurst, now)
    this.#unaskedBytes = new TokenBucket(unaskedBytesPerSecond, unaskedBytesPerSecond, now)
  }

  /** True when the peer said that it holds the same logs as we do now, and shows the same. */
  get synced(): boolean {
    return this.#peerDigest !== undefined && this.#peerDigest.heads === this.#heads() && this.#peerDigest.digest === this.#space.digest()
  }

  stop(): void {
    this.#stopped = true
    this.#sender.stop()
    for (const author of [...this.#asked.keys()]) this.#giveUp(author)
    for (const timer of this.#timers) clearTimeout(timer)
    clearTimeout(this.#digestTimer)
    this.#throttled?.()
  }

  sendHave(): void {
    const logs: LogHeight[] = [...this.#space.state.logs.values()].map(({ author, height, head }) => ({ author: publicKeyOf(author), height, head }))
    this.#host.post({ type: 'have', space: this.#host.index, logs })
    this.#scheduleDigest()
  }

  /** Every 30 s: gives up on what the peer does not deliver, so that another one is asked, and repeats HAVE. */
  tick(): void {
    const { now } = this.#space.state.context
    for (const [author, { progressAt }] of this.#asked) if (now() - progressAt >= haveIntervalMs || now() < progressAt) this.#giveUp(author)
    this.sendHave()
  }

  /** A claim was released, or a peer came: ask for what we lack. */
  poke(): void {
    for (const author of this.#knownAuthors()) this.#wantIfBehind(author)
  }

  /** Own and received entries went to disk: push our own, tell of the others. */
  appended(authors: ReadonlySet<DeviceId>): void {
    for (const author of authors) {
      if (author !== this.#space.state.self || !this.#sender.push(author)) this.#unackedAuthors.add(author)
    }
    this.#scheduleAck()
    this.#scheduleDigest()
  }

  /** New members or keys: what was refused for want of them may pass now. */
  membershipChanged(): void {
    this.#blocked.clear()
    this.poke()
    this.#scheduleDigest()
  }

  async handle(frame: Frame): Promise<void> {
    switch (frame.type) {
      case 'have':
        return this.#onHave(frame.logs)
      case 'ack':
        for (const { author, height } of frame.heights) this.#onHeight(deviceIdOf(author), height)
        return
      case 'want':
        return this.#sender.wanted(frame)
      case 'entry':
        return this.#onEntries(frame.entries)
      case 'snapshot':
        return this.#onSnapshot(frame)
      case 'fetch':
        return this.#host.spawn(() => sendBase(this.#space.state, frame, this.#host.index, each => this.#host.send(each)))
      case 'part':
        return this.#onPart(frame)
      case 'nack':
        return this.#onNack(frame)
      case 'digest':
        this.#peerDigest = { heads: frame.heads, digest: frame.digest }
        if (frame.heads === this.#heads() && frame.digest !== this.#space.digest()) this.#host.diverged()
        this.#host.changed()
        return
      default:
        throw malformed('frame', `${frame.type} does not belong here`)
    }
  }

  #onHave(logs: readonly LogHeight[]): void {
    const listed = new Set<DeviceId>()
    for (const { author, height, head } of logs) {
      const device = deviceIdOf(author)
      listed.add(device)
      const ours = this.#space.state.logRow(device)
      if (device === this.#space.state.self && height === ours.height && height > 0 && !equals(head, ours.head)) this.#host.forked()
      this.#sender.place(device, height, ours.height)
      this.#onHeight(device, height)
    }
    for (const { author, height } of this.#space.state.logs.values()) if (!listed.has(author)) this.#sender.place(author, 0, height)
    this.#scheduleDigest()
  }

  #onHeight(author: DeviceId, height: number): void {
    if (!this.#knownAuthors().includes(author)) return
    this.#host.heights.note(this.#host.peer, author, height)
    if (height <= this.#space.state.logRow(author).height) return
    // In a full mesh the author pushes the entry itself: give it a moment before asking for it a second time.
    const patience = author !== this.#host.peer && this.#host.isConnected(author) ? wantPatienceMs : 0
    this.#later(patience, () => this.#wantIfBehind(author))
  }

  #wantIfBehind(author: DeviceId): void {
    const { height, frozen } = this.#space.state.logRow(author)
    const peerHeight = this.#host.heights.height(this.#host.peer, author)
    if (this.#stopped || frozen || peerHeight <= height || this.#asked.has(author) || this.#blocked.get(author) === height + 1) return
    if (!this.#host.claim(author)) return
    const credit = Math.min(wantCredit, peerHeight - height)
    this.#asked.set(author, { left: credit, progressAt: this.#space.state.context.now() })
    this.#askedEntries += credit
    this.#host.post({ type: 'want', space: this.#host.index, author: publicKeyOf(author), from: height + 1, credit })
  }

  async #onEntries(entries: readonly Uint8Array[]): Promise<void> {
    await this.#throttle(entries)
    const { accepted, refused } = await this.#space.receive(entries)
    this.#host.accepted(accepted)
    for (const refusal of refused) await this.#onRefusal(refusal)
    this.#unask(accepted)
  }

  /** Entries that were asked for pass at once. Others wait until they are within the limits, and with them all that the peer sends. */
  async #throttle(entries: readonly Uint8Array[]): Promise<void> {
    const asked = this.#askedEntries >= entries.length
    this.#askedEntries = Math.max(0, this.#askedEntries - entries.length)
    if (asked) return
    const bytes = entries.reduce((sum, entry) => sum + entry.length, 0)
    const waitMs = Math.max(this.#unaskedEntries.take(entries.length), this.#unaskedBytes.take(bytes))
    if (waitMs === 0 || this.#stopped) return
    await new Promise<void>(resolve => {
      this.#throttled = resolve
      this.#later(waitMs, resolve)
    })
  }

  #unask(accepted: readonly { readonly author: DeviceId; readonly seq: number }[]): void {
    const counts = new Map<DeviceId, number>()
    for (const { author, seq } of accepted) {
      counts.set(author, (counts.get(author) ?? 0) + 1)
      // An entry that reached us from this peer is one that it holds.
      if (seq > this.#host.heights.height(this.#host.peer, author)) this.#host.heights.note(this.#host.peer, author, seq)
      this.#sender.peerHas(author, seq)
    }
    for (const [author, count] of counts) {
      const asked = this.#asked.get(author)
      if (asked && asked.left > count) this.#asked.set(author, { left: asked.left - count, progressAt: this.#space.state.context.now() })
      else {
        if (asked) this.#giveUp(author)
        this.#wantIfBehind(author)
      }
    }
  }

  async #onRefusal(refusal: Refusal): Promise<void> {
    const { author, seq, error } = refusal
    this.#giveUp(author)
    if (error.code === 'LogGap') return this.#wantIfBehind(author)
    if (error.code === 'OwnLogForked') return this.#host.forked()
    this.#blocked.set(author, seq)
    if (isPassing(error)) return
    if (error.code === 'CheckpointMismatch') {
      await this.#host.damaged(author)
      this.#blocked.delete(author)
      return this.#wantIfBehind(author)
    }
    this.#host.refused(refusal)
    this.#host.post({ type: 'nack', space: this.#host.index, author: publicKeyOf(author), seq, code: error.code })
  }

  async #onSnapshot(frame: Frame & { type: 'snapshot' }): Promise<void> {
    const author = deviceIdOf(frame.author)
    if (!this.#asked.has(author)) return
    let fetch = this.#fetches.get(author)
    if (!fetch) {
      fetch = new SnapshotFetch(this.#space.state, author, this.#host.arrived(author), order => this.#host.post({ ...order, space: this.#host.index }))
      this.#fetches.set(author, fetch)
    }
    await this.#advance(author, () => fetch.offered(frame))
  }

  async #onPart(frame: Frame & { type: 'part' }): Promise<void> {
    const author = deviceIdOf(frame.author)
    const fetch = this.#fetches.get(author)
    const asked = this.#asked.get(author)
    if (!fetch || !asked) return
    asked.progressAt = this.#space.state.context.now()
    await this.#advance(author, () => fetch.part(frame))
  }

  async #advance(author: DeviceId, step: () => Promise<boolean>): Promise<void> {
    try {
      if (!(await step())) return
    } catch (error) {
      if (!isKinmeshError(error) || isKinmeshError(error, 'StoreFailed', 'ChannelClosed')) throw error
      this.#giveUp(author)
      this.#blocked.set(author, this.#space.state.logRow(author).height + 1)
      if (!isPassing(error)) this.#host.refused({ author, seq: 0, error })
      return
    }
    this.#giveUp(author)
    this.#space.viewChanged(new Set([author]))
    this.#wantIfBehind(author)
  }

  #onNack({ author, code }: Frame & { type: 'nack' }): void {
    const device = deviceIdOf(author)
    this.#space.state.context.log.warn('a peer refused an entry', { peer: this.#host.peer, author: device, code })
    if (code !== 'SnapshotGone') return
    this.#giveUp(device)
    this.#wantIfBehind(device)
  }

  #giveUp(author: DeviceId): void {
    this.#fetches.delete(author)
    if (this.#asked.delete(author)) this.#host.release(author)
  }

  #knownAuthors(): DeviceId[] {
    return [...this.#space.state.membership.members().keys(), ...this.#space.state.membership.removedDevices().keys()]
  }

  #scheduleAck(): void {
    if (this.#ackPending || this.#unackedAuthors.size === 0) return
    this.#ackPending = true
    this.#later(0, () => {
      this.#ackPending = false
      const heights = [...this.#unackedAuthors].map(author => ({ author: publicKeyOf(author), height: this.#space.state.logRow(author).height }))
      this.#unackedAuthors.clear()
      this.#host.post({ type: 'ack', space: this.#host.index, heights })
    })
  }

  #scheduleDigest(): void {
    clearTimeout(this.#digestTimer)
    this.#digestTimer = setTimeout(() => {
      if (!this.#stopped) this.#host.post({ type: 'digest', space: this.#host.index, heads: this.#heads(), digest: this.#space.digest() })
    }, digestQuietMs)
  }

  /** One value for which entries and which members we hold. */
  #heads(): string {
    const { logs, membership } = this.#space.state
    const rows = [...logs.values()].filter(row => row.height > 0).sort((a, b) => (a.author < b.author ? -1 : 1))
    return hexOf(sha256(encodeCbor([membership.version(), ...rows.map(row => [row.author, row.height, row.head])])))
  }

  #later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      if (!this.#stopped) work()
    }, ms)
    this.#timers.add(timer)
  }
}

function isPassing(error: KinmeshError): boolean {
  return (passingRefusals as readonly string[]).includes(error.code)
}
